"""One way to make a page: template, language, session and what the page itself needs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

from lienthong.dossiers import portal_notices
from lienthong.dossiers.database import read_scope
from lienthong.portal.helper_rights import helper_links
from lienthong.portal.text import catalogue, translator
from lienthong.web.language import current_language
from lienthong.web.session import csrf_token
from lienthong.web.users import CurrentUser

DISPLAY_COOKIE = "lt_display"
MESSAGE_COOKIE = "lt_message"
_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=select_autoescape(), trim_blocks=True
)


def page(
    request: Request, template: str, user: CurrentUser | None, context: Mapping[str, Any], status: int = 200
) -> HTMLResponse:
    """The rendered page; a message left by the step before is shown once."""
    language = current_language(request)
    display = request.cookies.get(DISPLAY_COOKIE, "").split(".")
    shared = {
        "t": translator(language),
        "language": language,
        "csrf": csrf_token(request),
        "user": user,
        "here": request.url.path,
        "large": "large" in display,
        "contrast": "contrast" in display,
        "message": _left_message(request),
        "unread": _unread(request, user),
        "helper_links": helper_links(user) if user is not None else [],
    }
    html = _environment.get_template(template).render({**shared, **context})
    response = HTMLResponse(html, status)
    if shared["message"]:
        response.delete_cookie(MESSAGE_COOKIE)
    return response


def go(address: str, message: str | None = None, **places: str) -> RedirectResponse:
    """See other: the next page, which shows the catalogue's ``message`` once."""
    response = RedirectResponse(address, 303)
    if message is not None:
        value = quote("|".join([message, *(f"{name}={text}" for name, text in places.items())]))
        response.set_cookie(MESSAGE_COOKIE, value, max_age=60, httponly=True, samesite="lax")
    return response


def _unread(request: Request, user: CurrentUser | None) -> int:
    """How many new notices the signed-in person has."""
    if user is None:
        return 0
    with read_scope(request.app.state.database) as session:
        return portal_notices.unread(session, user.id)


def _left_message(request: Request) -> dict[str, str] | None:
    """The message in the cookie, only if it is one of ours: a cookie can be forged, a catalogue key cannot."""
    key, *pairs = unquote(request.cookies.get(MESSAGE_COOKIE, "")).split("|")
    language = current_language(request)
    if key not in catalogue(language):
        return None
    places = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    try:
        return {"kind": "good", "text": translator(language)(key, **places)}
    except (KeyError, IndexError):
        return None
