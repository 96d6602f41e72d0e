"""The engine over gRPC, as a process of its own on loopback: beside an echo server, and with pyzeebe.

Without postponed annotations: pyzeebe looks at them to see which argument is the job.
"""

import asyncio
import contextlib
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc
from engine_models import one_task, ten_tasks
from pyzeebe import Job, ZeebeWorker
from pyzeebe.proto import gateway_pb2 as messages
from pyzeebe.proto.gateway_pb2_grpc import GatewayServicer, GatewayStub, add_GatewayServicer_to_server

Figures = dict[str, float]
ROW = b"x" * 1200  # what the creation of an instance leaves in the log
VARIABLES = '{"dossierCode":"H01.26.000001","amount":4}'


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.asynccontextmanager
async def _child(port: int, command: list[str]) -> AsyncIterator[GatewayStub]:
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = GatewayStub(channel)
            await stub.Topology(messages.TopologyRequest(), wait_for_ready=True, timeout=30)
            yield stub
    finally:
        process.terminate()
        process.wait(30)


@contextlib.asynccontextmanager
async def engine(*more: str) -> AsyncIterator[tuple[GatewayStub, int]]:
    """A durable engine with both processes; `more` are arguments of its command."""
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        serving = ["-m", "lienthong", "engine", "--data", folder, "--grpc-port", str(port)]
        async with _child(port, [*serving, "--rest-port", str(_free_port()), *more]) as stub:
            files = {"a.bpmn": one_task(), "b.bpmn": ten_tasks()}
            resources = [messages.Resource(name=name, content=content) for name, content in files.items()]
            await stub.DeployResource(messages.DeployResourceRequest(resources=resources))
            yield stub, port


class Echo(GatewayServicer):
    """Answers the same messages with nothing behind, or with one fsynced row a call."""

    def __init__(self, log: sqlite3.Connection | None) -> None:
        self._log = log

    async def CreateProcessInstance(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """A reply of the same size."""
        if self._log is not None:
            self._log.execute("INSERT INTO log (events) VALUES (?)", (ROW,))
        return messages.CreateProcessInstanceResponse(
            processDefinitionKey=2**51, bpmnProcessId=request.bpmnProcessId, version=1, processInstanceKey=2**51 + 1
        )

    async def Topology(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Says that the server is there."""
        return messages.TopologyResponse()


def _log(folder: str) -> sqlite3.Connection:
    """A log as the engine's, with its fsync policy."""
    log = sqlite3.connect(f"{folder}/log", isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA wal_autocheckpoint=4000"):
        log.execute(statement)
    log.execute("CREATE TABLE log (position INTEGER PRIMARY KEY, events BLOB)")
    return log


async def _serve_echo(port: int, folder: str | None) -> None:
    server = grpc.aio.server()
    add_GatewayServicer_to_server(Echo(None if folder is None else _log(folder)), server)
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    await server.wait_for_termination()


def _create(process_id: str = "one-task") -> messages.CreateProcessInstanceRequest:
    return messages.CreateProcessInstanceRequest(bpmnProcessId=process_id, version=-1, variables=VARIABLES)


async def callers(call: Callable[[], Awaitable[Any]], concurrency: int, count: int) -> tuple[float, list[float]]:
    """Calls a second and the milliseconds of each."""
    times: list[float] = []

    async def caller() -> None:
        for _ in range(count // concurrency):
            started = time.perf_counter()
            await call()
            times.append((time.perf_counter() - started) * 1000)

    await asyncio.gather(*(caller() for _ in range(concurrency)))
    started = time.perf_counter()
    times.clear()
    await asyncio.gather(*(caller() for _ in range(concurrency)))
    return len(times) / (time.perf_counter() - started), sorted(times)


def _percentile(times: list[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)]


async def calls(count: int) -> Figures:
    """CreateProcessInstance of the engine beside an echo of the same messages, at 1, 16 and 64 callers."""
    figures: Figures = {}
    echo_port = _free_port()
    synced_port = _free_port()
    async with contextlib.AsyncExitStack() as stack:
        stub, _ = await stack.enter_async_context(engine())
        grpcio, _ = await stack.enter_async_context(engine("--transport", "grpcio"))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        echo = await stack.enter_async_context(_child(echo_port, [__file__, str(echo_port)]))
        synced = await stack.enter_async_context(_child(synced_port, [__file__, str(synced_port), folder]))
        for concurrency in (1, 16, 64):
            several = count // 8 if concurrency == 1 else count
            alone = [("synced_echo", synced)] if concurrency == 1 else []
            for name, target in (("echo", echo), *alone, ("engine", stub), ("engine_on_grpcio", grpcio)):
                method = target.CreateProcessInstance
                speed, times = await callers(lambda method=method: method(_create()), concurrency, several)
                figures[f"grpc_{concurrency}_{name}"] = speed
                figures[f"grpc_{concurrency}_{name}_p50_ms"] = statistics.median(times)
                figures[f"grpc_{concurrency}_{name}_p99_ms"] = _percentile(times, 0.99)
    return figures


@contextlib.asynccontextmanager
async def _worker(port: int, most: int, running: int) -> AsyncIterator[tuple[list[int], asyncio.Event]]:
    done, progress = list[int](), asyncio.Event()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        worker = ZeebeWorker(channel, max_connection_retries=-1)

        @worker.task("work", max_jobs_to_activate=most, max_running_jobs=running)
        async def work(job: Job) -> dict[str, bool]:
            done.append(job.key)
            progress.set()
            return {"done": True}

        task = asyncio.create_task(worker.work())
        try:
            yield done, progress
        finally:
            await worker.stop()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def resident(count: int) -> Figures:
    """Resident memory of the whole engine, its writer of the read model beside it, with so many running instances."""
    async with engine() as (stub, port):
        await callers(lambda: stub.CreateProcessInstance(_create()), 64, count // 2)
        return {"engine_resident_mb_100k": _resident_mb(port)}


def _resident_mb(port: int) -> float:
    """Of the process that was told this gRPC port."""
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
            if b"--grpc-port" in words and str(port).encode() in words:
                pages = int((entry / "statm").read_text().split()[1])
                return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    raise LookupError(f"Expected an engine with gRPC port {port}")


async def drain(count: int, most: int, running: int) -> Figures:
    """Jobs a second of one pyzeebe worker that finds them waiting."""
    async with engine() as (stub, port):
        await callers(lambda: stub.CreateProcessInstance(_create()), 64, count // 2)
        wanted = count // 2 // 64 * 64 * 2
        started = time.perf_counter()
        async with _worker(port, most, running) as (done, progress):
            while len(done) < wanted:
                progress.clear()
                await asyncio.wait_for(progress.wait(), 20)
            spent = time.perf_counter() - started
        assert len(set(done)) == wanted, "a job came twice"
    return {f"drain_{most}_{running}_jobs": wanted / spent}


async def with_result(count: int) -> Figures:
    """Instances a second that are created with result, one pyzeebe worker beside; and one caller alone, idle."""
    figures: Figures = {}
    async with engine() as (stub, port), _worker(port, 32, 256):
        for name, process_id, share in (("one", "one-task", 1), ("ten", "ten-tasks", 4)):
            request = messages.CreateProcessInstanceWithResultRequest(
                request=_create(process_id), requestTimeout=30_000
            )
            method = stub.CreateProcessInstanceWithResult
            call = lambda request=request, method=method: method(request)  # noqa: E731 - bound in the loop
            for concurrency in (1, 16, 64) if name == "one" else (64,):
                several = count // 16 if concurrency == 1 else count // share
                speed, times = await callers(call, concurrency, several)
                figures[f"result_{name}_{concurrency}"] = speed
                figures[f"result_{name}_{concurrency}_p50_ms"] = statistics.median(times)
                figures[f"result_{name}_{concurrency}_p99_ms"] = _percentile(times, 0.99)
    return figures


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve_echo(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None))
