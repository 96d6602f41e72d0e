"""Batch operations: one command for each thing that a filter finds, worked in the background.

Items are submitted by the dozen, so they share commits; between two dozens the batch looks whether it
was suspended or canceled. After a restart unfinished batches go on with the items that are still open.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from lienthong.engine.core.process import process
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Command, Intent, ValueType
from lienthong.engine.rest import request_mapper
from lienthong.engine.rest.batch_store import UNFINISHED, Batch, BatchStore, Item
from lienthong.engine.rest.edge import Body, Edge
from lienthong.engine.rest.error_mapper import BadRequest, CommandRejected, Conflict, NotFound
from lienthong.engine.rest.moves import moves
from lienthong.engine.runtime.request import CommandFailed, EngineOverloaded, EngineStopped, NotDurable
from lienthong.engine.store import StoreFailed

TOGETHER = 24
PAGE = 10_000
MOST_ITEMS = 200_000
MOST_TRIED = 1_000
LARGEST_TRIED_STATE = 50_000  # elements; a dry run copies the state, and the copy holds the engine up
PAUSE_SECONDS = 0.5
CANCEL, RESOLVE = "CANCEL_PROCESS_INSTANCE", "RESOLVE_INCIDENT"
DELETE, DELETE_DECISION = "DELETE_PROCESS_INSTANCE", "DELETE_DECISION_INSTANCE"
ENDED = ("COMPLETED", "TERMINATED")
MIGRATE, MODIFY = "MIGRATE_PROCESS_INSTANCE", "MODIFY_PROCESS_INSTANCE"
logger = logging.getLogger(__name__)


async def find_items(edge: Edge, kind: str, wanted: Body) -> list[Item]:
    """Everything that the filter finds and that the operation can be meant for."""
    if kind == DELETE_DECISION:
        rows = await _all(edge, "decision_instance", wanted)
        evaluations = {int(row["decisionEvaluationKey"]): int(row["processInstanceKey"] or 0) for row in rows}
        return [Item(key, instance, instance) for key, instance in evaluations.items()]
    usual: Any = {"$in": list(ENDED)} if kind == DELETE else "ACTIVE"
    found: Body = {**wanted, "state": wanted.get("state") or usual}
    if kind == CANCEL:
        found["parentProcessInstanceKey"] = wanted.get("parentProcessInstanceKey") or {"$exists": False}
    instances = await _all(edge, "process_instance", found)
    if kind != RESOLVE:
        return [_item(each, "processInstanceKey") for each in instances]
    items: list[Item] = []
    keys = [int(each["processInstanceKey"]) for each in instances]
    for start in range(0, len(keys), 500):
        among = {"processInstanceKey": {"$in": keys[start : start + 500]}, "state": "ACTIVE"}
        items += [_item(each, "incidentKey") for each in await _all(edge, "incident", among)]
    return items


def _item(row: Body, name: str) -> Item:
    instance = int(row["processInstanceKey"])
    return Item(int(row[name]), instance, int(row["rootProcessInstanceKey"] or instance))


async def _all(edge: Edge, kind: str, wanted: Body) -> list[Body]:
    rows: list[Body] = []
    cursor: str | None = None
    while True:
        page: Body = {"limit": PAGE} | ({"after": cursor} if cursor else {})
        found = await edge.search(kind, {"filter": wanted, "page": page})
        rows += found.items
        if len(rows) > MOST_ITEMS:
            raise BadRequest(f"Expected a filter that finds at most {MOST_ITEMS} items, but it finds {found.total}")
        if len(found.items) < PAGE:
            return rows
        cursor = found.end_cursor


async def commands(edge: Edge, kind: str, plan: Body, item: Item) -> list[Command]:
    """What one item needs, in order."""
    if kind == CANCEL:
        return [Command(ValueType.PROCESS_INSTANCE, Intent.CANCEL, item.key)]
    if kind == MIGRATE:
        return [request_mapper.migrate(item.key, plan["migrationPlan"])]
    if kind == MODIFY:
        instructions = [
            {
                "sourceElementInstruction": {"sourceElementId": each["sourceElementId"]},
                "targetElementId": each["targetElementId"],
            }
            for each in plan["moveInstructions"]
        ]
        return [request_mapper.modify(item.key, *await moves(edge, item.key, instructions))]
    incident = await edge.get("incident", item.key)
    again: list[Command] = []
    if incident["errorType"] == "JOB_NO_RETRIES" and incident["jobKey"]:
        again = [Command(ValueType.JOB, Intent.UPDATE_RETRIES, int(incident["jobKey"]), {"retries": 1})]
    return [*again, Command(ValueType.INCIDENT, Intent.RESOLVE, item.key)]


async def delete(edge: Edge, kind: str, key: int) -> None:
    """Delete what is kept of one ended process instance and all that it called, or of one evaluation; for good."""
    if kind == DELETE_DECISION:
        await edge.engine.reader.forget([], [key])
        return
    await _check_ended(edge, key)
    await edge.engine.reader.forget([key], [])


async def _check_ended(edge: Edge, key: int) -> None:
    state = (await edge.get("process_instance", key))["state"]
    if state not in ENDED:
        raise Conflict(f"Expected process instance {key} to have ended, but it is {state}")


async def dry_run(edge: Edge, kind: str, plan: Body, items: list[Item]) -> Body:
    """What the batch would do: its items, and for the first of them whether the engine would take the command."""
    state = edge.engine.state
    tried = len(state.elements) <= LARGEST_TRIED_STATE
    copy = State.restore(state.snapshot()) if tried and items else None
    rows: list[Body] = []
    for item in items[:MOST_TRIED]:
        error = None if copy is None else await _refused(edge, copy, kind, plan, item)
        keys = {"itemKey": str(item.key), "processInstanceKey": str(item.process_instance_key)}
        rows.append({**keys, "accepted": None if copy is None else error is None, "errorMessage": error})
    return {"dryRun": True, "batchOperationType": kind, "operationsTotalCount": len(items), "items": rows}


async def _refused(edge: Edge, copy: State, kind: str, plan: Body, item: Item) -> str | None:
    try:
        if kind == DELETE:
            await _check_ended(edge, item.key)
        if kind in (DELETE, DELETE_DECISION):
            return None
        for command in await commands(edge, kind, plan, item):
            outcome = process(copy, command, edge.engine.clock.now_ms())
            if outcome.rejection is not None:
                return outcome.rejection.reason
    except (BadRequest, NotFound, Conflict) as error:
        return str(error)
    return None


class BatchOperations:
    """All batches of an engine, and the tasks that work them."""

    def __init__(self, edge: Edge, store: BatchStore) -> None:
        self._edge = edge
        self.store = store
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def resume_all(self) -> None:
        """After a start: go on with what is unfinished."""
        for key in self.store.unfinished():
            self._work(key)

    def create(self, kind: str, plan: Body, items: list[Item]) -> int:
        """A new batch; it begins at once."""
        key = self.store.create(kind, plan, items, self._now())
        self._work(key)
        return key

    def change(self, key: int, state: str) -> None:
        """Suspend, resume (`ACTIVE`) or cancel a batch."""
        batch = self.store.batch(key)
        if batch is None:
            raise NotFound(f"Expected to find batch operation {key}, but there is none")
        if batch.state not in (("SUSPENDED",) if state == "ACTIVE" else UNFINISHED):
            raise Conflict(f"Expected a batch operation that can become {state}, but {key} is {batch.state}")
        self.store.turn(key, state, self._now() if state == "CANCELED" else None)
        if state == "ACTIVE":
            self._work(key)

    async def stop(self) -> None:
        """Leave what is open for the next start."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.store.close()

    def _now(self) -> int:
        return self._edge.engine.clock.now_ms()

    def _work(self, key: int) -> None:
        if key not in self._tasks:
            self._tasks[key] = asyncio.create_task(self._worked(key), name=f"batch-operation-{key}")

    async def _worked(self, key: int) -> None:
        try:
            while (batch := self.store.batch(key)) is not None and batch.state == "ACTIVE":
                items = self.store.waiting(key, TOGETHER)
                if not items:
                    self.store.turn(key, "COMPLETED", self._now())
                    return
                await asyncio.gather(*(self._do(batch, item) for item in items))
        except EngineStopped:
            return  # the items stay open for the next start
        except Exception:
            logger.exception("Batch operation %s fails", key)
            self.store.turn(key, "FAILED", self._now())
        finally:
            self._tasks.pop(key, None)

    async def _do(self, batch: Batch, item: Item) -> None:
        error: str | None = None
        try:
            if batch.type in (DELETE, DELETE_DECISION):
                await delete(self._edge, batch.type, item.key)
            else:
                for command in await commands(self._edge, batch.type, batch.plan, item):
                    await self._patiently(command)
        except (BadRequest, NotFound, Conflict, CommandRejected, CommandFailed, StoreFailed) as failure:
            error = str(failure)
        self.store.settle(batch.key, item, error, self._now())

    async def _patiently(self, command: Command) -> Any:
        while True:
            try:
                return await self._edge.do(command)
            except (EngineOverloaded, NotDurable):
                await asyncio.sleep(PAUSE_SECONDS)
