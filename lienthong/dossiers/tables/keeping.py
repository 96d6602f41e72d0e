"""What is kept for a person or an organisation, who allowed its reuse, and judged points of quality."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from lienthong.dossiers.tables.columns import UtcDateTime, new_id


class OwnerKind(StrEnum):
    """Whose repository it is."""

    PERSON = "person"
    ORGANISATION = "organisation"


class RepositoryItem(SQLModel, table=True):
    """A paper in the electronic repository of its owner (personal number, or name or code of an organisation)."""

    __tablename__ = "repository_item"
    __table_args__ = (Index("ix_repository_item_owner", "owner_kind", "owner_key"),)
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    owner_kind: str
    owner_key: str = Field(max_length=200)
    kind: str
    document_id: str = Field(foreign_key="document.id", unique=True)
    source: int
    dated: date
    valid_to: date | None = None
    number: str = ""
    dossier_code: str
    kept_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revocation_reason: str = ""


class ReuseConsent(SQLModel, table=True):
    """A person or organisation allows that its kept papers are used again; ``kind`` "" means every kind of paper."""

    __tablename__ = "reuse_consent"
    __table_args__ = (Index("ix_reuse_consent_owner", "owner_kind", "owner_key"),)
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    owner_kind: str
    owner_key: str = Field(max_length=200)
    kind: str = ""
    given_by: str
    given_at: datetime = Field(sa_type=UtcDateTime)
    until: date | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Assessment(SQLModel, table=True):
    """Points that an assessor gave to an authority for one judged indicator (5 organisation, 6 publicity)."""

    __tablename__ = "assessment"
    authority_id: str = Field(primary_key=True, foreign_key="authority.id")
    period: str = Field(primary_key=True, max_length=16)
    indicator: int = Field(primary_key=True)
    points: int
    assessor: str
    at: datetime = Field(sa_type=UtcDateTime)
    note: str = ""
