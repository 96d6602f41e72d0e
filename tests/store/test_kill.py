"""The process is killed with SIGKILL under load: no acknowledged command is lost."""

import concurrent.futures
import threading
from pathlib import Path

import edge_models
import grpc
import httpx
import pytest
from edge_engines import create, deploy, engine_process, free_port
from pyzeebe.proto.gateway_pb2_grpc import GatewayStub

pytestmark = pytest.mark.services
WRITERS = 8
KILL_AFTER = 150


def write_until_killed(address: str, acknowledged: list[int], enough: threading.Event) -> None:
    with grpc.insecure_channel(address) as channel:
        stub = GatewayStub(channel)
        while True:
            try:
                acknowledged.append(stub.CreateProcessInstance(create("one-task"), timeout=10).processInstanceKey)
            except grpc.RpcError:
                return
            if len(acknowledged) >= KILL_AFTER:
                enough.set()


def test_no_acknowledged_instance_is_lost_by_a_kill(tmp_path: Path) -> None:
    grpc_port, rest_port = free_port(), free_port()
    acknowledged: list[int] = []
    enough = threading.Event()
    with engine_process(tmp_path, grpc_port, rest_port) as process:
        with grpc.insecure_channel(f"127.0.0.1:{grpc_port}") as channel:
            GatewayStub(channel).DeployResource(
                deploy(("a.bpmn", edge_models.one_task())), wait_for_ready=True, timeout=20
            )
        with concurrent.futures.ThreadPoolExecutor(WRITERS) as pool:
            for _ in range(WRITERS):
                pool.submit(write_until_killed, f"127.0.0.1:{grpc_port}", acknowledged, enough)
            assert enough.wait(60)
            process.kill()
            process.wait()
    assert len(acknowledged) >= KILL_AFTER
    with engine_process(tmp_path, grpc_port, rest_port):
        body = {"page": {"limit": 10_000}}
        reply = httpx.post(f"http://127.0.0.1:{rest_port}/v2/process-instances/search", json=body, timeout=20).json()
        found = {int(item["processInstanceKey"]) for item in reply["items"]}
        assert set(acknowledged) - found == set()
        assert reply["page"]["totalItems"] == len(found), "an instance twice"


def test_the_command_stops_cleanly_and_says_one_line_when_it_cannot_serve(tmp_path: Path) -> None:
    from subprocess import PIPE, run
    from sys import executable

    from edge_engines import ROOT

    grpc_port, rest_port = free_port(), free_port()
    with engine_process(tmp_path, grpc_port, rest_port) as process:
        second = [executable, "-m", "lienthong", "engine", "--grpc-port", "0", "--rest-port", str(rest_port)]
        refused = run(second, cwd=ROOT, stderr=PIPE, text=True, timeout=60, check=False)
        assert refused.returncode == 1
        assert f"127.0.0.1:{rest_port}" in refused.stderr
        assert "Traceback" not in refused.stderr
        beyond = [executable, "-m", "lienthong", "engine", "--host", "0.0.0.0"]
        refused = run(beyond, cwd=ROOT, stderr=PIPE, text=True, timeout=60, check=False)
        assert (refused.returncode, "token" in refused.stderr) == (1, True)
        process.terminate()
        assert process.wait(20) == 0
