"""The signed session cookie ``lt_session``: who is signed in, and the CSRF token that belongs to it.

The cookie holds a random session id and a user id, signed with the secret key; nothing is kept on the server.
`SessionMiddleware` reads it into ``request.state.web_session`` and writes it back only when it changed.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from http.cookies import SimpleCookie

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SESSION_COOKIE = "lt_session"
SESSION_SECONDS = 12 * 60 * 60
_SALT = "lienthong-session-v1"


@dataclass(slots=True)
class WebSession:
    """One visitor's session; ``user_id`` is None until sign-in."""

    session_id: str
    user_id: int | None = None
    csrf_token: str = ""
    changed: bool = False


class SessionCodec:
    """Signs and reads the cookie; derives the CSRF token from the session id."""

    def __init__(self, secret_key: str) -> None:
        self._serializer = URLSafeTimedSerializer(secret_key, salt=_SALT)
        self._key = hashlib.sha256(f"{_SALT}:csrf:{secret_key}".encode()).digest()

    def new(self, user_id: int | None = None) -> WebSession:
        session_id = secrets.token_urlsafe(18)
        return WebSession(session_id, user_id, self.csrf_token(session_id), changed=True)

    def csrf_token(self, session_id: str) -> str:
        return hmac.new(self._key, session_id.encode(), hashlib.sha256).hexdigest()

    def write(self, session: WebSession) -> str:
        return self._serializer.dumps({"s": session.session_id, "u": session.user_id})

    def read(self, cookie: str) -> WebSession | None:
        """The session of a cookie; None when it is forged, damaged or older than ``SESSION_SECONDS``."""
        try:
            data = self._serializer.loads(cookie, max_age=SESSION_SECONDS)
        except BadSignature:
            return None
        if not isinstance(data, dict) or not isinstance(data.get("s"), str):
            return None
        user_id = data.get("u")
        known = user_id if isinstance(user_id, int) else None
        return WebSession(data["s"], known, self.csrf_token(data["s"]))


class SessionMiddleware:
    """Pure ASGI: every HTTP request gets a `WebSession`; the cookie is set when it is new or changed."""

    def __init__(self, app: ASGIApp, secret_key: str, secure: bool = False) -> None:
        self._app = app
        self._codec = SessionCodec(secret_key)
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        cookie = HTTPConnection(scope).cookies.get(SESSION_COOKIE)
        session = (self._codec.read(cookie) if cookie else None) or self._codec.new()
        state = scope.setdefault("state", {})
        state["web_session"] = session
        state["session_codec"] = self._codec

        async def send_with_cookie(message: Message) -> None:
            current: WebSession = state["web_session"]
            if message["type"] == "http.response.start" and current.changed:
                MutableHeaders(scope=message).append("Set-Cookie", self._cookie(current))
            await send(message)

        await self._app(scope, receive, send_with_cookie)

    def _cookie(self, session: WebSession) -> str:
        cookie: SimpleCookie = SimpleCookie()
        cookie[SESSION_COOKIE] = self._codec.write(session)
        morsel = cookie[SESSION_COOKIE]
        morsel["path"] = "/"
        morsel["httponly"] = True
        morsel["samesite"] = "Lax"
        morsel["max-age"] = SESSION_SECONDS
        if self._secure:
            morsel["secure"] = True
        return morsel.OutputString()


def web_session(request: Request) -> WebSession:
    """The session of this request (needs `SessionMiddleware`)."""
    session: WebSession = request.state.web_session
    return session


def csrf_token(request: Request) -> str:
    """The token every form carries as ``csrf_token`` and every script as ``X-CSRF-Token``."""
    return web_session(request).csrf_token


def sign_in_session(request: Request, user_id: int) -> WebSession:
    """Start a signed-in session with a fresh id, so that a session id known before sign-in is worthless."""
    codec: SessionCodec = request.state.session_codec
    request.state.web_session = codec.new(user_id)
    return web_session(request)


def sign_out_session(request: Request) -> WebSession:
    """Forget the user and start a fresh anonymous session."""
    codec: SessionCodec = request.state.session_codec
    request.state.web_session = codec.new()
    return web_session(request)
