"""Scans that come in at a desk's folder: checked like an upload, kept once, and taken into a dossier by a clerk."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from lienthong.dossiers import audit, documents
from lienthong.dossiers.documents import FileUpload
from lienthong.dossiers.errors import Conflict, NotFound
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables import ScannedPaper

READ_FROM_SCAN = "scan"


def take_in(
    session: Session, store: Store, desk_id: str, file_name: str, content: bytes, code_found: str, now: datetime
) -> ScannedPaper:
    """Keep one scan; the same content that still waits at the desk is kept once. ``UploadRefused`` for a bad file."""
    file = documents.take(store, FileUpload(kind=READ_FROM_SCAN, file_name=file_name, content=content))
    stored = file.stored
    waiting_too = select(ScannedPaper).where(
        ScannedPaper.desk_id == desk_id, ScannedPaper.sha256 == stored.sha256, col(ScannedPaper.taken_at).is_(None)
    )
    existing = session.exec(waiting_too).first()
    if existing is not None:
        return existing
    paper = ScannedPaper(
        desk_id=desk_id,
        file_name=file.file_name,
        content_type=file.content_type,
        size=stored.size,
        pages=file.pages,
        sha256=stored.sha256,
        storage_key=stored.key,
        code_found=code_found,
        arrived_at=now,
    )
    session.add(paper)
    session.flush()
    audit.record(session, "scanner", "scan-arrived", paper.id, {"desk": desk_id, "sha256": stored.sha256}, now)
    return paper


def waiting(session: Session, desk_id: str, limit: int = 100) -> list[ScannedPaper]:
    """What was scanned at a desk and not taken yet, newest first."""
    statement = select(ScannedPaper).where(ScannedPaper.desk_id == desk_id, col(ScannedPaper.taken_at).is_(None))
    return list(session.exec(statement.order_by(col(ScannedPaper.arrived_at).desc()).limit(limit)).all())


def get(session: Session, scan_id: str) -> ScannedPaper:
    """One scan, or ``NotFound``."""
    found = session.get(ScannedPaper, scan_id)
    if found is None:
        raise NotFound("scan", "Không có bản quét này.", "There is no such scan.")
    return found


def uploads(
    session: Session, store: Store, desk_id: str, wanted: Sequence[tuple[str, str]]
) -> list[tuple[ScannedPaper, FileUpload]]:
    """Scans of a desk, as (scan id, kind of paper), ready to be filed; one that is taken already is refused."""
    found = []
    for scan_id, kind in wanted:
        paper = get(session, scan_id)
        if paper.desk_id != desk_id:
            raise NotFound("scan", "Không có bản quét này.", "There is no such scan.")
        if paper.taken_at is not None:
            raise Conflict("scan", f"{paper.file_name} đã được đưa vào hồ sơ khác.", "This scan is in a dossier.")
        content = store.get(paper.storage_key)
        found.append((paper, FileUpload(kind=kind, file_name=paper.file_name, content=content)))
    return found


def take(session: Session, papers: Sequence[ScannedPaper], dossier_id: str, username: str, now: datetime) -> None:
    """The scans are in a dossier now."""
    for paper in papers:
        paper.taken_at, paper.taken_by, paper.dossier_id = now, username, dossier_id
        session.add(paper)
        audit.record(session, username, "scan-taken", paper.id, {"dossier": dossier_id}, now)


def discard(session: Session, scan_id: str, username: str, now: datetime) -> None:
    """A scan that belongs to nothing leaves the list; its content stays in the store."""
    paper = get(session, scan_id)
    if paper.taken_at is None:
        paper.taken_at, paper.taken_by = now, username
        session.add(paper)
        audit.record(session, username, "scan-discarded", scan_id, {}, now)
