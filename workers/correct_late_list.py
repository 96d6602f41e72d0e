"""Corrects one field of a published row of the late list; the correction stays visible with its ground."""

from typing import Any, Final

from lienthong.dossiers import late_lists
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.errors import Invalid
from workers.context import JobContext, PermanentFailure, Services
from workers.variables import optional_text, text

JOB_TYPE: Final = "correct_late_list"
TIMEOUT_MS: Final = 30_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural key: row, field and value; a correction that was made already changes nothing."""
    actor = optional_text(job, "correctedBy") or "bd-vpubnd/office"
    row_id, field, value = text(job, "rowId"), text(job, "field"), text(job, "value")
    try:
        with session_scope(services.database) as session:
            late_lists.correct(session, row_id, field, value, actor, text(job, "ground"), job.now)
    except Invalid as problem:
        if problem.code != "unchanged":
            raise PermanentFailure(
                problem.text_en, "Correct the variables of this instance, then resolve it."
            ) from problem
    return {}
