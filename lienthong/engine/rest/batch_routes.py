"""Batch operations over a filter; `?dryRun=true` (ours) says what would happen, and does nothing."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from lienthong.engine.rest import batches
from lienthong.engine.rest.edge import Body, body_of, edge_of, json_reply, key_of, search_request
from lienthong.engine.rest.error_mapper import BadRequest, NotFound
from lienthong.engine.rest.request_mapper import needed

router = APIRouter()


def _operations(request: Request) -> batches.BatchOperations:
    found: Any = request.app.state.batches
    assert isinstance(found, batches.BatchOperations)
    return found


async def _begin(request: Request, kind: str, body: Body, wanted: Body) -> Response:
    edge = edge_of(request)
    items = await batches.find_items(edge, kind, wanted)
    if request.query_params.get("dryRun", "false").lower() == "true":
        return json_reply(await batches.dry_run(edge, kind, body, items))
    key = _operations(request).create(kind, body, items)
    return json_reply({"batchOperationKey": str(key), "batchOperationType": kind})


def _filter(body: Body) -> Body:
    wanted = body.get("filter")
    if not isinstance(wanted, dict):
        raise BadRequest("Expected 'filter' to be a JSON object, but it is missing or something else")
    return wanted


@router.post("/process-instances/cancellation")
async def cancel_many(request: Request) -> Response:
    """Cancel all root instances that the filter finds."""
    body = await body_of(request)
    return await _begin(request, batches.CANCEL, body, _filter(body))


@router.post("/process-instances/incident-resolution")
async def resolve_many(request: Request) -> Response:
    """Resolve the incidents of all instances that the filter finds; a job without retries gets one."""
    body = await body_of(request)
    return await _begin(request, batches.RESOLVE, body, _filter(body))


@router.post("/process-instances/{key}/incident-resolution")
async def resolve_of_one(request: Request, key: str) -> Response:
    """Resolve all incidents of one instance."""
    await edge_of(request).get("process_instance", key_of(key))
    return await _begin(request, batches.RESOLVE, {}, {"processInstanceKey": key_of(key)})


@router.post("/process-instances/migration")
async def migrate_many(request: Request) -> Response:
    """Migrate all instances that the filter finds by one plan."""
    body = await body_of(request)
    plan = needed(body, "migrationPlan")
    needed(plan, "targetProcessDefinitionKey")
    return await _begin(request, batches.MIGRATE, body, _filter(body))


@router.post("/process-instances/modification")
async def modify_many(request: Request) -> Response:
    """Move the tokens of all instances that the filter finds."""
    body = await body_of(request)
    for instruction in needed(body, "moveInstructions"):
        needed(instruction, "sourceElementId")
        needed(instruction, "targetElementId")
    return await _begin(request, batches.MODIFY, body, _filter(body))


@router.post("/process-instances/deletion")
async def delete_many(request: Request) -> Response:
    """Delete what is kept of all ended instances that the filter finds."""
    body = await body_of(request)
    return await _begin(request, batches.DELETE, body, _filter(body))


@router.post("/process-instances/{key}/deletion")
async def delete_one(request: Request, key: str) -> Response:
    """Delete what is kept of one ended instance; 409 while it runs."""
    await batches.delete(edge_of(request), batches.DELETE, key_of(key))
    return Response(status_code=204)


@router.post("/decision-instances/deletion")
async def delete_evaluations(request: Request) -> Response:
    """Delete what is kept of all evaluations that the filter finds."""
    body = await body_of(request)
    return await _begin(request, batches.DELETE_DECISION, body, _filter(body))


@router.post("/decision-instances/{key}/deletion")
async def delete_evaluation(request: Request, key: str) -> Response:
    """Delete what is kept of one evaluation."""
    edge, evaluation = edge_of(request), key_of(key)
    if not (await edge.search("decision_instance", {"filter": {"decisionEvaluationKey": evaluation}})).items:
        raise NotFound(f"Expected to find decision evaluation {key}, but there is none")
    await batches.delete(edge, batches.DELETE_DECISION, evaluation)
    return Response(status_code=204)


@router.post("/batch-operations/search")
async def search_batches(request: Request) -> Response:
    """Batches, running and ended."""
    wanted = search_request(await body_of(request))
    return json_reply(_operations(request).store.search("batch_operation", wanted).as_json())


@router.post("/batch-operation-items/search")
async def search_items(request: Request) -> Response:
    """What became of every single item."""
    wanted = search_request(await body_of(request))
    return json_reply(_operations(request).store.search("batch_operation_item", wanted).as_json())


@router.get("/batch-operations/{key}")
async def get_batch(request: Request, key: str) -> Response:
    """One batch."""
    found = _operations(request).store.get(key_of(key))
    if found is None:
        raise NotFound(f"Expected to find batch operation {key}, but there is none")
    return json_reply(found)


@router.post("/batch-operations/{key}/{act}")
async def change_batch(request: Request, key: str, act: str) -> Response:
    """`suspension`, `resumption` or `cancellation`."""
    states = {"suspension": "SUSPENDED", "resumption": "ACTIVE", "cancellation": "CANCELED"}
    if act not in states:
        raise NotFound(f"Expected suspension, resumption or cancellation of a batch operation, but got '{act}'")
    _operations(request).change(key_of(key), states[act])
    return Response(status_code=204)
