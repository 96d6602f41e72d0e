"""A full disk under the whole engine, by a limit on the size of its files: refused clearly, nothing lost, on again."""

import resource
import subprocess
from pathlib import Path

import edge_models
import grpc
import httpx
import pytest
from edge_engines import create, deploy, engine_process, free_port
from pyzeebe.proto.gateway_pb2_grpc import GatewayStub

from lienthong.engine.store.inspection import inspect
from lienthong.engine.store.sqlite_store import LOG_FILE

pytestmark = pytest.mark.services
ROOM = 300_000  # bytes that the log may still grow
REFUSALS = 3
BIG = '{"text":"' + "x" * 3000 + '"}'


def limit(process: subprocess.Popen[bytes], size: int) -> None:
    """Let no file of the engine, or of its writer of the read model, grow beyond a size: writes fail with EFBIG."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert children, "the writer of the read model is a process of its own"
    for pid in (process.pid, *map(int, children)):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def largest(folder: Path) -> int:
    """The size of the log's larger file."""
    return max((folder / name).stat().st_size for name in (LOG_FILE, f"{LOG_FILE}-wal"))


def create_until_refused(stub: GatewayStub, acknowledged: list[int]) -> list[grpc.RpcError]:
    """Create instances until several were refused in a row, and what the refusals say."""
    refusals: list[grpc.RpcError] = []
    for _ in range(2_000):
        try:
            acknowledged.append(stub.CreateProcessInstance(create("one-task", BIG), timeout=30).processInstanceKey)
            refusals.clear()
        except grpc.RpcError as error:
            refusals.append(error)
            if len(refusals) == REFUSALS:
                return refusals
    raise AssertionError("Expected the disk to be full by now")


def shown(rest: str) -> set[int]:
    """The instances that a search finds."""
    body = {"page": {"limit": 10_000}}
    items = httpx.post(f"{rest}/v2/process-instances/search", json=body, timeout=20).json()["items"]
    return {int(item["processInstanceKey"]) for item in items}


def test_a_full_disk_is_told_loses_nothing_and_work_goes_on_when_there_is_room_again(tmp_path: Path) -> None:
    grpc_port, rest_port = free_port(), free_port()
    rest = f"http://127.0.0.1:{rest_port}"
    acknowledged: list[int] = []
    with engine_process(tmp_path, grpc_port, rest_port) as process:
        with grpc.insecure_channel(f"127.0.0.1:{grpc_port}") as channel:
            stub = GatewayStub(channel)
            stub.DeployResource(deploy(("a.bpmn", edge_models.one_task())), wait_for_ready=True, timeout=20)
            acknowledged.append(stub.CreateProcessInstance(create("one-task"), timeout=30).processInstanceKey)
            limit(process, largest(tmp_path) + ROOM)
            refusals = create_until_refused(stub, acknowledged)
            assert {error.code() for error in refusals} <= {
                grpc.StatusCode.UNAVAILABLE,
                grpc.StatusCode.RESOURCE_EXHAUSTED,
            }
            assert all("Expected to make it durable" in str(error.details()) for error in refusals)
            reply = httpx.post(f"{rest}/v2/process-instances", json={"processDefinitionId": "one-task"}, timeout=30)
            assert (reply.status_code, reply.json()["title"]) == (503, "UNAVAILABLE")
            assert httpx.get(f"{rest}/health", timeout=20).json()["status"] == "UP"
            limit(process, resource.RLIM_INFINITY)
            before = len(acknowledged)
            for _ in range(20):
                acknowledged.append(stub.CreateProcessInstance(create("one-task", BIG), timeout=30).processInstanceKey)
            assert len(acknowledged) == before + 20
            assert shown(rest) == set(acknowledged)
        process.kill()
        process.wait()
    assert [finding for finding in inspect(tmp_path) if not finding.well] == []
    with engine_process(tmp_path, grpc_port, rest_port):
        assert shown(rest) == set(acknowledged)
