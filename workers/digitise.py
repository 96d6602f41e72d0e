"""Reads the uploaded papers of a dossier: kind, key fields with confidence and place, for the officer beside the scan.

The slip does not wait for this. Natural key: document and field name; a document that has fields is not read again,
a content that was read in another dossier lends its fields, and what a person reviewed stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlmodel import Session

from lienthong.dossiers import documents, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.documents import FieldReading
from lienthong.dossiers.tables import Document, DocumentField, DocumentRole
from lienthong.reading.classify import KINDS, UNKNOWN, fits
from lienthong.reading.result import Reading
from workers.context import JobContext, Services
from workers.reading_pool import Unread, read_all

JOB_TYPE: Final = "digitise"
TIMEOUT_MS: Final = 60_000  # the runner extends it while the handler works; after a kill the job is free again soon
PER_DOCUMENT_MS: Final = 60_000
KIND_FIELD: Final = "document_kind"
KNOWN_CONTENT: Final = "known-content"
UNDECIDED_KINDS: Final = frozenset({"", "other", UNKNOWN})
WRONG_KIND_CONFIDENCE: Final = 0.3  # another paper than asked for: always an officer's matter


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Copy what is known, read the rest outside of any transaction, record each document in its own transaction."""
    with session_scope(services.database) as session:
        waiting = [
            document for document in documents.unread(session, job.dossier_code) if not lend(session, document, job)
        ]
    contents = [
        Unread(document.id, services.documents.get(document.storage_key), document.content_type) for document in waiting
    ]
    settings = services.settings
    for document_id, reading in read_all(contents, settings.ocr_engine, settings.ocr_processes):
        with session_scope(services.database) as session:
            record(session, documents.get(session, document_id), reading, job, settings.field_confidence)
        job.extend(PER_DOCUMENT_MS)
    with read_scope(services.database) as session:
        return {"reading": summary(session, job.dossier_code, settings.field_confidence)}


def lend(session: Session, document: Document, job: JobContext) -> bool:
    """Whether the same content was read before; then its fields are copied (a reviewed one counts as certain)."""
    known = documents.known_fields(session, document.sha256)
    if known:
        lent = [as_lent(field) for field in known if field.name != KIND_FIELD]
        read_kind = next((field for field in known if field.name == KIND_FIELD), None)
        if read_kind is not None:
            lent.append(kind_field(document.kind, read_kind.value, read_kind.confidence))
        documents.record_fields(session, document.id, lent, KNOWN_CONTENT, job.now)
    return bool(known)


def as_lent(field: DocumentField) -> FieldReading:
    confidence = 1.0 if field.reviewed else field.confidence
    return FieldReading(
        name=field.name,
        value=field.value,
        confidence=confidence,
        page=field.page,
        x=field.x,
        y=field.y,
        width=field.width,
        height=field.height,
    )


def record(session: Session, document: Document, reading: Reading | None, job: JobContext, threshold: float) -> None:
    """Fields and kind of one document; a picture that cannot be read is recorded too, so that an officer sees it."""
    if reading is None:
        unreadable = FieldReading(name=KIND_FIELD, value=UNKNOWN, confidence=0.0)
        documents.record_fields(session, document.id, [unreadable], "none", job.now)
        return
    if document.kind in UNDECIDED_KINDS and reading.kind_confidence >= threshold:
        document.kind = reading.kind
        session.add(document)
    documents.record_fields(session, document.id, readings_of(document.kind, reading), reading.engine, job.now)


def readings_of(asked: str, reading: Reading) -> list[FieldReading]:
    found = [
        FieldReading(
            name=field.name,
            value=field.value,
            confidence=field.confidence,
            page=field.page,
            x=field.box.x,
            y=field.box.y,
            width=field.box.width,
            height=field.box.height,
        )
        for field in reading.fields
    ]
    return [*found, kind_field(asked, reading.kind, reading.kind_confidence)]


def kind_field(asked: str, read: str, confidence: float) -> FieldReading:
    """The kind as a field of its own: doubtful when another paper was asked for.

    Kinds that no rule describes (drawings, contracts) are the applicant's word: nothing to doubt them by.
    """
    if asked not in KINDS and asked != "application-form" and asked not in UNDECIDED_KINDS:
        return FieldReading(name=KIND_FIELD, value=read, confidence=1.0)
    doubt = confidence if fits(asked, read) else min(confidence, WRONG_KIND_CONFIDENCE)
    return FieldReading(name=KIND_FIELD, value=read, confidence=doubt)


def summary(session: Session, dossier_code: str, threshold: float) -> dict[str, Any]:
    """The ``reading`` variable: how many papers, which key fields a person must look at."""
    dossier = tracking.require(session, dossier_code)
    uploads: Sequence[Document] = documents.of_dossier(session, dossier.id, DocumentRole.UPLOAD)
    low = sorted(
        {
            field.name
            for document in uploads
            for field in documents.fields(session, document.id)
            if not field.reviewed and field.confidence < threshold
        }
    )
    return {"documents": len(uploads), "lowConfidence": low, "needsReview": bool(low)}
