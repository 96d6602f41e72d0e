"""Every way a REST call can fail, and the problem (RFC 9457) that says so: one table."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import JSONResponse

from lienthong.engine.protocol.records import Command, Rejection, RejectionType
from lienthong.engine.runtime.jobs import ActivationRefused
from lienthong.engine.runtime.request import CommandFailed, EngineOverloaded, EngineStopped, NotDurable
from lienthong.engine.runtime.results import ResultMissing
from lienthong.engine.store import StoreFailed
from lienthong.engine.store.read_filter import BadQuery


class BadRequest(Exception):
    """The request cannot be understood; it never reached the engine."""


class NotFound(Exception):
    """There is no such thing."""


class Conflict(Exception):
    """It is not in a state for this."""


class NotOffered(Exception):
    """This engine leaves that part of the API out."""


class CommandRejected(Exception):
    """The engine rejected the command."""

    def __init__(self, command: Command, rejection: Rejection) -> None:
        super().__init__(f"Command '{command.intent}' rejected with code '{rejection.type}': {rejection.reason}")
        self.type = rejection.type


REJECTIONS: dict[RejectionType, int] = {
    RejectionType.INVALID_ARGUMENT: 400,
    RejectionType.NOT_FOUND: 404,
    RejectionType.ALREADY_EXISTS: 409,
    RejectionType.INVALID_STATE: 409,
    RejectionType.PROCESSING_ERROR: 500,
}
FAILURES: dict[type[Exception], tuple[int, str]] = {
    BadRequest: (400, "INVALID_ARGUMENT"),
    BadQuery: (400, "INVALID_ARGUMENT"),
    NotFound: (404, "NOT_FOUND"),
    Conflict: (409, "INVALID_STATE"),
    NotOffered: (501, "NOT_IMPLEMENTED"),
    ResultMissing: (504, "DEADLINE_EXCEEDED"),
    EngineOverloaded: (503, "RESOURCE_EXHAUSTED"),
    EngineStopped: (503, "UNAVAILABLE"),
    NotDurable: (503, "UNAVAILABLE"),
    StoreFailed: (503, "UNAVAILABLE"),
    CommandFailed: (500, "INTERNAL_ERROR"),
}


def problem(status: int, title: str, detail: str, instance: str) -> JSONResponse:
    """A problem document."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": instance}
    return JSONResponse(body, status, media_type="application/problem+json")


async def answer_error(request: Request, error: Exception) -> JSONResponse:
    """The problem of a failure that is in the tables."""
    if isinstance(error, CommandRejected):
        return problem(REJECTIONS[error.type], error.type.value, str(error), request.url.path)
    if isinstance(error, ActivationRefused):
        return problem(REJECTIONS[error.type], error.type.value, error.reason, request.url.path)
    status, title = FAILURES[type(error)]
    return problem(status, title, str(error), request.url.path)


HANDLED: tuple[type[Exception], ...] = (*FAILURES, CommandRejected, ActivationRefused)
