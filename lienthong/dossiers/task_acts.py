"""Giving work to others: assign, hand over with the draft, transfer to another authority or role.

Assigning is for heads; whoever holds a task may hand it on. The one who gets it must belong to a group that may work
on it. Each change of hands is in the audit with both names, and the new holder is notified.
"""

from datetime import datetime

from sqlmodel import Session, col, or_

from lienthong.dossiers import comments, tasks, tracking
from lienthong.dossiers.errors import Conflict, Forbidden, Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.tables import Role, Task
from lienthong.dossiers.viewers import Viewer, groups_of, holds

TRANSFERABLE_ROLES = frozenset({Role.RECEPTION, Role.OFFICER, Role.UNIT_HEAD, Role.AUTHORITY_HEAD})


def may_give(viewer: Viewer, task: Task) -> bool:
    """Whether the viewer may say who works on a task: its holder, or a head of its authority."""
    return task.assignee in viewer.names or tasks.leads(viewer, task)


def assign(session: Session, viewer: Viewer, user_task_key: str, to: str, now: datetime, note: str = "") -> Task:
    """Give a task, with its draft, to a colleague who may work on it."""
    task = tasks.open_task(session, viewer, user_task_key)
    _require_may_give(viewer, task)
    if not groups_of(task).intersection(holds(session, to)):
        raise Invalid(
            "assignee",
            f"“{to}” không thuộc nhóm được xử lý việc này.",
            f"“{to}” does not belong to a group that may work on this task.",
        )
    before = task.assignee
    unchanged = col(Task.assignee) == before if before else or_(col(Task.assignee).is_(None), col(Task.assignee) == "")
    if not tasks.give(session, task, to, now, unchanged):
        raise Conflict(
            "claimed",
            f"Việc vừa được {task.assignee} nhận.",
            f"The task has just been taken by {task.assignee}.",
        )
    tasks.record(session, viewer, "task-assigned", task, now, {"from": before or "", "to": to})
    if to != viewer.username:
        _tell(session, viewer, task, to, note, now)
    return task


def _tell(session: Session, viewer: Viewer, task: Task, to: str, note: str, now: datetime) -> None:
    dossier = tracking.by_code(session, task.dossier_code)
    if dossier is None:  # a process about no single dossier: its task is in the queue, there is nothing to point to
        return
    said = f": {note.strip()}" if note.strip() else "."
    comments.notify(
        session,
        dossier.id,
        task.procedure_code,
        to,
        f"{viewer.username} giao cho bạn “{task.name}”, hồ sơ {dossier.code}{said}",
        f"{viewer.username} gave you “{task.name}” of dossier {dossier.code}{said}",
        now,
        "assigned",
    )


def transfer(
    session: Session, law: Law, viewer: Viewer, user_task_key: str, group: tuple[str, str], reason: str, now: datetime
) -> Task:
    """Give a task to another group (authority, role), unclaimed, on a stated ground; for heads and the holder."""
    task = tasks.open_task(session, viewer, user_task_key)
    _require_may_give(viewer, task)
    authority_id, role = group
    dossier = tracking.require(session, task.dossier_code)
    taking_part = {str(one) for one in dossier.authorities.values()} | {task.authority_id}
    if role not in TRANSFERABLE_ROLES or authority_id not in law.authorities:
        raise Invalid("group", "Không có nhóm này.", "There is no such group.")
    if authority_id not in taking_part:
        raise Invalid(
            "authority",
            "Chỉ chuyển cho cơ quan cùng tham gia giải quyết hồ sơ.",
            "A task goes only to an authority that takes part in the dossier.",
        )
    if not reason.strip():
        raise Invalid("reason", "Ghi lý do chuyển.", "Give the ground of the transfer.")
    before = f"{task.authority_id}/{task.role}"
    data = {"from": before, "to": f"{authority_id}/{role}", "reason": reason.strip()}
    tasks.record(session, viewer, "task-transferred", task, now, data)
    task.authority_id, task.role, task.assignee, task.assigned_at = authority_id, role, None, now
    task.escalated_group = ""
    session.add(task)
    name = law.authority(authority_id)
    tracking.add(
        session,
        dossier.id,
        "task-transferred",
        f"{task.name}: chuyển {name.name_vi} xử lý.",
        f"{task.name}: given to {name.name_en}.",
        now,
        task.procedure_code,
        viewer.username,
        data,
    )
    return task


def _require_may_give(viewer: Viewer, task: Task) -> None:
    if not may_give(viewer, task):
        raise Forbidden(
            "assign",
            "Chỉ người đang giữ việc hoặc lãnh đạo đơn vị mới được giao việc.",
            "Only the holder or a head may give a task to somebody.",
        )
