"""Batch operations: one command for each thing that a filter finds; the vendor's client reads every reply."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import edge_models
import httpx
import pytest
from camunda_orchestration_sdk import CamundaAsyncClient
from camunda_orchestration_sdk import models as sdk

from lienthong.engine.rest import batches
from lienthong.engine.rest.batch_store import BatchStore, Item
from lienthong.engine.runtime.serve import running


@pytest.fixture
async def client(rest: Any) -> Any:
    """The vendor's client of a busy engine."""
    await rest.deploy_all()
    async with CamundaAsyncClient(configuration={"CAMUNDA_REST_ADDRESS": rest.address}) as made:
        yield made


async def ended(rest: Any, key: str) -> dict[str, Any]:
    """The batch once nothing of it is open."""
    for _ in range(400):
        found: dict[str, Any] = (await rest.http.get(f"/batch-operations/{key}")).json()
        if found["endDate"] is not None:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError(f"Expected batch {key} to end, but it is {found}")


async def begin(rest: Any, act: str, **body: Any) -> str:
    """The key of a new batch."""
    reply = await rest.http.post(f"/process-instances/{act}", json=body)
    assert reply.status_code == 200, reply.text
    return str(reply.json()["batchOperationKey"])


async def states(rest: Any) -> dict[str, str]:
    """The state of every instance."""
    return {each["processInstanceKey"]: each["state"] for each in await rest.search("process-instances")}


async def test_a_cancellation_touches_what_the_filter_finds_and_nothing_else(client: Any, rest: Any) -> None:
    timers = [await rest.create("timer") for _ in range(60)]
    other = await rest.create("one-task")
    made = await client.cancel_process_instances_batch_operation(
        data=sdk.ProcessInstanceCancellationBatchOperationRequest.from_dict(
            {"filter": {"processDefinitionId": "timer"}}
        )
    )
    assert made.batch_operation_type == "CANCEL_PROCESS_INSTANCE"
    await ended(rest, made.batch_operation_key)
    found = await client.get_batch_operation(batch_operation_key=made.batch_operation_key)
    assert (found.state, found.operations_total_count) == ("COMPLETED", 60)
    assert (found.operations_completed_count, found.operations_failed_count) == (60, 0)
    assert await states(rest) == {
        **dict.fromkeys(timers, "TERMINATED"),
        other: "ACTIVE",
    }
    query = sdk.BatchOperationItemSearchQuery.from_dict(
        {"filter": {"batchOperationKey": made.batch_operation_key, "state": "COMPLETED"}, "page": {"limit": 50}}
    )
    page = await client.search_batch_operation_items(data=query)
    assert (len(page.items), page.page.total_items) == (50, 60)
    assert {each.item_key for each in page.items} <= set(timers)
    assert (await client.search_batch_operations()).items[0].batch_operation_key == made.batch_operation_key


async def test_a_dry_run_says_what_would_happen_and_does_nothing(rest: Any) -> None:
    await rest.deploy_all()
    await rest.create("timer")
    body = {"filter": {"processDefinitionId": "timer"}}
    reply = (await rest.http.post("/process-instances/cancellation?dryRun=true", json=body)).json()
    assert (reply["operationsTotalCount"], [each["accepted"] for each in reply["items"]]) == (1, [True])
    target = (await rest.search("process-definitions", filter={"processDefinitionId": "one-task"}))[0]
    plan = {"targetProcessDefinitionKey": target["processDefinitionKey"], "mappingInstructions": []}
    more = {**body, "migrationPlan": plan}
    reply = (await rest.http.post("/process-instances/migration?dryRun=true", json=more)).json()
    assert [each["accepted"] for each in reply["items"]] == [False]
    assert "wait" in reply["items"][0]["errorMessage"]
    assert set((await states(rest)).values()) == {"ACTIVE"}
    assert await rest.search("batch-operations") == []


async def test_incidents_of_many_instances_are_resolved_and_their_jobs_run_again(client: Any, rest: Any) -> None:
    for _ in range(3):
        await rest.create("one-task")
    wish = {"type": "work", "timeout": 60000, "maxJobsToActivate": 10}
    for job in (await rest.http.post("/jobs/activation", json=wish)).json()["jobs"]:
        await rest.http.post(f"/jobs/{job['jobKey']}/failure", json={"retries": 0, "errorMessage": "down"})
    one = (await rest.search("incidents"))[0]["processInstanceKey"]
    made = await client.resolve_process_instance_incidents(process_instance_key=one)
    assert (await ended(rest, made.batch_operation_key))["operationsCompletedCount"] == 1
    key = await begin(rest, "incident-resolution", filter={"processDefinitionId": "one-task"})
    assert (await ended(rest, key))["operationsCompletedCount"] == 2
    assert [each["state"] for each in await rest.search("incidents")] == ["RESOLVED"] * 3
    assert len((await rest.http.post("/jobs/activation", json=wish)).json()["jobs"]) == 3


async def test_many_instances_are_migrated_and_moved_and_a_refusal_is_an_item_that_failed(
    client: Any, rest: Any
) -> None:
    for _ in range(2):
        await rest.create("timer")
    await rest.deploy(("timer.bpmn", edge_models.timer(duration="PT2H")))
    newest = (await rest.search("process-definitions", filter={"processDefinitionId": "timer", "version": 2}))[0]
    plan = {
        "targetProcessDefinitionKey": newest["processDefinitionKey"],
        "mappingInstructions": [{"sourceElementId": "wait", "targetElementId": "wait"}],
    }
    key = await begin(rest, "migration", filter={"processDefinitionId": "timer"}, migrationPlan=plan)
    assert (await ended(rest, key))["operationsCompletedCount"] == 2
    found = await rest.search("process-instances", filter={"processDefinitionId": "timer"})
    assert [each["processDefinitionVersion"] for each in found] == [2, 2]
    wrong = [{"sourceElementId": "nowhere", "targetElementId": "end"}]
    key = await begin(rest, "modification", filter={"processDefinitionId": "timer"}, moveInstructions=wrong)
    assert (await ended(rest, key))["operationsFailedCount"] == 2
    items = await rest.search("batch-operation-items", filter={"batchOperationKey": key})
    assert all("nowhere" in str(each["errorMessage"]) for each in items)
    moves = [{"sourceElementId": "wait", "targetElementId": "end"}]
    key = await begin(rest, "modification", filter={"processDefinitionId": "timer"}, moveInstructions=moves)
    assert (await ended(rest, key))["operationsCompletedCount"] == 2
    assert set((await states(rest)).values()) == {"COMPLETED"}


async def test_a_batch_is_suspended_resumed_and_canceled(
    client: Any, rest: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, commands = asyncio.Event(), batches.commands

    async def held(*arguments: Any) -> Any:
        await gate.wait()
        return await commands(*arguments)

    monkeypatch.setattr(batches, "commands", held)
    for _ in range(5):
        await rest.create("timer")
    key = await begin(rest, "cancellation", filter={})
    await client.suspend_batch_operation(batch_operation_key=key, data=None)
    assert (await client.get_batch_operation(batch_operation_key=key)).state == "SUSPENDED"
    assert (await rest.http.post(f"/batch-operations/{key}/suspension")).status_code in (204, 409)
    await client.resume_batch_operation(batch_operation_key=key, data=None)
    await client.suspend_batch_operation(batch_operation_key=key, data=None)
    await client.cancel_batch_operation(batch_operation_key=key, data=None)
    found = await client.get_batch_operation(batch_operation_key=key)
    assert found.state == "CANCELED"
    gate.set()
    assert (await rest.http.post(f"/batch-operations/{key}/resumption")).status_code == 409
    assert (await rest.http.post("/batch-operations/1/suspension")).status_code == 404


@contextlib.asynccontextmanager
async def engine_in(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Plain HTTP to a durable engine."""
    async with running(folder) as served, httpx.AsyncClient(base_url=f"http://127.0.0.1:{served.rest_port}/v2") as http:
        yield http


async def test_an_open_batch_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with engine_in(tmp_path) as http:
        await http.post("/deployments", files=[("resources", ("t.bpmn", edge_models.timer()))])
        made = await http.post("/process-instances", json={"processDefinitionId": "timer"})
        instance = int(made.json()["processInstanceKey"])
    left = BatchStore(tmp_path)
    key = left.create("CANCEL_PROCESS_INSTANCE", {}, [Item(instance, instance, instance)], 0)
    left.close()
    async with engine_in(tmp_path) as http:
        for _ in range(400):
            found = (await http.get(f"/batch-operations/{key}")).json()
            if found["state"] == "COMPLETED":
                break
            await asyncio.sleep(0.01)
        assert found["operationsCompletedCount"] == 1
        assert (await http.get(f"/process-instances/{instance}")).json()["state"] == "TERMINATED"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("cancellation", {}),
        ("cancellation", {"filter": []}),
        ("migration", {"filter": {}}),
        ("migration", {"filter": {}, "migrationPlan": {}}),
        ("modification", {"filter": {}, "moveInstructions": [{}]}),
        ("cancellation", {"filter": {"nothing": 1}}),
    ],
)
async def test_a_batch_that_is_not_whole_is_refused(rest: Any, path: str, body: Any) -> None:
    reply = await rest.http.post(f"/process-instances/{path}", json=body)
    assert (reply.status_code, reply.headers["content-type"]) == (400, "application/problem+json")
