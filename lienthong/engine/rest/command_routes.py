"""Commands: map the body, submit, map the reply."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from lienthong.engine.protocol.records import Command, Intent, ValueType
from lienthong.engine.rest import request_mapper, response_mapper
from lienthong.engine.rest.edge import body_of, edge_of, json_reply, key_of
from lienthong.engine.rest.error_mapper import BadRequest, CommandRejected
from lienthong.engine.rest.moves import moves, terminations

LONG_POLL_SECONDS = 10.0
RESULT_SECONDS = 15.0
LARGEST_DEPLOYMENT = 4 * 1024 * 1024
router = APIRouter()


def _done() -> Response:
    return Response(status_code=204)


# process instances


@router.post("/process-instances")
async def create_process_instance(request: Request) -> Response:
    """Begin a process; with `awaitCompletion` wait for its end."""
    edge, body = edge_of(request), await body_of(request)
    command = request_mapper.create_process_instance(body)
    tags = command.value["tags"]
    if not body.get("awaitCompletion"):
        return json_reply(response_mapper.created(await edge.do(command), {}, tags))
    seconds = request_mapper.whole(body, "requestTimeout", 0) / 1000
    result = await edge.results.create(command, seconds if seconds > 0 else RESULT_SECONDS)
    if result.rejection is not None:
        raise CommandRejected(command, result.rejection)
    variables = orjson.loads(result.variables_text(body.get("fetchVariables") or ()))
    return json_reply(response_mapper.created(result.reply, variables, tags))


@router.post("/process-instances/{key}/cancellation")
async def cancel_process_instance(request: Request, key: str) -> Response:
    """End a process from outside."""
    await edge_of(request).do(Command(ValueType.PROCESS_INSTANCE, Intent.CANCEL, key_of(key)))
    return _done()


@router.post("/process-instances/{key}/migration")
async def migrate_process_instance(request: Request, key: str) -> Response:
    """Go on under another version."""
    await edge_of(request).do(request_mapper.migrate(key_of(key), await body_of(request)))
    return _done()


@router.post("/process-instances/{key}/modification")
async def modify_process_instance(request: Request, key: str) -> Response:
    """Begin, end and move elements from outside."""
    edge, body = edge_of(request), await body_of(request)
    instance = key_of(key)
    activate = [request_mapper.activation(each) for each in body.get("activateInstructions") or ()]
    terminate = await terminations(edge, instance, body.get("terminateInstructions") or [])
    moved_in, moved_out = await moves(edge, instance, body.get("moveInstructions") or [])
    await edge.do(request_mapper.modify(instance, activate + moved_in, terminate + moved_out))
    return _done()


@router.put("/element-instances/{key}/variables")
async def set_variables(request: Request, key: str) -> Response:
    """Variables from outside."""
    await edge_of(request).do(request_mapper.set_variables(key_of(key), await body_of(request)))
    return _done()


@router.post("/incidents/{key}/resolution")
async def resolve_incident(request: Request, key: str) -> Response:
    """Try the blocked step again."""
    await edge_of(request).do(Command(ValueType.INCIDENT, Intent.RESOLVE, key_of(key)))
    return _done()


# jobs


@router.post("/jobs/activation")
async def activate_jobs(request: Request) -> Response:
    """Jobs for a worker, at once or by long poll."""
    edge, body = edge_of(request), await body_of(request)
    wish = request_mapper.job_wish(body)
    timeout = request_mapper.whole(body, "requestTimeout", 0)
    if timeout < 0:
        jobs = await edge.dispatcher.activate_now(wish)
    else:
        jobs = await edge.dispatcher.activate(wish, timeout / 1000 if timeout else LONG_POLL_SECONDS)
    return json_reply({"jobs": [response_mapper.activated_job(job) for job in jobs]})


@router.post("/jobs/{key}/completion")
async def complete_job(request: Request, key: str) -> Response:
    """The job is done."""
    value = {"variables": request_mapper.variables(await body_of(request))}
    await edge_of(request).do(Command(ValueType.JOB, Intent.COMPLETE, key_of(key), value))
    return _done()


@router.post("/jobs/{key}/failure")
async def fail_job(request: Request, key: str) -> Response:
    """The job did not work."""
    await edge_of(request).do(request_mapper.fail_job(key_of(key), await body_of(request)))
    return _done()


@router.post("/jobs/{key}/error")
async def throw_error(request: Request, key: str) -> Response:
    """A business error."""
    await edge_of(request).do(request_mapper.throw_error(key_of(key), await body_of(request)))
    return _done()


@router.patch("/jobs/{key}")
async def update_job(request: Request, key: str) -> Response:
    """Another number of retries, another deadline."""
    for command in request_mapper.update_job(key_of(key), await body_of(request)):
        await edge_of(request).do(command)
    return _done()


# user tasks


@router.post("/user-tasks/{key}/assignment")
async def assign_user_task(request: Request, key: str) -> Response:
    """Give a task to somebody, or claim it."""
    await edge_of(request).do(request_mapper.assign_user_task(key_of(key), await body_of(request)))
    return _done()


@router.delete("/user-tasks/{key}/assignee")
async def unassign_user_task(request: Request, key: str) -> Response:
    """Put a task back."""
    await edge_of(request).do(Command(ValueType.USER_TASK, Intent.UNASSIGN, key_of(key), {"action": "unassign"}))
    return _done()


@router.patch("/user-tasks/{key}")
async def update_user_task(request: Request, key: str) -> Response:
    """Candidates, dates, priority."""
    await edge_of(request).do(request_mapper.update_user_task(key_of(key), await body_of(request)))
    return _done()


@router.post("/user-tasks/{key}/completion")
async def complete_user_task(request: Request, key: str) -> Response:
    """The work is done."""
    await edge_of(request).do(request_mapper.complete_user_task(key_of(key), await body_of(request)))
    return _done()


# messages, signals, decisions, resources


@router.post("/messages/publication")
async def publish_message(request: Request) -> Response:
    """A message for whoever waits, or will wait in its time to live."""
    reply = await edge_of(request).do(request_mapper.publish_message(await body_of(request)))
    return json_reply({"messageKey": str(reply["key"]), "tenantId": response_mapper.DEFAULT_TENANT})


@router.post("/messages/correlation")
async def correlate_message(request: Request) -> Response:
    """A message for somebody who waits now; 404 when nobody does."""
    reply = await edge_of(request).do(request_mapper.correlate_message(await body_of(request)))
    keys = {"messageKey": str(reply["key"]), "processInstanceKey": str(reply["processInstanceKey"])}
    return json_reply({**keys, "tenantId": response_mapper.DEFAULT_TENANT})


@router.post("/signals/broadcast")
async def broadcast_signal(request: Request) -> Response:
    """A signal for all who wait now."""
    reply = await edge_of(request).do(request_mapper.broadcast_signal(await body_of(request)))
    return json_reply({"signalKey": str(reply["key"]), "tenantId": response_mapper.DEFAULT_TENANT})


@router.post("/decision-definitions/evaluation")
async def evaluate_decision(request: Request) -> Response:
    """A decision outside any process."""
    reply = await edge_of(request).do(request_mapper.evaluate_decision(await body_of(request)))
    return json_reply(response_mapper.evaluated(reply))


@router.post("/deployments")
async def deploy(request: Request) -> Response:
    """Processes, decisions, forms as a multipart form; all or none."""
    resources: list[dict[str, Any]] = []
    async with request.form() as form:
        request_mapper.check_tenant({"tenantId": form.get("tenantId")})
        for upload in form.getlist("resources"):
            if not isinstance(upload, UploadFile):
                raise BadRequest("Expected files in 'resources', but got text")
            resources.append({"name": upload.filename or "", "content": await upload.read()})
    if sum(len(each["content"]) for each in resources) > LARGEST_DEPLOYMENT:
        raise BadRequest(f"Expected a deployment of at most {LARGEST_DEPLOYMENT} bytes")
    reply = await edge_of(request).do(Command(ValueType.DEPLOYMENT, Intent.CREATE, 0, {"resources": resources}))
    return json_reply(response_mapper.deployed(reply))


@router.post("/resources/{key}/deletion")
async def delete_resource(request: Request, key: str) -> Response:
    """A version that is not wanted any more."""
    await edge_of(request).do(Command(ValueType.RESOURCE_DELETION, Intent.DELETE, key_of(key)))
    return json_reply({"resourceKey": str(key_of(key)), "batchOperation": None})
