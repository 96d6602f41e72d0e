"""Starts the clock of the bundle or of one branch, by the legal calendar; its watch is told through the outbox."""

from typing import Any, Final

from lienthong.dossiers import acceptance
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.rules.calendar import local
from workers.context import JobContext, PermanentFailure, Services
from workers.variables import header, text

JOB_TYPE: Final = "set_deadline"
TIMEOUT_MS: Final = 20_000
SCOPES: Final = ("bundle", "branch", "consultation")


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural key: a clock that runs is not started again."""
    scope = header(job, "scope")
    if scope not in SCOPES:
        raise PermanentFailure(
            f"Expected the header 'scope' to be one of {', '.join(SCOPES)}, but got '{scope}'.", "Correct the model."
        )
    if scope == "consultation":
        return _consultation(job, services)
    procedure_code = text(job, "procedureCode") if scope == "branch" else None
    share = services.settings.warning_share
    with session_scope(services.database) as session:
        deadline = acceptance.set_deadline(session, services.law, job.dossier_code, procedure_code, job.now, share)
    return deadline.as_variables()


def _consultation(job: JobContext, services: Services) -> dict[str, Any]:
    with read_scope(services.database) as session:
        until = acceptance.consultation_due(
            session, services.law, job.dossier_code, text(job, "procedureCode"), job.now
        )
    return {"consultationDueAt": local(until).isoformat()}
