"""A real engine in memory behind its real ports, in a thread, and two versions of a small procedure."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from lienthong.engine.runtime.serve import running
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


@contextmanager
def served() -> Iterator[OrchestrationClient]:
    """A client of an engine that runs while the block does."""
    ready, stop, ports = threading.Event(), asyncio.Event(), [0, 0]
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with running(None) as engine:
            ports[:] = [engine.grpc_port, engine.rest_port]
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(20)
    client = OrchestrationClient(f"127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}")
    try:
        yield client
    finally:
        client.close()
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()


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
