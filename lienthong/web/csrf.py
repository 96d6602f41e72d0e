"""Protection against forged requests: the session's token in the form field or the header."""

import hmac

from starlette.requests import Request

from lienthong.web.problems import Problem
from lienthong.web.session import csrf_token

CSRF_FIELD = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


async def csrf_protect(request: Request) -> None:
    """Dependency: refuse a changing request without this session's CSRF token (status 403)."""
    if request.method in _SAFE_METHODS:
        return
    sent = request.headers.get(CSRF_HEADER)
    if sent is None and request.headers.get("content-type", "").startswith(_FORM_TYPES):
        value = (await request.form()).get(CSRF_FIELD)
        sent = value if isinstance(value, str) else None
    if sent is None or not hmac.compare_digest(sent.encode(), csrf_token(request).encode()):
        raise Problem(
            403,
            "csrf",
            "Phiên làm việc đã thay đổi. Hãy tải lại trang rồi gửi lại.",
            "The session has changed. Reload the page, then send again.",
        )
