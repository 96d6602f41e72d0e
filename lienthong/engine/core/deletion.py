"""Deleting a deployed resource: refused while it runs; the version before takes over."""

from __future__ import annotations

from lienthong.engine.core import start_events
from lienthong.engine.core.entities import Resource
from lienthong.engine.core.step import Step, not_found, wrong_state
from lienthong.engine.protocol.records import Command, Intent, ValueType


def delete(step: Step, command: Command) -> None:
    """Delete a process, form, or decision requirements graph with its decisions."""
    state = step.state
    resource = state.resources.get(command.key)
    if resource is None or resource.kind == "DECISION":
        not_found("a resource with key", command.key)
    if resource.kind == "PROCESS":
        if any(instance.definition_key == resource.key for instance in state.process_instances()):
            wrong_state(f"Expected no running instance of process definition {resource.key}, but there are some")
        _delete_process(step, resource)
    elif resource.kind == "DECISION_REQUIREMENTS":
        for each in list(state.resources.values()):
            if each.kind == "DECISION" and each.value["decisionRequirementsKey"] == resource.key:
                _deleted(step, each)
        _deleted(step, resource)
    else:
        _deleted(step, resource)
    key = step.next_key()
    step.emit(ValueType.RESOURCE_DELETION, Intent.DELETED, key, {"resourceKey": resource.key})
    step.reply = {"key": key}


def _delete_process(step: Step, resource: Resource) -> None:
    state = step.state
    latest = state.latest("PROCESS", resource.id)
    was_latest = latest is not None and latest.key == resource.key
    if was_latest:
        start_events.close(step, resource.key)
    _deleted(step, resource)
    before = state.latest("PROCESS", resource.id)
    if was_latest and before is not None:
        start_events.open_(step, state.definition(before.key), start_events.prepare(step, state.definition(before.key)))


def _deleted(step: Step, resource: Resource) -> None:
    value = {name: content for name, content in resource.value.items() if name != "resource"}
    step.emit(ValueType(resource.kind), Intent.DELETED, resource.key, value)
