"""The gRPC channel to the engine, with the token in every call when there is one."""

from collections.abc import Callable
from typing import Any

import grpc
from pyzeebe import create_insecure_channel


class _UnaryToken(grpc.aio.UnaryUnaryClientInterceptor):  # type: ignore[type-arg]
    def __init__(self, token: str) -> None:
        self._token = token

    async def intercept_unary_unary(
        self, continuation: Callable[[Any, Any], Any], details: grpc.aio.ClientCallDetails, request: Any
    ) -> Any:
        return await continuation(_with_token(details, self._token), request)


class _StreamToken(grpc.aio.UnaryStreamClientInterceptor):  # type: ignore[type-arg]
    def __init__(self, token: str) -> None:
        self._token = token

    async def intercept_unary_stream(
        self, continuation: Callable[[Any, Any], Any], details: grpc.aio.ClientCallDetails, request: Any
    ) -> Any:
        return await continuation(_with_token(details, self._token), request)


def _with_token(details: grpc.aio.ClientCallDetails, token: str) -> grpc.aio.ClientCallDetails:
    metadata = grpc.aio.Metadata(*(details.metadata or ()))
    metadata.add("authorization", f"Bearer {token}")
    return grpc.aio.ClientCallDetails(
        details.method, details.timeout, metadata, details.credentials, details.wait_for_ready
    )


def open_channel(address: str, token: str = "") -> grpc.aio.Channel:
    """A channel to ``address``; it connects when it is used and reconnects by itself."""
    if not token:
        return create_insecure_channel(address)
    interceptors: list[Any] = [_UnaryToken(token), _StreamToken(token)]
    return grpc.aio.insecure_channel(address, interceptors=interceptors)
