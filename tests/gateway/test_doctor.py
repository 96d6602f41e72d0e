"""`lienthong doctor --engine`: what an engine answers is kept with its version."""

import asyncio
import json
from pathlib import Path

import pytest

from lienthong.commands import doctor
from lienthong.engine.runtime.serve import Served


async def test_the_answers_of_an_engine_are_recorded_with_its_version(served: Served, tmp_path: Path) -> None:
    record = tmp_path / "trace.json"
    arguments = ["--engine", f"127.0.0.1:{served.grpc_port}", "--record", str(record)]
    assert await asyncio.to_thread(doctor.run, arguments) == 0
    trace = json.loads(record.read_text())
    assert trace["version"].startswith("8.")
    names = [call["call"] for call in trace["calls"]]
    assert names == [
        "Topology",
        "DeployResource",
        "CreateProcessInstance",
        "ActivateJobs",
        "CompleteJob",
        "CompleteJob",
    ]
    assert [call["status"].split(":")[0] for call in trace["calls"]] == ["OK"] * 5 + ["NOT_FOUND"]
    assert list(served.engine.state.process_instances()) == []


async def test_an_engine_that_is_not_there_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    doctor_says = await asyncio.to_thread(doctor.run, ["--engine", "127.0.0.1:1"])
    assert doctor_says == 1
    assert "127.0.0.1:1 answers UNAVAILABLE" in capsys.readouterr().err
