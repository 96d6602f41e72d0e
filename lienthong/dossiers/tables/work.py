"""What people and machines still have to do: tasks of the tasklist, messages to send, notifications to give."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, Connection, Index, event, text
from sqlalchemy.orm import Mapper, object_session
from sqlmodel import Field, SQLModel

from lienthong.dossiers.rules.folding import fold
from lienthong.dossiers.tables.columns import UtcDateTime, new_id

NO_DUE_TIME: Final = datetime(9999, 12, 31, tzinfo=UTC)
_OPEN_ON_SQLITE: Final = text("hidden = 0")
_OPEN_ON_POSTGRESQL: Final = text("NOT hidden")
_HELD_ON_SQLITE: Final = text("hidden = 0 AND assignee <> ''")
_HELD_ON_POSTGRESQL: Final = text("NOT hidden AND assignee <> ''")
_ESCALATED_ON_SQLITE: Final = text("hidden = 0 AND escalated_group <> ''")
_ESCALATED_ON_POSTGRESQL: Final = text("NOT hidden AND escalated_group <> ''")


class Task(SQLModel, table=True):
    """A user task of the engine as the tasklist shows it.

    ``sort_at`` and ``rank`` are the order of every queue; ``revision`` grows with every change of any task, so that
    a reader sees what is new and a writer whether somebody was faster; ``search_text`` has no diacritics.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index(
            "ix_task_queue",
            "authority_id",
            "role",
            "sort_at",
            "rank",
            "user_task_key",
            "assignee",
            sqlite_where=_OPEN_ON_SQLITE,
            postgresql_where=_OPEN_ON_POSTGRESQL,
        ),
        Index(
            "ix_task_holder",
            "assignee",
            "sort_at",
            "rank",
            "user_task_key",
            sqlite_where=_HELD_ON_SQLITE,
            postgresql_where=_HELD_ON_POSTGRESQL,
        ),
        Index(
            "ix_task_escalated",
            "escalated_group",
            "sort_at",
            "rank",
            "user_task_key",
            sqlite_where=_ESCALATED_ON_SQLITE,
            postgresql_where=_ESCALATED_ON_POSTGRESQL,
        ),
    )
    user_task_key: str = Field(primary_key=True, max_length=32)
    dossier_code: str = Field(index=True)
    procedure_code: str = ""
    element_id: str
    name: str
    authority_id: str = Field(index=True)
    role: str = Field(index=True)
    assignee: str | None = None
    state: str = "CREATED"
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    priority: int = 50
    form_id: str = ""
    process_instance_key: str = ""
    escalated_group: str = ""
    hidden: bool = False
    assigned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revision: int = Field(default=0, index=True)
    sort_at: datetime = Field(default=NO_DUE_TIME, sa_type=UtcDateTime)
    rank: int = 0
    search_text: str = ""


def next_revision(connection: Connection) -> int:
    """A number above that of every change of a task so far."""
    if connection.dialect.name == "postgresql":
        return int(connection.execute(text("SELECT nextval('task_revision')")).scalar_one())
    return int(connection.execute(text("SELECT coalesce(max(revision), 0) + 1 FROM task")).scalar_one())


@event.listens_for(Task, "before_update")
def _restamp(mapper: Mapper[Task], connection: Connection, task: Task) -> None:
    session = object_session(task)
    if session is not None and session.is_modified(task, include_collections=False):  # else nothing is written
        _stamp(mapper, connection, task)


def _stamp(_mapper: Mapper[Task], connection: Connection, task: Task) -> None:
    task.sort_at, task.rank = task.due_at or NO_DUE_TIME, -task.priority
    task.revision = next_revision(connection)


@event.listens_for(Task, "before_insert")
def _index(mapper: Mapper[Task], connection: Connection, task: Task) -> None:
    _stamp(mapper, connection, task)
    statement = text(
        "SELECT dossier_text.text FROM dossier_text JOIN dossier ON dossier.id = dossier_text.dossier_id"
        " WHERE dossier.code = :code"
    )
    holder = connection.execute(statement, {"code": task.dossier_code}).scalar() or task.dossier_code
    task.search_text = fold(f"{task.dossier_code} {task.name} {holder}")


class OutboxRow(SQLModel, table=True):
    """A message that must reach the engine; done only when it has. ``position`` keeps the order of writing."""

    __tablename__ = "outbox"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    position: int = Field(unique=True)
    kind: str
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    attempts: int = 0
    last_error: str = ""
    next_attempt_at: datetime = Field(sa_type=UtcDateTime, index=True)


class Notification(SQLModel, table=True):
    """A notice to an applicant or a member of staff, in both languages."""

    __tablename__ = "notification"
    __table_args__ = (Index("ix_notification_recipient", "recipient", "at"),)
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    dossier_id: str = Field(foreign_key="dossier.id", index=True)
    branch_code: str = ""
    template: str
    recipient: str
    text_vi: str
    text_en: str
    at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Counter(SQLModel, table=True):
    """A counter by name: serials of dossier codes and numbers of papers."""

    __tablename__ = "counter"
    name: str = Field(primary_key=True, max_length=128)
    value: int = 0
