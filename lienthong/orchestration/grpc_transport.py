"""The gRPC calls that are worth it: publishing messages, which the outbox relay does all day."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import grpc
from pyzeebe.proto import gateway_pb2 as messages
from pyzeebe.proto.gateway_pb2_grpc import GatewayStub

from lienthong.orchestration.errors import EngineRejected, EngineUnavailable

ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 0.1
TIMEOUT_SECONDS = 15.0
Status = grpc.StatusCode
UNAVAILABLE = frozenset({Status.UNAVAILABLE, Status.RESOURCE_EXHAUSTED, Status.DEADLINE_EXCEEDED})
HTTP = {
    Status.INVALID_ARGUMENT: 400,
    Status.UNAUTHENTICATED: 401,
    Status.PERMISSION_DENIED: 403,
    Status.NOT_FOUND: 404,
    Status.ALREADY_EXISTS: 409,
    Status.FAILED_PRECONDITION: 409,
}


class GrpcTransport:
    """A channel that connects when it is first used."""

    def __init__(self, address: str, token: str | None = None, sleep: Callable[[float], None] = time.sleep) -> None:
        self._channel = grpc.insecure_channel(address)
        self._stub = GatewayStub(self._channel)
        self._metadata = [("authorization", f"Bearer {token}")] if token else []
        self._address = address
        self._sleep = sleep

    def publish_message(self, message: dict[str, Any], *, idempotent: bool) -> int:
        """The key of the message."""
        request = messages.PublishMessageRequest(**message)
        return int(self._call(self._stub.PublishMessage, request, idempotent).key)

    def _call(self, method: Callable[..., Any], request: Any, idempotent: bool) -> Any:
        pause = FIRST_PAUSE_SECONDS
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return method(request, timeout=TIMEOUT_SECONDS, metadata=self._metadata)
            except grpc.RpcError as error:
                code, text = error.code(), error.details() or ""
                if code not in UNAVAILABLE:
                    raise EngineRejected(HTTP.get(code, 500), code.name, text) from error
                if attempt == ATTEMPTS or not idempotent:
                    raise EngineUnavailable(f"Expected the engine at {self._address}, but: {text}") from error
            self._sleep(pause)
            pause *= 2
        raise AssertionError("the last attempt returns or raises")

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()
