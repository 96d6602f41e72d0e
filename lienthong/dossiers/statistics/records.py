"""Plain records that every figure is computed from: no tables, no session, no identity of an applicant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from lienthong.dossiers.rules.calendar import local

_DAY: Final = timedelta(days=1)


class Timeliness(StrEnum):
    """How an end lies to its due time: before the due day, on it, or after the due time."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"


class PeriodKind(StrEnum):
    """The lengths of reporting."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days; its last day is included."""

    kind: PeriodKind
    first: date
    last: date

    def covers(self, at: datetime | None) -> bool:
        """Whether an instant falls into it, on the clocks of Viet Nam."""
        return at is not None and self.first <= local(at).date() <= self.last

    @property
    def name(self) -> str:
        """``2023``, ``2023-Q1`` or ``2023-01``."""
        if self.kind is PeriodKind.YEAR:
            return f"{self.first.year}"
        if self.kind is PeriodKind.QUARTER:
            return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
        return f"{self.first:%Y-%m}"


def period(kind: PeriodKind, year: int, number: int = 1) -> Period:
    """The ``number``-th month or quarter of a year, or the year."""
    months = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}[kind]
    start = (number - 1) * months + 1
    if number < 1 or start > 12:
        raise ValueError(f"Expected a {kind} of the year {year}, but got number {number}.")
    after = date(year + (start + months > 12), (start + months - 1) % 12 + 1, 1)
    return Period(kind, date(year, start, 1), after - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class BranchRecord:
    """One procedure of a dossier at one authority, with the officer who worked on it ("" when unknown)."""

    procedure_code: str
    authority_id: str
    officer: str
    started_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    refused: bool = False

    def timeliness(self) -> Timeliness | None:
        """None while it has not ended or has no due time."""
        return timeliness(self.due_at, self.finished_at)


@dataclass(frozen=True, slots=True)
class DossierRecord:
    """What the figures need of one dossier; ``supplements`` counts requests to complete it."""

    code: str
    bundle_id: str
    channel: str
    delivery: str
    filed_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    supplements: int
    desk_visits: int
    synced: bool
    paid: bool
    paid_online: bool
    components: int
    components_digital: int
    components_reused: int
    apology_before_due: bool
    branches: tuple[BranchRecord, ...]

    def timeliness(self) -> Timeliness | None:
        """None while it has not ended or has no due time."""
        return timeliness(self.due_at, self.finished_at)


@dataclass(frozen=True, slots=True)
class PetitionRecord:
    """A petition or complaint about a dossier; ``answered_at`` None while it is open."""

    dossier_code: str
    received_at: datetime
    due_at: datetime
    answered_at: datetime | None
    justified: bool
    satisfied: bool

    @property
    def in_time(self) -> bool:
        """Whether it was answered within its time."""
        return self.answered_at is not None and self.answered_at <= self.due_at


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose work is measured: everything, one authority (with its units' branches), or one officer."""

    authority_id: str = ""
    officer: str = ""

    def branches(self, dossier: DossierRecord) -> tuple[BranchRecord, ...]:
        """The branches of a dossier that fall into the scope."""
        if not self.authority_id and not self.officer:
            return dossier.branches
        return tuple(
            branch
            for branch in dossier.branches
            if self.authority_id in ("", branch.authority_id) and self.officer in ("", branch.officer)
        )


def timeliness(due_at: datetime | None, finished_at: datetime | None) -> Timeliness | None:
    """Early before the due day, on time on it, late after the due time; None while either time is missing."""
    if due_at is None or finished_at is None:
        return None
    if finished_at > due_at:
        return Timeliness.LATE
    if due_at - finished_at >= _DAY:  # spares the change of zone for most
        return Timeliness.EARLY
    return Timeliness.EARLY if local(finished_at).date() < local(due_at).date() else Timeliness.ON_TIME


def finished_in(dossiers: Iterable[DossierRecord], span: Period, scope: Scope) -> list[DossierRecord]:
    """The dossiers that ended in a period and in which the scope had work, in the order of their codes."""
    found = [one for one in dossiers if span.covers(one.finished_at) and scope.branches(one)]
    return sorted(found, key=lambda one: one.code)
