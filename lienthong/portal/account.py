"""Sign in, register, sign out, one's own details, and how a reader wants the pages to look."""

import re

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.datastructures import FormData

from lienthong.dossiers import accounts, profiles
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.errors import DomainError
from lienthong.dossiers.tables import User, UserKind
from lienthong.dossiers.tables.portal import ApplicantProfile
from lienthong.portal.deps import Services, services
from lienthong.portal.filing_pages import form_of
from lienthong.portal.pages import DISPLAY_COOKIE, page
from lienthong.portal.pages import go as see_other
from lienthong.portal.rate_rules import REGISTRATIONS, visitor
from lienthong.portal.text import translator
from lienthong.web.language import choose_language, current_language, language_of
from lienthong.web.session import sign_in_session, sign_out_session
from lienthong.web.users import CurrentUser, current_user, optional_user

router = APIRouter()
YEAR_SECONDS = 365 * 24 * 3600


def local_path(address: str) -> str:
    """The address when it stays on this site, else the first page: no open redirects."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and "\n" not in address
    return address if inside else "/"


@router.get("/dang-nhap")
def sign_in_page(request: Request, next: str = "/ho-so", user: CurrentUser | None = Depends(optional_user)) -> Response:
    """The form."""
    return page(request, "sign_in.html", user, {"next": local_path(next), "refused": False})


@router.post("/dang-nhap")
def sign_in(
    request: Request,
    username: str = Form(""),
    password: str = Form(""),
    next: str = Form("/ho-so"),
    given: Services = Depends(services),
) -> Response:
    """A fresh session for the right password; the same answer whatever was wrong."""
    with session_scope(given.database) as session:
        user = accounts.sign_in(session, username.strip(), password, given.now)
        user_id, kind = (user.id, user.kind) if user is not None else (None, "")
    if user_id is None:
        context = {"next": local_path(next), "refused": True, "username": username}
        return page(request, "sign_in.html", None, context, 401)
    sign_in_session(request, user_id)
    target = local_path(next)
    return see_other("/staff/" if kind == "staff" and target == "/ho-so" else target)


@router.get("/dang-ky")
def register_page(
    request: Request, next: str = "/ho-so", user: CurrentUser | None = Depends(optional_user)
) -> Response:
    """The form for a new account."""
    return page(request, "register.html", user, {"next": local_path(next), "problems": [], "typed": {}})


@router.post("/dang-ky")
def register(request: Request, given: Services = Depends(services), form: FormData = Depends(form_of)) -> Response:
    """A new citizen's account, signed in at once; a taken name is said, since it must be."""
    t = translator(current_language(request))
    names = ("username", "display_name", "personal_number", "phone", "next")
    typed = {name: " ".join(str(form.get(name, "")).split())[:120] for name in names}
    typed["personal_number"] = re.sub(r"\s", "", typed["personal_number"])
    typed["phone"] = re.sub(r"[\s.\-]", "", typed["phone"])
    password, again = str(form.get("password", "")), str(form.get("again", ""))
    problems = [t(key) for key, wrong in _wrong(typed, password, again).items() if wrong]
    if not problems:
        try:
            user_id = _create(given, request, typed, password)
        except DomainError as refused:
            problems = [refused.text_vi if current_language(request) == "vi" else refused.text_en]
        else:
            sign_in_session(request, user_id)
            return see_other(local_path(typed["next"] or "/ho-so"), "register.done")
    context = {"next": local_path(typed["next"] or "/ho-so"), "problems": problems, "typed": typed}
    return page(request, "register.html", None, context, 422)


def _wrong(typed: dict[str, str], password: str, again: str) -> dict[str, bool]:
    return {
        "register.wrong_username": not re.fullmatch(r"[a-z0-9._-]{4,40}", typed["username"]),
        "filing.missing_name": not typed["display_name"],
        "register.wrong_number": not re.fullmatch(r"\d{12}", typed["personal_number"]),
        "register.wrong_phone": not re.fullmatch(r"\+?\d{9,11}", typed["phone"]),
        "register.passwords_differ": password != again,
    }


def _create(given: Services, request: Request, typed: dict[str, str], password: str) -> int:
    with session_scope(given.database) as session:
        REGISTRATIONS.require(session, visitor(request), given.now)
        user = accounts.create_account(
            session,
            typed["username"],
            password,
            typed["display_name"],
            UserKind.CITIZEN,
            phone=typed["phone"],
            personal_number=typed["personal_number"],
        )
        return user.id or 0


@router.get("/tai-khoan")
def profile_page(
    request: Request, user: CurrentUser = Depends(current_user), given: Services = Depends(services)
) -> Response:
    """One's own details, ways to be reached, and linked identities."""
    return _profile(request, given, user, [], 200)


def _profile(request: Request, given: Services, user: CurrentUser, problems: list[str], status: int) -> Response:
    with read_scope(given.database) as session:
        person = session.get_one(User, user.id)
        context = {
            "person": {"phone": person.phone, "personal_number": person.personal_number},
            "profile": profiles.of_user(session, user.id),
            "identities": [one.issuer for one in profiles.identities(session, user.id)],
            "problems": problems,
        }
        return page(request, "profile.html", user, context, status)


@router.post("/tai-khoan")
def save_profile(
    request: Request,
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
    form: FormData = Depends(form_of),
) -> Response:
    """Keep the details; an unusable e-mail address or phone is named."""
    t = translator(current_language(request))
    email = str(form.get("email", "")).strip()[:200]
    phone = re.sub(r"[\s.\-]", "", str(form.get("phone", "")))[:20]
    problems = []
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        problems.append(t("filing.wrong_email", given=email))
    if not re.fullmatch(r"\+?\d{9,11}", phone):
        problems.append(t("filing.wrong_phone", given=phone))
    if problems:
        return _profile(request, given, user, problems, 422)
    with session_scope(given.database) as session:
        person = session.get_one(User, user.id)
        person.phone = phone
        session.add(person)
        changed = ApplicantProfile(
            user_id=user.id,
            email=email,
            address=str(form.get("address", "")).strip()[:300],
            organisation_name=str(form.get("organisation_name", "")).strip()[:200],
            tax_code=profiles.of_user(session, user.id).tax_code,
            by_email=form.get("by_email") == "yes",
            by_sms=form.get("by_sms") == "yes",
            language=current_language(request),
        )
        profiles.save(session, changed, given.now)
    return see_other("/tai-khoan", "profile.kept")


@router.post("/dang-xuat")
def sign_out(request: Request) -> Response:
    """Forget who was signed in."""
    sign_out_session(request)
    return see_other("/")


@router.post("/display")
def display(request: Request, choice: str = Form(""), back: str = Form("/")) -> Response:
    """Large type, high contrast, language: kept in cookies, no account needed."""
    response = see_other(local_path(back))
    if choice in ("vi", "en"):
        choose_language(response, language_of(choice))
        return response
    chosen = set(request.cookies.get(DISPLAY_COOKIE, "").split(".")) & {"large", "contrast"}
    chosen |= {choice} & {"large", "contrast"}
    chosen -= {"normal": {"large"}, "plain": {"contrast"}}.get(choice, set())
    response.set_cookie(DISPLAY_COOKIE, ".".join(sorted(chosen)), max_age=YEAR_SECONDS, httponly=True, samesite="lax")
    return response
