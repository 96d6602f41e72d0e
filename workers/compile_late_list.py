"""Compiles the late list of the month or year that ended, or of the period that was asked for."""

from typing import Any, Final

from lienthong.dossiers import late_list_process
from lienthong.dossiers.database import session_scope
from workers.context import JobContext, PermanentFailure, Services

JOB_TYPE: Final = "compile_late_list"
TIMEOUT_MS: Final = 120_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural key: the period; compiling again keeps what units said and leaves a published list alone."""
    year, month = _period(job)
    with session_scope(services.database) as session:
        return late_list_process.compiled(session, services.law, year, month, job.now)


def _period(job: JobContext) -> tuple[int, int | None]:
    kind = job.headers.get("period", "month")
    if kind != "asked":
        return late_list_process.period_before(kind, job.now)
    year, month = job.variables.get("year"), job.variables.get("month")
    whole = isinstance(year, int) and 2000 <= year <= 2100
    if not whole or not (month is None or (isinstance(month, int) and 1 <= month <= 12)):
        raise PermanentFailure(
            f"Expected year and month (or null) of the list, but got {year!r} and {month!r}.",
            "Set the variables year and month of this instance, then resolve this incident.",
        )
    return int(year or 0), month
