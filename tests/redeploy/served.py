"""A real engine in memory behind its real ports, in a thread, and two versions of a small procedure."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lienthong.engine.runtime.retention import Retention
from lienthong.engine.runtime.serve import Served, running
from lienthong.orchestration.client import OrchestrationClient
from tests.engine.model_text import boundary, end, gateway, model, start, tag, user

TIMER = tag("bpmn:timerEventDefinition", tag("bpmn:timeDuration", "P5D"))
GROUPS = '<zeebe:assignmentDefinition candidateGroups="=[&quot;officer&quot;]"/>'
OLD_FLOWS = ["start>fork>appraise>join", "fork>check>join>decide>end", "late>escalated"]
NEW_FLOWS = ["start>fork>appraise>join", "fork>verify>join>decide>inspect>end", "late>escalated"]


def licence(*middle: str, flows: list[str], limit: str = "P5D") -> bytes:
    """The procedure: two tasks beside each other, then a decision."""
    timer = TIMER.replace("P5D", limit)
    elements = (
        start(),
        gateway("parallel", "fork"),
        user("appraise", GROUPS),
        boundary("late", "appraise", timer, interrupting=False),
    )
    ends = (end("escalated"), gateway("parallel", "join"), user("decide"), *middle, end())
    drawn = model(*elements, *ends, flows=flows, id_="licence")
    return b'<?xml version="1.0" encoding="UTF-8"?>' + drawn.replace(b' id="definitions"', b' id="definitions_1"')


OLD = licence(user("check"), flows=OLD_FLOWS)
NEW = licence(user("verify"), user("inspect"), flows=NEW_FLOWS, limit="P3D")


@dataclass(frozen=True)
class ServedEngine:
    """An engine in a thread of its own, and a client of it."""

    client: OrchestrationClient
    engine: Served
    loop: asyncio.AbstractEventLoop

    def archive_all(self) -> int:
        """Move everything that has ended to the archive; how many call hierarchies."""
        retention = Retention(self.engine.engine, after_days=0)
        moved: Future[int] = asyncio.run_coroutine_threadsafe(retention.archive_now(), self.loop)
        return moved.result(20)


@contextmanager
def served_engine(directory: Path | None = None) -> Iterator[ServedEngine]:
    """An engine (in memory, or on a directory) that runs while the block does."""
    ready, stop, found = threading.Event(), asyncio.Event(), list[Served]()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with running(directory) as engine:
            found.append(engine)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(20)
    engine = found[0]
    client = OrchestrationClient(f"127.0.0.1:{engine.grpc_port}", f"http://127.0.0.1:{engine.rest_port}")
    try:
        yield ServedEngine(client, engine, loop)
    finally:
        client.close()
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()


@contextmanager
def served() -> Iterator[OrchestrationClient]:
    """A client of an engine in memory that runs while the block does."""
    with served_engine() as engine:
        yield engine.client


def task_of(client: OrchestrationClient, instance: str, element_id: str) -> str:
    """The open user task of an element."""
    wanted = {"processInstanceKey": instance, "elementId": element_id, "state": "CREATED"}
    (found,) = client.search_user_tasks(wanted)
    return str(found["userTaskKey"])


def started(client: OrchestrationClient, count: int) -> list[str]:
    """Instances of the old version: every third still open on both sides, the others waiting at the join or behind."""
    client.deploy([("demo/licence.bpmn", OLD)])
    keys = [str(client.create_process_instance("licence")["processInstanceKey"]) for _ in range(count)]
    for index, key in enumerate(keys):
        if index % 3:
            client.complete_user_task(task_of(client, key, "check"))
        if index % 3 == 2:
            client.complete_user_task(task_of(client, key, "appraise"))
    return keys
