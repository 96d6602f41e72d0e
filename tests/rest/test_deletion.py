"""Deletion of history: what has ended goes for good, what runs stays."""

import asyncio
from typing import Any

import edge_models
from camunda_orchestration_sdk import CamundaAsyncClient
from camunda_orchestration_sdk import models as sdk


async def ended_and_running(rest: Any) -> tuple[str, str]:
    """A canceled instance with a variable, and one that runs."""
    await rest.deploy(("one.bpmn", edge_models.one_task()), ("fees.dmn", edge_models.DECISION))
    ended, running = await rest.create("one-task", amount=5), await rest.create("one-task", amount=6)
    assert (await rest.http.post(f"/process-instances/{ended}/cancellation")).status_code == 204
    return ended, running


async def test_an_ended_instance_goes_with_all_that_was_kept_of_it(rest: Any) -> None:
    ended, running = await ended_and_running(rest)
    assert (await rest.http.post(f"/process-instances/{running}/deletion")).status_code == 409
    assert (await rest.http.post(f"/process-instances/{ended}/deletion")).status_code == 204
    assert (await rest.http.get(f"/process-instances/{ended}")).status_code == 404
    assert (await rest.http.post(f"/process-instances/{ended}/deletion")).status_code == 404
    for kind in ("element-instances", "variables", "jobs"):
        assert {each["processInstanceKey"] for each in await rest.search(kind)} == {running}


async def test_a_batch_deletes_what_has_ended_and_leaves_what_runs(rest: Any) -> None:
    ended, running = await ended_and_running(rest)
    dry = await rest.http.post("/process-instances/deletion?dryRun=true", json={"filter": {}})
    assert [each["processInstanceKey"] for each in dry.json()["items"]] == [ended]
    async with CamundaAsyncClient(configuration={"CAMUNDA_REST_ADDRESS": rest.address}) as client:
        asked = sdk.ProcessInstanceDeletionBatchOperationRequest.from_dict({"filter": {}})
        made = await client.delete_process_instances_batch_operation(data=asked)
        assert made.batch_operation_type == "DELETE_PROCESS_INSTANCE"
    for _ in range(400):
        found = (await rest.http.get(f"/batch-operations/{made.batch_operation_key}")).json()
        if found["endDate"]:
            break
        await asyncio.sleep(0.01)
    assert (found["state"], found["operationsCompletedCount"], found["operationsFailedCount"]) == ("COMPLETED", 1, 0)
    assert [each["processInstanceKey"] for each in await rest.search("process-instances")] == [running]


async def test_an_evaluation_is_deleted_by_its_key(rest: Any) -> None:
    await ended_and_running(rest)
    [decision] = await rest.search("decision-definitions")
    body = {"decisionDefinitionId": decision["decisionDefinitionId"], "variables": {"area": 1}}
    for _ in range(2):
        assert (await rest.http.post("/decision-definitions/evaluation", json=body)).status_code == 200
    first, second = sorted({each["decisionEvaluationKey"] for each in await rest.search("decision-instances")})
    assert (await rest.http.post(f"/decision-instances/{first}/deletion")).status_code == 204
    assert (await rest.http.post(f"/decision-instances/{first}/deletion")).status_code == 404
    assert {each["decisionEvaluationKey"] for each in await rest.search("decision-instances")} == {second}
    reply = await rest.http.post("/decision-instances/deletion", json={"filter": {}})
    assert reply.json()["batchOperationType"] == "DELETE_DECISION_INSTANCE"
    for _ in range(400):
        if not await rest.search("decision-instances"):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("Expected the batch to delete the other evaluation")
