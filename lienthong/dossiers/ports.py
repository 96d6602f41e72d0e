"""The domain's side of relay and feed: each call is one transaction on the domain's database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, false
from sqlalchemy.engine import Engine
from sqlmodel import col, select

from lienthong.dossiers import held_completions, outbox, task_filling, tasks, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables import Authority, Task
from lienthong.orchestration.completions import Completion
from lienthong.orchestration.relay import OutgoingMessage
from lienthong.orchestration.task_feed import KnownTask
from lienthong.orchestration.user_task import UserTask

KEYS_AT_ONCE: Final = 500
_KNOWN: Final[Select[Any]] = Select(
    col(Task.user_task_key), col(Task.dossier_code), col(Task.procedure_code), col(Task.hidden), col(Task.created_at)
)


class DatabaseOutbox:
    """The outbox for the relay."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def due(self, now: datetime, limit: int) -> Sequence[OutgoingMessage]:
        """Rows whose time has come, oldest first."""
        with read_scope(self._engine) as session:
            return [
                OutgoingMessage(
                    row_id=row.id,
                    starts=row.kind == outbox.START,
                    name=row.payload["name"],
                    correlation_key=row.payload["correlationKey"],
                    variables=row.payload["variables"],
                    message_id=row.payload["messageId"],
                    ttl_ms=row.payload["ttlMs"],
                    dossier_code=row.payload["dossierCode"],
                )
                for row in outbox.due(session, now, limit)
            ]

    def done(self, row_id: str, now: datetime) -> None:
        """The row needs no more sending."""
        with session_scope(self._engine) as session:
            outbox.done(session, row_id, now)

    def retry(self, row_id: str, error: str, now: datetime) -> None:
        """Send the row again after its back-off."""
        with session_scope(self._engine) as session:
            outbox.retry(session, row_id, error, now)

    def registered(self, dossier_code: str) -> bool:
        """Whether a process instance has registered on the dossier."""
        with read_scope(self._engine) as session:
            dossier = tracking.by_code(session, dossier_code)
            return dossier is not None and dossier.process_instance_key is not None


class DatabaseTasks:
    """The tasklist's table for the feed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def known(self, keys: Iterable[str]) -> Mapping[str, KnownTask]:
        """The rows of these keys, and every row that is still shown."""
        asked = sorted(keys)
        with read_scope(self._engine) as session:
            rows = list(session.execute(_KNOWN.where(col(Task.hidden) == false())))
            for start in range(0, len(asked), KEYS_AT_ONCE):
                some = col(Task.user_task_key).in_(asked[start : start + KEYS_AT_ONCE])
                rows += session.execute(_KNOWN.where(some))
        return {key: KnownTask(code, procedure, hidden, at) for key, code, procedure, hidden, at in rows}

    def upsert(self, feed_tasks: Sequence[UserTask], now: datetime) -> None:
        """Bring rows up to date; a group of an unknown authority is left out."""
        with read_scope(self._engine) as session:
            authorities = set(session.exec(select(Authority.id)).all())
            ours = [task for task in feed_tasks if task.authority_id in authorities]
            if next(task_filling.changes(session, ours, now), None) is None:
                return
        with session_scope(self._engine) as session:
            task_filling.upsert_all(session, ours, now)

    def hide(self, keys: Sequence[str]) -> None:
        """Take ended tasks off all queues."""
        with session_scope(self._engine) as session:
            for key in keys:
                tasks.hide(session, key)


class DatabaseCompletions:
    """Completions on their way to the engine, for the sender."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Ids of completions whose grace or back-off is over, oldest first."""
        with read_scope(self._engine) as session:
            return held_completions.due(session, now, limit)

    def lease(self, completion_id: str, now: datetime, until: datetime) -> Completion | None:
        """Take one for a try."""
        with session_scope(self._engine) as session:
            row = held_completions.lease(session, completion_id, now, until)
            return None if row is None else Completion(row.id, row.user_task_key, row.variables, row.attempts)

    def done(self, completion_id: str, now: datetime) -> None:
        """It took effect."""
        with session_scope(self._engine) as session:
            held_completions.done(session, completion_id, now)

    def gone(self, completion_id: str, now: datetime) -> None:
        """The task had ended before."""
        with session_scope(self._engine) as session:
            held_completions.gone(session, completion_id, now)

    def failed(self, completion_id: str, reason: str, now: datetime) -> None:
        """The engine refused what was filled in."""
        with session_scope(self._engine) as session:
            held_completions.failed(session, completion_id, reason, now)

    def later(self, completion_id: str, reason: str, at: datetime) -> None:
        """Try again at a later time."""
        with session_scope(self._engine) as session:
            held_completions.later(session, completion_id, reason, at)
