"""A dossier, its branches (one a procedure) and the components its procedures ask for."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from lienthong.dossiers.rules.components import ComponentStatus
from lienthong.dossiers.rules.status import BusinessStatus, DeliveryStatus, PaymentStatus, SyncStatus
from lienthong.dossiers.tables.columns import UtcDateTime, new_id


class BranchStatus(StrEnum):
    """Where one procedure of a dossier stands."""

    WAITING = "waiting"
    ACTIVE = "active"
    ISSUED = "issued"
    REFUSED = "refused"
    SKIPPED = "skipped"


class Dossier(SQLModel, table=True):
    """One filing of one bundle; four axes of state are kept apart."""

    __tablename__ = "dossier"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    code: str = Field(unique=True, index=True, max_length=64)
    filing_token: str = Field(unique=True, max_length=64)
    bundle_id: str = Field(index=True)
    bundle_version: str
    applicant_user_id: int | None = Field(default=None, foreign_key="user_account.id", index=True)
    applicant_name: str
    applicant_personal_number: str = ""
    applicant_phone: str = ""
    applicant_email: str = ""
    applicant_address: str = ""
    organisation_name: str = ""
    channel: str = "online"
    delivery: str = "online"
    options: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    authorities: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    status: str = Field(default=BusinessStatus.FILED, index=True)
    payment_status: str = PaymentStatus.NONE
    delivery_status: str = DeliveryStatus.NONE
    sync_status: str = SyncStatus.PENDING
    filed_at: datetime = Field(sa_type=UtcDateTime, index=True)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    process_instance_key: str | None = Field(default=None, unique=True, max_length=32)
    access_token: str = Field(index=True)
    essential: bool = False
    language: str = "vi"
    escalation_level: int = 0
    late: bool = False


class Branch(SQLModel, table=True):
    """One procedure of a dossier at one authority."""

    __tablename__ = "branch"
    __table_args__ = (
        UniqueConstraint("dossier_id", "procedure_code"),
        Index("ix_branch_at_risk", "authority_id", "status", "due_at"),
    )
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    dossier_id: str = Field(foreign_key="dossier.id", index=True)
    procedure_code: str
    procedure_id: str
    authority_id: str = Field(foreign_key="authority.id", index=True)
    status: str = BranchStatus.WAITING
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    escalation_level: int = 0
    late: bool = False
    result_number: str = ""
    result_document_id: str | None = Field(default=None, foreign_key="document.id")


class Component(SQLModel, table=True):
    """A paper that one branch asks for, and how it is satisfied."""

    __tablename__ = "component"
    __table_args__ = (UniqueConstraint("dossier_id", "branch_code", "component_code"),)
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    dossier_id: str = Field(foreign_key="dossier.id", index=True)
    branch_code: str
    component_code: str
    name: str
    status: str = ComponentStatus.MISSING
    document_id: str | None = Field(default=None, foreign_key="document.id")
    provenance: str = ""


class Supplement(SQLModel, table=True):
    """A request to complete a dossier (form 02), asked once with a deadline."""

    __tablename__ = "supplement"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    dossier_id: str = Field(foreign_key="dossier.id", index=True)
    branch_code: str = ""
    note: str
    stage: str
    requested_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    document_id: str | None = Field(default=None, foreign_key="document.id")
