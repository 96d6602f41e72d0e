"""REST bodies become commands."""

from __future__ import annotations

from typing import Any

from lienthong.engine.protocol.records import Command, Intent, Value, ValueType
from lienthong.engine.rest.edge import Body, key_of
from lienthong.engine.rest.error_mapper import BadRequest
from lienthong.engine.runtime.jobs import JobWish

DEFAULT_TENANT = "<default>"


def needed(body: Body, name: str) -> Any:
    """A field that must be there."""
    value = body.get(name)
    if value is None or value == "":
        raise BadRequest(f"Expected '{name}', but it is missing")
    return value


def whole(body: Body, name: str, default: int | None = None) -> int:
    """A whole number."""
    value = body.get(name, default) if default is not None else needed(body, name)
    value = default if value is None else value
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadRequest(f"Expected a whole number in '{name}', but got '{value}'")
    return value


def variables(body: Body) -> Value:
    """The `variables` object."""
    value = body.get("variables") or {}
    if not isinstance(value, dict):
        raise BadRequest("Expected 'variables' to be a JSON object")
    return value


def check_tenant(body: Body) -> None:
    """This engine has one tenant."""
    wanted = body.get("tenantIds") or [body.get("tenantId")]
    for tenant in wanted:
        if tenant not in (None, "", DEFAULT_TENANT):
            raise BadRequest(
                f"Expected no tenant but {DEFAULT_TENANT}, as multi-tenancy is disabled, but got '{tenant}'"
            )


def create_process_instance(body: Body) -> Command:
    """By id (and version) or by key."""
    check_tenant(body)
    key = body.get("processDefinitionKey")
    process_id = body.get("processDefinitionId")
    if not key and not process_id:
        raise BadRequest("Expected 'processDefinitionId' or 'processDefinitionKey', but both are missing")
    value = {
        "bpmnProcessId": process_id or "",
        "processDefinitionKey": key_of(key) if key else 0,
        "version": whole(body, "processDefinitionVersion", -1),
        "variables": variables(body),
        "startInstructions": [{"elementId": needed(each, "elementId")} for each in body.get("startInstructions") or ()],
        "tags": list(body.get("tags") or ()),
    }
    return Command(ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATE, 0, value)


def migrate(key: int, body: Body) -> Command:
    """Migration of one instance."""
    value = {
        "targetProcessDefinitionKey": key_of(needed(body, "targetProcessDefinitionKey")),
        "mappingInstructions": [
            {
                "sourceElementId": needed(each, "sourceElementId"),
                "targetElementId": needed(each, "targetElementId"),
            }
            for each in body.get("mappingInstructions") or ()
        ],
    }
    return Command(ValueType.PROCESS_INSTANCE_MIGRATION, Intent.MIGRATE, key, value)


def activation(instruction: Body) -> Value:
    """One activate instruction of a modification."""
    ancestor = instruction.get("ancestorElementInstanceKey")
    return {
        "elementId": needed(instruction, "elementId"),
        "ancestorElementInstanceKey": max(key_of(ancestor), 0) if ancestor else 0,
        "variableInstructions": [
            {"scopeId": each.get("scopeId") or "", "variables": variables(each)}
            for each in instruction.get("variableInstructions") or ()
        ],
    }


def modify(key: int, activate: list[Value], terminate: list[int]) -> Command:
    """A modification whose instructions are resolved."""
    value = {
        "activateInstructions": activate,
        "terminateInstructions": [{"elementInstanceKey": each} for each in terminate],
    }
    return Command(ValueType.PROCESS_INSTANCE_MODIFICATION, Intent.MODIFY, key, value)


def job_wish(body: Body) -> JobWish:
    """Activation of jobs."""
    check_tenant(body)
    timeout, most = whole(body, "timeout"), whole(body, "maxJobsToActivate")
    if timeout < 1 or most < 1:
        raise BadRequest(f"Expected 'timeout' and 'maxJobsToActivate' of at least 1, but got {timeout} and {most}")
    fetch = list(body.get("fetchVariable") or ())
    return JobWish(str(needed(body, "type")), str(body.get("worker") or ""), timeout, most, fetch)


def fail_job(key: int, body: Body) -> Command:
    """The job did not work."""
    value = {
        "retries": whole(body, "retries", 0),
        "errorMessage": body.get("errorMessage") or "",
        "retryBackOffMs": whole(body, "retryBackOff", 0),
        "variables": variables(body),
    }
    return Command(ValueType.JOB, Intent.FAIL, key, value)


def throw_error(key: int, body: Body) -> Command:
    """A business error."""
    value = {
        "errorCode": needed(body, "errorCode"),
        "errorMessage": body.get("errorMessage") or "",
        "variables": variables(body),
    }
    return Command(ValueType.JOB, Intent.THROW_ERROR, key, value)


def update_job(key: int, body: Body) -> list[Command]:
    """The commands of a changeset."""
    changes = needed(body, "changeset")
    commands = []
    if changes.get("retries") is not None:
        value = {"retries": whole(changes, "retries")}
        commands.append(Command(ValueType.JOB, Intent.UPDATE_RETRIES, key, value))
    if changes.get("timeout") is not None:
        value = {"timeoutMs": whole(changes, "timeout")}
        commands.append(Command(ValueType.JOB, Intent.UPDATE_TIMEOUT, key, value))
    if not commands:
        raise BadRequest("Expected 'retries' or 'timeout' in the changeset, but both are missing")
    return commands


def assign_user_task(key: int, body: Body) -> Command:
    """Assign, or claim when the assignee may not be overridden."""
    override = body.get("allowOverride")
    override = True if override is None else bool(override)
    value = {
        "assignee": needed(body, "assignee"),
        "allowOverride": override,
        "action": body.get("action") or ("assign" if override else "claim"),
    }
    return Command(ValueType.USER_TASK, Intent.ASSIGN if override else Intent.CLAIM, key, value)


def update_user_task(key: int, body: Body) -> Command:
    """A changeset: null keeps, empty resets."""
    changes = {name: value for name, value in (body.get("changeset") or {}).items() if value is not None}
    value = {"changeset": changes, "action": body.get("action") or "update"}
    return Command(ValueType.USER_TASK, Intent.UPDATE, key, value)


def complete_user_task(key: int, body: Body) -> Command:
    """The work is done."""
    value = {"variables": variables(body), "action": body.get("action") or "complete"}
    return Command(ValueType.USER_TASK, Intent.COMPLETE, key, value)


def publish_message(body: Body) -> Command:
    """Publication, buffered for its time to live."""
    check_tenant(body)
    value = {
        "name": needed(body, "name"),
        "correlationKey": body.get("correlationKey") or "",
        "timeToLiveMs": whole(body, "timeToLive", 0),
        "messageId": body.get("messageId") or "",
        "variables": variables(body),
    }
    return Command(ValueType.MESSAGE, Intent.PUBLISH, 0, value)


def correlate_message(body: Body) -> Command:
    """Correlation, now or never."""
    check_tenant(body)
    value = {
        "name": needed(body, "name"),
        "correlationKey": body.get("correlationKey") or "",
        "variables": variables(body),
    }
    return Command(ValueType.MESSAGE, Intent.CORRELATE, 0, value)


def broadcast_signal(body: Body) -> Command:
    """A signal for all who wait now."""
    check_tenant(body)
    value = {"signalName": needed(body, "signalName"), "variables": variables(body)}
    return Command(ValueType.SIGNAL, Intent.BROADCAST, 0, value)


def evaluate_decision(body: Body) -> Command:
    """By id or by key."""
    check_tenant(body)
    decision_id, key = body.get("decisionDefinitionId"), body.get("decisionDefinitionKey")
    if not decision_id and not key:
        raise BadRequest("Expected 'decisionDefinitionId' or 'decisionDefinitionKey', but both are missing")
    value = {
        "decisionId": decision_id or "",
        "decisionKey": key_of(key) if key else 0,
        "variables": variables(body),
    }
    return Command(ValueType.DECISION_EVALUATION, Intent.EVALUATE, 0, value)


def set_variables(scope_key: int, body: Body) -> Command:
    """Variables from outside."""
    needed(body, "variables")
    value = {"scopeKey": scope_key, "variables": variables(body), "local": bool(body.get("local"))}
    return Command(ValueType.VARIABLE_DOCUMENT, Intent.UPDATE, 0, value)
