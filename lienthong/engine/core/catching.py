"""An event has struck: who catches it, and what begins.

`trigger` starts the catching element for any trigger. `find_catcher` walks outward from a thrower
for errors and escalations: boundary events of each activity, event sub-processes of each scope,
then the caller.
"""

from __future__ import annotations

from lienthong.engine.core import flows, mappings, termination, variables, waits
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step, Verb
from lienthong.engine.model.elements import ElementType, FlowNode, Trigger
from lienthong.engine.protocol.records import Intent, ValueType


def trigger(step: Step, instance: ElementInstance, target: FlowNode, values: variables.Document) -> None:
    """`target` has been struck while `instance` waited for it."""
    if target.type is ElementType.BOUNDARY_EVENT:
        _boundary(step, instance, target, values)
    elif target.type is ElementType.START_EVENT:
        _event_sub_process(step, instance, target, values)
    elif instance.type is ElementType.EVENT_BASED_GATEWAY:
        _behind_gateway(step, instance, target, values)
    else:
        mappings.take_in(step, instance, target, values)
        step.follow(Verb.COMPLETE, instance.key)


def _boundary(step: Step, instance: ElementInstance, target: FlowNode, values: variables.Document) -> None:
    state = step.state
    scope = state.elements[instance.scope_key]
    definition = state.definition(instance.definition_key)
    if target.interrupting:
        termination.terminate(step, instance.key)
    key = flows.begin(step, definition, target, scope)
    _hand_over(step, state.elements[key], target, values)


def _event_sub_process(step: Step, scope: ElementInstance, start: FlowNode, values: variables.Document) -> None:
    definition = step.state.definition(scope.definition_key)
    sub_process = definition.elements[start.scope]
    record = {
        "scopeKey": scope.key,
        "targetElementId": start.id,
        "interrupts": start.interrupting,
        "processInstanceKey": scope.process_instance_key,
        "processDefinitionKey": scope.definition_key,
    }
    step.emit(ValueType.PROCESS_EVENT, Intent.TRIGGERED, step.next_key(), record)
    if start.interrupting:
        starts = {sub.start.id for sub in flows.node_of(step, scope).event_sub_processes if sub.start is not None}
        waits.close_for(step, scope, starts)
        termination.terminate_children(step, scope)
    key = flows.begin(step, definition, sub_process, scope)
    if not values:
        return
    if start.outputs or start.trigger is Trigger.ERROR:
        variables.set_local(step, step.state.elements[key], values)
    else:
        variables.propagate(step, key, values)


def _behind_gateway(step: Step, gateway: ElementInstance, target: FlowNode, values: variables.Document) -> None:
    scope = step.state.elements[gateway.scope_key]
    node = flows.node_of(step, gateway)
    flows.completing(step, gateway)
    flows.completed(step, gateway)
    flow = next(flow for flow in node.outgoing if flow.target == target.id)
    value = {**gateway.value, "elementId": flow.id, "bpmnElementType": "SEQUENCE_FLOW", "flowScopeKey": scope.key}
    step.emit(ValueType.PROCESS_INSTANCE, Intent.SEQUENCE_FLOW_TAKEN, step.next_key(), value)
    key = flows.begin(step, step.state.definition(scope.definition_key), target, scope, {"triggered": True})
    _hand_over(step, step.state.elements[key], target, values)


def _hand_over(step: Step, event: ElementInstance, target: FlowNode, values: variables.Document) -> None:
    """Variables of an event that has struck: to the event alone when mapped or of an error, else outward."""
    if target.outputs or target.trigger is Trigger.ERROR:
        variables.set_local(step, event, values)
    else:
        variables.propagate(step, event.key, values)


def find_catcher(
    step: Step, thrower: ElementInstance, kind: Trigger, code: str
) -> tuple[ElementInstance, FlowNode] | None:
    """The nearest element that catches an error or escalation, and the instance that it strikes."""
    state = step.state
    current: ElementInstance | None = thrower
    inside: ElementInstance | None = None
    while current is not None:
        node = flows.node_of(step, current)
        candidates: list[FlowNode] = []
        if inside is not None and not current.interrupted and current.type is not ElementType.MULTI_INSTANCE_BODY:
            candidates += [sub.start for sub in node.event_sub_processes if sub.start is not None]
        found = _match(candidates, kind, code)
        if found is None and not current.is_inner:
            found = _match(node.boundary_events, kind, code)
        if found is not None and _can_catch(current):
            return current, found
        inside = current
        current = state.elements.get(current.scope_key or current.parent_key)
    return None


def _can_catch(instance: ElementInstance) -> bool:
    return instance.state in (Intent.ELEMENT_ACTIVATED, Intent.ELEMENT_COMPLETING)


def _match(events: list[FlowNode], kind: Trigger, code: str) -> FlowNode | None:
    """An exact code comes before a catch-all."""
    any_code = None
    for event in events:
        if event.trigger is kind and event.event is not None:
            wanted = event.event.code.source if event.event.code is not None else ""
            if wanted == code:
                return event
            if not wanted:
                any_code = any_code or event
    return any_code
