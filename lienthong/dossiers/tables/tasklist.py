"""What the tasklist keeps of its own: substitutions, drafts, comments, filters, held completions, reception."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from lienthong.dossiers.tables.columns import UtcDateTime, new_id


class Substitution(SQLModel, table=True):
    """A colleague stands in for an absent one, from the first to the last day, both included."""

    __tablename__ = "substitution"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    absent_user_id: int = Field(foreign_key="user_account.id", index=True)
    substitute_user_id: int = Field(foreign_key="user_account.id", index=True)
    first_day: date
    last_day: date
    authority_id: str = ""
    reason: str = ""
    created_by: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str = ""


class TaskDraft(SQLModel, table=True):
    """What was filled in of a task and not sent; ``version`` tells one writer of the other."""

    __tablename__ = "task_draft"
    user_task_key: str = Field(primary_key=True, max_length=32)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    saved_by: str
    saved_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class Comment(SQLModel, table=True):
    """What a member of staff says to colleagues about a dossier; the applicant does not see it."""

    __tablename__ = "dossier_comment"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    dossier_id: str = Field(foreign_key="dossier.id", index=True)
    branch_code: str = ""
    author: str
    text: str
    mentions: list[str] = Field(default_factory=list, sa_type=JSON)
    at: datetime = Field(sa_type=UtcDateTime)


class SavedFilter(SQLModel, table=True):
    """A filter of the queue under a name; ``shared_with`` is an authority, or empty for oneself."""

    __tablename__ = "saved_filter"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    owner_id: int = Field(foreign_key="user_account.id", index=True)
    name: str
    query: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    shared_with: str = Field(default="", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)


class HeldState(StrEnum):
    """Where a completion stands."""

    HELD = "held"
    SENDING = "sending"
    DONE = "done"
    UNDONE = "undone"
    FAILED = "failed"
    GONE = "gone"


class HeldCompletion(SQLModel, table=True):
    """A completion on its way to the engine: kept before it is sent, so that none is lost and none is sent twice."""

    __tablename__ = "held_completion"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    user_task_key: str = Field(index=True, max_length=32)
    username: str
    on_behalf_of: str = ""
    variables: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    outcome: str = ""
    note: str = ""
    state: str = HeldState.HELD
    held_at: datetime = Field(sa_type=UtcDateTime)
    release_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    last_error: str = ""
    __table_args__ = (Index("ix_held_completion_waiting", "state", "release_at"),)


class Consultation(SQLModel, table=True):
    """A question of one authority to another on a branch; no answer in time counts as consent where it was so said."""

    __tablename__ = "consultation"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    dossier_id: str = Field(foreign_key="dossier.id", index=True)
    branch_code: str
    asking_authority_id: str
    asked_authority_id: str = Field(index=True)
    question: str
    asked_by: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    answer: str = ""
    opinion: str = ""
    answered_by: str = ""
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    __table_args__ = (Index("ix_consultation_open", "answered_at", "due_at"),)


class TicketState(StrEnum):
    """Where the holder of a queue ticket is."""

    WAITING = "waiting"
    CALLED = "called"
    SERVED = "served"
    ABSENT = "absent"


class QueueTicket(SQLModel, table=True):
    """A number of the one-stop desk's waiting room; numbers begin anew each day."""

    __tablename__ = "queue_ticket"
    __table_args__ = (UniqueConstraint("desk_id", "day", "number"), Index("ix_queue_ticket_line", "desk_id", "day"))
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    desk_id: str
    day: date
    number: int
    essential: bool = False
    state: str = TicketState.WAITING
    issued_at: datetime = Field(sa_type=UtcDateTime)
    called_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    window: str = ""
    called_by: str = ""


class ScannedPaper(SQLModel, table=True):
    """A scan that came in at a desk's folder and waits to be taken into a dossier."""

    __tablename__ = "scanned_paper"
    __table_args__ = (UniqueConstraint("desk_id", "sha256", "arrived_at"),)
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    desk_id: str = Field(index=True)
    file_name: str
    content_type: str
    size: int
    pages: int
    sha256: str = Field(max_length=64)
    storage_key: str
    code_found: str = ""
    arrived_at: datetime = Field(sa_type=UtcDateTime)
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken_by: str = ""
    dossier_id: str | None = Field(default=None, foreign_key="dossier.id")


class DossierText(SQLModel, table=True):
    """The searchable text of a dossier without diacritics; kept by triggers, newer dossiers have greater ids."""

    __tablename__ = "dossier_text"
    id: int | None = Field(default=None, primary_key=True)
    dossier_id: str = Field(unique=True, max_length=36)
    text: str
