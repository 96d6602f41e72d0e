"""Reminds of an unpaid bill; says whether it is still waited for."""

from typing import Any, Final

from lienthong.dossiers import essential
from lienthong.dossiers.database import session_scope
from workers.context import JobContext, Services
from workers.variables import text

JOB_TYPE: Final = "remind_bill"
TIMEOUT_MS: Final = 30_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """A reminder that is given twice harms nobody; the bill's own state decides whether it is still open."""
    with session_scope(services.database) as session:
        return {"stillOpen": essential.remind(session, text(job, "billCode"), job.now)}
