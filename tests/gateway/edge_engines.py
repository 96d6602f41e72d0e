"""Engines for the tests of the edge: in this event loop, or as a process of their own."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import grpc
import httpx
from pyzeebe.proto import gateway_pb2 as messages
from pyzeebe.proto.gateway_pb2_grpc import GatewayStub

from lienthong.engine.protocol.records import Command, Intent, ValueType
from lienthong.engine.runtime.engine import Engine
from lienthong.engine.runtime.reader import Reader
from lienthong.engine.store import Store
from lienthong.engine.store.read_model import ReadModel

ROOT = Path(__file__).resolve().parents[2]
HOUR_MS = 3_600_000


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.asynccontextmanager
async def engine_on(
    store: Store, model: ReadModel | None = None, snapshot_events: int = 250_000
) -> AsyncIterator[Engine]:
    """A running engine on a store."""
    engine = Engine(store, Reader(model or ReadModel()), snapshot_events)
    await engine.start()
    try:
        yield engine
    finally:
        await engine.stop()


@contextlib.asynccontextmanager
async def stub_of(port: int, token: str | None = None) -> AsyncIterator[GatewayStub]:
    """A raw asyncio stub."""
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield GatewayStub(channel)


@contextlib.contextmanager
def engine_process(data: Path | None, grpc_port: int, rest_port: int, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """`lienthong engine` as a process, until the block ends; killed when it does not stop."""
    command = [
        sys.executable,
        "-m",
        "lienthong",
        "engine",
        "--grpc-port",
        str(grpc_port),
        "--rest-port",
        str(rest_port),
    ]
    command += ["--data", str(data)] if data else []
    process = subprocess.Popen([*command, *more], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        wait_until_healthy(rest_port)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_healthy(rest_port: int, seconds: float = 30) -> None:
    """Return when the process answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if httpx.get(f"http://127.0.0.1:{rest_port}/health", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)  # a process starts; there is no event to wait for
    raise AssertionError(f"Expected the engine on port {rest_port} to be healthy within {seconds} s")


def deploy(*resources: tuple[str, bytes]) -> messages.DeployResourceRequest:
    """A deployment request."""
    return messages.DeployResourceRequest(
        resources=[messages.Resource(name=name, content=content) for name, content in resources]
    )


def create(process_id: str, variables: str = "{}") -> messages.CreateProcessInstanceRequest:
    """A creation request of the latest version."""
    return messages.CreateProcessInstanceRequest(bpmnProcessId=process_id, version=-1, variables=variables)


def poll(
    job_type: str = "work", most: int = 10, timeout_ms: int = 60_000, request_timeout_ms: int = 5_000
) -> messages.ActivateJobsRequest:
    """An activation request."""
    return messages.ActivateJobsRequest(
        type=job_type, worker="test", timeout=timeout_ms, maxJobsToActivate=most, requestTimeout=request_timeout_ms
    )


def deployment_command(name: str, content: bytes) -> Command:
    """A deployment as the core takes it."""
    return Command(ValueType.DEPLOYMENT, Intent.CREATE, 0, {"resources": [{"name": name, "content": content}]})


def creation_command(process_id: str, **variables: object) -> Command:
    """A creation as the core takes it."""
    value = {"bpmnProcessId": process_id, "version": -1, "variables": variables}
    return Command(ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATE, 0, value)
