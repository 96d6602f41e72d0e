"""Reading the queue: what a viewer sees, by remaining working time, page by page, filtered and counted.

Working time grows with the clock, so the order by due time is the order by remaining working time, and an index can
keep it. What a viewer sees is cut into arms that do not overlap (own groups one by one, tasks escalated to them, tasks
held in person); each arm walks one index in the order of the queue and stops at the page's end. A page begins after
the last row of the page before (keyset), so that it costs the same on every page, and nothing is skipped or shown
twice when tasks come and go meanwhile.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, String, case, false, func, literal, or_, true, tuple_, union_all
from sqlmodel import Session, and_, col, select

from lienthong.dossiers.errors import Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.calendar import add_working_minutes
from lienthong.dossiers.rules.folding import fold
from lienthong.dossiers.tables import Task
from lienthong.dossiers.tables.columns import UtcDateTime
from lienthong.dossiers.viewers import Viewer

SOON_MINUTES: Final = 480  # [I]: "soon" is what is due within one working day
PAGE: Final = 50
OPEN: Final = col(Task.hidden) == false()


class View(StrEnum):
    """The counted parts of a queue."""

    ALL = "all"
    MINE = "mine"
    FREE = "free"
    OVERDUE = "overdue"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What of the queue is wanted; empty means everything. Holds over all versions of the models."""

    view: View = View.ALL
    text: str = ""
    authority_id: str = ""
    role: str = ""
    procedure_code: str = ""
    element_id: str = ""
    assignee: str = ""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some tasks in order, and where the next page begins (empty at the end)."""

    tasks: list[Task]
    after: str


def soon_until(law: Law, now: datetime) -> datetime:
    """Until when a task that is not late is due soon."""
    return add_working_minutes(law.calendar, now, SOON_MINUTES)


def page(
    session: Session,
    viewer: Viewer,
    wanted: QueueFilter,
    now: datetime,
    soon: datetime,
    after: str = "",
    limit: int = PAGE,
) -> QueuePage:
    """The next ``limit`` tasks after a cursor."""
    wished = conditions(wanted, viewer, now, soon)
    if after:
        wished.append(placed_after(after))
    keys = list(session.execute(first_keys(arms(viewer, wanted), wished, limit + 1)).scalars())
    found = session.exec(select(Task).where(col(Task.user_task_key).in_(keys[:limit]))).all()
    shown = sorted(found, key=lambda task: (task.sort_at, task.rank, task.user_task_key))
    return QueuePage(shown, _cursor(shown[-1]) if len(keys) > limit else "")


def first_keys(parts: Sequence[ColumnElement[bool]], wished: Sequence[ColumnElement[bool]], limit: int) -> Select[Any]:
    """The statement that merges what each arm has first; only the rows of the page itself are read whole."""
    walks = [select(ordered(arm, wished, limit).subquery()) for arm in parts]
    merged = union_all(*walks).subquery()
    return select(merged.c.user_task_key).order_by(merged.c.sort_at, merged.c.rank, merged.c.user_task_key).limit(limit)


def conditions(wanted: QueueFilter, viewer: Viewer, now: datetime, soon: datetime) -> list[ColumnElement[bool]]:
    """What a filter asks of a task, beside who may see it."""
    return [*_conditions(wanted), *_view(wanted.view, viewer, now, soon)]


def placed_after(after: str) -> ColumnElement[bool]:
    """The tasks that come after a cursor in the order of the queue."""
    place: ColumnElement[bool] = _place() > _placed(after)
    return place


def ordered(arm: ColumnElement[bool], wished: Sequence[ColumnElement[bool]], limit: int) -> Any:
    """The places of one arm: a walk along an index in the order of the queue."""
    order = (col(Task.sort_at), col(Task.rank), col(Task.user_task_key))
    return select(*order).where(OPEN, arm, *wished).order_by(*order).limit(limit)


def counts(session: Session, viewer: Viewer, wanted: QueueFilter, now: datetime, soon: datetime) -> dict[View, int]:
    """How many tasks each view holds under the rest of the filter."""
    parts = arms(viewer, replace(wanted, view=View.ALL))
    total = dict.fromkeys(View, 0)
    for row in session.execute(union_all(*(counted(arm, _conditions(wanted), viewer, now, soon) for arm in parts))):
        for view, number in zip(View, row, strict=True):
            total[view] += int(number or 0)
    return total


def counted(
    arm: ColumnElement[bool], wished: Sequence[ColumnElement[bool]], viewer: Viewer, now: datetime, soon: datetime
) -> Select[Any]:
    """The statement that counts the views of one arm in one walk."""
    held = [_when(and_(true(), *_view(view, viewer, now, soon))) for view in list(View)[1:]]
    return select(func.count(), *held).select_from(Task).where(OPEN, arm, *wished)


def _when(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def arms(viewer: Viewer, wanted: QueueFilter) -> list[ColumnElement[bool]]:
    """The parts of what a viewer sees; no task is in two of them."""
    grants = [
        (authority, role)
        for authority, role in viewer.all_grants
        if wanted.authority_id in ("", authority) and wanted.role in ("", role)
    ]
    held = and_(col(Task.assignee).in_(viewer.names), col(Task.assignee) != "")
    if wanted.view is View.MINE:
        return [and_(col(Task.assignee) == viewer.username, col(Task.assignee) != "")]
    own = [and_(col(Task.authority_id) == authority, col(Task.role) == role) for authority, role in grants]
    group = col(Task.authority_id) + "/" + col(Task.role)
    elsewhere = and_(group.not_in(viewer.groups), *_place_filter(wanted))
    escalated = and_(col(Task.escalated_group).in_(viewer.groups), col(Task.escalated_group) != "", elsewhere)
    return [*own, escalated, and_(held, elsewhere, col(Task.escalated_group).not_in(viewer.groups))]


def _place_filter(wanted: QueueFilter) -> Iterable[ColumnElement[bool]]:
    if wanted.authority_id:
        yield col(Task.authority_id) == wanted.authority_id
    if wanted.role:
        yield col(Task.role) == wanted.role


def _conditions(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    found = list(_place_filter(wanted))
    if wanted.procedure_code:
        found.append(col(Task.procedure_code) == wanted.procedure_code)
    if wanted.element_id:
        found.append(col(Task.element_id) == wanted.element_id)
    if wanted.assignee:
        found.append(col(Task.assignee) == wanted.assignee)
    found += [col(Task.search_text).contains(word, autoescape=True) for word in fold(wanted.text).split()]
    return found


def _view(view: View, viewer: Viewer, now: datetime, soon: datetime) -> list[ColumnElement[bool]]:
    match view:
        case View.ALL:
            return []
        case View.MINE:
            return [col(Task.assignee) == viewer.username]
        case View.FREE:
            return [or_(col(Task.assignee).is_(None), col(Task.assignee) == "")]
        case View.OVERDUE:
            return [col(Task.sort_at) < now]
        case View.SOON:
            return [col(Task.sort_at) >= now, col(Task.sort_at) <= soon]


def _place() -> Any:
    return tuple_(col(Task.sort_at), col(Task.rank), col(Task.user_task_key))


def _placed(after: str) -> Any:
    try:
        at, rank, key = json.loads(base64.urlsafe_b64decode(after.encode()))
        moment = datetime.fromisoformat(at)
        return tuple_(literal(moment, UtcDateTime()), literal(int(rank), Integer()), literal(str(key), String()))
    except (ValueError, TypeError, binascii.Error) as failure:
        raise Invalid("page", "Trang không hợp lệ.", "The page is not valid.") from failure


def _cursor(task: Task) -> str:
    place = [task.sort_at.isoformat(), task.rank, task.user_task_key]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()
