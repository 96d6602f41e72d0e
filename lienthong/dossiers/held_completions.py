"""Completions kept before they reach the engine: held for the grace time, undone, or sent once.

A completion hides its task at once; while it is held the one who completed may undo it, and the task is as it was. A
row's state is changed by one conditional update, so that undoing and sending cannot both win.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Table, case, update
from sqlmodel import Session, SQLModel, and_, col, select

from lienthong.dossiers import audit, drafts, supplements, tasks
from lienthong.dossiers.errors import Conflict, NotFound
from lienthong.dossiers.rules.undo import may_undo
from lienthong.dossiers.tables import HeldCompletion, HeldState, Notification, Task
from lienthong.dossiers.tracking import by_code
from lienthong.dossiers.viewers import Viewer

_ROWS: Final[Table] = SQLModel.metadata.tables["held_completion"]
HELD_TASK: Final = "HELD"
ASKS_AGAIN: Final = "supplement"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was filled in: the outcome chosen, its ground, and everything that the process gets."""

    outcome: str
    note: str
    variables: dict[str, Any]


def hold(
    session: Session, viewer: Viewer, user_task_key: str, decision: Decision, now: datetime, grace: timedelta
) -> HeldCompletion:
    """Take a completion of the one who holds the task; without grace, or where no undo is lawful, it is due at once."""
    task = tasks.open_task(session, viewer, user_task_key)
    tasks.require_holder(viewer, task)
    absent = viewer.acting_for(task)
    session.refresh(task, with_for_update=True)
    tasks.require_holder(viewer, task)
    if task.hidden:
        raise Conflict("done", "Việc này đã xong.", "This task is already done.")
    if decision.outcome == ASKS_AGAIN and not task.procedure_code:
        supplements.require_first_at_intake(session, task.dossier_code)
    wait = grace if may_undo(task.element_id, decision.outcome) else timedelta(0)
    row = HeldCompletion(
        user_task_key=user_task_key,
        username=viewer.username,
        on_behalf_of=absent,
        variables=decision.variables,
        outcome=decision.outcome,
        note=decision.note,
        held_at=now,
        release_at=now + wait,
    )
    task.hidden, task.state = True, HELD_TASK
    session.add(row)
    session.add(task)
    session.flush()
    return row


def undo(session: Session, viewer: Viewer, user_task_key: str, now: datetime) -> Task:
    """Take a completion back while it is held; too late as soon as it is on its way."""
    row = _newest(session, user_task_key)
    task = session.get(Task, user_task_key)
    if row is None or task is None or row.username != viewer.username:
        raise NotFound("completion", "Không có việc vừa hoàn thành để hoàn tác.", "There is nothing to undo.")
    if row.state != HeldState.UNDONE and not _move(session, row, (HeldState.HELD,), HeldState.UNDONE):
        raise Conflict("too-late", "Đã quá thời gian hoàn tác.", "It is too late to undo this.")
    if task.state == HELD_TASK:
        task.hidden, task.state = False, tasks.OPEN
        session.add(task)
        drafts.keep(session, user_task_key, row.variables, viewer.username, now)
        audit.record(session, viewer.username, "completion-undone", task.dossier_code, {"task": task.element_id}, now)
    return task


def held(session: Session, viewer: Viewer, now: datetime) -> list[HeldCompletion]:
    """What the viewer completed and may still undo, newest first."""
    statement = select(HeldCompletion).where(
        HeldCompletion.username == viewer.username,
        HeldCompletion.state == HeldState.HELD,
        HeldCompletion.release_at > now,
    )
    return list(session.exec(statement.order_by(col(HeldCompletion.held_at).desc())).all())


def due(session: Session, now: datetime, limit: int) -> list[str]:
    """Ids whose grace, back-off or lease is over, oldest first."""
    waiting = col(HeldCompletion.state).in_((HeldState.HELD, HeldState.SENDING))
    statement = select(HeldCompletion.id).where(waiting, HeldCompletion.release_at <= now)
    return list(session.exec(statement.order_by(col(HeldCompletion.release_at)).limit(limit)).all())


def lease(session: Session, completion_id: str, now: datetime, until: datetime) -> HeldCompletion | None:
    """Take one for a try; None when it is not due: undone, done, or in somebody's hands."""
    ready = and_(
        _ROWS.c.id == completion_id,
        _ROWS.c.state.in_((HeldState.HELD, HeldState.SENDING)),
        _ROWS.c.release_at <= now,
    )
    values = {"state": HeldState.SENDING, "release_at": until, "attempts": _ROWS.c.attempts + 1}
    if session.connection().execute(update(_ROWS).where(ready).values(values)).rowcount != 1:
        return None
    return session.get(HeldCompletion, completion_id, populate_existing=True)


def done(session: Session, completion_id: str, now: datetime) -> None:
    """It took effect; recorded once, whatever is repeated."""
    row = session.get_one(HeldCompletion, completion_id)
    if not _move(session, row, (HeldState.SENDING,), HeldState.DONE):
        return
    task = session.get_one(Task, row.user_task_key)
    tasks.settle(session, task, row.username, row.on_behalf_of, row.outcome, row.note, now)
    drafts.drop(session, row.user_task_key)


def gone(session: Session, completion_id: str, now: datetime) -> None:
    """The task had ended before this completion: it stays off the queues, and the clerk is told."""
    row = session.get_one(HeldCompletion, completion_id)
    if _move(session, row, (HeldState.SENDING,), HeldState.GONE):
        task = session.get_one(Task, row.user_task_key)
        task.state = "GONE"
        session.add(task)
        audit.record(session, row.username, "task-was-gone", task.dossier_code, {"task": task.element_id}, now)
        vi = f"{task.name}: việc đã kết thúc trước khi nội dung bạn nhập đến nơi; không có gì được ghi nhận."
        _tell(session, row, task, vi, f"{task.name}: the task had ended before; nothing was recorded.", now)


def failed(session: Session, completion_id: str, reason: str, now: datetime) -> None:
    """The engine refused what was filled in: the task is back with its draft, and the clerk is told why."""
    row = session.get_one(HeldCompletion, completion_id)
    if _move(session, row, (HeldState.SENDING,), HeldState.FAILED):
        row.last_error = reason[:500]
        task = session.get_one(Task, row.user_task_key)
        task.hidden, task.state = False, tasks.OPEN
        session.add(row)
        session.add(task)
        drafts.keep(session, row.user_task_key, row.variables, row.username, now)
        vi, en = f"{task.name}: chưa hoàn thành được ({reason}).", f"{task.name}: not completed ({reason})."
        _tell(session, row, task, vi, en, now)


def later(session: Session, completion_id: str, reason: str, at: datetime) -> None:
    """Try again at a later time."""
    row = session.get_one(HeldCompletion, completion_id)
    row.release_at, row.last_error = at, reason[:500]
    session.add(row)


def _tell(session: Session, row: HeldCompletion, task: Task, text_vi: str, text_en: str, now: datetime) -> None:
    dossier = by_code(session, task.dossier_code)
    if dossier is not None:
        session.add(
            Notification(
                dossier_id=dossier.id,
                branch_code=task.procedure_code,
                template="completion",
                recipient=row.username,
                text_vi=text_vi,
                text_en=text_en,
                at=now,
            )
        )


def _newest(session: Session, user_task_key: str) -> HeldCompletion | None:
    """The completion of a task that counts: what was undone comes last, whatever the clock said."""
    statement = select(HeldCompletion).where(HeldCompletion.user_task_key == user_task_key)
    order = (case((col(HeldCompletion.state) == HeldState.UNDONE, 1), else_=0), col(HeldCompletion.held_at).desc())
    return session.exec(statement.order_by(*order).limit(1)).first()


def _move(session: Session, row: HeldCompletion, before: tuple[HeldState, ...], after: HeldState) -> bool:
    """Change the state if it still is as expected; whoever comes second gets False."""
    wanted = and_(_ROWS.c.id == row.id, _ROWS.c.state.in_(before))
    changed = session.connection().execute(update(_ROWS).where(wanted).values(state=after)).rowcount
    session.refresh(row)
    return changed == 1
