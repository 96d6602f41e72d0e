"""The engine without a wire: core in memory, durable groups, recovery after a kill, memory, growth."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson
from engine_models import one_task, ten_tasks

from lienthong.engine.core.process import process
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Command, Fact, Intent, Value, ValueType
from lienthong.engine.runtime.engine import COLLECT_AFTER
from lienthong.engine.runtime.recovery import recover
from lienthong.engine.store.log_store import LogRow
from lienthong.engine.store.packing import pack
from lienthong.engine.store.read_model import ReadModel
from lienthong.engine.store.sqlite_store import SqliteStore

NOW_MS = 1_800_000_000_000
HOUR_MS = 3_600_000
DONE = {"done": True}
REFERENCE_ROUNDS = 16e6  # of the calibration loop in a second, on the machine of the first table
Figures = dict[str, float]


def calibration_loops(seconds: float = 0.5) -> float:
    """Million rounds a second of a fixed piece of plain Python: what this machine does at this moment."""
    rounds, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        calibrate(1000)
        rounds += 1000
    return rounds / (time.perf_counter() - started) / 1e6


def calibrate(rounds: int) -> None:
    """A fixed piece of plain Python."""
    for _ in range(rounds // 1000):
        table: dict[int, list[int]] = {}
        for number in range(1000):
            table.setdefault(number & 63, []).append(number)


def deployed() -> State:
    """A state with both processes."""
    state = State()
    resources = [{"name": "a.bpmn", "content": one_task()}, {"name": "b.bpmn", "content": ten_tasks()}]
    outcome = process(state, Command(ValueType.DEPLOYMENT, Intent.CREATE, 0, {"resources": resources}), NOW_MS)
    assert outcome.rejection is None, outcome.rejection
    return state


def create(state: State, process_id: str = "one-task") -> Sequence[Fact]:
    """One new instance with two variables."""
    value = {"bpmnProcessId": process_id, "version": -1, "variables": {"dossierCode": "H01.26.000001", "amount": 4}}
    return process(state, Command(ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATE, 0, value), NOW_MS).facts


def work(state: State, most: int, keep: list[Fact] | None = None) -> int:
    """Activate a batch and complete each of its jobs; how many there were. The facts go to `keep`."""
    value = {"type": "work", "worker": "bench", "timeoutMs": HOUR_MS, "maxJobsToActivate": most, "fetchVariables": []}
    outcome = process(state, Command(ValueType.JOB_BATCH, Intent.ACTIVATE, 0, value), NOW_MS)
    jobs: list[Value] = (outcome.reply or {})["jobs"]
    if keep is not None:
        keep += outcome.facts
    for job in jobs:
        outcome = process(state, Command(ValueType.JOB, Intent.COMPLETE, job["key"], {"variables": DONE}), NOW_MS)
        if keep is not None:
            keep += outcome.facts
    return len(jobs)


def worked(state: State, most: int) -> list[Fact]:
    """The facts of one batch of work."""
    facts: list[Fact] = []
    work(state, most, facts)
    return facts


def _lives(state: State, process_id: str) -> int:
    """64 instances from creation to their end; how many jobs that were."""
    jobs = 0
    for _ in range(64):
        create(state, process_id)
    while found := work(state, 64):
        jobs += found
    return jobs


def core_in_memory(count: int) -> Figures:
    """Jobs a second, from creation to the end of the instance; the collector set as the runtime sets it.

    `_raw` is by the clock on the wall. The other is by the processor's time, in slices that take turns with the
    calibration loop, as the median of what they would be on the machine of the first table: neighbors that take the
    processor away, or slow it down, weigh on both alike.
    """
    gc.set_threshold(*COLLECT_AFTER)
    figures: Figures = {}
    for process_id, name, instances in (("one-task", "one", count), ("ten-tasks", "ten", count // 10)):
        state, ratios, jobs, started = deployed(), list[float](), 0, time.perf_counter()
        _lives(state, process_id)
        for _ in range(max(instances // 640, 9)):
            begun = time.process_time()
            done = sum(_lives(state, process_id) for _ in range(10))
            spent = time.process_time() - begun
            ratios.append(done / spent / _rounds_a_second())
            jobs += done
        figures[f"core_{name}_jobs_raw"] = jobs / (time.perf_counter() - started)
        figures[f"core_{name}_jobs"] = sorted(ratios)[len(ratios) // 2] * REFERENCE_ROUNDS
    return figures


def _rounds_a_second(rounds: int = 400_000) -> float:
    """Rounds of the calibration loop in a second of the processor."""
    begun = time.process_time()
    calibrate(rounds)
    return rounds / (time.process_time() - begun)


def durable(count: int, group: int, process_id: str = "one-task") -> Figures:
    """Instances a second with every group fsynced; beside it bare SQLite with the bytes of the very same commits."""
    gc.set_threshold(*COLLECT_AFTER)  # as the runtime does
    with tempfile.TemporaryDirectory() as folder:
        store, state, position, done = SqliteStore(Path(folder)), deployed(), 0, 0
        sample: list[list[Fact]] = []
        started = time.perf_counter()
        while done < count:
            for batch in _groups(state, process_id, group):
                position += 1
                store.append(position, batch)
                if len(sample) < 40:
                    sample.append(batch)
            done += group
        spent = time.perf_counter() - started
        store.close()
    name = f"durable_{'' if process_id == 'one-task' else 'ten_'}{group}"
    figures = {f"{name}_instances": done / spent}
    if process_id == "one-task":
        figures[f"{name}_bare"] = _bare([pack(batch) for batch in sample] * 5) * group / 2
    return figures


def _groups(state: State, process_id: str, group: int) -> Iterator[list[Fact]]:
    """Several lives side by side: a group creates, and one more does the tasks that wait, until none does."""
    facts: list[Fact] = []
    for _ in range(group):
        facts += create(state, process_id)
    while facts:
        yield facts
        facts = worked(state, group * 4)


def _bare(blobs: list[bytes]) -> float:
    """Commits a second of bare SQLite with the same fsync policy."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "bare", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE log (position INTEGER PRIMARY KEY, events BLOB)")
        started = time.perf_counter()
        for blob in blobs:
            connection.execute("INSERT INTO log (events) VALUES (?)", (blob,))
        return len(blobs) / (time.perf_counter() - started)


def following(count: int) -> Figures:
    """Microseconds of the read model's thread for one event."""
    state, rows, total = deployed(), deque[LogRow](), 0
    for position in range(1, count // 100 + 1):
        facts: list[Fact] = []
        for _ in range(100):
            facts += create(state)
        facts += worked(state, 100)
        total += len(facts)
        rows.append(LogRow(position, facts))
    with tempfile.TemporaryDirectory() as folder:
        model, started = ReadModel(Path(folder)), time.perf_counter()
        while rows:
            model.follow([rows.popleft() for _ in range(min(10, len(rows)))])
        spent = time.perf_counter() - started
        model.close()
    return {"read_model_event_us": spent / total * 1e6, "read_model_instance_us": spent / count * 1e6}


# processes of their own


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _growth_child() -> None:
    """Create 1k, 10k, 100k running instances; at each, time full lives of further ones."""
    state, figures, running = deployed(), {}, 0
    for wanted in (1_000, 10_000, 100_000):
        while running < wanted:
            create(state, "ten-tasks" if running % 50 == 0 else "one-task")
            running += 1
        gc.collect()
        gc.freeze()
        best = float("inf")
        for _ in range(5):
            started = time.perf_counter()
            for _ in range(2_000 // 50):
                for _ in range(50):
                    create(state)
                work(state, 50)
            best = min(best, time.perf_counter() - started)
        figures[f"growth_{wanted}_us"] = best / 2_000 * 1e6
    figures["resident_mb_100k"] = _resident_mb()
    sys.stdout.write(orjson.dumps(figures).decode())


def _log_child(folder: Path, records: int) -> None:
    """A log of so many records without a snapshot, followed by the read model; then dies by SIGKILL."""
    store, model, state = SqliteStore(folder), ReadModel(folder), State()
    resources = [{"name": "a.bpmn", "content": one_task()}]
    events = process(state, Command(ValueType.DEPLOYMENT, Intent.CREATE, 0, {"resources": resources}), NOW_MS).events
    position, written = 1, len(events)
    store.append(position, events)
    model.follow([LogRow(position, events)])
    while written < records:
        facts: list[Fact] = []
        for _ in range(20):
            facts += create(state)
        facts += worked(state, 19)
        position, written = position + 1, written + len(facts)
        store.append(position, facts)
        model.follow([LogRow(position, facts)])
    os.kill(os.getpid(), signal.SIGKILL)


def recovery(records: int) -> Figures:
    """Seconds from nothing to the state, with so many records after no snapshot, killed while it wrote."""
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run([sys.executable, __file__, "log", folder, str(records)], check=False)
        assert made.returncode == -signal.SIGKILL
        started = time.perf_counter()
        output = subprocess.run([sys.executable, __file__, "recover", folder], check=True, capture_output=True)
        whole = time.perf_counter() - started
        return {"recovery_s": float(output.stdout), "recovery_with_start_s": whole}


def growth() -> Figures:
    """Cost of a life, and memory, as running instances grow."""
    output = subprocess.run([sys.executable, __file__, "growth"], check=True, capture_output=True)
    return dict(orjson.loads(output.stdout))


def _recover_child(folder: Path) -> None:
    started = time.perf_counter()
    store = SqliteStore(folder)
    recover(store)
    sys.stdout.write(str(time.perf_counter() - started))
    store.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=("growth", "log", "recover"))
    parser.add_argument("rest", nargs="*")
    given = parser.parse_args()
    if given.part == "growth":
        _growth_child()
    elif given.part == "log":
        _log_child(Path(given.rest[0]), int(given.rest[1]))
    else:
        _recover_child(Path(given.rest[0]))
