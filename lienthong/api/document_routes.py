"""Papers for staff: a page as a picture, the original, and the review of a field."""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import Response

from lienthong.api.deps import Desk, DeskDep
from lienthong.api.page_picture import NoSuchPage, page_as_png
from lienthong.dossiers import access, documents
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.tables import DocumentRole
from lienthong.web.problems import Problem

router = APIRouter(prefix="/documents", tags=["papers"])
PICTURE_MAX_AGE_S = 600


class Review(BaseModel):
    """The value of a field as an officer has seen it."""

    value: str = Field(max_length=2000)


def _require_readable(session: Session, desk: Desk, document_id: str) -> None:
    access.require_document(session, desk.viewer(session), documents.get(session, document_id))


@router.get("/{document_id}/pages/{page}.png")
def read_page(
    document_id: str,
    page: int,
    desk: DeskDep,
    width: int = Query(1100, ge=100, le=3000),
) -> Response:
    """One page as PNG, ``width`` pixels wide; the view is audited."""
    with session_scope(desk.database) as session:
        _require_readable(session, desk, document_id)
        document, content = documents.content(session, desk.documents, document_id, desk.user.username, desk.now)
    try:
        picture = page_as_png(content, document.content_type, page, width)
    except NoSuchPage as failure:
        raise Problem(404, "page", "Tài liệu không có trang này.", "The document has no such page.") from failure
    return Response(picture, media_type="image/png", headers={"Cache-Control": f"private, max-age={PICTURE_MAX_AGE_S}"})


@router.get("/{document_id}/content")
def read_content(document_id: str, desk: DeskDep, print: bool = False) -> Response:
    """The original bytes, as a download so that nothing in them can run here; our own papers also to be printed."""
    with session_scope(desk.database) as session:
        _require_readable(session, desk, document_id)
        document, content = documents.content(session, desk.documents, document_id, desk.user.username, desk.now)
    ours = print and document.role != DocumentRole.UPLOAD and document.content_type == documents.PDF
    disposition = f"{'inline' if ours else 'attachment'}; filename*=UTF-8''{quote(document.file_name, safe='')}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return Response(content, media_type=document.content_type, headers=headers)


@router.put("/{document_id}/fields/{name}")
def review_field(document_id: str, name: str, review: Review, desk: DeskDep) -> dict[str, Any]:
    """Confirm or correct what was read; from then on the value is the officer's."""
    with session_scope(desk.database) as session:
        _require_readable(session, desk, document_id)
        field = documents.review_field(session, document_id, name, review.value, desk.user.username, desk.now)
        return {"name": field.name, "value": field.value, "reviewed": field.reviewed}
