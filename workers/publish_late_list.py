"""Decides the objections as the Provincial Office said, approves the late list and makes it public."""

from typing import Any, Final

from lienthong.dossiers import late_list_process
from lienthong.dossiers.database import session_scope
from workers.context import BusinessFailure, JobContext, Services
from workers.variables import text

JOB_TYPE: Final = "publish_late_list"
TIMEOUT_MS: Final = 30_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural key: the list; what was decided stays decided, a published list stays as it is."""
    list_id, office = text(job, "listId"), _office(job)
    decisions = job.variables.get("decisions")
    with session_scope(services.database) as session:
        given = decisions if isinstance(decisions, list) else []
        waiting = late_list_process.decide_all(session, list_id, given, office, job.now)
    if waiting:
        raise BusinessFailure("objections-open", f"{waiting} objections have no decision yet.")
    with session_scope(services.database) as session:
        late_list_process.approve_and_publish(session, list_id, services.law.authority(office).name_vi, job.now)
    return {}


def _office(job: JobContext) -> str:
    authorities = job.variables.get("authorities")
    return str(authorities.get("office", "")) if isinstance(authorities, dict) else ""
