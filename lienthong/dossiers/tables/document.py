"""Documents (content-addressed) and what was read on them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from lienthong.dossiers.tables.columns import UtcDateTime


class DocumentRole(StrEnum):
    """Why a document is in the dossier."""

    UPLOAD = "upload"
    SLIP = "slip"
    SUPERSEDED = "superseded"
    RESULT = "result"
    RECEIPT = "receipt"
    LETTER = "letter"


class Document(SQLModel, table=True):
    """A stored document; its id is made of dossier, role and SHA-256, so that the same content is stored once."""

    __tablename__ = "document"
    __table_args__ = (Index("ix_document_kind_created_at", "kind", "created_at"),)
    id: str = Field(primary_key=True, max_length=36)
    dossier_id: str = Field(foreign_key="dossier.id", index=True)
    kind: str
    file_name: str
    content_type: str
    size: int
    sha256: str = Field(index=True, max_length=64)
    storage_key: str
    pages: int = 1
    uploaded_by: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    role: str = DocumentRole.UPLOAD
    number: str = ""


class DocumentField(SQLModel, table=True):
    """One field read on a page, with its place (fractions of the page) and confidence (0 to 1)."""

    __tablename__ = "document_field"
    document_id: str = Field(primary_key=True, foreign_key="document.id")
    name: str = Field(primary_key=True)
    value: str
    confidence: float
    page: int = 1
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0
    engine: str = ""
    reviewed: bool = False
