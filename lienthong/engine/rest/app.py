"""The application factory of the REST edge."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException as StarletteHTTPException

from lienthong.engine.rest import (
    batch_routes,
    cluster_routes,
    command_routes,
    document_routes,
    expression_routes,
    left_out,
    openapi,
    search_routes,
    statistics_routes,
)
from lienthong.engine.rest.batch_store import BatchStore
from lienthong.engine.rest.batches import BatchOperations
from lienthong.engine.rest.document_store import DocumentStore
from lienthong.engine.rest.edge import WITH_ARCHIVE, Edge, edge_of
from lienthong.engine.rest.error_mapper import HANDLED, answer_error, problem

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
OPEN_PATHS = frozenset({"/health", "/metrics"})


class Guard:
    """Lets in who has the token (where one is set), and no page of another site in a browser."""

    def __init__(self, app: Callable[[Any, Any, Any], Awaitable[None]], token: str | None) -> None:
        self._app = app
        self._token = f"Bearer {token}" if token else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        WITH_ARCHIVE.set(b"archive=true" in scope.get("query_string", b"").split(b"&"))
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        path = scope["path"]
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != headers.get("host"):
            return problem(403, "FORBIDDEN", "Expected no page of another origin to call the engine", path)
        given = headers.get("authorization", "")
        if self._token is None or path in OPEN_PATHS or hmac.compare_digest(given.encode(), self._token.encode()):
            return None
        return problem(401, "UNAUTHENTICATED", "Expected a bearer token, but it is missing or wrong", path)


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StarletteHTTPException)
    return problem(error.status_code, str(error.detail).upper().replace(" ", "_"), str(error.detail), request.url.path)


async def _bug(request: Request, error: Exception) -> JSONResponse:
    return problem(500, "INTERNAL_ERROR", f"Unexpected failure of the REST edge: {error!r}", request.url.path)


async def health(request: Request) -> Response:
    """Whether the engine takes commands."""
    engine = edge_of(request).engine
    state = {"status": "DOWN" if engine.failure else "UP", "readLagGroups": engine.reader.waiting_groups}
    return JSONResponse(state, 503 if engine.failure else 200)


async def metrics(request: Request) -> Response:
    """Measures for Prometheus."""
    edge = edge_of(request)
    engine = edge.engine
    engine.metrics.observe_state(engine.state, edge.dispatcher.waiting())
    engine.metrics.observe_queue(engine.waiting_commands, engine.position, engine.reader.waiting_groups)
    return Response(engine.metrics.render(), media_type="text/plain; version=0.0.4")


def create_app(
    edge: Edge,
    token: str | None = None,
    batches: BatchOperations | None = None,
    documents: DocumentStore | None = None,
) -> FastAPI:
    """The REST edge of one engine."""
    app = FastAPI(
        title="Liên Thông engine: Orchestration Cluster API v2", docs_url=None, redoc_url=None, openapi_url=None
    )
    app.state.edge = edge
    app.state.batches = batches or BatchOperations(edge, BatchStore())
    app.state.documents = documents or DocumentStore()
    for error in HANDLED:
        app.add_exception_handler(error, answer_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(StarletteHTTPException, _http_error)
    app.add_exception_handler(Exception, _bug)
    own = (statistics_routes, batch_routes, command_routes, search_routes, cluster_routes)
    modules = (*own, document_routes, expression_routes, left_out)
    app.state.operations = [route for module in modules for route in module.router.routes]
    for module in modules:
        app.include_router(module.router, prefix="/v2")
    app.add_api_route("/v2/openapi.json", openapi.openapi, methods=["GET"], include_in_schema=False)
    app.add_api_route("/health", health, methods=["GET"])
    app.add_api_route("/metrics", metrics, methods=["GET"])
    app.add_middleware(Guard, token=token)
    return app
