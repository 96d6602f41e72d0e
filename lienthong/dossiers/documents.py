"""Documents of dossiers: attached once a content, read with an audit entry, with the fields read on them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from lienthong.dossiers import audit, tracking
from lienthong.dossiers.errors import NotFound
from lienthong.dossiers.store import DocumentStore, MemoryStore, Store, StoredObject
from lienthong.dossiers.tables import Document, DocumentField, DocumentRole, Dossier

__all__ = ["DocumentStore", "FieldReading", "FileUpload", "MemoryStore", "Store", "StoredObject", "attach"]

_NAMESPACE: Final = uuid.UUID("6f0d8a52-43ad-4f39-9bb3-6d1a4d6c6f01")
PDF: Final = "application/pdf"


class FileUpload(BaseModel):
    """A file that an applicant gives: for which kind of paper, under which name."""

    model_config = ConfigDict(frozen=True)
    kind: str = Field(min_length=1, max_length=64)
    file_name: str
    content: bytes
    component_code: str = ""


class FieldReading(BaseModel):
    """A field as it was read: value, confidence from 0 to 1, place in fractions of the page."""

    model_config = ConfigDict(frozen=True)
    name: str
    value: str
    confidence: float = Field(ge=0, le=1)
    page: int = 1
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class TakenFile:
    """An upload that was checked and stored, and belongs to no dossier yet."""

    kind: str
    file_name: str
    content_type: str
    pages: int
    stored: StoredObject


def take(store: Store, upload: FileUpload) -> TakenFile:
    """Check and store an upload, before any transaction; ``UploadRefused`` for what may not be stored."""
    # Imported when needed: the reading of papers brings image libraries that most commands do without.
    from lienthong.reading.upload_check import check_upload

    found = check_upload(upload.file_name, upload.content)
    stored = store.put(upload.content, found.content_type)
    return TakenFile(upload.kind, found.file_name, found.content_type, found.pages, stored)


def document_id(dossier_id: str, role: str, kind: str, sha256: str) -> str:
    """The id of a content in a role of a dossier: the same content gives the same id."""
    return str(uuid.uuid5(_NAMESPACE, f"{dossier_id}/{role}/{kind}/{sha256}"))


def attach(
    session: Session,
    store: Store,
    dossier: Dossier,
    upload: FileUpload,
    now: datetime,
    actor: str = "",
    role: str = DocumentRole.UPLOAD,
) -> Document:
    """Check and store a file of a dossier; the same content twice is one document."""
    return attach_taken(session, dossier, take(store, upload), now, actor, role)


def attach_taken(
    session: Session,
    dossier: Dossier,
    file: TakenFile,
    now: datetime,
    actor: str = "",
    role: str = DocumentRole.UPLOAD,
) -> Document:
    """Make a stored file a document of a dossier."""
    return _insert(
        session, dossier, file.stored, file.kind, file.file_name, file.content_type, file.pages, role, actor, now
    )


def attach_pdf(
    session: Session,
    store: Store,
    dossier: Dossier,
    content: bytes,
    kind: str,
    file_name: str,
    role: str,
    now: datetime,
    actor: str = "system",
    number: str = "",
) -> Document:
    """Store a paper that we made ourselves."""
    import pypdfium2  # as above: only where pages are counted

    stored = store.put(content, PDF)
    pages = len(pypdfium2.PdfDocument(content))
    return _insert(session, dossier, stored, kind, file_name, PDF, pages, role, actor, now, number)


def _insert(
    session: Session,
    dossier: Dossier,
    stored: StoredObject,
    kind: str,
    file_name: str,
    content_type: str,
    pages: int,
    role: str,
    actor: str,
    now: datetime,
    number: str = "",
) -> Document:
    identity = document_id(dossier.id, role, kind, stored.sha256)
    existing = session.get(Document, identity)
    if existing is not None:
        return existing
    document = Document(
        id=identity,
        dossier_id=dossier.id,
        kind=kind,
        file_name=file_name,
        content_type=content_type,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=stored.key,
        pages=pages,
        uploaded_by=actor,
        created_at=now,
        role=role,
        number=number,
    )
    session.add(document)
    session.flush()
    audit.record(session, actor or "system", "document-stored", identity, {"kind": kind, "sha256": stored.sha256}, now)
    return document


def of_dossier(session: Session, dossier_id: str, role: str | None = None) -> list[Document]:
    """The documents of a dossier, oldest first, of one role when it is named."""
    statement = select(Document).where(Document.dossier_id == dossier_id)
    if role is not None:
        statement = statement.where(Document.role == role)
    return list(session.exec(statement.order_by(col(Document.created_at), col(Document.id))).all())


def get(session: Session, document_id: str) -> Document:
    """One document, or ``NotFound``."""
    found = session.get(Document, document_id)
    if found is None:
        raise NotFound("document", "Không có tài liệu này.", "There is no such document.")
    return found


def content(session: Session, store: Store, document_id: str, actor: str, now: datetime) -> tuple[Document, bytes]:
    """A document with its bytes; the view goes into the audit."""
    document = get(session, document_id)
    audit.record(session, actor, "document-viewed", document_id, {"dossier": document.dossier_id}, now)
    return document, store.get(document.storage_key)


def may_read(session: Session, document: Document, user_id: int) -> bool:
    """Whether an applicant's account may read a document: only of the own dossier."""
    return session.get_one(Dossier, document.dossier_id).applicant_user_id == user_id


def record_fields(
    session: Session, document_id: str, readings: Sequence[FieldReading], engine: str, now: datetime
) -> None:
    """Keep what was read on a document; a field that a person reviewed stays as it is."""
    for reading in readings:
        existing = session.get(DocumentField, (document_id, reading.name))
        if existing is not None and existing.reviewed:
            continue
        session.merge(DocumentField(document_id=document_id, engine=engine, **reading.model_dump()))
    audit.record(session, "system", "document-read", document_id, {"fields": len(readings), "engine": engine}, now)


def fields(session: Session, document_id: str) -> list[DocumentField]:
    """What was read on a document, from top to bottom."""
    found = session.exec(select(DocumentField).where(DocumentField.document_id == document_id)).all()
    return sorted(found, key=lambda field: (field.page, field.y, field.x, field.name))


def review_field(session: Session, document_id: str, name: str, value: str, actor: str, now: datetime) -> DocumentField:
    """A person confirms or corrects one field."""
    field = session.get(DocumentField, (document_id, name))
    if field is None:
        raise NotFound("field", f"Tài liệu không có trường “{name}”.", f"The document has no field “{name}”.")
    changed = field.value != value
    field.value, field.reviewed = value, True
    session.add(field)
    audit.record(session, actor, "field-reviewed", document_id, {"field": name, "changed": changed}, now)
    return field


def known_fields(session: Session, sha256: str) -> list[DocumentField]:
    """Fields of the same content read before, in whatever dossier."""
    for document in session.exec(select(Document).where(Document.sha256 == sha256)):
        if found := fields(session, document.id):
            return found
    return []


def unread(session: Session, dossier_code: str) -> list[Document]:
    """Uploads of a dossier on which no field is recorded yet."""
    dossier = tracking.require(session, dossier_code)
    return [
        document
        for document in of_dossier(session, dossier.id, DocumentRole.UPLOAD)
        if not fields(session, document.id)
    ]
