"""Public pages without an account: track by code and phone, verify a paper by its file, code or QR."""

from typing import Any

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.datastructures import FormData, UploadFile

from lienthong.dossiers import entrusted, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.papers import verification
from lienthong.dossiers.tables import Document
from lienthong.dossiers.tables.portal import SendingSlip
from lienthong.portal.deps import Services, services
from lienthong.portal.dossier_views import dossier_view
from lienthong.portal.filing_pages import form_of
from lienthong.portal.pages import go, page
from lienthong.portal.rate_rules import LOOKUPS, LOOKUPS_OF_CODE, UPLOADS_TO_VERIFY, visitor
from lienthong.portal.stored_papers import unchanged
from lienthong.portal.text import date_time
from lienthong.web.language import Language, current_language
from lienthong.web.users import CurrentUser, optional_user

router = APIRouter()


@router.get("/tra-cuu")
def track_page(
    request: Request,
    code: str = "",
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """The form; a QR code or the payment page may bring the code along: the applicant goes straight to the dossier."""
    with read_scope(given.database) as session:
        dossier = tracking.by_code(session, code.strip()) if user is not None and code else None
        if user is not None and dossier is not None and dossier.applicant_user_id == user.id:
            return go(f"/ho-so/{dossier.code}")
    return page(request, "track.html", user, {"code": code, "refused": False})


@router.post("/tra-cuu")
def track(
    request: Request,
    code: str = Form(""),
    digits: str = Form(""),
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """The masked dossier or sending slip; the same answer for an unknown code and for a wrong phone."""
    language = current_language(request)
    code, digits = code.strip(), digits.strip()
    with session_scope(given.database) as session:
        LOOKUPS.require(session, visitor(request), given.now)
        LOOKUPS_OF_CODE.require(session, code, given.now)
    with read_scope(given.database) as session:
        public = tracking.public_view(session, given.law, code, digits)
        dossier = tracking.by_code(session, code) if public is not None else None
        slip = entrusted.slip_with_phone(session, code, digits) if public is None else None
        if slip is not None:
            return _slip(request, given, user, slip, language)
        if public is None or dossier is None:
            return page(request, "track.html", user, {"code": code, "refused": True}, 404)
        view = dossier_view(session, given.law, dossier, language, own=False, now=given.now)
    with session_scope(given.database) as session:
        LOOKUPS.forget(session, visitor(request))
    view["dossier"]["applicant_name"] = public.applicant
    return page(request, "dossier.html", user, view)


def _slip(
    request: Request, given: Services, user: CurrentUser | None, slip: SendingSlip, language: Language
) -> Response:
    """Where a file is that was given to the post: not at the desk yet, or filed under its code."""
    bundle = given.law.bundle(slip.bundle_id, on=given.now.date())
    context = {
        "number": slip.number,
        "title": bundle.title_vi if language == "vi" else bundle.title_en,
        "applicant": tracking.masked(slip.applicant_name),
        "received": date_time(slip.received_at),
        "papers": slip.papers,
        "on_its_way": slip.minutes_id is not None,
        "filed": slip.dossier_id is not None,
    }
    return page(request, "slip.html", user, context)


@router.get("/xac-minh")
def verify_page(request: Request, so: str = "", user: CurrentUser | None = Depends(optional_user)) -> Response:
    """The form: the printed code or number, or the file itself."""
    if so.strip():
        return go(f"/xac-minh/{so.strip()}")
    return page(request, "verify.html", user, {"asked": False, "found": None, "checked": None})


@router.post("/xac-minh")
def verify_file(
    request: Request,
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
    form: FormData = Depends(form_of),
) -> Response:
    """Check the signature of an uploaded paper, and whether these very bytes are ours. Nothing is kept of it."""
    language = current_language(request)
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return page(request, "verify.html", user, {"asked": False, "found": None, "checked": None, "empty": True}, 422)
    with session_scope(given.database) as session:
        UPLOADS_TO_VERIFY.require(session, visitor(request), given.now)
    content = file.file.read(given.settings.upload_limit_bytes + 1)
    if len(content) > given.settings.upload_limit_bytes:
        return page(request, "verify.html", user, {"asked": False, "found": None, "checked": None, "empty": True}, 422)
    told = verification.verify_document(content)
    with read_scope(given.database) as session:
        ours = verification.known(session, content)
        found = None if ours is None else facts_of(ours)
    checked = {
        "ok": told.ok,
        "state": str(told.state),
        "text": told.text_vi if language == "vi" else told.text_en,
        "signer": told.signer,
        "at": date_time(told.signed_at),
        "fingerprint": told.fingerprint,
        "ours": ours is not None,
    }
    return page(request, "verify.html", user, {"asked": True, "found": found, "unchanged": True, "checked": checked})


@router.get("/xac-minh/{number:path}")
def verify(
    request: Request,
    number: str,
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """Whether a paper of this code or number was issued here and is still as it was issued."""
    with read_scope(given.database) as session:
        found = verification.by_code(session, number)
        facts = None if found is None else facts_of(found)
        whole = found is not None and unchanged(given.store, found.storage_key, found.sha256)
    context = {"asked": True, "found": facts, "unchanged": whole, "checked": None}
    return page(request, "verify.html", user, context, 200 if facts else 404)


def facts_of(document: Document) -> dict[str, Any]:
    """What may be told of a paper to whoever holds it: no applicant."""
    return {
        "name": document.file_name,
        "number": document.number,
        "issued": date_time(document.created_at),
        "sha256": document.sha256,
    }
