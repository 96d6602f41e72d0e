"""Tells the applicant, by the template that the model names; a refusal also gets its letter (form 03)."""

from typing import Any, Final

from sqlmodel import Session

from lienthong.dossiers import notifications, tracking
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.tables import TimelineEntry
from workers.context import JobContext, Services
from workers.variables import header, optional_text

JOB_TYPE: Final = "notify"
TIMEOUT_MS: Final = 30_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Idempotent by job key, kept on the notice's timeline entry: the same notice may be due twice by right."""
    template = header(job, "template")
    procedure_code = optional_text(job, "procedureCode")
    with session_scope(services.database) as session:
        if any(entry.data.get("job") == str(job.job_key) for entry in _notices(session, job, template)):
            return {}
        notifications.notify(
            session, services.law, job.dossier_code, template, job.now, procedure_code, services.documents
        )
        for entry in _notices(session, job, template)[-1:]:
            entry.data = {**entry.data, "job": str(job.job_key)}
            session.add(entry)
    return {}


def _notices(session: Session, job: JobContext, template: str) -> list[TimelineEntry]:
    dossier = tracking.require(session, job.dossier_code)
    return [entry for entry in tracking.timeline(session, dossier.id) if entry.kind == f"notice-{template}"]
