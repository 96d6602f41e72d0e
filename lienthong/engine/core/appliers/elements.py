"""Element instances, sequence flows, variables, incidents, timers."""

from __future__ import annotations

from collections.abc import Callable

from lienthong.engine.core.entities import ElementInstance, Incident, JobState, Timer
from lienthong.engine.core.lifecycle import FROM
from lienthong.engine.core.state import State
from lienthong.engine.model.elements import ElementType
from lienthong.engine.protocol.records import Intent, Value, ValueType

# members bound once: reading one off its enum class costs as much as applying a small event
_ACTIVATING = Intent.ELEMENT_ACTIVATING
_ACTIVATED = Intent.ELEMENT_ACTIVATED
_COMPLETING = Intent.ELEMENT_COMPLETING
_COMPLETED = Intent.ELEMENT_COMPLETED
_TERMINATING = Intent.ELEMENT_TERMINATING
_TERMINATED = Intent.ELEMENT_TERMINATED

_TYPES: dict[str, ElementType] = {kind.value: kind for kind in ElementType}


def element_activating(state: State, key: int, value: Value) -> None:
    """A new instance in its scope; a joining gateway consumes the tokens named in the event."""
    scope_key = value["flowScopeKey"]
    instance = ElementInstance(key, value, _ACTIVATING, _TYPES[value["bpmnElementType"]])
    state.elements[key] = instance
    if scope_key > 0:
        scope = state.elements[scope_key]
        scope.add_child(key)
        if "loopCounter" in value:
            instance.loop_counter = value["loopCounter"]
            scope.loop_created += 1
        for flow_id in value.get("consumedFlows", ()):
            _take_token(scope, flow_id, 1)
    elif value["parentElementInstanceKey"] > 0:
        instance.parent_key = value["parentElementInstanceKey"]
        state.elements[instance.parent_key].called_key = key


def _take_token(scope: ElementInstance, flow_id: str, count: int) -> None:
    left = scope.tokens[flow_id] - count
    if left > 0:
        scope.tokens[flow_id] = left
    else:
        del scope.tokens[flow_id]


def _move(state: State, key: int, intent: Intent) -> ElementInstance:
    instance = state.elements[key]
    if instance.state not in FROM[intent]:
        raise ValueError(f"Expected {intent} not to follow {instance.state} at {key}, but it did")
    instance.state = intent
    return instance


def element_activated(state: State, key: int, value: Value) -> None:
    """The instance waits, or passes on."""
    instance = _move(state, key, _ACTIVATED)
    if "numberOfInstances" in value:
        instance.loop_total = value["numberOfInstances"]


def element_completing(state: State, key: int, value: Value) -> None:
    """The instance is about to end."""
    _move(state, key, _COMPLETING)


def element_terminating(state: State, key: int, value: Value) -> None:
    """The instance is about to be ended."""
    _move(state, key, _TERMINATING)


def element_completed(state: State, key: int, value: Value) -> None:
    """The instance is gone."""
    instance = _move(state, key, _COMPLETED)
    remove_element(state, instance)
    if instance.loop_counter and instance.scope_key in state.elements:
        state.elements[instance.scope_key].loop_completed += 1


def element_terminated(state: State, key: int, value: Value) -> None:
    """The instance is gone, before its end."""
    instance = _move(state, key, _TERMINATED)
    remove_element(state, instance)
    if instance.loop_counter and instance.scope_key in state.elements:
        state.elements[instance.scope_key].loop_terminated += 1


def remove_element(state: State, instance: ElementInstance) -> None:
    """The row of an instance that has ended, and what leads to it."""
    elements = state.elements
    del elements[instance.key]
    if instance.scope_key:
        elements[instance.scope_key].children.pop(instance.key, None)
        return
    parent = elements.get(instance.parent_key)
    if parent is not None:
        parent.called_key = 0
    lock = state.correlations.pop(instance.key, None)
    if lock is not None:
        del state.start_locks[lock]
    state.banned.pop(instance.key, None)


def element_migrated(state: State, key: int, value: Value) -> None:
    """The instance is of another definition now."""
    instance = state.elements[key]
    instance.value = value
    instance.element_id = value["elementId"]
    instance.definition_key = value["processDefinitionKey"]
    instance.plan = None
    for source, target in value.get("migratedFlows", {}).items():
        instance.tokens[target] = instance.tokens.pop(source)


def sequence_flow_taken(state: State, key: int, value: Value) -> None:
    """A token moves on; one that must wait for others is kept in the scope."""
    if value.get("waits"):
        scope = state.elements[value["flowScopeKey"]]
        flow_id = value["elementId"]
        scope.add_token(flow_id)


def sequence_flow_deleted(state: State, key: int, value: Value) -> None:
    """Waiting tokens are dropped."""
    _take_token(state.elements[value["flowScopeKey"]], value["elementId"], value["count"])


def interrupted(state: State, key: int, value: Value) -> None:
    """An interrupting event sub-process has begun in this scope."""
    if value["interrupts"]:
        state.elements[value["scopeKey"]].interrupted = True


def instance_banned(state: State, key: int, value: Value) -> None:
    """A fault of the engine struck this process instance: it stands still."""
    state.banned[key] = value["reason"]


def variable_set(state: State, key: int, value: Value) -> None:
    """A variable has a value in a scope."""
    state.elements[value["scopeKey"]].set_variable(value["name"], value["value"])


def incident_created(state: State, key: int, value: Value) -> None:
    """An element or a job stands still."""
    incident = Incident(key, value, value["elementInstanceKey"], value["processInstanceKey"], max(value["jobKey"], 0))
    state.incidents[key] = incident
    state.elements[incident.element_instance_key].add_incident(key)
    job = state.jobs.get(incident.job_key)
    if job is not None and job.state is JobState.ACTIVATABLE:  # too large for any answer
        state.activatable[job.type].pop(job.key, None)
        job.state = JobState.FAILED


def incident_resolved(state: State, key: int, value: Value) -> None:
    """It may go on."""
    incident = state.incidents.pop(key)
    state.elements[incident.element_instance_key].incidents.pop(key, None)
    if incident.value.get("bans"):
        state.lift_ban(incident.process_instance_key)


def timer_created(state: State, key: int, value: Value) -> None:
    """Something waits for a point in time."""
    owner = max(value["elementInstanceKey"], 0)
    timer = Timer(key, value, value["dueDate"], owner, value["targetElementId"], value["processDefinitionKey"])
    state.timers[key] = timer
    state.heap.push(timer.due_ms, "timer", timer.key)
    if owner:
        state.elements[owner].add_timer(key)


def timer_removed(state: State, key: int, value: Value) -> None:
    """The timer went off, or nobody waits for it."""
    timer = state.timers.pop(key)
    if timer.element_instance_key in state.elements:
        state.elements[timer.element_instance_key].timers.pop(key, None)


def timer_migrated(state: State, key: int, value: Value) -> None:
    """The timer leads to another element; when it is due stays."""
    timer = state.timers[key]
    timer.value = value
    timer.target_element_id = value["targetElementId"]
    timer.definition_key = value["processDefinitionKey"]


def nothing(state: State, key: int, value: Value) -> None:
    """A fact that the state does not keep."""


APPLIERS: dict[ValueType, dict[Intent, Callable[[State, int, Value], None]]] = {
    ValueType.PROCESS_INSTANCE: {
        _ACTIVATING: element_activating,
        _ACTIVATED: element_activated,
        _COMPLETING: element_completing,
        _COMPLETED: element_completed,
        _TERMINATING: element_terminating,
        _TERMINATED: element_terminated,
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
