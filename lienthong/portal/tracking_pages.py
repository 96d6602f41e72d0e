"""Public pages without an account: track by code and phone, verify a result by its QR code."""

import hashlib

from fastapi import APIRouter, Depends, Form, Request, Response

from lienthong.dossiers import results, tracking
from lienthong.dossiers.database import read_scope
from lienthong.dossiers.store import Store
from lienthong.portal.deps import Services, services
from lienthong.portal.dossier_views import dossier_view
from lienthong.portal.pages import go, page
from lienthong.portal.text import date_time
from lienthong.web.language import current_language
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
    """The masked dossier; the same answer for an unknown code and for a wrong phone."""
    language = current_language(request)
    with read_scope(given.database) as session:
        public = tracking.public_view(session, given.law, code.strip(), digits.strip())
        dossier = tracking.by_code(session, code.strip()) if public is not None else None
        if public is None or dossier is None:
            return page(request, "track.html", user, {"code": code, "refused": True}, 404)
        view = dossier_view(session, given.law, dossier, language, own=False, now=given.now)
    view["dossier"]["applicant_name"] = public.applicant
    return page(request, "dossier.html", user, view)


@router.get("/xac-minh/{number:path}")
def verify(
    request: Request,
    number: str,
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """Whether a result of this number was issued here and its stored content still has the hash it was issued with."""
    with read_scope(given.database) as session:
        found = results.by_number(session, number)
        facts = (
            None
            if found is None
            else {
                "name": found.file_name,
                "number": found.number,
                "issued": date_time(found.created_at),
                "sha256": found.sha256,
            }
        )
        unchanged = found is not None and _unchanged(given.store, found.storage_key, found.sha256)
    return page(request, "verify.html", user, {"found": facts, "unchanged": unchanged}, 200 if facts else 404)


def _unchanged(store: Store, storage_key: str, sha256: str) -> bool:
    try:
        return hashlib.sha256(store.get(storage_key)).hexdigest() == sha256
    except KeyError:
        return False
