"""Errors in words: one exception with a Vietnamese and an English text, and its page or JSON.

Paths under ``/api`` answer ``application/problem+json`` (RFC 9457); every other path answers a page.
"""

import html
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from lienthong.dossiers.errors import Conflict, DomainError, Forbidden, NotFound, TooManyTries
from lienthong.orchestration.errors import EngineRejected, EngineUnavailable
from lienthong.reading.refusals import UploadRefused
from lienthong.web.language import Language, current_language

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Problem(Exception):
    """A failure the reader is told about: HTTP status, a stable code, the text in both languages."""

    status: int
    code: str
    vi: str
    en: str
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.en}"

    def text(self, language: Language) -> str:
        return self.vi if language == "vi" else self.en


_STATUS_TEXT: dict[int, tuple[str, str, str]] = {
    400: ("bad-request", "Yêu cầu không hợp lệ.", "The request is not valid."),
    401: ("sign-in", "Bạn cần đăng nhập.", "You need to sign in."),
    403: ("forbidden", "Bạn không có quyền làm việc này.", "You are not allowed to do this."),
    404: ("not-found", "Không tìm thấy nội dung bạn cần.", "What you are looking for was not found."),
    405: ("method", "Cách gọi không được hỗ trợ.", "This method is not supported here."),
    413: ("too-large", "Dữ liệu gửi lên quá lớn.", "What you sent is too large."),
    422: ("invalid", "Thông tin gửi lên chưa đúng.", "What you sent is not right yet."),
}
_INTERNAL = (
    "internal",
    "Hệ thống gặp lỗi. Chưa có gì bị mất; hãy thử lại sau ít phút.",
    "Something went wrong on our side. Nothing was lost; try again in a few minutes.",
)


def problem_for_status(status: int) -> Problem:
    """The problem in words for a bare HTTP status."""
    return Problem(status, *_STATUS_TEXT.get(status, _INTERNAL))


def respond(request: Request, problem: Problem) -> Response:
    """The answer to a problem: JSON for the API, a page (or the way to sign in) for people."""
    language = current_language(request)
    if request.url.path.startswith("/api"):
        body = {
            "type": f"urn:lienthong:problem:{problem.code}",
            "title": problem.text(language),
            "status": problem.status,
            "code": problem.code,
            "vi": problem.vi,
            "en": problem.en,
        }
        return JSONResponse(body, problem.status, problem.headers, media_type="application/problem+json")
    sign_in_path = getattr(request.app.state, "sign_in_path", None)
    if problem.status == 401 and isinstance(sign_in_path, str) and request.method == "GET":
        return RedirectResponse(f"{sign_in_path}?next={request.url.path}", 303)
    return HTMLResponse(problem_page(problem, language), problem.status, problem.headers)


def problem_page(problem: Problem, language: Language) -> str:
    """A small page of its own, so that it can be shown even when templates cannot."""
    other: Language = "en" if language == "vi" else "vi"
    home = "Về trang chủ" if language == "vi" else "Back to the home page"
    heading = html.escape(problem.text(language))
    beside = html.escape(problem.text(other))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{problem.status} · Liên Thông</title><style>{_STYLE}</style></head><body><main>"
        f'<p class="code">Liên Thông · {problem.status}</p><h1>{heading}</h1>'
        f'<p lang="{other}">{beside}</p><p><a href="/">{home}</a></p></main></body></html>'
    )


_STYLE = (
    "body{margin:0;font:18px/1.5 system-ui,sans-serif;background:#f4f6f9;color:#14202e}"
    "main{max-width:38rem;margin:12vh auto;padding:2rem;background:#fff;border-top:4px solid #a3161e}"
    "h1{font-size:1.5rem;line-height:1.3}.code{color:#51606f}a{color:#0b4f8a}"
    "a:focus-visible{outline:3px solid #f2b705;outline-offset:2px}"
)


def problem_handler(exception_to_problem: Callable[[Exception], Problem]) -> Callable[[Request, Exception], Response]:
    """An exception handler out of a function that says what an exception means."""

    def handle(request: Request, exception: Exception) -> Response:
        return respond(request, exception_to_problem(exception))

    return handle


def _of_problem(exception: Exception) -> Problem:
    assert isinstance(exception, Problem)
    return exception


def _of_http(exception: Exception) -> Problem:
    assert isinstance(exception, HTTPException)
    problem = problem_for_status(exception.status_code)
    problem.headers = dict(exception.headers or {})
    return problem


def _of_validation(exception: Exception) -> Problem:
    assert isinstance(exception, RequestValidationError)
    fields = ", ".join(sorted({str(error["loc"][-1]) for error in exception.errors()}))
    return Problem(422, "invalid", f"Thông tin chưa đúng: {fields}.", f"Not right yet: {fields}.")


_DOMAIN_STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (NotFound, 404),
    (Conflict, 409),
    (Forbidden, 403),
    (TooManyTries, 429),
)


def _of_domain(exception: Exception) -> Problem:
    assert isinstance(exception, DomainError)
    status = next((status for kind, status in _DOMAIN_STATUS if isinstance(exception, kind)), 422)
    return Problem(status, exception.code, exception.text_vi, exception.text_en)


def _of_upload(exception: Exception) -> Problem:
    assert isinstance(exception, UploadRefused)
    return Problem(422, exception.code, exception.vi, exception.en)


def _of_unavailable(exception: Exception) -> Problem:
    log.warning("The engine cannot be reached: %s", exception)
    return Problem(
        503,
        "engine-unavailable",
        "Bộ máy quy trình tạm thời không trả lời. Chưa có gì bị mất; hãy thử lại sau ít giây.",
        "The process engine does not answer right now. Nothing was lost; try again in a few seconds.",
        {"Retry-After": "5"},
    )


def _of_rejected(exception: Exception) -> Problem:
    assert isinstance(exception, EngineRejected)
    status = exception.status if exception.status in (400, 404, 409) else 502
    detail = exception.detail or exception.title
    return Problem(
        status, "engine-rejected", f"Bộ máy quy trình từ chối: {detail}", f"The process engine refused: {detail}"
    )


def _of_bug(exception: Exception) -> Problem:
    log.error("Unhandled error while answering a request", exc_info=exception)
    return Problem(500, *_INTERNAL)


def install_problem_handlers(app: FastAPI) -> None:
    """Every error of the app becomes a problem in words."""
    app.add_exception_handler(Problem, problem_handler(_of_problem))
    app.add_exception_handler(HTTPException, problem_handler(_of_http))
    app.add_exception_handler(RequestValidationError, problem_handler(_of_validation))
    app.add_exception_handler(DomainError, problem_handler(_of_domain))
    app.add_exception_handler(UploadRefused, problem_handler(_of_upload))
    app.add_exception_handler(EngineUnavailable, problem_handler(_of_unavailable))
    app.add_exception_handler(EngineRejected, problem_handler(_of_rejected))
    app.add_exception_handler(Exception, problem_handler(_of_bug))
