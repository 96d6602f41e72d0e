"""What the console keeps: interventions, moves that wait for a second person, values seen, locked sign-ins."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from lienthong.dossiers.tables.columns import UtcDateTime, new_id


class InterventionKind(StrEnum):
    """What an administrator did to a running instance."""

    VARIABLES = "variables"
    RETRY = "retry"
    DEADLINE = "deadline"
    MODIFICATION = "modification"
    CANCELLATION = "cancellation"


class OrderState(StrEnum):
    """Where a move that needs a second person stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class Intervention(SQLModel, table=True):
    """One intervention: how it was before, how after, why, and whether it has been taken back."""

    __tablename__ = "intervention"
    __table_args__ = (Index("ix_intervention_instance", "process_instance_key", "at"),)
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str
    kind: str
    dossier_code: str = Field(default="", index=True)
    process_instance_key: str = ""
    ground: str = ""
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    outcome: str = ""
    undo_of: str = ""
    undone_by: str = ""


class MoveOrder(SQLModel, table=True):
    """A move of running dossiers that starts only when a second administrator has agreed."""

    __tablename__ = "move_order"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    asked_by: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    request: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    instances: int
    state: str = Field(default=OrderState.WAITING, index=True)
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    note: str = ""
    job_id: str = ""


class VariableSighting(SQLModel, table=True):
    """A value that the console has seen in a variable, the first time it saw it: the engine keeps only the last one."""

    __tablename__ = "variable_sighting"
    __table_args__ = (Index("ix_variable_sighting_scope", "process_instance_key", "scope_key", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    process_instance_key: str = Field(max_length=32)
    scope_key: str = Field(max_length=32)
    name: str
    value: str
    at: datetime = Field(sa_type=UtcDateTime)


class SignInLock(SQLModel, table=True):
    """Failed sign-ins to one user name (known or not), and until when it is locked."""

    __tablename__ = "sign_in_lock"
    username: str = Field(primary_key=True, max_length=64)
    failures: int = 0
    first_failed_at: datetime = Field(sa_type=UtcDateTime)
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
