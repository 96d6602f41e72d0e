"""One step up the ladder when a deadline comes near or has passed: officer, unit, authority, Provincial Office."""

from typing import Any, Final

from lienthong.dossiers import escalation
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.rules.calendar import local
from workers.context import JobContext, Services
from workers.variables import moment, moments, optional_text

JOB_TYPE: Final = "escalate_sla"
TIMEOUT_MS: Final = 30_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural key: dossier, branch, stage and its time; the same rung is climbed once."""
    due_at = moment(job, job.variables.get("dueAt"), "dueAt")
    with session_scope(services.database) as session:
        outcome = escalation.escalate(
            session,
            services.documents,
            services.law,
            job.dossier_code,
            optional_text(job, "procedureCode"),
            due_at,
            moments(job, "escalations"),
            job.now,
        )
    return {
        "escalations": [local(at).isoformat() for at in outcome.escalations],
        "escalationLevel": outcome.level,
    }
