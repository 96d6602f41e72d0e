"""The language choice: cookie ``lt_lang``, Vietnamese unless English was chosen."""

from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

Language = Literal["vi", "en"]
LANGUAGE_COOKIE = "lt_lang"
_YEAR_SECONDS = 365 * 24 * 60 * 60


def language_of(text: str | None, otherwise: Language = "vi") -> Language:
    """The language a text names; ``otherwise`` for anything unknown."""
    if text == "vi":
        return "vi"
    if text == "en":
        return "en"
    return otherwise


def current_language(request: Request) -> Language:
    """Dependency: the reader's language: cookie first, then the setting ``language``."""
    settings = getattr(request.app.state, "settings", None)
    return language_of(request.cookies.get(LANGUAGE_COOKIE), language_of(getattr(settings, "language", None)))


def choose_language(response: Response, language: Language) -> None:
    """Keep the choice for a year; scripts may read it (it is no secret)."""
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR_SECONDS, path="/", samesite="lax")
