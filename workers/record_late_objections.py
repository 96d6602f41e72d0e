"""Keeps what one unit said of its rows in the late list: reasons and objections."""

from typing import Any, Final

from lienthong.dossiers import late_list_process
from lienthong.dossiers.database import session_scope
from workers.context import JobContext, Services
from workers.variables import text

JOB_TYPE: Final = "record_late_objections"
TIMEOUT_MS: Final = 30_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural key: row and text; the same answer twice is kept once."""
    answers = job.variables.get("answers")
    with session_scope(services.database) as session:
        late_list_process.record_answers(
            session, text(job, "listId"), text(job, "authority"), answers if isinstance(answers, list) else [], job.now
        )
    return {}
