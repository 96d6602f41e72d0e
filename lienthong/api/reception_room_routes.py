"""The waiting room and the scanner: queue tickets, the desk's scan folder, codes read on pictures."""

from typing import Annotated, Any

from fastapi import APIRouter, File, UploadFile
from pydantic import BaseModel, Field
from starlette.responses import Response

from lienthong.api.deps import DeskDep
from lienthong.api.dossier_view import iso
from lienthong.api.page_picture import NoSuchPage, page_as_png
from lienthong.dossiers import audit, scans, tickets
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables import QueueTicket
from lienthong.reading.scan_codes import codes_on
from lienthong.web.problems import Problem

router = APIRouter(prefix="/reception", tags=["reception"])
Json = dict[str, Any]


class NewTicket(BaseModel):
    """At which desk, and whether with priority."""

    deskId: str
    essential: bool = False


class Call(BaseModel):
    """To which window the next number is called."""

    deskId: str
    window: str = Field(min_length=1, max_length=20)


@router.post("/codes")
def read_codes(desk: DeskDep, file: Annotated[UploadFile, File()]) -> Json:
    """Bar codes and QR codes on a picture or the first pages of a PDF, as texts."""
    with read_scope(desk.database) as session:
        desk.viewer(session)
    return {"codes": codes_on(file.file.read())}


@router.get("/scans/{desk_id}")
def waiting_scans(desk_id: str, desk: DeskDep) -> Json:
    """What came in at the desk's scan folder and waits."""
    with read_scope(desk.database) as session:
        desk.receptionist(session, desk_id)
        items = [
            {
                "id": row.id,
                "fileName": row.file_name,
                "pages": row.pages,
                "size": row.size,
                "codeFound": row.code_found,
                "arrivedAt": iso(row.arrived_at),
            }
            for row in scans.waiting(session, desk_id)
        ]
    return {"items": items}


@router.get("/scans/{desk_id}/{scan_id}.png")
def scan_picture(desk_id: str, scan_id: str, desk: DeskDep) -> Response:
    """The first page of a waiting scan; the view is audited."""
    with session_scope(desk.database) as session:
        viewer = desk.receptionist(session, desk_id)
        row = scans.get(session, scan_id)
        if row.desk_id != desk_id:
            raise Problem(404, "scan", "Không có bản quét này.", "There is no such scan.")
        audit.record(session, viewer.username, "scan-viewed", scan_id, {}, desk.now)
    content = desk.documents.get(row.storage_key)
    try:
        picture = page_as_png(content, row.content_type, 1, 400)
    except NoSuchPage as failure:
        raise Problem(404, "page", "Không xem được bản quét.", "The scan cannot be shown.") from failure
    return Response(picture, media_type="image/png", headers={"Cache-Control": "private, max-age=600"})


@router.delete("/scans/{desk_id}/{scan_id}", status_code=204)
def discard_scan(desk_id: str, scan_id: str, desk: DeskDep) -> None:
    """Take a scan that belongs to nothing off the list."""
    with session_scope(desk.database) as session:
        viewer = desk.receptionist(session, desk_id)
        if scans.get(session, scan_id).desk_id != desk_id:
            raise Problem(404, "scan", "Không có bản quét này.", "There is no such scan.")
        scans.discard(session, scan_id, viewer.username, desk.now)


@router.get("/tickets/{desk_id}")
def read_line(desk_id: str, desk: DeskDep) -> Json:
    """The waiting room of a desk, as its display shows it: numbers only."""
    with read_scope(desk.database) as session:
        desk.viewer(session)
        now_waiting = tickets.line(session, desk_id, desk.now)
        return {
            "called": [_ticket(one) for one in now_waiting.called],
            "waiting": [_ticket(one) for one in now_waiting.waiting],
            "served": tickets.served_today(session, desk_id, desk.now),
        }


def _ticket(one: QueueTicket) -> Json:
    return {
        "id": one.id,
        "number": one.number,
        "window": one.window,
        "essential": one.essential,
        "issuedAt": iso(one.issued_at),
        "calledAt": iso(one.called_at),
    }


@router.post("/tickets", status_code=201)
def issue_ticket(new: NewTicket, desk: DeskDep) -> Json:
    """Give the next number."""
    with session_scope(desk.database) as session:
        desk.receptionist(session, new.deskId)
        return _ticket(tickets.issue(session, new.deskId, desk.now, new.essential))


@router.post("/tickets/next")
def call_next(call: Call, desk: DeskDep) -> Json:
    """Call who is next to one's window; the one before is served."""
    with session_scope(desk.database) as session:
        viewer = desk.receptionist(session, call.deskId)
        called = tickets.call_next(session, call.deskId, call.window, viewer.username, desk.now)
        return {"ticket": None if called is None else _ticket(called)}


@router.post("/tickets/{ticket_id}/end", status_code=204)
def end_ticket(ticket_id: str, desk: DeskDep, absent: bool = False) -> None:
    """Whoever was called is served, or did not come."""
    with session_scope(desk.database) as session:
        found = session.get(QueueTicket, ticket_id)
        desk.receptionist(session, found.desk_id if found else "")
        tickets.end(session, ticket_id, absent, desk.now)
