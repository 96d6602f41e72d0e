"""Sign in, sign out, and how a reader wants the pages to look."""

from fastapi import APIRouter, Depends, Form, Request, Response

from lienthong.dossiers import accounts
from lienthong.dossiers.database import session_scope
from lienthong.portal.deps import Services, services
from lienthong.portal.pages import DISPLAY_COOKIE, page
from lienthong.portal.pages import go as see_other
from lienthong.web.language import choose_language, language_of
from lienthong.web.session import sign_in_session, sign_out_session
from lienthong.web.users import CurrentUser, optional_user

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
