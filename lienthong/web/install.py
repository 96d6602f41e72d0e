"""Puts the shared web pieces on an app: the composition root calls `install_web` once."""

from fastapi import FastAPI

from lienthong.settings import Settings
from lienthong.web.problems import install_problem_handlers
from lienthong.web.security_headers import SecurityHeadersMiddleware
from lienthong.web.session import SessionMiddleware


def install_web(app: FastAPI, settings: Settings, sign_in_path: str = "/dang-nhap") -> None:
    """Session cookie, security headers, problem pages; ``sign_in_path`` is where a page sends an unknown visitor."""
    app.state.settings = settings
    app.state.sign_in_path = sign_in_path
    app.add_middleware(SessionMiddleware, secret_key=settings.secret_key, secure=settings.web_url.startswith("https:"))
    app.add_middleware(SecurityHeadersMiddleware, payment_origin=settings.sandbox_url)
    install_problem_handlers(app)
