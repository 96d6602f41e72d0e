"""gRPC requests become commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from lienthong.engine.gateway.error_mapper import BadRequest
from lienthong.engine.protocol.records import Command, Intent, Value, ValueType
from lienthong.engine.runtime.jobs import JobWish

DEFAULT_TENANT = "<default>"
LONG_POLL_SECONDS = 10.0
RESULT_SECONDS = 15.0


def variables_of(text: str) -> Value:
    """The JSON object of a `variables` field; blank means none."""
    if not text or text.isspace():
        return {}
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"Expected variables to be a JSON object, but they are not JSON: {error}") from error
    if not isinstance(value, dict):
        raise BadRequest(f"Expected the root of variables to be a JSON object, but it is {type(value).__name__}")
    return value


def check_tenants(tenant_ids: Sequence[str]) -> None:
    """This engine has one tenant."""
    for tenant_id in tenant_ids:
        if tenant_id not in ("", DEFAULT_TENANT):
            raise BadRequest(
                f"Expected no tenant but {DEFAULT_TENANT}, as multi-tenancy is disabled, but got '{tenant_id}'"
            )


def job_wish(request: Any) -> JobWish:
    """ActivateJobs and StreamActivatedJobs."""
    check_tenants(request.tenantIds)
    if not request.type.strip():
        raise BadRequest("Expected the type of jobs to activate, but it is blank")
    if request.timeout < 1:
        raise BadRequest(f"Expected a timeout of at least 1 ms, but it is {request.timeout}")
    most = getattr(request, "maxJobsToActivate", 1)
    if most < 1:
        raise BadRequest(f"Expected to activate at least 1 job, but got {most}")
    return JobWish(request.type, request.worker, request.timeout, most, list(request.fetchVariable))


def poll_seconds(request_timeout_ms: int) -> float:
    """How long a poll may wait; negative: not at all."""
    return LONG_POLL_SECONDS if request_timeout_ms == 0 else request_timeout_ms / 1000


def create_process_instance(request: Any) -> Command:
    """CreateProcessInstance."""
    check_tenants([request.tenantId])
    value = {
        "bpmnProcessId": request.bpmnProcessId,
        "processDefinitionKey": request.processDefinitionKey,
        "version": request.version,
        "variables": variables_of(request.variables),
        "startInstructions": [{"elementId": instruction.elementId} for instruction in request.startInstructions],
        "tags": list(getattr(request, "tags", ())),
    }
    return Command(ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATE, 0, value)


def cancel_process_instance(request: Any) -> Command:
    """CancelProcessInstance."""
    return Command(ValueType.PROCESS_INSTANCE, Intent.CANCEL, request.processInstanceKey)


def complete_job(request: Any) -> Command:
    """CompleteJob."""
    return Command(ValueType.JOB, Intent.COMPLETE, request.jobKey, {"variables": variables_of(request.variables)})


def fail_job(request: Any) -> Command:
    """FailJob."""
    value = {
        "retries": request.retries,
        "errorMessage": request.errorMessage,
        "retryBackOffMs": request.retryBackOff,
        "variables": variables_of(request.variables),
    }
    return Command(ValueType.JOB, Intent.FAIL, request.jobKey, value)


def throw_error(request: Any) -> Command:
    """ThrowError."""
    value = {
        "errorCode": request.errorCode,
        "errorMessage": request.errorMessage,
        "variables": variables_of(request.variables),
    }
    return Command(ValueType.JOB, Intent.THROW_ERROR, request.jobKey, value)


def update_job_retries(request: Any) -> Command:
    """UpdateJobRetries."""
    return Command(ValueType.JOB, Intent.UPDATE_RETRIES, request.jobKey, {"retries": request.retries})


def update_job_timeout(request: Any) -> Command:
    """UpdateJobTimeout."""
    return Command(ValueType.JOB, Intent.UPDATE_TIMEOUT, request.jobKey, {"timeoutMs": request.timeout})


def deploy_resource(request: Any) -> Command:
    """DeployResource."""
    check_tenants([request.tenantId])
    return deployment([(resource.name, resource.content) for resource in request.resources])


def deploy_process(request: Any) -> Command:
    """DeployProcess, the older call."""
    return deployment([(process.name, process.definition) for process in request.processes])


def deployment(resources: Sequence[tuple[str, bytes]]) -> Command:
    """One deployment of all resources together."""
    value = {"resources": [{"name": name, "content": content} for name, content in resources]}
    return Command(ValueType.DEPLOYMENT, Intent.CREATE, 0, value)


def evaluate_decision(request: Any) -> Command:
    """EvaluateDecision."""
    check_tenants([request.tenantId])
    value = {
        "decisionId": request.decisionId,
        "decisionKey": request.decisionKey,
        "variables": variables_of(request.variables),
    }
    return Command(ValueType.DECISION_EVALUATION, Intent.EVALUATE, 0, value)


def publish_message(request: Any) -> Command:
    """PublishMessage."""
    check_tenants([request.tenantId])
    value = {
        "name": request.name,
        "correlationKey": request.correlationKey,
        "timeToLiveMs": request.timeToLive,
        "messageId": request.messageId,
        "variables": variables_of(request.variables),
    }
    return Command(ValueType.MESSAGE, Intent.PUBLISH, 0, value)


def broadcast_signal(request: Any) -> Command:
    """BroadcastSignal."""
    check_tenants([request.tenantId])
    value = {"signalName": request.signalName, "variables": variables_of(request.variables)}
    return Command(ValueType.SIGNAL, Intent.BROADCAST, 0, value)


def resolve_incident(request: Any) -> Command:
    """ResolveIncident."""
    return Command(ValueType.INCIDENT, Intent.RESOLVE, request.incidentKey)


def set_variables(request: Any) -> Command:
    """SetVariables."""
    value = {
        "scopeKey": request.elementInstanceKey,
        "variables": variables_of(request.variables),
        "local": request.local,
    }
    return Command(ValueType.VARIABLE_DOCUMENT, Intent.UPDATE, 0, value)


def modify_process_instance(request: Any) -> Command:
    """ModifyProcessInstance."""
    value = {
        "activateInstructions": [
            {
                "elementId": instruction.elementId,
                "ancestorElementInstanceKey": max(instruction.ancestorElementInstanceKey, 0),
                "variableInstructions": [
                    {"scopeId": each.scopeId, "variables": variables_of(each.variables)}
                    for each in instruction.variableInstructions
                ],
            }
            for instruction in request.activateInstructions
        ],
        "terminateInstructions": [
            {"elementInstanceKey": instruction.elementInstanceKey} for instruction in request.terminateInstructions
        ],
    }
    return Command(ValueType.PROCESS_INSTANCE_MODIFICATION, Intent.MODIFY, request.processInstanceKey, value)


def migrate_process_instance(request: Any) -> Command:
    """MigrateProcessInstance."""
    plan = request.migrationPlan
    value = {
        "targetProcessDefinitionKey": plan.targetProcessDefinitionKey,
        "mappingInstructions": [
            {"sourceElementId": each.sourceElementId, "targetElementId": each.targetElementId}
            for each in plan.mappingInstructions
        ],
    }
    return Command(ValueType.PROCESS_INSTANCE_MIGRATION, Intent.MIGRATE, request.processInstanceKey, value)


def delete_resource(request: Any) -> Command:
    """DeleteResource."""
    return Command(ValueType.RESOURCE_DELETION, Intent.DELETE, request.resourceKey)
