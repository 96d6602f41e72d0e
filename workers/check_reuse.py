"""Finds which papers are already held, so that nothing is asked twice, and which are still missing.

For one branch (``procedureCode``): which of its papers have expired while it waited, e.g. a criminal record.
"""

from typing import Any, Final

from lienthong.dossiers import components
from lienthong.dossiers.database import session_scope
from workers.context import JobContext, Services
from workers.variables import optional_text

JOB_TYPE: Final = "check_reuse"
TIMEOUT_MS: Final = 20_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural key: the components of the dossier; resolving them again gives the same."""
    procedure_code = optional_text(job, "procedureCode")
    with session_scope(services.database) as session:
        if procedure_code:
            expired = components.expire(session, services.law, job.dossier_code, procedure_code, job.now)
            return {"expiredComponents": expired}
        outcome = components.check_reuse(session, services.law, job.dossier_code, job.now)
    return {"missingComponents": outcome.missing, "reusedComponents": outcome.reused}
