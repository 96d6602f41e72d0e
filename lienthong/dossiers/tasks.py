"""The tasklist's own table: filled from the engine's user tasks, worked on by the people of an authority.

A task is seen by those who hold its role at its authority, by its assignee, by the group it was escalated to, and by
whoever stands in for one of these today. A claim is one conditional update: of two clerks at once exactly one gets it,
on every database. Reading the queue is in `queue`.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Table, update
from sqlmodel import Session, SQLModel, and_, col, or_

from lienthong.dossiers import audit, tracking
from lienthong.dossiers import queue as queue_reading
from lienthong.dossiers.errors import Conflict, Forbidden, NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.queue import QueueFilter, View
from lienthong.dossiers.rules.calendar import working_minutes_between
from lienthong.dossiers.tables import Task
from lienthong.dossiers.tables.work import next_revision
from lienthong.dossiers.viewers import Viewer, groups_of, viewer_of
from lienthong.orchestration.task_feed import UserTask

__all__ = [
    "OPEN",
    "TaskSnapshot",
    "Viewer",
    "claim",
    "complete",
    "get",
    "queue",
    "release",
    "viewer_of",
]

OPEN: Final = "CREATED"
NEXT_AT_ONCE: Final = 25
TaskSnapshot = UserTask
_ROWS: Final[Table] = SQLModel.metadata.tables["task"]
_OUTCOMES: Final = {
    "accept": ("tiếp nhận", "accepted"),
    "supplement": ("yêu cầu bổ sung", "asked for a supplement"),
    "refuse": ("đề nghị từ chối", "proposed to refuse"),
    "approve": ("đề nghị chấp thuận", "proposed to approve"),
    "sign": ("đã ký", "signed"),
    "return": ("trả lại để xem xét", "sent back for review"),
}


def queue(session: Session, viewer: Viewer, mine: bool | None = None, text: str = "", limit: int = 100) -> list[Task]:
    """The first open tasks of a viewer in the order of the queue.

    ``mine``: True only the viewer's own, False only those that nobody has claimed.
    """
    view = {None: View.ALL, True: View.MINE, False: View.FREE}[mine]
    never = datetime.max  # no view here asks for a time
    return queue_reading.page(session, viewer, QueueFilter(view, text), never, never, limit=limit).tasks


def count(session: Session, viewer: Viewer, now: datetime) -> int:
    """How many open tasks the viewer sees."""
    return queue_reading.counts(session, viewer, QueueFilter(), now, now)[View.ALL]


def may_work(viewer: Viewer, task: Task) -> bool:
    """Whether the viewer may work on a task."""
    return task.assignee in viewer.names or bool(groups_of(task).intersection(viewer.groups))


def leads(viewer: Viewer, task: Task) -> bool:
    """Whether the viewer heads the authority of a task, and so may give it to somebody."""
    return task.authority_id in viewer.led


def get(session: Session, viewer: Viewer, user_task_key: str) -> Task:
    """One task that the viewer may work on or leads."""
    task = session.get(Task, user_task_key)
    if task is None:
        raise NotFound("task", "Không có việc này.", "There is no such task.")
    if not (may_work(viewer, task) or leads(viewer, task)):
        raise Forbidden("task", "Việc này thuộc đơn vị khác.", "This task belongs to another unit.")
    return task


def open_task(session: Session, viewer: Viewer, user_task_key: str) -> Task:
    """One task that the viewer may work on and that is not done."""
    task = get(session, viewer, user_task_key)
    if task.hidden:
        raise Conflict("done", "Việc này đã xong.", "This task is already done.")
    return task


def record(
    session: Session, viewer: Viewer, act: str, task: Task, now: datetime, data: dict[str, Any] | None = None
) -> None:
    """An act on a task in the audit: the one who did it, and in whose place."""
    absent = viewer.acting_for(task)
    both = {"task": task.element_id, **(data or {})} | ({"onBehalfOf": absent} if absent else {})
    audit.record(session, viewer.username, act, task.dossier_code, both, now)


def claim(session: Session, viewer: Viewer, user_task_key: str, now: datetime) -> Task:
    """Take a task; ``Conflict`` when somebody else has it, unless it was escalated to the viewer's group."""
    task = open_task(session, viewer, user_task_key)
    if task.assignee == viewer.username:
        return task
    if not may_work(viewer, task):
        raise Forbidden("task", "Việc này không thuộc nhóm của bạn.", "This task is not of your group.")
    absent = viewer.acting_for(task)
    free = or_(
        col(Task.assignee).is_(None),
        col(Task.assignee) == "",
        col(Task.assignee).in_(viewer.names),
        col(Task.escalated_group).in_(viewer.groups),
    )
    if not give(session, task, viewer.username, now, free):
        _refuse_held(session, task)
    data = {"task": task.element_id} | ({"onBehalfOf": absent} if absent else {})
    audit.record(session, viewer.username, "task-claimed", task.dossier_code, data, now)
    return task


def claim_next(session: Session, viewer: Viewer, now: datetime) -> Task | None:
    """Take the most urgent task that nobody has; None when there is none. Many clerks at once get one each."""
    never = datetime.max
    after = ""
    while True:
        found = queue_reading.page(session, viewer, QueueFilter(View.FREE), never, never, after, NEXT_AT_ONCE)
        for task in found.tasks:
            if give(session, task, viewer.username, now, or_(col(Task.assignee).is_(None), col(Task.assignee) == "")):
                record(session, viewer, "task-claimed", task, now)
                return task
        if not found.after:
            return None
        after = found.after


def _refuse_held(session: Session, task: Task) -> None:
    if task.hidden:
        raise Conflict("done", "Việc này đã xong.", "This task is already done.")
    raise Conflict("claimed", f"Việc đã được {task.assignee} nhận.", f"The task is already with {task.assignee}.")


def give(session: Session, task: Task, assignee: str | None, now: datetime, only_if: Any) -> bool:
    """Set who holds a task, if it still is as ``only_if`` says: one statement, so that nobody comes between."""
    session.flush()
    connection = session.connection()
    values = {"assignee": assignee, "assigned_at": now, "revision": next_revision(connection)}
    wanted = and_(_ROWS.c.user_task_key == task.user_task_key, _ROWS.c.hidden.is_(False), only_if)
    changed = connection.execute(update(_ROWS).where(wanted).values(values)).rowcount
    session.refresh(task)
    return changed == 1


def release(session: Session, viewer: Viewer, user_task_key: str, now: datetime) -> Task:
    """Give a task back to its group; only who has it may."""
    task = open_task(session, viewer, user_task_key)
    if not give(session, task, None, now, col(Task.assignee) == viewer.username):
        raise Conflict("not-claimed", "Bạn không giữ việc này.", "You do not hold this task.")
    record(session, viewer, "task-released", task, now)
    return task


def require_holder(viewer: Viewer, task: Task) -> None:
    """``Conflict`` that says who has the task, unless the viewer does."""
    if task.assignee == viewer.username:
        return
    if not task.assignee:
        raise Conflict("not-claimed", "Hãy nhận việc trước khi làm.", "Claim the task before working on it.")
    raise Conflict(
        "held",
        f"{task.assignee} đang xử lý việc này. Nội dung bạn nhập chưa được gửi.",
        f"{task.assignee} holds this task. What you entered has not been sent.",
    )


def hide(session: Session, user_task_key: str) -> None:
    """Take a task off all queues: it has ended."""
    task = session.get(Task, user_task_key)
    if task is not None and not task.hidden:
        task.hidden = True
        session.add(task)


def complete(session: Session, viewer: Viewer, user_task_key: str, outcome: str, note: str, now: datetime) -> Task:
    """Record what the viewer decided, after the engine has acknowledged it; the task leaves all queues."""
    task = get(session, viewer, user_task_key)
    if not task.hidden:
        settle(session, task, viewer.username, viewer.acting_for(task), outcome, note, now)
    return task


def settle(
    session: Session, task: Task, username: str, on_behalf_of: str, outcome: str, note: str, now: datetime
) -> None:
    """The one record of a completion: task, timeline, audit with both names where somebody stood in."""
    task.hidden, task.assignee, task.state = True, username, "COMPLETED"
    session.add(task)
    dossier = tracking.by_code(session, task.dossier_code)  # None: a process about no single dossier
    vi, en = _OUTCOMES.get(outcome, ("hoàn thành", "completed"))
    data = {
        "outcome": outcome,
        "note": note,
        "element": task.element_id,
        "startedAt": task.created_at.isoformat(),
        "onBehalfOf": on_behalf_of,
    }
    vi, en = f"{task.name}: {vi}.", f"{task.name}: {en}."
    if dossier is not None:
        tracking.add(session, dossier.id, "task-completed", vi, en, now, task.procedure_code, username, data)
    told = {"task": task.element_id, "outcome": outcome} | ({"onBehalfOf": on_behalf_of} if on_behalf_of else {})
    audit.record(session, username, "task-completed", task.dossier_code, told, now)


def remaining_minutes(law: Law, task: Task, now: datetime) -> int | None:
    """Working minutes until the task is due; negative when it is late, None when it has no due time."""
    return None if task.due_at is None else working_minutes_between(law.calendar, now, task.due_at)
