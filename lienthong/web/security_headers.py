"""Security headers on every answer, as pure ASGI."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def content_security_policy(payment_origin: str) -> str:
    """Everything from this server alone; forms may also lead to the payment page.

    Styles may be inline (the editors write them), fonts and pictures may be data (bpmn.io's icons); scripts never.
    """
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "frame-ancestors 'none'",
            f"form-action 'self' {payment_origin}".rstrip(),
        )
    )


class SecurityHeadersMiddleware:
    """Adds the headers that an answer does not already carry."""

    def __init__(self, app: ASGIApp, payment_origin: str = "") -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": content_security_policy(payment_origin),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
