"""zeebe-node 8.3.2, unchanged: deployment, worker, failure, result, message, decision, errors."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import edge_models
import pytest

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("clients")]
NOT_FOUND = 5
HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent


def test_zeebe_node_works_a_process_through(engine: Any, node_packages: Path, tmp_path: Path) -> None:
    files = {
        "one.bpmn": edge_models.one_task(),
        "message.bpmn": edge_models.message(),
        "fees.dmn": edge_models.DECISION,
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    script = [str(BIN / "node"), str(HERE / "zeebe_node.js"), str(node_packages), str(engine.grpc)]
    command = [*script, *(str(tmp_path / name) for name in files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found == {
        "clusterSize": 1,
        "decision": "fee",
        "worked": 1,
        "header": "online",
        "result": 42,
        "canceled": NOT_FOUND,
        "fee": 4_000_000,
        "missing": NOT_FOUND,
    }
