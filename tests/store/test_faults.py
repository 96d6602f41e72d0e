"""What a machine does to a store: kills, lost writes, full disks, clocks set back, clients that go."""

import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import edge_models
import pytest
from edge_engines import HOUR_MS, creation_command, deployment_command, engine_on

from lienthong.engine.protocol.records import Command, Event, Intent, ValueType
from lienthong.engine.runtime.clock import EngineClock
from lienthong.engine.runtime.request import NotDurable
from lienthong.engine.store.inspection import inspect
from lienthong.engine.store.read_model import ReadModel
from lienthong.engine.store.sqlite_store import LOG_FILE, SqliteStore

START_MS = 1_800_000_000_000
KILLS = 50


def killed_after(folder: Path, first: int, acknowledgements: int) -> list[tuple[str, int]]:
    """Load an engine, kill it with SIGKILL at that acknowledgement; every one that was told, those in flight too."""
    script = Path(__file__).with_name("loaded_engine.py")
    told: list[str] = []
    command = [sys.executable, str(script), str(folder), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            told.append(line)
            if len(told) == acknowledgements:
                process.kill()
    assert len(told) >= acknowledgements, "the engine ended by itself"
    whole = [line.split() for line in told if line.endswith("\n")]
    return [(what, int(which)) for what, which in whole]


@pytest.mark.services
@pytest.mark.timeout(180)
async def test_fifty_kills_under_load_lose_nothing_acknowledged_and_do_nothing_twice(tmp_path: Path) -> None:
    random_numbers = random.Random(50)
    told: list[tuple[str, int]] = []
    for kill in range(KILLS):
        told += killed_after(tmp_path, kill * 1_000_000, random_numbers.randint(5, 60))
    assert [finding for finding in inspect(tmp_path) if not finding.well] == []
    async with engine_on(SqliteStore(tmp_path), ReadModel(tmp_path)) as engine:

        def rows(statement: str) -> list[tuple[object, ...]]:
            return model.rows(statement)

        model = await engine.reader.ask(lambda found: found)
        created = Counter(int(str(row[0])) for row in rows("SELECT value FROM variable WHERE name = 'n'"))
        completed = {row[0] for row in rows("SELECT jobKey FROM job WHERE state = 'COMPLETED'")}
        running = len(list(engine.state.process_instances()))
    acknowledged = Counter(which for what, which in told if what == "completed")
    assert {which for what, which in told if what == "created"} - created.keys() == set()
    assert acknowledged.keys() - completed == set()
    assert max(created.values()) == max(acknowledged.values()) == 1
    assert not [which for what, which in told if what == "refused"]
    assert running == len(created) - len(completed)


# writes that never reached the disk


def group(position: int) -> list[Event]:
    value = {"name": f"v{position}", "value": "x" * (position * 97 % 700)}
    return [Event(ValueType.VARIABLE, Intent.CREATED, position * 10 + each, value, START_MS) for each in range(3)]


def test_whatever_is_lost_behind_the_last_fsync_no_acknowledged_group_is(tmp_path: Path) -> None:
    live, wal = tmp_path / "live", tmp_path / "live" / f"{LOG_FILE}-wal"
    store = SqliteStore(live)
    assert store.syncs_every_commit
    durable = [wal.stat().st_size]
    for position in range(1, 13):
        store.append(position, group(position))
        durable.append(wal.stat().st_size)
    content, random_numbers = wal.read_bytes(), random.Random(5)
    database = (live / LOG_FILE).read_bytes()
    store.close()
    for position in range(1, 13):
        start, end = durable[position - 1], durable[position]
        cuts = [(end, position), (end - 1, position - 1), (start + (end - start) // 2, position - 1)]
        for number, (cut, expected) in enumerate(cuts):
            lost = tmp_path / f"lost-{position}-{number}"
            lost.mkdir()
            (lost / LOG_FILE).write_bytes(database)
            torn = random_numbers.randbytes(900)  # of the write that was under way
            (lost / wal.name).write_bytes(content[:cut] + torn)
            found = SqliteStore(lost)
            assert found.last_position() == expected
            assert [row.events for row in found.rows_after(0)] == [group(each) for each in range(1, expected + 1)]
            found.append(expected + 1, group(expected + 1))
            found.close()
            shutil.rmtree(lost)


# a full disk


async def test_a_full_disk_refuses_keeps_nothing_of_it_and_goes_on_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lienthong.engine.runtime.engine.FAULT_PAUSE_SECONDS", 0.0)
    store = SqliteStore(tmp_path)
    acknowledged = 0
    async with engine_on(store, ReadModel(tmp_path)) as engine:
        await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
        store.limit_pages(store.pages() + 20)
        with pytest.raises(NotDurable, match="full"):
            for _ in range(500):
                await engine.submit(creation_command("one-task", text="x" * 2000))
                acknowledged += 1
        assert acknowledged > 0
        assert len(list(engine.state.process_instances())) == acknowledged
        with pytest.raises(NotDurable):
            await engine.submit(creation_command("one-task", text="x" * 20_000))
        store.limit_pages(1_000_000)
        await engine.submit(creation_command("one-task", text="x" * 2000))
        before = engine.state
    async with engine_on(SqliteStore(tmp_path), ReadModel(tmp_path)) as engine:
        assert engine.state == before
        assert len(list(engine.state.process_instances())) == acknowledged + 1


# a clock that was set back


class SetClock(EngineClock):
    """A machine's clock as somebody sets it."""

    moment_ms = START_MS

    def now_ms(self) -> int:
        return self.moment_ms


async def test_a_clock_set_back_fires_nothing_early_and_nothing_twice(tmp_path: Path) -> None:
    clock = SetClock()
    async with engine_on(SqliteStore(tmp_path), ReadModel(tmp_path)) as engine:
        engine.clock = clock
        await engine.submit(deployment_command("t.bpmn", edge_models.timer()))
        await engine.submit(creation_command("timer"))
        clock.moment_ms -= 24 * HOUR_MS
        await engine.submit(creation_command("timer"))
        assert len(list(engine.state.process_instances())) == 2
        clock.moment_ms += HOUR_MS
        await engine.settle()
        assert len(list(engine.state.process_instances())) == 1, (
            "the timer made after the change is due by the new time"
        )
        before = engine.state
    async with engine_on(SqliteStore(tmp_path), ReadModel(tmp_path)) as engine:
        engine.clock = clock
        assert engine.state == before
        clock.moment_ms = START_MS + HOUR_MS - 1
        await engine.settle()
        assert len(list(engine.state.process_instances())) == 1
        clock.moment_ms += 1
        await engine.settle()
        assert list(engine.state.process_instances()) == []
        clock.moment_ms -= HOUR_MS
        await engine.settle()
        rows = await engine.reader.ask(
            lambda model: model.rows("SELECT state, count(*) FROM process_instance GROUP BY state")
        )
        assert rows == [("COMPLETED", 2)]


# a client that goes in the middle


async def test_jobs_of_a_client_that_went_in_mid_stream_are_done_once_by_another(tmp_path: Path) -> None:
    import edge_engines
    import grpc
    from pyzeebe.proto import gateway_pb2 as messages

    from lienthong.engine.runtime.serve import running

    async with running(tmp_path) as served, edge_engines.stub_of(served.grpc_port) as other:
        engine = served.engine
        await engine.pin_clock(START_MS)
        await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
        for number in range(60):
            await engine.submit(creation_command("one-task", n=number))
        asked = messages.StreamActivatedJobsRequest(type="work", worker="goes", timeout=60_000)
        async with grpc.aio.insecure_channel(f"127.0.0.1:{served.grpc_port}") as channel:
            call = edge_engines.GatewayStub(channel).StreamActivatedJobs(asked)
            first = await call.read()
            await other.CompleteJob(messages.CompleteJobRequest(jobKey=first.key))
        await engine.pin_clock(START_MS + 60_000)
        done = [first.key]
        while len(done) < 60:
            async for batch in other.ActivateJobs(edge_engines.poll(most=20)):
                for job in batch.jobs:
                    await other.CompleteJob(messages.CompleteJobRequest(jobKey=job.key))
                    done.append(job.key)
        assert len(set(done)) == 60
        assert list(engine.state.process_instances()) == []
        completed = await engine.submit(Command(ValueType.JOB, Intent.COMPLETE, first.key, {"variables": {}}))
        assert completed.rejection is not None, "a job completed twice"
