"""One's own electronic repository: results that are kept, and who may use them again.

Consent is given and taken back by the person whom an identity provider vouches for, never by a number that was typed.
"""

from datetime import date

from fastapi import APIRouter, Depends, Form, Request, Response
from sqlmodel import Session

from lienthong.dossiers import profiles, repository
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.errors import Forbidden, Invalid
from lienthong.dossiers.repository import Owner
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.tables import OwnerKind
from lienthong.portal.deps import Services, services
from lienthong.portal.pages import go, page
from lienthong.web.users import CurrentUser, current_user

router = APIRouter(prefix="/tai-khoan/giay-to")
EVERY_KIND = ""


@router.get("")
def own_papers(
    request: Request, user: CurrentUser = Depends(current_user), given: Services = Depends(services)
) -> Response:
    """What is kept, until when it holds, and the consents as they stand."""
    today = local(given.now).date()
    with read_scope(given.database) as session:
        proven = profiles.proven_number(session, user.id)
        kept = repository.of_account(session, user.id, proven)
        context = {
            "papers": [
                {
                    "address": f"/ho-so/{dossier.code}/tai-lieu/{document.id}"
                    if dossier.applicant_user_id == user.id
                    else "",
                    "name": document.file_name,
                    "number": item.number,
                    "dated": f"{item.dated:%d/%m/%Y}",
                    "valid_to": f"{item.valid_to:%d/%m/%Y}" if item.valid_to else "",
                    "expired": item.valid_to is not None and item.valid_to < today,
                    "revoked": item.revoked_at is not None,
                    "dossier": item.dossier_code,
                }
                for item, document, dossier in kept
            ],
            "kinds": sorted({(item.kind, document.file_name) for item, document, _ in kept}),
            "proven": bool(proven),
            "consents": _consents(session, proven, today, {item.kind: doc.file_name for item, doc, _ in kept}),
        }
    return page(request, "repository.html", user, context)


def _consents(session: Session, proven: str, today: date, names: dict[str, str]) -> list[dict[str, object]]:
    if not proven:
        return []
    return [
        {
            "kind": one.kind,
            "name": names.get(one.kind, one.kind),
            "holds": one.withdrawn_at is None and (one.until is None or today <= one.until),
            "until": f"{one.until:%d/%m/%Y}" if one.until else "",
            "withdrawn": one.withdrawn_at is not None,
        }
        for one in repository.consents(session, Owner(OwnerKind.PERSON, proven))
    ]


@router.post("/dong-y")
def give(
    kind: str = Form(EVERY_KIND, max_length=64),
    until: str = Form(""),
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
) -> Response:
    """Allow that one kind of own papers, or every kind, is used again."""
    with session_scope(given.database) as session:
        owner = _owner(session, user)
        repository.give_consent(session, owner, user.username, given.now, kind, _day(until))
    return go("/tai-khoan/giay-to", "repository.given")


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("until", "Ngày không đúng.", "The date is not a date.") from error


@router.post("/rut")
def withdraw(
    kind: str = Form(EVERY_KIND, max_length=64),
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
) -> Response:
    """Take the consent back: nothing of that kind is used again."""
    with session_scope(given.database) as session:
        repository.withdraw_consent(session, _owner(session, user), user.username, given.now, kind)
    return go("/tai-khoan/giay-to", "repository.withdrawn")


def _owner(session: Session, user: CurrentUser) -> Owner:
    proven = profiles.proven_number(session, user.id)
    if not proven:
        raise Forbidden(
            "identity",
            "Hãy gắn tài khoản định danh điện tử trước khi cho phép dùng lại giấy tờ.",
            "Link your electronic identity before you allow papers to be used again.",
        )
    return Owner(OwnerKind.PERSON, proven)
