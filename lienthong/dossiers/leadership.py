"""What heads look at: dossiers at risk before they are late, load by unit and officer, and figures with what is behind.

A figure is a condition over branches. Its number and the list behind it are asked with the same condition, so they
cannot differ. The scope is the authorities that the viewer heads; the Provincial Office oversees all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, case
from sqlmodel import Session, and_, col, func, or_, select

from lienthong.dossiers.law import Law
from lienthong.dossiers.queue import OPEN
from lienthong.dossiers.rules.calendar import add_working_minutes, working_minutes_between
from lienthong.dossiers.tables import Branch, BranchStatus, Dossier, Task
from lienthong.dossiers.viewers import Viewer

WATCHED_DAYS: Final = 3  # [I]: from three working days before due a head sees a branch
_FINISHED: Final = (BranchStatus.ISSUED, BranchStatus.REFUSED)


class Risk(StrEnum):
    """How near to its due time an open branch is."""

    LATE = "late"
    HIGH = "high"
    WARNING = "warning"
    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which authorities (None: all), from when to when, at what time, and until when a branch counts as at risk."""

    authorities: tuple[str, ...] | None
    start: datetime
    end: datetime
    now: datetime
    horizon: datetime
    procedure_code: str = ""

    def branches(self) -> list[ColumnElement[bool]]:
        """The branches of the scope."""
        found: list[ColumnElement[bool]] = []
        if self.authorities is not None:
            found.append(col(Branch.authority_id).in_(self.authorities))
        if self.procedure_code:
            found.append(col(Branch.procedure_code) == self.procedure_code)
        return found


def scope_of(
    viewer: Viewer, law: Law, span: tuple[datetime, datetime], now: datetime, authority_id: str, procedure_code: str
) -> Scope:
    """The scope of a head; an authority that is not led is left out."""
    led = None if viewer.oversees_all else tuple(sorted(viewer.led))
    if authority_id:
        led = (authority_id,) if led is None or authority_id in led else ()
    horizon = add_working_minutes(law.calendar, now, WATCHED_DAYS * law.calendar.minutes_a_day)
    return Scope(led, *span, now, horizon, procedure_code)


def _open_until(scope: Scope, until: datetime) -> ColumnElement[bool]:
    return and_(col(Branch.status) == BranchStatus.ACTIVE, col(Branch.due_at) <= until)


def _finished(scope: Scope) -> ColumnElement[bool]:
    return and_(
        col(Branch.status).in_(_FINISHED), col(Branch.finished_at) >= scope.start, col(Branch.finished_at) < scope.end
    )


FIGURES: Final[dict[str, Callable[[Scope], ColumnElement[bool]]]] = {
    "received": lambda scope: and_(col(Dossier.filed_at) >= scope.start, col(Dossier.filed_at) < scope.end),
    "open": lambda _scope: col(Branch.status) == BranchStatus.ACTIVE,
    "at-risk": lambda scope: and_(_open_until(scope, scope.horizon), col(Branch.due_at) >= scope.now),
    "late-now": lambda scope: and_(col(Branch.status) == BranchStatus.ACTIVE, col(Branch.due_at) < scope.now),
    "finished": _finished,
    "finished-on-time": lambda scope: and_(
        _finished(scope), or_(col(Branch.due_at).is_(None), col(Branch.finished_at) <= col(Branch.due_at))
    ),
    "finished-late": lambda scope: and_(_finished(scope), col(Branch.finished_at) > col(Branch.due_at)),
    "refused": lambda scope: and_(_finished(scope), col(Branch.status) == BranchStatus.REFUSED),
}


def figures(session: Session, scope: Scope) -> dict[str, int]:
    """The number of every figure."""
    return {name: session.exec(_of(select(func.count()), scope, name)).one() for name in FIGURES}


def behind(session: Session, scope: Scope, figure: str, limit: int, after: str = "") -> list[tuple[Branch, Dossier]]:
    """The branches behind a figure with their dossiers, in the order of branch ids from a cursor on."""
    statement = _of(select(Branch, Dossier), scope, figure)
    if after:
        statement = statement.where(col(Branch.id) > after)
    return [(branch, dossier) for branch, dossier in session.exec(statement.order_by(col(Branch.id)).limit(limit))]


def _of(statement: Any, scope: Scope, figure: str) -> Any:
    joined = statement.select_from(Branch).join(Dossier, col(Dossier.id) == col(Branch.dossier_id))
    return joined.where(*scope.branches(), FIGURES[figure](scope))


def by_authority(session: Session, scope: Scope) -> list[tuple[str, int, int, int]]:
    """For each authority: open branches, at risk, late; most late first."""
    at_risk = case((FIGURES["at-risk"](scope), 1), else_=0)
    late = case((FIGURES["late-now"](scope), 1), else_=0)
    statement = (
        select(Branch.authority_id, func.count(), func.sum(at_risk), func.sum(late))
        .where(*scope.branches(), col(Branch.status) == BranchStatus.ACTIVE)
        .group_by(Branch.authority_id)
    )
    rows = [(authority, int(count), int(risky), int(lost)) for authority, count, risky, lost in session.exec(statement)]
    return sorted(rows, key=lambda row: (-row[3], -row[2], row[0]))


def at_risk(session: Session, scope: Scope, limit: int = 200) -> list[tuple[Branch, Dossier]]:
    """Open branches that are late or due within the horizon, soonest first."""
    statement = (
        select(Branch, Dossier)
        .join(Dossier, col(Dossier.id) == col(Branch.dossier_id))
        .where(*scope.branches(), _open_until(scope, scope.horizon))
        .order_by(col(Branch.due_at), col(Branch.id))
        .limit(limit)
    )
    return [(branch, dossier) for branch, dossier in session.exec(statement)]


def risk(law: Law, branch: Branch, now: datetime, warning_share: float) -> Risk:
    """How near an open branch is to being late: by working time left, and by the share of its time used up."""
    if branch.due_at is None:
        return Risk.WATCH
    left = working_minutes_between(law.calendar, now, branch.due_at)
    if branch.due_at < now:
        return Risk.LATE
    if left <= law.calendar.minutes_a_day:
        return Risk.HIGH
    whole = working_minutes_between(law.calendar, branch.started_at or now, branch.due_at)
    used = 1 - left / whole if whole > 0 else 1.0
    return Risk.WARNING if used >= warning_share else Risk.WATCH


@dataclass(frozen=True, slots=True)
class Load:
    """Open tasks of one person, or of nobody yet, in one role of an authority."""

    authority_id: str
    role: str
    assignee: str
    open: int
    overdue: int
    soon: int
    oldest_due: datetime | None


def load(session: Session, scope: Scope, soon: datetime) -> list[Load]:
    """Who has how much to do, unit by unit; whoever has most overdue first."""
    overdue = case((col(Task.sort_at) < scope.now, 1), else_=0)
    near = case((and_(col(Task.sort_at) >= scope.now, col(Task.sort_at) <= soon), 1), else_=0)
    holder = func.coalesce(col(Task.assignee), "")
    columns = (
        col(Task.authority_id),
        col(Task.role),
        holder,
        func.count(),
        func.sum(overdue),
        func.sum(near),
        func.min(Task.due_at),
    )
    statement = select(*columns).where(OPEN)  # type: ignore[call-overload]
    if scope.authorities is not None:
        statement = statement.where(col(Task.authority_id).in_(scope.authorities))
    if scope.procedure_code:
        statement = statement.where(col(Task.procedure_code) == scope.procedure_code)
    rows = session.execute(statement.group_by(col(Task.authority_id), col(Task.role), holder))
    found = [Load(one, role, who, int(n), int(late), int(soon_n), due) for one, role, who, n, late, soon_n, due in rows]
    return sorted(found, key=lambda row: (row.authority_id, row.role, -row.overdue, -row.open, row.assignee))


def tasks_of(session: Session, scope: Scope, role: str, assignee: str, limit: int, after: str = "") -> list[Task]:
    """The open tasks behind one line of the load, in the order of keys from a cursor on; ``""`` is nobody's."""
    holder = func.coalesce(col(Task.assignee), "") == assignee
    statement = select(Task).where(OPEN, holder, col(Task.role) == role)
    if scope.authorities is not None:
        statement = statement.where(col(Task.authority_id).in_(scope.authorities))
    if after:
        statement = statement.where(col(Task.user_task_key) > after)
    return list(session.exec(statement.order_by(col(Task.user_task_key)).limit(limit)).all())
