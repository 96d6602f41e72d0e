"""Gathers the objections that the Provincial Office has to decide before it approves the late list."""

from typing import Any, Final

from lienthong.dossiers import late_list_process, late_lists
from lienthong.dossiers.database import read_scope
from workers.context import JobContext, Services
from workers.variables import text

JOB_TYPE: Final = "gather_late_objections"
TIMEOUT_MS: Final = 30_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Reads only: repeating it gives what is still open."""
    list_id = text(job, "listId")
    with read_scope(services.database) as session:
        return {
            "objections": late_list_process.open_objections(session, list_id),
            "rowCount": len(late_lists.rows(session, list_id)),
        }
