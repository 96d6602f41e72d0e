"""Every way a call can fail, and the status that says so: one table."""

from __future__ import annotations

import grpc

from lienthong.engine.protocol.records import Command, Rejection, RejectionType
from lienthong.engine.runtime.jobs import ActivationRefused
from lienthong.engine.runtime.request import CommandFailed, EngineOverloaded, EngineStopped, NotDurable
from lienthong.engine.runtime.results import ResultMissing

Status = grpc.StatusCode


class BadRequest(Exception):
    """The request cannot be understood; it never reached the engine."""


class CommandRejected(Exception):
    """The engine rejected the command."""

    def __init__(self, command: Command, rejection: Rejection) -> None:
        reason = f"Command '{command.intent}' rejected with code '{rejection.type}': {rejection.reason}"
        super().__init__(reason)
        self.type = rejection.type


REJECTIONS: dict[RejectionType, Status] = {
    RejectionType.INVALID_ARGUMENT: Status.INVALID_ARGUMENT,
    RejectionType.NOT_FOUND: Status.NOT_FOUND,
    RejectionType.ALREADY_EXISTS: Status.ALREADY_EXISTS,
    RejectionType.INVALID_STATE: Status.FAILED_PRECONDITION,
    RejectionType.PROCESSING_ERROR: Status.INTERNAL,
}
FAILURES: dict[type[Exception], Status] = {
    BadRequest: Status.INVALID_ARGUMENT,
    ResultMissing: Status.DEADLINE_EXCEEDED,
    EngineOverloaded: Status.RESOURCE_EXHAUSTED,
    EngineStopped: Status.UNAVAILABLE,
    NotDurable: Status.UNAVAILABLE,
    CommandFailed: Status.INTERNAL,
}


def status_of(error: Exception) -> tuple[Status, str]:
    """The status and the text of a failure; what is not in the tables is a bug of ours."""
    if isinstance(error, CommandRejected):
        return REJECTIONS[error.type], str(error)
    if isinstance(error, ActivationRefused):
        return REJECTIONS[error.type], f"Command 'ACTIVATE' rejected with code '{error.type}': {error.reason}"
    status = FAILURES.get(type(error))
    if status is None:
        return Status.INTERNAL, f"Unexpected failure of the gateway: {error!r}"
    return status, str(error)
