"""Element instances, sequence flows, variables, incidents, timers."""

from __future__ import annotations

from collections.abc import Callable

from lienthong.engine.core.entities import ElementInstance, Incident, Timer
from lienthong.engine.core.lifecycle import FROM
from lienthong.engine.core.state import State
from lienthong.engine.model.elements import ElementType
from lienthong.engine.protocol.records import Event, Intent, ValueType

# members bound once: reading one off its enum class costs as much as applying a small event
_ACTIVATING = Intent.ELEMENT_ACTIVATING

_TYPES: dict[str, ElementType] = {kind.value: kind for kind in ElementType}


def element_activating(state: State, event: Event) -> None:
    """A new instance in its scope; a joining gateway consumes the tokens named in the event."""
    value = event.value
    scope_key = value["flowScopeKey"]
    instance = ElementInstance(event.key, value, _ACTIVATING, _TYPES[value["bpmnElementType"]])
    state.elements[event.key] = instance
    if scope_key > 0:
        scope = state.elements[scope_key]
        scope.children[event.key] = None
        if "loopCounter" in value:
            instance.loop_counter = value["loopCounter"]
            scope.loop_created += 1
        for flow_id in value.get("consumedFlows", ()):
            _take_token(scope, flow_id, 1)
    elif value["parentElementInstanceKey"] > 0:
        instance.parent_key = value["parentElementInstanceKey"]
        state.elements[instance.parent_key].called_key = event.key


def _take_token(scope: ElementInstance, flow_id: str, count: int) -> None:
    left = scope.tokens[flow_id] - count
    if left > 0:
        scope.tokens[flow_id] = left
    else:
        del scope.tokens[flow_id]


def _move(state: State, event: Event) -> ElementInstance:
    instance = state.elements[event.key]
    if instance.state not in FROM[event.intent]:
        raise ValueError(f"Expected {event.intent} not to follow {instance.state} at {event.key}, but it did")
    instance.state = event.intent
    return instance


def element_activated(state: State, event: Event) -> None:
    """The instance waits, or passes on."""
    instance = _move(state, event)
    if "numberOfInstances" in event.value:
        instance.loop_total = event.value["numberOfInstances"]


def element_completing(state: State, event: Event) -> None:
    """The instance is about to end."""
    _move(state, event)


def element_completed(state: State, event: Event) -> None:
    """The instance is gone."""
    instance = _move(state, event)
    _remove(state, instance)
    if instance.loop_counter and instance.scope_key in state.elements:
        state.elements[instance.scope_key].loop_completed += 1


def element_terminated(state: State, event: Event) -> None:
    """The instance is gone, before its end."""
    instance = _move(state, event)
    _remove(state, instance)
    if instance.loop_counter and instance.scope_key in state.elements:
        state.elements[instance.scope_key].loop_terminated += 1


def _remove(state: State, instance: ElementInstance) -> None:
    del state.elements[instance.key]
    if instance.scope_key:
        state.elements[instance.scope_key].children.pop(instance.key, None)
        return
    parent = state.elements.get(instance.parent_key)
    if parent is not None:
        parent.called_key = 0
    lock = state.correlations.pop(instance.key, None)
    if lock is not None:
        del state.start_locks[lock]
    state.banned.pop(instance.key, None)


def element_migrated(state: State, event: Event) -> None:
    """The instance is of another definition now."""
    instance, value = state.elements[event.key], event.value
    instance.value = value
    instance.element_id = value["elementId"]
    instance.definition_key = value["processDefinitionKey"]
    for source, target in value.get("migratedFlows", {}).items():
        instance.tokens[target] = instance.tokens.pop(source)


def sequence_flow_taken(state: State, event: Event) -> None:
    """A token moves on; one that must wait for others is kept in the scope."""
    if event.value.get("waits"):
        scope = state.elements[event.value["flowScopeKey"]]
        flow_id = event.value["elementId"]
        scope.tokens[flow_id] = scope.tokens.get(flow_id, 0) + 1


def sequence_flow_deleted(state: State, event: Event) -> None:
    """Waiting tokens are dropped."""
    _take_token(state.elements[event.value["flowScopeKey"]], event.value["elementId"], event.value["count"])


def interrupted(state: State, event: Event) -> None:
    """An interrupting event sub-process has begun in this scope."""
    if event.value["interrupts"]:
        state.elements[event.value["scopeKey"]].interrupted = True


def instance_banned(state: State, event: Event) -> None:
    """A fault of the engine struck this process instance: it stands still."""
    state.banned[event.key] = event.value["reason"]


def variable_set(state: State, event: Event) -> None:
    """A variable has a value in a scope."""
    state.elements[event.value["scopeKey"]].variables[event.value["name"]] = event.value["value"]


def incident_created(state: State, event: Event) -> None:
    """An element or a job stands still."""
    value = event.value
    incident = Incident(
        event.key, value, value["elementInstanceKey"], value["processInstanceKey"], max(value["jobKey"], 0)
    )
    state.incidents[event.key] = incident
    state.elements[incident.element_instance_key].incidents[event.key] = None


def incident_resolved(state: State, event: Event) -> None:
    """It may go on."""
    incident = state.incidents.pop(event.key)
    state.elements[incident.element_instance_key].incidents.pop(event.key, None)


def timer_created(state: State, event: Event) -> None:
    """Something waits for a point in time."""
    value = event.value
    owner = max(value["elementInstanceKey"], 0)
    timer = Timer(event.key, value, value["dueDate"], owner, value["targetElementId"], value["processDefinitionKey"])
    state.timers[event.key] = timer
    state.heap.push(timer.due_ms, "timer", timer.key)
    if owner:
        state.elements[owner].timers[event.key] = None


def timer_removed(state: State, event: Event) -> None:
    """The timer went off, or nobody waits for it."""
    timer = state.timers.pop(event.key)
    if timer.element_instance_key in state.elements:
        state.elements[timer.element_instance_key].timers.pop(event.key, None)


def timer_migrated(state: State, event: Event) -> None:
    """The timer leads to another element; when it is due stays."""
    timer = state.timers[event.key]
    timer.value = event.value
    timer.target_element_id = event.value["targetElementId"]
    timer.definition_key = event.value["processDefinitionKey"]


def nothing(state: State, event: Event) -> None:
    """A fact that the state does not keep."""


APPLIERS: dict[ValueType, dict[Intent, Callable[[State, Event], None]]] = {
    ValueType.PROCESS_INSTANCE: {
        _ACTIVATING: element_activating,
        Intent.ELEMENT_ACTIVATED: element_activated,
        Intent.ELEMENT_COMPLETING: element_completing,
        Intent.ELEMENT_COMPLETED: element_completed,
        Intent.ELEMENT_TERMINATING: element_completing,
        Intent.ELEMENT_TERMINATED: element_terminated,
        Intent.ELEMENT_MIGRATED: element_migrated,
        Intent.SEQUENCE_FLOW_TAKEN: sequence_flow_taken,
        Intent.SEQUENCE_FLOW_DELETED: sequence_flow_deleted,
        Intent.BANNED: instance_banned,
    },
    ValueType.PROCESS_EVENT: {Intent.TRIGGERED: interrupted},
    ValueType.PROCESS_INSTANCE_CREATION: {Intent.CREATED: nothing},
    ValueType.PROCESS_INSTANCE_MODIFICATION: {Intent.MODIFIED: nothing},
    ValueType.PROCESS_INSTANCE_MIGRATION: {Intent.MIGRATED: nothing},
    ValueType.ESCALATION: {Intent.ESCALATED: nothing, Intent.NOT_ESCALATED: nothing},
    ValueType.DECISION_EVALUATION: {Intent.EVALUATED: nothing, Intent.FAILED: nothing},
    ValueType.VARIABLE: {Intent.CREATED: variable_set, Intent.UPDATED: variable_set},
    ValueType.VARIABLE_DOCUMENT: {Intent.UPDATED: nothing},
    ValueType.INCIDENT: {Intent.CREATED: incident_created, Intent.RESOLVED: incident_resolved},
    ValueType.TIMER: {
        Intent.CREATED: timer_created,
        Intent.TRIGGERED: timer_removed,
        Intent.CANCELED: timer_removed,
        Intent.MIGRATED: timer_migrated,
    },
}
