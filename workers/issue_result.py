"""Numbers a signed result, makes its paper and lets it fill the components that wait for it."""

from typing import Any, Final

from lienthong.dossiers import results
from lienthong.dossiers.database import session_scope
from workers.context import JobContext, Services
from workers.variables import text

JOB_TYPE: Final = "issue_result"
TIMEOUT_MS: Final = 30_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural key: one result a dossier and procedure."""
    procedure_code, authority = text(job, "procedureCode"), text(job, "authority")
    actor = f"{authority}/authority_head"
    with session_scope(services.database) as session:
        issued = results.issue(
            session, services.documents, services.law, job.dossier_code, procedure_code, authority, actor, job.now
        )
    return {"result": issued.as_variable()}
