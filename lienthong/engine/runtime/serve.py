"""The whole engine as a process: store, engine, gRPC and REST in one event loop, until SIGTERM or SIGINT.

The only module that joins the floors. The edges are imported when serving begins, so that asking the
command for help costs nothing.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lienthong.engine.runtime.engine import Engine
from lienthong.engine.runtime.jobs import JobDispatcher
from lienthong.engine.runtime.process_reader import ProcessReader
from lienthong.engine.runtime.reader import Reader
from lienthong.engine.runtime.results import ResultWaiters
from lienthong.engine.runtime.retention import Retention
from lienthong.engine.store.memory_store import MemoryStore
from lienthong.engine.store.read_model import ReadModel
from lienthong.engine.store.sqlite_store import SqliteStore

Tls = tuple[Path, Path]  # certificate chain and private key, PEM
LOOPBACK = ("127.0.0.1", "::1", "localhost")
logger = logging.getLogger(__name__)


class CannotServe(Exception):
    """The engine cannot start here; the message is one clear line."""


@dataclass(slots=True)
class Served:
    """A running engine and where it listens."""

    engine: Engine
    dispatcher: JobDispatcher
    grpc_port: int
    rest_port: int
    retention: Retention | None = None


def open_engine(data_dir: Path | None, read_lag_seconds: float = 0.0) -> Engine:
    """An engine on a directory, or in memory without one."""
    if data_dir is None:
        return Engine(MemoryStore(), Reader(ReadModel(), read_lag_seconds))
    store = SqliteStore(data_dir)
    try:
        return Engine(store, ProcessReader(data_dir, read_lag_seconds))
    except BaseException:
        store.close()
        raise


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CannotServe(f"Expected to listen on {host}:{port} for REST, but {error.strerror}") from error
    return listener


def _check_tls(tls: Tls | None) -> None:
    if tls is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*tls)
    except (OSError, ssl.SSLError) as error:
        raise CannotServe(
            f"Expected a certificate and its private key in '{tls[0]}', '{tls[1]}', but {error}"
        ) from error


@asynccontextmanager
async def _archiving(engine: Engine, after_days: float | None) -> AsyncIterator[Retention | None]:
    if after_days is None:
        yield None
        return
    retention = Retention(engine, after_days)
    retention.start()
    try:
        yield retention
    finally:
        await retention.stop()


@asynccontextmanager
async def running(
    data_dir: Path | None,
    grpc_port: int = 0,
    rest_port: int = 0,
    host: str = "127.0.0.1",
    token: str | None = None,
    read_lag_seconds: float = 0.0,
    tls: Tls | None = None,
    archive_after_days: float | None = None,
    transport: str | None = None,
) -> AsyncIterator[Served]:
    """A served engine while the block runs; port 0 takes a free one.

    Without a ``transport`` the engine's own HTTP/2 carries gRPC on loopback, and grpcio's server where other machines
    reach it (ADR 5).
    """
    _check_tls(tls)
    if token is None and host not in LOOPBACK:
        raise CannotServe(f"Expected a token, as {host} can be reached from other machines")
    from lienthong.engine.gateway.server import PortTaken
    from lienthong.engine.gateway.service import GatewayService
    from lienthong.engine.gateway.transports import GRPCIO, HTTP2, gateway_server
    from lienthong.engine.rest.edge import Edge
    from lienthong.engine.rest.serving import rest_served

    listener = _listening(host, rest_port)
    engine = open_engine(data_dir, read_lag_seconds)
    await engine.start()
    dispatcher, results = JobDispatcher(engine), ResultWaiters(engine)
    service = GatewayService(engine, dispatcher, results)
    carrier = transport or (HTTP2 if host in LOOPBACK else GRPCIO)
    gateway = gateway_server(carrier, service, host, grpc_port, token, tls)
    try:
        await gateway.start()
    except PortTaken as error:
        listener.close()
        await engine.stop()
        raise CannotServe(str(error)) from error
    ports = gateway.port, int(listener.getsockname()[1])
    edge = Edge(engine, dispatcher, results, (host, gateway.port))
    try:
        async with (
            rest_served(edge, listener, data_dir, token, tls),
            _archiving(engine, archive_after_days) as retention,
        ):
            try:
                yield Served(engine, dispatcher, *ports, retention)
            finally:
                dispatcher.close()
    finally:
        await gateway.stop()
        await engine.stop()


async def _serve(announce: bool, **settings: Any) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(**settings) as served:
        if announce:
            logger.warning("The engine listens on gRPC port %s and REST port %s", served.grpc_port, served.rest_port)
        ended = asyncio.create_task(served.engine.stopped.wait())
        asked = asyncio.create_task(stop.wait())
        await asyncio.wait({ended, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        ended.cancel()
        failure = served.engine.failure
    if failure is not None:
        raise CannotServe(f"The engine has stopped by itself: {failure}")


def serve(
    data_dir: Path | None,
    grpc_port: int,
    rest_port: int,
    host: str = "127.0.0.1",
    token: str | None = None,
    read_lag_seconds: float = 0.0,
    tls: Tls | None = None,
    archive_after_days: float | None = None,
    transport: str | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; raises `CannotServe` or `StoreRefused` with one clear line."""
    asyncio.run(
        _serve(
            True,
            data_dir=data_dir,
            grpc_port=grpc_port,
            rest_port=rest_port,
            host=host,
            token=token,
            read_lag_seconds=read_lag_seconds,
            tls=tls,
            archive_after_days=archive_after_days,
            transport=transport,
        )
    )
