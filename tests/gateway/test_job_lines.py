"""Who gets a job, and what happens to jobs that do not reach their worker."""

import asyncio
from collections.abc import AsyncIterator

import edge_models
import pytest
from edge_engines import HOUR_MS, creation_command, deployment_command, engine_on

from lienthong.engine.protocol.records import Command, Intent, ValueType
from lienthong.engine.runtime.engine import Engine
from lienthong.engine.runtime.jobs import JobDispatcher, JobWish
from lienthong.engine.store.memory_store import MemoryStore

START_MS = 1_800_000_000_000


def wish(most: int = 1, worker: str = "w") -> JobWish:
    return JobWish("work", worker, HOUR_MS, most)


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    """An engine with a process of one job, at a pinned moment."""
    async with engine_on(MemoryStore()) as made:
        await made.pin_clock(START_MS)
        await made.submit(deployment_command("one.bpmn", edge_models.one_task()))
        yield made


async def test_the_first_in_line_is_served_first(engine: Engine) -> None:
    dispatcher = JobDispatcher(engine)
    polls = [asyncio.create_task(dispatcher.activate(wish(worker=f"w{n}"), 60)) for n in range(3)]
    await asyncio.sleep(0)
    assert dispatcher.waiting() == 3
    for poll in polls:
        await engine.submit(creation_command("one-task"))
        assert [job["worker"] for job in await poll] == [f"w{polls.index(poll)}"]


async def test_a_poll_that_gives_up_leaves_the_line(engine: Engine) -> None:
    dispatcher = JobDispatcher(engine)
    assert await dispatcher.activate(wish(), 0.01) == []
    assert dispatcher.waiting() == 0
    await engine.submit(creation_command("one-task"))
    assert len(await dispatcher.activate(wish(), 60)) == 1


async def test_a_job_given_back_is_available_at_once_and_loses_no_retry(engine: Engine) -> None:
    dispatcher = JobDispatcher(engine)
    await engine.submit(creation_command("one-task"))
    first = (await dispatcher.activate(wish(), 60))[0]
    waiting = asyncio.create_task(dispatcher.activate(wish(worker="next"), 60))
    await asyncio.sleep(0)
    dispatcher.give_back([first["key"]])
    again = (await asyncio.wait_for(waiting, 20))[0]
    assert (again["key"], again["retries"], again["worker"]) == (first["key"], 3, "next")


async def test_a_batch_is_over_when_its_jobs_are(engine: Engine) -> None:
    dispatcher = JobDispatcher(engine)
    for _ in range(4):
        await engine.submit(creation_command("one-task"))
    keys = [job["key"] for job in await dispatcher.activate(wish(4), 60)]
    batch = dispatcher.watch(keys)
    half = asyncio.create_task(batch.at_most(2))
    await engine.submit(Command(ValueType.JOB, Intent.COMPLETE, keys[0], {"variables": {}}))
    await asyncio.sleep(0)
    assert not half.done()
    await engine.submit(Command(ValueType.JOB, Intent.FAIL, keys[1], {"retries": 1}))
    await asyncio.wait_for(half, 20)
    dispatcher.unwatch(batch)


async def test_a_closed_line_serves_nobody(engine: Engine) -> None:
    dispatcher = JobDispatcher(engine)
    waiting = asyncio.create_task(dispatcher.activate(wish(), 60))
    await asyncio.sleep(0)
    dispatcher.close()
    assert await waiting == []
    assert await dispatcher.activate(wish(), 60) == []
