"""What the engine has acknowledged is on the disk: its commit was synced before the answer left the process."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import Running, eventually

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.xdist_group("stack"), pytest.mark.timeout(120)]

CALLS = "fsync,fdatasync,write,writev,pwrite64,sendto,sendmsg"
LOG = "/engine/log.sqlite3-wal>"
MARKER = "traced-5f1d07"
MODEL = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="http://lienthong.vn/test"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">
  <process id="traced" isExecutable="true">
    <startEvent id="start" />
    <sequenceFlow id="a" sourceRef="start" targetRef="wait" />
    <userTask id="wait"><extensionElements><zeebe:userTask /></extensionElements></userTask>
    <sequenceFlow id="b" sourceRef="wait" targetRef="end" />
    <endEvent id="end" />
  </process>
</definitions>"""


def without_strace(why: str) -> None:
    """Skip by name on a developer's machine; fail where the test has to run."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"Expected to trace the engine in CI, but {why}: tests/system-packages.sh installs strace")
    pytest.skip(why)


@pytest.fixture
def trace(running: Running, tmp_path: Path) -> Iterator[Path]:
    """The system calls of the engine process, all threads in one order."""
    if shutil.which("strace") is None:
        without_strace("strace is not installed")
    file = tmp_path / "trace.txt"
    command = ["strace", "-f", "-y", "-s", "5000", "-e", f"trace={CALLS}", "-o", str(file)]
    tracer = subprocess.Popen([*command, "-p", str(running.pid("engine"))], stderr=subprocess.PIPE, text=True)
    assert tracer.stderr is not None
    said = tracer.stderr.readline().strip()
    try:
        if "attached" not in said:
            without_strace(f"strace may not attach here: {said}")
        yield file
    finally:
        if tracer.poll() is None:
            tracer.send_signal(signal.SIGINT)
            tracer.wait(10)
        tracer.stderr.close()


def finished_syncs(lines: list[str]) -> list[int]:
    """Where a sync of the log has returned with success, whether strace shows it in one line or in two."""
    found, begun = [], set()
    for number, line in enumerate(lines):
        thread = line.split(maxsplit=1)[0]
        if re.search(r"\bf(data)?sync\(", line) and LOG in line:
            if line.rstrip().endswith("= 0"):
                found.append(number)
            elif "unfinished" in line:
                begun.add(thread)
        elif re.search(r"f(data)?sync resumed", line) and thread in begun:
            begun.remove(thread)
            if line.rstrip().endswith("= 0"):
                found.append(number)
    return found


def test_the_commit_is_on_the_disk_before_the_answer_leaves(running: Running, trace: Path) -> None:
    engine = running.cast.engine
    engine.deploy([("traced.bpmn", MODEL)])
    key = str(engine.create_process_instance("traced", {"note": MARKER})["processInstanceKey"])

    def whole_trace() -> list[str]:
        lines = trace.read_text(errors="replace").splitlines()
        return lines if any(is_answer(line, key) for line in lines) else []

    lines = eventually(whole_trace, 20, "the answer in the trace")
    engine.cancel_process_instance(key)

    written = next(number for number, line in enumerate(lines) if "write" in line and LOG in line and MARKER in line)
    answered = next(number for number, line in enumerate(lines) if is_answer(line, key))
    synced = [number for number in finished_syncs(lines) if written < number < answered]
    assert synced, "the answer left before its commit was on the disk"


def is_answer(line: str, key: str) -> bool:
    """The sending of an answer that names the new instance."""
    return bool(re.search(r"\b(sendto|sendmsg|write|writev)\(\d+<(socket|TCP)", line)) and key in line
