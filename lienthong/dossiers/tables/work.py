"""What people and machines still have to do: tasks of the tasklist, messages to send, notifications to give."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from lienthong.dossiers.tables.columns import UtcDateTime, new_id


class Task(SQLModel, table=True):
    """A user task of the engine as the tasklist shows it."""

    __tablename__ = "task"
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
    hidden: bool = Field(default=False, index=True)


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
