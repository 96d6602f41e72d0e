"""Starts the clock of the bundle or of one branch, by the legal calendar; its watch is told through the outbox."""

from typing import Any, Final

from lienthong.dossiers import acceptance
from lienthong.dossiers.database import session_scope
from workers.context import JobContext, PermanentFailure, Services
from workers.variables import header, text

JOB_TYPE: Final = "set_deadline"
TIMEOUT_MS: Final = 20_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural key: a clock that runs is not started again."""
    scope = header(job, "scope")
    if scope not in ("bundle", "branch"):
        raise PermanentFailure(
            f"Expected the header 'scope' to be 'bundle' or 'branch', but got '{scope}'.", "Correct the model."
        )
    procedure_code = text(job, "procedureCode") if scope == "branch" else None
    share = services.settings.warning_share
    with session_scope(services.database) as session:
        deadline = acceptance.set_deadline(session, services.law, job.dossier_code, procedure_code, job.now, share)
    return deadline.as_variables()
