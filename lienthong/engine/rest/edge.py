"""What every route needs: the engine, its lines of workers, those who wait for results, the read model."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from fastapi import Request
from fastapi.responses import JSONResponse

from lienthong.engine.protocol.records import Command, Value
from lienthong.engine.rest import bodies
from lienthong.engine.rest.error_mapper import BadRequest, CommandRejected, NotFound
from lienthong.engine.runtime.engine import Engine
from lienthong.engine.runtime.jobs import JobDispatcher
from lienthong.engine.runtime.results import ResultWaiters
from lienthong.engine.store.read_model import ReadModel
from lienthong.engine.store.read_query import Page, SearchRequest

Answer = TypeVar("Answer")
Body = dict[str, Any]
LARGEST_BODY = 4 * 1024 * 1024
WITH_ARCHIVE: ContextVar[bool] = ContextVar("with_archive", default=False)  # this request said `?archive=true`


@dataclass(slots=True)
class Edge:
    """The engine as the routes see it."""

    engine: Engine
    dispatcher: JobDispatcher
    results: ResultWaiters
    grpc_address: tuple[str, int] = ("127.0.0.1", 26500)

    async def do(self, command: Command) -> Value:
        """Submit a command; its reply, or `CommandRejected`."""
        outcome = await self.engine.submit(command)
        if outcome.rejection is not None:
            raise CommandRejected(command, outcome.rejection)
        return outcome.reply or {}

    async def ask(self, question: Callable[[ReadModel], Answer]) -> Answer:
        """Ask the read model; with `?archive=true` the archive too."""
        reader = self.engine.reader
        return await (reader.ask_archive(question) if WITH_ARCHIVE.get() else reader.ask(question))

    async def search(self, kind: str, body: Body) -> Page:
        """A search with a body of filter, sort and page."""
        wanted = search_request(body)
        return await self.ask(lambda model: model.search(kind, wanted))

    async def get(self, kind: str, key: int | str) -> Body:
        """One item, from the archive when it is no longer in the read model; or `NotFound`."""
        item = await self.engine.reader.ask(lambda model: model.get(kind, key))
        if item is None:
            item = await self.engine.reader.ask_archive(lambda model: model.get(kind, key))
        if item is None:
            raise NotFound(f"Expected to find {kind.replace('_', ' ')} {key}, but there is none")
        return item


def search_request(body: Body) -> SearchRequest:
    """The filter, sort and page of a search's body."""
    return SearchRequest(_part(body, "filter", dict), _part(body, "sort", list), _part(body, "page", dict))


def _part(body: Body, name: str, form: type) -> Any:
    value = body.get(name)
    if value is None:
        return form()
    if not isinstance(value, form):
        raise BadRequest(f"Expected '{name}' to be a JSON {'object' if form is dict else 'array'}, but got {value!r}")
    return value


def edge_of(request: Request) -> Edge:
    """The edge of this application."""
    edge: Edge = request.app.state.edge
    return edge


async def body_of(request: Request) -> Body:
    """The JSON object of a request; no body is an empty object."""
    content = await request.body()
    if len(content) > LARGEST_BODY:
        raise BadRequest(f"Expected a body of at most {LARGEST_BODY} bytes, but it has {len(content)}")
    if not content.strip():
        return {}
    if "json" not in request.headers.get("content-type", "application/json"):
        raise BadRequest("Expected the content type application/json")
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"Expected a JSON body, but: {error}") from error
    if body is None:
        return {}
    if not isinstance(body, dict):
        raise BadRequest("Expected the body to be a JSON object")
    wrong = bodies.problem_of(bodies.body_schema(request.method, f"/v2{request.scope['route'].path}"), body, "")
    if wrong is not None:
        raise BadRequest(wrong)
    return body


def key_of(text: Any) -> int:
    """A key, which REST carries as decimal text."""
    if bodies.problem_of(bodies.KEY, text, "key"):
        raise BadRequest(f"Expected a key of decimal digits, but got '{str(text)[:100]}'")
    return int(text)


def json_reply(value: Any, status: int = 200) -> JSONResponse:
    """A JSON response."""
    return JSONResponse(value, status)
