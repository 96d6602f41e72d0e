"""The gateway on this package's own transport; the same face as `gateway.server.GatewayServer`."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Any

from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1._async import HealthServicer
from pyzeebe.proto import gateway_pb2_grpc

from lienthong.engine.gateway.http2.calls import GrpcCalls, Methods
from lienthong.engine.gateway.http2.connection import Connection
from lienthong.engine.gateway.server import SERVICE, PortTaken
from lienthong.engine.gateway.service import GatewayService

LAST_TURNS = 200


def _tls(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["h2"])
    return context


class Http2Server:
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
        self._tls = _tls(*tls) if tls else None
        self._host, self.port = host, port
        self._health = HealthServicer()
        methods: Any = Methods()
        gateway_pb2_grpc.add_GatewayServicer_to_server(service, methods)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, methods)
        self._calls = GrpcCalls(methods.found, token)
        self._connections: set[Connection] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; port 0 takes a free one."""
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(
                lambda: Connection(self._calls, self._connections),
                self._host,
                self.port,
                ssl=self._tls,
                backlog=1024,
            )
        except OSError as error:
            taken = f"Expected to listen on {self._host}:{self.port} for gRPC, but the port is taken"
            raise PortTaken(taken) from error
        self.port = int(self._server.sockets[0].getsockname()[1])
        self._service.address = (self._host, self.port)
        await self.say_serving(True)

    async def say_serving(self, serving: bool) -> None:
        """Answer health checks from now on with this."""
        status = health_pb2.HealthCheckResponse.SERVING if serving else health_pb2.HealthCheckResponse.NOT_SERVING
        for name in ("", SERVICE):
            await self._health.set(name, status)

    async def stop(self, grace_seconds: float = 1.0) -> None:
        """Refuse new calls, let running ones end within the grace, cancel the rest."""
        await self.say_serving(False)
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            connection.go_away()
        await self._calls.drained(grace_seconds)
        await asyncio.sleep(0)  # what was answered last leaves with this turn of the loop
        for connection in list(self._connections):
            connection.end()
        for _ in range(LAST_TURNS):  # sockets are closed by turns of the loop, those with TLS by several
            if not self._connections:
                break
            await asyncio.sleep(0.001)
