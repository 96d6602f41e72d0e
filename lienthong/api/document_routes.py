"""Papers for staff: a page as a picture, the original, and the review of a field."""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import Response

from lienthong.api.deps import DatabaseDep, DocumentsDep, NowDep, StaffDep
from lienthong.api.page_picture import NoSuchPage, page_as_png
from lienthong.dossiers import documents, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables import Dossier
from lienthong.web.problems import Problem, problem_for_status
from lienthong.web.users import CurrentUser

router = APIRouter(prefix="/documents", tags=["papers"])
PICTURE_MAX_AGE_S = 600


class Review(BaseModel):
    """The value of a field as an officer has seen it."""

    value: str = Field(max_length=2000)


def _check_readable(session: Session, document_id: str, user: CurrentUser) -> None:
    """Staff read the papers of dossiers that their own authority takes part in."""
    document = documents.get(session, document_id)
    dossier = session.get_one(Dossier, document.dossier_id)
    taking_part = {str(authority) for authority in dossier.authorities.values()}
    taking_part |= {branch.authority_id for branch in tracking.branches(session, dossier.id)}
    if taking_part.isdisjoint(grant.authority_id for grant in user.grants):
        raise problem_for_status(403)


@router.get("/{document_id}/pages/{page}.png")
def read_page(
    document_id: str,
    page: int,
    user: StaffDep,
    database: DatabaseDep,
    store: DocumentsDep,
    now: NowDep,
    width: int = Query(1100, ge=100, le=3000),
) -> Response:
    """One page as PNG, ``width`` pixels wide; the view is audited."""
    with session_scope(database) as session:
        _check_readable(session, document_id, user)
        document, content = documents.content(session, store, document_id, user.username, now)
    try:
        picture = page_as_png(content, document.content_type, page, width)
    except NoSuchPage as failure:
        raise Problem(404, "page", "Tài liệu không có trang này.", "The document has no such page.") from failure
    return Response(picture, media_type="image/png", headers={"Cache-Control": f"private, max-age={PICTURE_MAX_AGE_S}"})


@router.get("/{document_id}/content")
def read_content(document_id: str, user: StaffDep, database: DatabaseDep, store: DocumentsDep, now: NowDep) -> Response:
    """The original bytes, always as a download so that nothing in them can run here."""
    with session_scope(database) as session:
        _check_readable(session, document_id, user)
        document, content = documents.content(session, store, document_id, user.username, now)
    disposition = f"attachment; filename*=UTF-8''{quote(document.file_name, safe='')}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return Response(content, media_type=document.content_type, headers=headers)


@router.put("/{document_id}/fields/{name}")
def review_field(
    document_id: str, name: str, review: Review, user: StaffDep, database: DatabaseDep, now: NowDep
) -> dict[str, Any]:
    """Confirm or correct what was read; from then on the value is the officer's."""
    with read_scope(database) as session:
        _check_readable(session, document_id, user)
    with session_scope(database) as session:
        field = documents.review_field(session, document_id, name, review.value, user.username, now)
        return {"name": field.name, "value": field.value, "reviewed": field.reviewed}
