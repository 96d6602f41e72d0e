"""What the played systems share: signed JSON bodies, faults first, pages in Vietnamese with English beside."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.concurrency import run_in_threadpool

from connectors.payment.signature import HEADER, is_signed
from connectors.sandbox.faults import Misbehavior

PAGES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"), autoescape=select_autoescape(["html"])
)
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def page(template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page of the sandbox: no scripts, never framed."""
    content = PAGES.get_template(template).render(**context)
    return HTMLResponse(content, status, headers={"Content-Security-Policy": POLICY})


def signed_body(system: str, misbehavior: Misbehavior, secret: str) -> Callable[[Request], Awaitable[dict[str, Any]]]:
    """Dependency: the object of a signed body; 503 as told, 401 when not signed, 400 when it is no object."""

    async def read(request: Request) -> dict[str, Any]:
        content = await request.body()
        await run_in_threadpool(misbehavior.before_answer, system)
        if not is_signed(secret, content, request.headers.get(HEADER, "")):
            raise HTTPException(401, "The signature does not fit the body")
        try:
            value = json.loads(content)
        except ValueError as error:
            raise HTTPException(400, "Expected JSON") from error
        if not isinstance(value, dict):
            raise HTTPException(400, "Expected an object")
        return value

    return read


def signed_path(
    system: str, prefix: str, misbehavior: Misbehavior, secret: str
) -> Callable[[Request], Awaitable[None]]:
    """Dependency: the path below ``prefix`` is what a request without a body signs."""

    async def check(request: Request) -> None:
        await run_in_threadpool(misbehavior.before_answer, system)
        path = request.scope["raw_path"].decode().removeprefix(prefix)
        if not is_signed(secret, path.encode(), request.headers.get(HEADER, "")):
            raise HTTPException(401, "The signature does not fit the path")

    return check


def text_of(value: dict[str, Any], *names: str) -> list[str]:
    """These fields as texts; 400 when one is missing or empty."""
    for name in names:
        if not isinstance(value.get(name), str) or not value[name]:
            raise HTTPException(400, f"Expected {name} as a text")
    return [value[name] for name in names]
