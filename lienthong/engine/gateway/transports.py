"""What carries gRPC: the engine's own HTTP/2, or the server of the grpcio package. Both have one face."""

from __future__ import annotations

from pathlib import Path

from lienthong.engine.gateway.http2.server import Http2Server
from lienthong.engine.gateway.server import GatewayServer
from lienthong.engine.gateway.service import GatewayService

HTTP2, GRPCIO = "http2", "grpcio"


def gateway_server(
    transport: str, service: GatewayService, host: str, port: int, token: str | None, tls: tuple[Path, Path] | None
) -> GatewayServer | Http2Server:
    """A server of that kind, not yet listening."""
    kind = GatewayServer if transport == GRPCIO else Http2Server
    return kind(service, host, port, token, tls)
