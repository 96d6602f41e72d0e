"""Petitions and objections: sent with or without an account, followed by code and phone, judged when answered."""

from typing import Any

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import ValidationError
from sqlmodel import Session
from starlette.datastructures import FormData

from lienthong.dossiers import petitions, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.petitions import NewPetition
from lienthong.dossiers.tables import User
from lienthong.dossiers.tables.portal import Petition, PetitionKind
from lienthong.portal.deps import Services, services
from lienthong.portal.dossier_views import petition_row
from lienthong.portal.filing_pages import form_of
from lienthong.portal.pages import go, page
from lienthong.portal.rate_rules import LOOKUPS, PETITIONS, visitor
from lienthong.portal.text import date_time, translator
from lienthong.web.language import Language, current_language
from lienthong.web.problems import problem_for_status
from lienthong.web.users import CurrentUser, optional_user

router = APIRouter(prefix="/phan-anh")


@router.get("")
def form_page(
    request: Request,
    ho_so: str = "",
    nhanh: str = "",
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """The form, and what one has sent; with ``ho_so`` it is an objection to what was done in that dossier."""
    return _form(request, given, user, {"dossier_code": ho_so, "branch_code": nhanh}, [], 200)


def _form(
    request: Request,
    given: Services,
    user: CurrentUser | None,
    typed: dict[str, str],
    problems: list[str],
    status: int,
) -> Response:
    language = current_language(request)
    with read_scope(given.database) as session:
        own = [petition_row(one, language) for one in petitions.of_user(session, user.id)] if user else []
        person = session.get(User, user.id) if user else None
        prefilled = {
            "author_name": person.display_name if person else "",
            "author_phone": person.phone if person else "",
        }
    authorities = [
        {"id": one.id, "name": one.name_vi if language == "vi" else one.name_en}
        for one in given.law.authorities.values()
        if one.valid_to is None
    ]
    context = {"typed": {**prefilled, **typed}, "own": own, "authorities": authorities, "problems": problems}
    return page(request, "petition_form.html", user, context, status)


@router.post("")
def submit(
    request: Request,
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
    form: FormData = Depends(form_of),
) -> Response:
    """Receive it; an objection needs the account that filed the dossier."""
    names = ("subject", "body", "authority_id", "dossier_code", "branch_code", "author_name", "author_phone")
    typed = {name: str(form.get(name, "")).strip() for name in names}
    typed["author_phone"] = "".join(sign for sign in typed["author_phone"] if sign.isdigit() or sign == "+")
    try:
        new = NewPetition(
            kind=PetitionKind.OBJECTION if typed["dossier_code"] else PetitionKind.PETITION,
            author_user_id=None if user is None else user.id,
            author_email=str(form.get("author_email", "")).strip(),
            **typed,
        )
    except ValidationError as error:
        t = translator(current_language(request))
        wrong = {str(problem["loc"][0]) for problem in error.errors()}
        return _form(request, given, user, typed, [t(f"petition.wrong.{name}") for name in sorted(wrong)], 422)
    if not new.author_phone and user is None:
        t = translator(current_language(request))
        return _form(request, given, user, typed, [t("petition.wrong.author_phone")], 422)
    with session_scope(given.database) as session:
        PETITIONS.require(session, visitor(request), given.now)
        _require_own(session, new, user)
        code = petitions.submit(session, given.law, given.rules, new, given.now).code
    return go(f"/phan-anh/{code}" if user else "/phan-anh", "petition.received", code=code)


def _require_own(session: Session, new: NewPetition, user: CurrentUser | None) -> None:
    """Only the applicant objects in a dossier's name; a stranger's answers as if it did not exist."""
    if new.kind is not PetitionKind.OBJECTION:
        return
    dossier = tracking.by_code(session, new.dossier_code)
    if user is None or dossier is None or dossier.applicant_user_id != user.id:
        raise problem_for_status(404)


@router.post("/tra-cuu")
def follow(
    request: Request,
    code: str = Form(""),
    digits: str = Form(""),
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """A petition for whoever knows its code and phone."""
    with session_scope(given.database) as session:
        LOOKUPS.require(session, visitor(request), given.now)
    with read_scope(given.database) as session:
        found = petitions.by_code_and_phone(session, code.strip(), digits.strip())
        if found is None:
            t = translator(current_language(request))
            return _form(request, given, user, {}, [t("petition.unknown")], 404)
        view = petition_view(given, found, current_language(request))
    return page(request, "petition.html", user, {"petition": view, "own": False, "digits": digits.strip()})


@router.get("/{code}")
def one(
    request: Request,
    code: str,
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """One's own petition."""
    with read_scope(given.database) as session:
        found = _own(session, code, user)
        view = petition_view(given, found, current_language(request))
    return page(request, "petition.html", user, {"petition": view, "own": True, "digits": ""})


def _own(session: Session, code: str, user: CurrentUser | None) -> Petition:
    if user is None:
        raise problem_for_status(401)
    found = petitions.get(session, code)
    if found.author_user_id != user.id:
        raise problem_for_status(404)
    return found


@router.post("/{code}/hai-long")
def judge(
    code: str,
    satisfied: str = Form(""),
    digits: str = Form(""),
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """Whether the author is satisfied; by the account, or by code and phone."""
    with session_scope(given.database) as session:
        known = petitions.by_code_and_phone(session, code, digits) if digits else None
        if known is None:
            _own(session, code, user)
        petitions.judge(session, code, satisfied == "yes", given.now)
    return go(f"/phan-anh/{code}" if user and not digits else "/phan-anh", "petition.judged")


def petition_view(given: Services, petition: Petition, language: Language) -> dict[str, Any]:
    """Everything the page of a petition shows."""
    authority = given.law.authorities.get(petition.authority_id)
    name = "" if authority is None else authority.name_vi if language == "vi" else authority.name_en
    t = translator(language)
    return {
        **petition_row(petition, language),
        "kind": t(f"petition.kind.{petition.kind}"),
        "body": petition.body,
        "authority": name,
        "answer": petition.answer,
        "answered": date_time(petition.answered_at),
        "outcome": t(f"petition.outcome.{petition.outcome}") if petition.outcome else "",
        "satisfied": petition.satisfied,
        "late": petition.answered_at is None and petition.due_at < given.now,
    }
