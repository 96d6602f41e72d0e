"""The tasklist's table filled from what the engine shows: new tasks, fresh values, nothing written without a change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, select

from lienthong.dossiers.tables import Branch, Dossier, Task
from lienthong.orchestration.task_feed import UserTask

KEYS_AT_ONCE: Final = 500
OWN_ASSIGNEE_LASTS: Final = timedelta(seconds=30)
_RUNNING: Final = ("CREATED", "CREATING", "ASSIGNING", "UPDATING")
_FOLLOWED: Final = (
    "procedure_code",
    "state",
    "assignee",
    "due_at",
    "priority",
    "form_id",
    "process_instance_key",
    "hidden",
)


def upsert(session: Session, snapshot: UserTask, now: datetime) -> None:
    """Bring the table up to what the engine shows; a task that ended or was completed here stays hidden.

    A task without a due time of its own gets that of its branch, else of its dossier, so that no queue forgets it.
    The engine's search may lag: a hidden task that it still shows as open is not shown again, a claim of the tasklist
    outlives a search that does not know it yet, and shortly after a claim, a release or a change of hands here the
    search is not believed about who has it.
    """
    upsert_all(session, [snapshot], now)


def upsert_all(session: Session, snapshots: Sequence[UserTask], now: datetime) -> None:
    """As `upsert`, for many at once: a few queries a thousand, and nothing is written where nothing changed."""
    for existing, values in changes(session, snapshots, now):
        task = existing or Task(**values)
        for name, value in values.items():
            setattr(task, name, value)
        session.add(task)


def changes(
    session: Session, snapshots: Sequence[UserTask], now: datetime
) -> Iterator[tuple[Task | None, dict[str, Any]]]:
    """The row, or None for a new task, and its fresh values, of every task that the table does not show as it is."""
    for start in range(0, len(snapshots), KEYS_AT_ONCE):
        some = snapshots[start : start + KEYS_AT_ONCE]
        known = _known(session, some)
        open_ones = [one for one in some if not _is_over(one, known.get(one.user_task_key))]
        due_times = _due_times(session, {one.dossier_code for one in open_ones if one.due_at is None})
        for snapshot in open_ones:
            existing = known.get(snapshot.user_task_key)
            values = {
                **asdict(snapshot),
                "assignee": _assignee(snapshot, existing, now),
                "due_at": snapshot.due_at or _due_of(snapshot, due_times),
                "hidden": snapshot.state not in _RUNNING,
            }
            if existing is None:
                yield None, values
            elif any(getattr(existing, name) != values[name] for name in _FOLLOWED):
                yield existing, {name: values[name] for name in _FOLLOWED}


def _known(session: Session, snapshots: Sequence[UserTask]) -> dict[str, Task]:
    wanted = col(Task.user_task_key).in_([one.user_task_key for one in snapshots])
    return {task.user_task_key: task for task in session.exec(select(Task).where(wanted))}


def _is_over(snapshot: UserTask, existing: Task | None) -> bool:
    return existing.hidden if existing is not None else snapshot.state not in _RUNNING


def _assignee(snapshot: UserTask, existing: Task | None, now: datetime) -> str | None:
    if existing is None:
        return snapshot.assignee
    changed_here = existing.assigned_at is not None and now - existing.assigned_at < OWN_ASSIGNEE_LASTS
    return existing.assignee if changed_here else snapshot.assignee or existing.assignee


def _due_times(session: Session, codes: set[str]) -> dict[tuple[str, str], datetime | None]:
    """The due time by dossier code and procedure; that of the whole dossier by the empty procedure."""
    wanted = col(Dossier.code).in_(codes)
    whole = session.exec(select(Dossier.code, Dossier.due_at).where(wanted)).all() if codes else []
    joined = select(Dossier.code, Branch.procedure_code, Branch.due_at).join(
        Branch, col(Branch.dossier_id) == col(Dossier.id)
    )
    parts = session.exec(joined.where(wanted)).all() if codes else []
    return {(code, ""): due_at for code, due_at in whole} | {(code, part): due_at for code, part, due_at in parts}


def _due_of(snapshot: UserTask, due_times: Mapping[tuple[str, str], datetime | None]) -> datetime | None:
    own = due_times.get((snapshot.dossier_code, snapshot.procedure_code))
    return own or due_times.get((snapshot.dossier_code, ""))
