"""Nothing is acknowledged before it is durable, and nothing durable is lost."""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

import edge_models
import pytest
from edge_engines import HOUR_MS, creation_command, deployment_command, engine_on

from lienthong.engine.core.apply import apply
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Command, Event, Intent, RejectionType, ValueType
from lienthong.engine.runtime.request import CommandFailed, EngineStopped, NotDurable
from lienthong.engine.store import StoreFailed, StoreRefused
from lienthong.engine.store.memory_store import MemoryStore
from lienthong.engine.store.read_model import ReadModel
from lienthong.engine.store.read_query import SearchRequest
from lienthong.engine.store.sqlite_store import SqliteStore


class GatedStore(MemoryStore):
    """Says when an append has begun, and ends it when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()
        self.may_end = threading.Event()
        self.may_end.set()

    def append(self, position: int, events: Sequence[Event]) -> None:
        self.begun.set()
        assert self.may_end.wait(20)
        super().append(position, events)


class FailingStore(MemoryStore):
    """A disk that is full for the next appends."""

    failures = 0

    def append(self, position: int, events: Sequence[Event]) -> None:
        if self.failures:
            self.failures -= 1
            raise StoreFailed("Expected to write to the log, but database or disk is full")
        super().append(position, events)


async def test_the_answer_comes_after_the_commit() -> None:
    store = GatedStore()
    async with engine_on(store) as engine:
        await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
        store.begun.clear()
        store.may_end.clear()
        answer = asyncio.create_task(engine.submit(creation_command("one-task")))
        assert await asyncio.to_thread(store.begun.wait, 20)
        assert not answer.done(), "answered before the store had the events"
        store.may_end.set()
        assert (await answer).reply is not None


async def test_commands_that_arrive_during_a_commit_share_the_next_one() -> None:
    store = GatedStore()
    async with engine_on(store) as engine:
        await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
        before = store.last_position()
        store.begun.clear()
        store.may_end.clear()
        answers = [asyncio.create_task(engine.submit(creation_command("one-task")))]
        assert await asyncio.to_thread(store.begun.wait, 20)
        answers += [asyncio.create_task(engine.submit(creation_command("one-task"))) for _ in range(20)]
        await asyncio.sleep(0)
        store.may_end.set()
        await asyncio.gather(*answers)
        assert store.last_position() == before + 2


async def test_a_caller_that_has_gone_does_not_harm_its_group() -> None:
    store = GatedStore()
    async with engine_on(store) as engine:
        await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
        store.begun.clear()
        store.may_end.clear()
        answers = [asyncio.create_task(engine.submit(creation_command("one-task"))) for _ in range(3)]
        assert await asyncio.to_thread(store.begun.wait, 20)
        answers[1].cancel()
        store.may_end.set()
        kept = [await answers[0], await answers[2]]
        assert all(outcome.reply for outcome in kept)
        assert len(list(engine.state.process_instances())) == 3


async def test_a_failed_commit_is_told_to_everybody_and_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lienthong.engine.runtime.engine.FAULT_PAUSE_SECONDS", 0.0)
    store = FailingStore()
    async with engine_on(store) as engine:
        await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
        store.failures = 1
        results = await asyncio.gather(
            *(engine.submit(creation_command("one-task")) for _ in range(5)), return_exceptions=True
        )
        assert [type(each) for each in results] == [NotDurable] * 5
        assert list(engine.state.process_instances()) == []
        await engine.submit(creation_command("one-task"))
        assert len(list(engine.state.process_instances())) == 1
        assert replayed(store) == engine.state


async def test_a_store_that_cannot_be_read_again_stops_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lienthong.engine.runtime.engine.FAULT_PAUSE_SECONDS", 0.0)
    store = FailingStore()
    async with engine_on(store) as engine:
        await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
        store.failures = 1
        monkeypatch.setattr(store, "rows_after", lambda position: 1 / 0)
        with pytest.raises(NotDurable):
            await engine.submit(creation_command("one-task"))
        await engine.stopped.wait()
        assert isinstance(engine.failure, ZeroDivisionError)
        with pytest.raises(EngineStopped):
            await engine.submit(creation_command("one-task"))


async def test_a_bug_in_one_command_is_answered_and_the_state_is_the_log_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from lienthong.engine.runtime import group

    real = group.process

    def broken(state: State, command: Command, now_ms: int) -> object:
        if command.value.get("bpmnProcessId") == "broken":
            state.elements.clear()
            raise RuntimeError("a bug")
        return real(state, command, now_ms)

    monkeypatch.setattr(group, "process", broken)
    store = MemoryStore()
    async with engine_on(store) as engine:
        await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
        await engine.submit(creation_command("one-task"))
        good, bad, after = await asyncio.gather(
            engine.submit(creation_command("one-task")),
            engine.submit(creation_command("broken")),
            engine.submit(creation_command("one-task")),
            return_exceptions=True,
        )
        assert isinstance(bad, CommandFailed)
        assert not isinstance(good, BaseException)
        assert not isinstance(after, BaseException)
        assert len(list(engine.state.process_instances())) == 3
        assert replayed(store) == engine.state


def replayed(store: MemoryStore) -> State:
    state = State()
    for row in store.rows_after(0):
        for event in row.events:
            apply(state, event)
    return state


# restarts


async def test_a_restarted_engine_goes_on_where_it_was(tmp_path: Path) -> None:
    async with engine_on(SqliteStore(tmp_path), ReadModel(tmp_path)) as engine:
        await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
        await engine.submit(creation_command("one-task", code="H1"))
        before = engine.state
    async with engine_on(SqliteStore(tmp_path), ReadModel(tmp_path)) as engine:
        assert engine.state == before
        value = {"type": "work", "worker": "w", "timeoutMs": HOUR_MS, "maxJobsToActivate": 1}
        outcome = await engine.submit(Command(ValueType.JOB_BATCH, Intent.ACTIVATE, 0, value))
        assert outcome.reply is not None
        job = outcome.reply["jobs"][0]
        assert job["variables"] == {"code": "H1"}
        await engine.submit(Command(ValueType.JOB, Intent.COMPLETE, job["key"], {"variables": {}}))
        page = await engine.reader.ask(lambda model: model.search("process_instance", SearchRequest()))
        assert [item["state"] for item in page.items] == ["COMPLETED"]


async def test_snapshots_shorten_the_log_and_keep_finished_instances_readable(tmp_path: Path) -> None:
    async with engine_on(SqliteStore(tmp_path), ReadModel(tmp_path), snapshot_events=50) as engine:
        await engine.submit(deployment_command("a.bpmn", edge_models.no_task()))
        for _ in range(30):
            await engine.submit(creation_command("no-task"))
        await engine.submit(deployment_command("b.bpmn", edge_models.one_task()))
        await engine.submit(creation_command("one-task"))
        before = engine.state
    store = SqliteStore(tmp_path)
    assert store.latest_snapshot() is not None
    assert len(list(store.rows_after(0))) < 20
    async with engine_on(store, ReadModel(tmp_path)) as engine:
        assert engine.state == before
        finished = SearchRequest({"state": "COMPLETED"})
        page = await engine.reader.ask(lambda model: model.search("process_instance", finished))
        assert page.total == 30


async def test_a_read_model_that_fell_behind_catches_up_from_the_log(tmp_path: Path) -> None:
    store = MemoryStore()
    async with engine_on(store) as engine:
        await engine.submit(deployment_command("a.bpmn", edge_models.no_task()))
        await engine.submit(creation_command("no-task"))
    async with engine_on(store, ReadModel(tmp_path)) as engine:
        page = await engine.reader.ask(lambda model: model.search("process_instance", SearchRequest()))
        assert page.total == 1


# the clock


async def test_a_pinned_clock_survives_and_moves_timers(tmp_path: Path) -> None:
    start = 1_800_000_000_000
    async with engine_on(SqliteStore(tmp_path), ReadModel(tmp_path)) as engine:
        await engine.pin_clock(start)
        await engine.submit(deployment_command("t.bpmn", edge_models.timer()))
        await engine.submit(creation_command("timer"))
    async with engine_on(SqliteStore(tmp_path), ReadModel(tmp_path)) as engine:
        assert engine.clock.now_ms() == start
        await engine.pin_clock(start + HOUR_MS - 1)
        assert len(list(engine.state.process_instances())) == 1
        await engine.pin_clock(start + HOUR_MS)
        assert list(engine.state.process_instances()) == []
        await engine.pin_clock(None)
        assert engine.clock.pinned_ms is None


async def test_a_timer_wakes_the_engine_by_itself() -> None:
    async with engine_on(MemoryStore()) as engine:
        await engine.submit(deployment_command("t.bpmn", edge_models.timer(duration="PT0.05S")))
        completed = asyncio.Event()
        engine.listen(
            lambda facts: (
                completed.set()
                if any(
                    intent is Intent.ELEMENT_COMPLETED and value["elementId"] == "timer"
                    for _, intent, _, value, _ in facts
                )
                else None
            )
        )
        await engine.submit(creation_command("timer"))
        await asyncio.wait_for(completed.wait(), 20)


async def test_a_rejection_is_answered_without_a_commit() -> None:
    store = MemoryStore()
    async with engine_on(store) as engine:
        outcome = await engine.submit(creation_command("nowhere"))
        assert outcome.rejection is not None
        assert outcome.rejection.type is RejectionType.NOT_FOUND
        assert store.last_position() == 0


async def test_a_read_model_that_misses_what_the_log_forgot_is_refused(tmp_path: Path) -> None:
    async with engine_on(SqliteStore(tmp_path), ReadModel(tmp_path), snapshot_events=20) as engine:
        await engine.submit(deployment_command("a.bpmn", edge_models.no_task()))
        for _ in range(10):
            await engine.submit(creation_command("no-task"))
    with pytest.raises(StoreRefused, match="read model"):
        async with engine_on(SqliteStore(tmp_path), ReadModel()):
            pass


async def test_a_read_model_of_another_log_is_refused(tmp_path: Path) -> None:
    async with engine_on(MemoryStore(), ReadModel(tmp_path)) as engine:
        await engine.submit(deployment_command("a.bpmn", edge_models.no_task()))
    with pytest.raises(StoreRefused, match="read model"):
        async with engine_on(MemoryStore(), ReadModel(tmp_path)):
            pass


async def test_a_large_state_is_written_less_often_than_a_small_one() -> None:
    async with engine_on(MemoryStore(), snapshot_events=100) as engine:
        await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
        small = engine._enough_events()
        for number in range(40):
            await engine.submit(creation_command("one-task", n=number))
        assert small == 100
        assert 100 < engine._enough_events() < 1_500_000
