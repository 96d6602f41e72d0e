"""The late list of a month or year: compiled, each unit may object, the Office approves, then it is published.

It names unit and officer but no applicant, by construction: the records it is made of carry none.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from lienthong.dossiers.rules.calendar import WorkingCalendar, local
from lienthong.dossiers.statistics.minutes import WorkingMinutes
from lienthong.dossiers.statistics.records import DossierRecord, Period


class ListState(StrEnum):
    """The life of a late list."""

    COMPILED = "compiled"
    APPROVED = "approved"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class LateRow:
    """One procedure that missed its due time; ``done`` is "" while it is open; days are working days begun."""

    period: str
    authority_id: str
    officer: str
    procedure_code: str
    dossier_code: str
    received: str
    due: str
    done: str
    days_late: int
    reason: str
    apology_before_due: bool
    cumulative: int
    objection: str = ""


@dataclass(frozen=True, slots=True)
class LateList:
    """A list with its state; ``corrections`` counts changes after publication."""

    period: Period
    rows: tuple[LateRow, ...]
    state: ListState = ListState.COMPILED
    approved_by: str = ""
    corrections: int = 0


_NEXT: Final = {ListState.COMPILED: ListState.APPROVED, ListState.APPROVED: ListState.PUBLISHED}


def compile_list(
    dossiers: Iterable[DossierRecord],
    span: Period,
    calendar: WorkingCalendar,
    now: datetime,
    before: Mapping[str, int] | None = None,
) -> LateList:
    """Every branch due in the period that ended after its due time or is still open.

    ``before`` counts the earlier rows of the year by authority. A branch that never ended counts
    up to the end of its dossier (withdrawn, stopped), else up to ``now``.
    """
    counts = Counter(before or {})
    rows: list[LateRow] = []
    minutes_between = WorkingMinutes(calendar)
    for dossier in sorted(dossiers, key=lambda one: one.code):
        for branch in sorted(dossier.branches, key=lambda one: one.procedure_code):
            end = branch.finished_at or dossier.finished_at or now
            if branch.due_at is None or not span.covers(branch.due_at) or end <= branch.due_at:
                continue
            counts[branch.authority_id] += 1
            minutes = minutes_between(branch.due_at, end)
            row = LateRow(
                period=span.name,
                authority_id=branch.authority_id,
                officer=branch.officer,
                procedure_code=branch.procedure_code,
                dossier_code=dossier.code,
                received=_text(branch.started_at or dossier.filed_at),
                due=_text(branch.due_at),
                done=_text(branch.finished_at),
                days_late=max(1, -(-minutes // calendar.minutes_a_day)),
                reason="",
                apology_before_due=dossier.apology_before_due,
                cumulative=counts[branch.authority_id],
            )
            rows.append(row)
    return LateList(span, tuple(rows))


def object_to(late: LateList, dossier_code: str, procedure_code: str, objection: str) -> LateList:
    """A unit objects to a row, with its reason, before the Office approves."""
    if late.state is not ListState.COMPILED:
        raise ValueError(f"Expected a list that is open to objections, but it is {late.state}.")
    return replace(late, rows=_changed(late, dossier_code, procedure_code, objection, None))


def approve(late: LateList, approver: str, upheld: Iterable[tuple[str, str]] = ()) -> LateList:
    """The Office approves; rows whose objection it upholds (dossier, procedure) are dropped."""
    dropped = set(upheld)
    objected = {(row.dossier_code, row.procedure_code) for row in late.rows if row.objection}
    if dropped - objected:
        raise ValueError(f"Expected objections to uphold, but there is none for {sorted(dropped - objected)}.")
    rows = tuple(row for row in late.rows if (row.dossier_code, row.procedure_code) not in dropped)
    return replace(_advanced(late, ListState.APPROVED), rows=rows, approved_by=approver)


def publish(late: LateList) -> LateList:
    """The approved list becomes public."""
    return _advanced(late, ListState.PUBLISHED)


def correct(late: LateList, dossier_code: str, procedure_code: str, reason: str) -> LateList:
    """Correct the reason of a published row; the list counts its corrections."""
    if late.state is not ListState.PUBLISHED:
        raise ValueError(f"Expected a published list, but it is {late.state}.")
    rows = _changed(late, dossier_code, procedure_code, None, reason)
    return replace(late, rows=rows, corrections=late.corrections + 1)


def by_authority(rows: Iterable[LateRow]) -> list[tuple[str, int]]:
    """Authorities by their number of late procedures, most first."""
    return sorted(Counter(row.authority_id for row in rows).items(), key=lambda one: (-one[1], one[0]))


def as_csv(late: LateList) -> str:
    """The list as CSV with a heading line; yes and no as Y and N."""
    names = [field.name for field in fields(LateRow)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in late.rows:
        values = [getattr(row, name) for name in names]
        writer.writerow([("Y" if value else "N") if isinstance(value, bool) else value for value in values])
    return out.getvalue()


def _advanced(late: LateList, to: ListState) -> LateList:
    if _NEXT.get(late.state) is not to:
        raise ValueError(f"Expected a list that can become {to}, but it is {late.state}.")
    return replace(late, state=to)


def _changed(
    late: LateList, dossier_code: str, procedure_code: str, objection: str | None, reason: str | None
) -> tuple[LateRow, ...]:
    place = (dossier_code, procedure_code)
    if place not in {(row.dossier_code, row.procedure_code) for row in late.rows}:
        raise ValueError(f"Expected a row for {dossier_code} {procedure_code}, but the list has none.")
    return tuple(
        replace(row, objection=objection or row.objection, reason=reason or row.reason)
        if (row.dossier_code, row.procedure_code) == place
        else row
        for row in late.rows
    )


def _text(at: datetime | None) -> str:
    return "" if at is None else f"{local(at):%Y-%m-%dT%H:%M}"
