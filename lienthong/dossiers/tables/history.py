"""What happened: the public timeline, each change of a deadline, each escalation, and the chained audit."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from lienthong.dossiers.tables.columns import UtcDateTime


class TimelineEntry(SQLModel, table=True):
    """One event of a dossier as its applicant may read it."""

    __tablename__ = "timeline_entry"
    id: int | None = Field(default=None, primary_key=True)
    dossier_id: str = Field(foreign_key="dossier.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str
    branch_code: str = ""
    actor: str = ""
    text_vi: str
    text_en: str
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class DeadlineEntry(SQLModel, table=True):
    """A deadline as it was set or moved, and on what ground; an empty branch means the whole bundle."""

    __tablename__ = "deadline_entry"
    id: int | None = Field(default=None, primary_key=True)
    dossier_id: str = Field(foreign_key="dossier.id", index=True)
    branch_code: str = ""
    due_at: datetime = Field(sa_type=UtcDateTime)
    ground: str
    at: datetime = Field(sa_type=UtcDateTime)


class EscalationEntry(SQLModel, table=True):
    """One step up the ladder: 1 head of unit, 2 head of authority, 3 Provincial Office."""

    __tablename__ = "escalation_entry"
    __table_args__ = (UniqueConstraint("dossier_id", "branch_code", "stage", "rung_at"),)
    id: int | None = Field(default=None, primary_key=True)
    dossier_id: str = Field(foreign_key="dossier.id", index=True)
    branch_code: str = ""
    level: int
    stage: str
    rung_at: datetime = Field(sa_type=UtcDateTime)
    responsible: str
    at: datetime = Field(sa_type=UtcDateTime)
    reassigned_to: str | None = None
    letter_document_id: str | None = Field(default=None, foreign_key="document.id")


class AuditEntry(SQLModel, table=True):
    """One act, chained to the one before by SHA-256 over canonical JSON."""

    __tablename__ = "audit_entry"
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str
    act: str
    subject: str
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64, unique=True)
