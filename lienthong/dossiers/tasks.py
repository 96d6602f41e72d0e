"""The tasklist's own table: filled from the engine's user tasks, read by the people of an authority.

A task is seen by those who hold its role at its authority, by its assignee, and by the group it was escalated to.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, func, or_, select

from lienthong.dossiers import audit, tracking
from lienthong.dossiers.errors import Conflict, Forbidden, NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.calendar import working_minutes_between
from lienthong.dossiers.tables import Dossier, RoleGrant, Task, User

OPEN: Final = "CREATED"
_OUTCOMES: Final = {
    "accept": ("tiếp nhận", "accepted"),
    "supplement": ("yêu cầu bổ sung", "asked for a supplement"),
    "refuse": ("đề nghị từ chối", "proposed to refuse"),
    "approve": ("đề nghị chấp thuận", "proposed to approve"),
    "sign": ("đã ký", "signed"),
    "return": ("trả lại để xem xét", "sent back for review"),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """A member of staff with the roles held, as (authority, role)."""

    user_id: int
    username: str
    grants: tuple[tuple[str, str], ...]

    @property
    def groups(self) -> list[str]:
        """The candidate groups, ``authority/role``."""
        return [f"{authority}/{role}" for authority, role in self.grants]


@dataclass(frozen=True, slots=True)
class TaskSnapshot:
    """A user task as the engine shows it now."""

    user_task_key: str
    dossier_code: str
    procedure_code: str
    element_id: str
    name: str
    authority_id: str
    role: str
    assignee: str | None
    state: str
    due_at: datetime | None
    created_at: datetime
    priority: int
    form_id: str
    process_instance_key: str


def viewer_of(session: Session, user_id: int) -> Viewer:
    """The viewer of an active account."""
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise Forbidden("account", "Tài khoản không còn hoạt động.", "The account is no longer active.")
    grants = session.exec(select(RoleGrant).where(RoleGrant.user_id == user_id)).all()
    return Viewer(user_id, user.username, tuple(sorted((grant.authority_id, grant.role) for grant in grants)))


def _visible(viewer: Viewer) -> ColumnElement[bool]:
    own = [and_(col(Task.authority_id) == authority, col(Task.role) == role) for authority, role in viewer.grants]
    escalated = col(Task.escalated_group).in_(viewer.groups)
    return or_(col(Task.assignee) == viewer.username, escalated, *own)


def queue(session: Session, viewer: Viewer, mine: bool | None = None, text: str = "", limit: int = 100) -> list[Task]:
    """Open tasks of the viewer's groups: soonest due first, then the higher priority.

    ``mine``: True only the viewer's own, False only those that nobody has claimed.
    """
    statement = select(Task).where(col(Task.hidden).is_(False), _visible(viewer))
    if mine is True:
        statement = statement.where(Task.assignee == viewer.username)
    elif mine is False:
        statement = statement.where(col(Task.assignee).is_(None))
    if text.strip():
        wanted = text.strip()
        holders = select(Dossier.code).where(
            or_(col(Dossier.applicant_name).contains(wanted), col(Dossier.organisation_name).contains(wanted))
        )
        statement = statement.where(
            or_(
                col(Task.dossier_code).contains(wanted),
                col(Task.name).contains(wanted),
                col(Task.dossier_code).in_(holders),
            )
        )
    order = (
        col(Task.due_at).is_(None),
        col(Task.due_at),
        col(Task.priority).desc(),
        col(Task.created_at),
        col(Task.user_task_key),
    )
    return list(session.exec(statement.order_by(*order).limit(limit)).all())


def count(session: Session, viewer: Viewer) -> int:
    """How many open tasks the viewer sees."""
    statement = select(func.count()).select_from(Task).where(col(Task.hidden).is_(False), _visible(viewer))
    return session.exec(statement).one()


def may_work(viewer: Viewer, task: Task) -> bool:
    """Whether the viewer may work on a task."""
    groups = {f"{task.authority_id}/{task.role}", task.escalated_group} - {""}
    return task.assignee == viewer.username or bool(groups.intersection(viewer.groups))


def get(session: Session, viewer: Viewer, user_task_key: str) -> Task:
    """One task that the viewer may work on."""
    task = session.get(Task, user_task_key)
    if task is None:
        raise NotFound("task", "Không có việc này.", "There is no such task.")
    if not may_work(viewer, task):
        raise Forbidden("task", "Việc này thuộc đơn vị khác.", "This task belongs to another unit.")
    return task


def claim(session: Session, viewer: Viewer, user_task_key: str, now: datetime) -> Task:
    """Take a task; ``Conflict`` when somebody else has it, unless it was escalated to the viewer's group."""
    task = _open(session, viewer, user_task_key)
    taken = task.assignee not in (None, "", viewer.username)
    if taken and task.escalated_group not in viewer.groups:
        raise Conflict("claimed", f"Việc đã được {task.assignee} nhận.", f"The task is already with {task.assignee}.")
    if task.assignee != viewer.username:
        task.assignee = viewer.username
        session.add(task)
        audit.record(session, viewer.username, "task-claimed", task.dossier_code, {"task": task.element_id}, now)
    return task


def release(session: Session, viewer: Viewer, user_task_key: str, now: datetime) -> Task:
    """Give a task back to its group; only who has it may."""
    task = _open(session, viewer, user_task_key)
    if task.assignee != viewer.username:
        raise Conflict("not-claimed", "Bạn không giữ việc này.", "You do not hold this task.")
    task.assignee = None
    session.add(task)
    audit.record(session, viewer.username, "task-released", task.dossier_code, {"task": task.element_id}, now)
    return task


def _open(session: Session, viewer: Viewer, user_task_key: str) -> Task:
    task = get(session, viewer, user_task_key)
    if task.hidden:
        raise Conflict("done", "Việc này đã xong.", "This task is already done.")
    return task


def hide(session: Session, user_task_key: str) -> None:
    """Take a task off all queues: it has ended."""
    task = session.get(Task, user_task_key)
    if task is not None and not task.hidden:
        task.hidden = True
        session.add(task)


def complete(session: Session, viewer: Viewer, user_task_key: str, outcome: str, note: str, now: datetime) -> Task:
    """Record what the viewer decided, after the engine has acknowledged it; the task leaves all queues."""
    task = get(session, viewer, user_task_key)
    if task.hidden:
        return task
    task.hidden, task.assignee, task.state = True, viewer.username, "COMPLETED"
    session.add(task)
    dossier = tracking.require(session, task.dossier_code)
    vi, en = _OUTCOMES.get(outcome, ("hoàn thành", "completed"))
    tracking.add(
        session,
        dossier.id,
        "task-completed",
        f"{task.name}: {vi}.",
        f"{task.name}: {en}.",
        now,
        task.procedure_code,
        viewer.username,
        {"outcome": outcome, "note": note, "element": task.element_id, "startedAt": task.created_at.isoformat()},
    )
    audit.record(
        session,
        viewer.username,
        "task-completed",
        task.dossier_code,
        {"task": task.element_id, "outcome": outcome},
        now,
    )
    return task


def remaining_minutes(law: Law, task: Task, now: datetime) -> int | None:
    """Working minutes until the task is due; negative when it is late, None when it has no due time."""
    return None if task.due_at is None else working_minutes_between(law.calendar, now, task.due_at)


def upsert(session: Session, snapshot: TaskSnapshot, now: datetime) -> None:
    """Bring the table up to what the engine shows; a task that ended or was completed here stays hidden.

    A task without a due time of its own gets that of its branch, else of its dossier, so that no queue forgets it.
    The engine's search may lag: a hidden task that it still shows as open is not shown again, and a claim of the
    tasklist outlives a search that does not know it yet.
    """
    existing = session.get(Task, snapshot.user_task_key)
    ended = snapshot.state not in ("CREATED", "CREATING", "ASSIGNING", "UPDATING")
    if existing is not None and existing.hidden:
        return
    if existing is None and ended:
        return
    kept = existing.assignee if existing is not None else None
    fresh = replace(snapshot, assignee=snapshot.assignee or kept)
    task = existing or Task(
        user_task_key=fresh.user_task_key,
        dossier_code=fresh.dossier_code,
        element_id=fresh.element_id,
        name=fresh.name,
        authority_id=fresh.authority_id,
        role=fresh.role,
        created_at=fresh.created_at,
    )
    task.procedure_code, task.state, task.assignee = fresh.procedure_code, fresh.state, fresh.assignee
    task.due_at = fresh.due_at or _due_of(session, fresh)
    task.priority, task.form_id = fresh.priority, fresh.form_id
    task.process_instance_key, task.hidden = fresh.process_instance_key, ended
    session.add(task)


def _due_of(session: Session, snapshot: TaskSnapshot) -> datetime | None:
    dossier = tracking.by_code(session, snapshot.dossier_code)
    if dossier is None:
        return None
    due = {branch.procedure_code: branch.due_at for branch in tracking.branches(session, dossier.id)}
    return due.get(snapshot.procedure_code) or dossier.due_at
