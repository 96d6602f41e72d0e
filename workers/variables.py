"""Process variables in and out: read with a clear complaint, written as FEEL reads them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workers.context import JobContext, PermanentFailure


def text(job: JobContext, name: str) -> str:
    """A variable that must be a non-empty text."""
    value = job.variables.get(name)
    if isinstance(value, str) and value:
        return value
    raise _wrong(job, name, "a text")


def optional_text(job: JobContext, name: str) -> str | None:
    """A variable that may be missing, null or empty."""
    return text(job, name) if job.variables.get(name) else None


def header(job: JobContext, name: str) -> str:
    """A task header that the model must give."""
    value = job.headers.get(name, "")
    if value:
        return value
    raise PermanentFailure(
        f"Expected the task header '{name}' at '{job.element_id}', but the model gives none.",
        "Add the header to the model, deploy it, move this instance to the new version.",
    )


def moment(job: JobContext, value: Any, name: str) -> datetime:
    """An ISO date-time with its zone; a FEEL zone name in brackets is allowed after an offset."""
    try:
        read = datetime.fromisoformat(str(value).partition("[")[0])
    except ValueError as error:
        raise _wrong(job, name, "a date and time") from error
    if read.tzinfo is None:
        raise _wrong(job, name, "a date and time with its offset")
    return read


def moments(job: JobContext, name: str) -> list[datetime]:
    """A list of ISO date-times; a missing list is empty."""
    return [moment(job, value, name) for value in job.variables.get(name) or []]


def contexts(job: JobContext, name: str) -> list[dict[str, Any]]:
    """A list of FEEL contexts; one alone is a list of one, as a decision with a unique hit gives it."""
    value = job.variables.get(name)
    values = [value] if isinstance(value, Mapping) else value or []
    if not isinstance(values, list) or not all(isinstance(entry, Mapping) for entry in values):
        raise _wrong(job, name, "a list of contexts")
    return [dict(entry) for entry in values]


def _wrong(job: JobContext, name: str, expected: str) -> PermanentFailure:
    return PermanentFailure(
        f"Expected the variable '{name}' at '{job.element_id}' to be {expected}, but it is not.",
        "Correct the variable in the console, or the mapping in the model, then resolve this incident.",
    )
