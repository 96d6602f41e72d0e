"""The gRPC server: the gateway, standard health, limits, and the token where one is set."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1._async import HealthServicer
from pyzeebe.proto import gateway_pb2_grpc

from lienthong.engine.gateway.service import Context, GatewayService

SERVICE = "gateway_protocol.Gateway"
LARGEST_MESSAGE = 4 * 1024 * 1024
OPTIONS = (
    ("grpc.max_receive_message_length", LARGEST_MESSAGE),
    ("grpc.max_send_message_length", LARGEST_MESSAGE),
    ("grpc.so_reuseport", 0),  # a taken port is an error, not a shared port
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.http2.max_ping_strikes", 0),
)


class PortTaken(Exception):
    """Somebody else listens there."""


class TokenGuard(grpc.aio.ServerInterceptor):  # type: ignore[type-arg]
    """Refuses calls without the bearer token; health may be asked by anyone."""

    def __init__(self, token: str) -> None:
        self._wanted = f"Bearer {token}"

    async def intercept_service(
        self, continuation: Callable[[Any], Awaitable[Any]], details: grpc.HandlerCallDetails
    ) -> Any:
        """Look at the call's metadata."""
        given = dict(details.invocation_metadata or ()).get("authorization", "")
        if details.method.startswith("/grpc.health.") or hmac.compare_digest(str(given), self._wanted):
            return await continuation(details)
        return _refusal(await continuation(details))


def _refusal(handler: Any) -> Any:
    async def refuse(request: Any, context: Context) -> None:
        await context.abort(grpc.StatusCode.UNAUTHENTICATED, "Expected a bearer token, but it is missing or wrong")

    if handler is None:
        return None
    if handler.response_streaming:

        async def refuse_stream(request: Any, context: Context) -> Any:
            await refuse(request, context)
            yield

        return grpc.unary_stream_rpc_method_handler(
            refuse_stream, handler.request_deserializer, handler.response_serializer
        )
    return grpc.unary_unary_rpc_method_handler(refuse, handler.request_deserializer, handler.response_serializer)


def _credentials(certificate: Path, key: Path) -> grpc.ServerCredentials:
    return grpc.ssl_server_credentials([(key.read_bytes(), certificate.read_bytes())])


class GatewayServer:
    """Listens from `start` to `stop`."""

    def __init__(
        self,
        service: GatewayService,
        host: str,
        port: int,
        token: str | None = None,
        tls: tuple[Path, Path] | None = None,
    ) -> None:
        self._service = service
        self._credentials = _credentials(*tls) if tls else None
        self._host, self.port = host, port
        self._server = grpc.aio.server(interceptors=[TokenGuard(token)] if token else [], options=OPTIONS)
        self._health = HealthServicer()

    async def start(self) -> None:
        """Listen; port 0 takes a free one."""
        gateway_pb2_grpc.add_GatewayServicer_to_server(self._service, self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        try:
            address = f"{self._host}:{self.port}"
            if self._credentials is None:
                self.port = self._server.add_insecure_port(address)
            else:
                self.port = self._server.add_secure_port(address, self._credentials)
        except RuntimeError as error:
            raise PortTaken(
                f"Expected to listen on {self._host}:{self.port} for gRPC, but the port is taken"
            ) from error
        if not self.port:
            raise PortTaken(f"Expected to listen on {self._host} for gRPC, but the port is taken")
        self._service.address = (self._host, self.port)
        await self._server.start()
        await self.say_serving(True)

    async def say_serving(self, serving: bool) -> None:
        """Answer health checks from now on with this."""
        status = health_pb2.HealthCheckResponse.SERVING if serving else health_pb2.HealthCheckResponse.NOT_SERVING
        for name in ("", SERVICE):
            await self._health.set(name, status)

    async def stop(self, grace_seconds: float = 1.0) -> None:
        """Refuse new calls, let running ones end within the grace, cancel the rest."""
        await self.say_serving(False)
        await self._server.stop(grace_seconds)
