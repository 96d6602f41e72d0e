"""Which authority decides a procedure: dated data by procedure and area."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict

ANY_AREA: Final = "any"


class Competence(BaseModel):
    """One authority is competent for one procedure in one area (``any`` = wherever no entry is nearer)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    procedure: str
    area: str = ANY_AREA
    authority: str
    valid_from: date
    valid_to: date | None = None
    mark: str
    source: str


class NoCompetenceError(LookupError):
    """No authority is competent: the law data have a hole."""


def holds_on(valid_from: date, valid_to: date | None, on: date) -> bool:
    """Whether a span of validity covers a day; its last day is included."""
    return valid_from <= on and (valid_to is None or on <= valid_to)


def authority_for(entries: Iterable[Competence], procedure: str, area: str, on: date) -> str:
    """The id of the authority competent for ``procedure`` in ``area`` on a day; the nearer area wins."""
    fitting = [
        entry
        for entry in entries
        if entry.procedure == procedure
        and entry.area in (area, ANY_AREA)
        and holds_on(entry.valid_from, entry.valid_to, on)
    ]
    if not fitting:
        raise NoCompetenceError(f"Expected an authority for {procedure} in {area} on {on}, but found none.")
    return min(fitting, key=lambda entry: (entry.area == ANY_AREA, -entry.valid_from.toordinal())).authority
