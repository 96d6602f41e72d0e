"""What was filled in of a task and not sent: kept with the task, so that it can be handed over; one writer at a time.

A draft has a version. Whoever saves names the version that was read; if somebody else saved meanwhile, nothing is
overwritten and the writer is told who and when.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Table, update
from sqlmodel import Session, SQLModel, and_

from lienthong.dossiers import tasks
from lienthong.dossiers.errors import Conflict
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.tables import TaskDraft
from lienthong.dossiers.viewers import Viewer

_ROWS: Final[Table] = SQLModel.metadata.tables["task_draft"]


def read(session: Session, user_task_key: str) -> TaskDraft | None:
    """The draft of a task."""
    return session.get(TaskDraft, user_task_key)


def save(
    session: Session, viewer: Viewer, user_task_key: str, data: dict[str, Any], version: int, now: datetime
) -> TaskDraft:
    """Keep what the holder of a task has typed; ``version`` is the one that was read, 0 when there was none."""
    task = tasks.open_task(session, viewer, user_task_key)
    tasks.require_holder(viewer, task)
    existing = read(session, user_task_key)
    if existing is None:
        if version:
            raise _changed(None)
        return keep(session, user_task_key, data, viewer.username, now)
    wanted = and_(_ROWS.c.user_task_key == user_task_key, _ROWS.c.version == version)
    values = {"data": data, "saved_by": viewer.username, "saved_at": now, "version": version + 1}
    changed = session.connection().execute(update(_ROWS).where(wanted).values(values)).rowcount
    session.refresh(existing)
    if changed != 1:
        raise _changed(existing)
    return existing


def require_version(session: Session, user_task_key: str, version: int) -> None:
    """``Conflict`` unless the draft still is the one that the writer saw."""
    existing = read(session, user_task_key)
    if (existing.version if existing else 0) != version:
        raise _changed(existing)


def _changed(existing: TaskDraft | None) -> Conflict:
    if existing is None:
        return Conflict("draft", "Bản nháp không còn nữa. Hãy tải lại.", "The draft is no longer there. Reload.")
    at = f"{local(existing.saved_at):%H:%M}"
    return Conflict(
        "draft",
        f"{existing.saved_by} đã sửa bản nháp này lúc {at}, ở cửa sổ hay máy khác. Hãy tải lại để xem.",
        f"{existing.saved_by} changed this draft at {at}, in another window or on another device. Reload to see it.",
    )


def keep(session: Session, user_task_key: str, data: dict[str, Any], username: str, now: datetime) -> TaskDraft:
    """Write a draft whatever was there."""
    row = read(session, user_task_key) or TaskDraft(
        user_task_key=user_task_key, saved_by=username, saved_at=now, version=0
    )
    row.data, row.saved_by, row.saved_at, row.version = data, username, now, row.version + 1
    session.add(row)
    session.flush()
    return row


def drop(session: Session, user_task_key: str) -> None:
    """Forget a draft."""
    row = read(session, user_task_key)
    if row is not None:
        session.delete(row)
