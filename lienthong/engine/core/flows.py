"""Tokens: how elements begin, pass on and end. Every element file uses these steps."""

from __future__ import annotations

from lienthong.engine.core import compensation, incidents, loops, mappings, waits
from lienthong.engine.core.definitions import Definition
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step, Verb
from lienthong.engine.model.elements import ElementType, FlowNode, SequenceFlow
from lienthong.engine.protocol.records import Intent, Value, ValueType

# members bound once: reading one off its enum class costs as much as applying a small event
_INSTANCE = ValueType.PROCESS_INSTANCE
_ACTIVATING = Intent.ELEMENT_ACTIVATING
_ACTIVATED = Intent.ELEMENT_ACTIVATED
_COMPLETING = Intent.ELEMENT_COMPLETING
_COMPLETED = Intent.ELEMENT_COMPLETED
_ROW_COMPLETED = Intent.COMPLETED
_SEQUENCE_FLOW_TAKEN = Intent.SEQUENCE_FLOW_TAKEN
_ACTIVATE = Verb.ACTIVATE
_COMPLETE = Verb.COMPLETE


def node_of(step: Step, instance: ElementInstance) -> FlowNode:
    """The element of the model that is running."""
    return step.state.definition(instance.definition_key).elements[instance.element_id]


def begin(step: Step, definition: Definition, node: FlowNode, scope: ElementInstance, more: Value | None = None) -> int:
    """A new instance of `node` in `scope`; its activation goes on the work list."""
    value = definition.bodies[node.id].copy()
    value["processInstanceKey"] = scope.process_instance_key
    value["flowScopeKey"] = scope.key
    if more:
        value.update(more)
    key = step.next_key()
    step.emit(_INSTANCE, _ACTIVATING, key, value)
    step.follow(_ACTIVATE, key)
    return key


def activated(step: Step, instance: ElementInstance) -> None:
    """The element is active: it waits, or is completed next."""
    step.emit(_INSTANCE, _ACTIVATED, instance.key, instance.value)


def finish(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Complete an element that needs nothing special: map outputs, end, pass the token on."""
    completing(step, instance)
    mappings.apply_outputs(step, instance, node)
    leave(step, instance, node)


def completing(step: Step, instance: ElementInstance) -> None:
    """The end begins; no event when an incident had interrupted the end."""
    if instance.state is _ACTIVATED:
        step.emit(_INSTANCE, _COMPLETING, instance.key, instance.value)


def leave(step: Step, instance: ElementInstance, node: FlowNode, chosen: list[SequenceFlow] | None = None) -> None:
    """The element is complete; its token goes along all its outgoing flows, or along the `chosen` ones."""
    if instance.is_inner:
        loops.collect_output(step, instance, node)
    completed(step, instance)
    if instance.is_inner:
        step.follow(Verb.CHILD_ENDED, instance.scope_key)
        return
    if node.compensation_handler:
        compensation.remember(step, instance, node.compensation_handler)
    if node.outgoing:
        scope = step.state.elements[instance.scope_key]
        take(step, scope, node.outgoing if chosen is None else chosen)
    else:
        if compensation.HANDLES in instance.value:
            compensation.ended(step, instance, _ROW_COMPLETED)
        child_ended(step, instance.scope_key)


def completed(step: Step, instance: ElementInstance) -> None:
    """Nothing waits for the element any more, and it is gone."""
    if instance.timers or instance.subscriptions:
        waits.close_all(step, instance)
    if instance.incidents:
        incidents.close_all(step, instance)
    if instance.key in step.state.compensations_by_scope:
        compensation.scope_completed(step, instance)
    step.emit(_INSTANCE, _COMPLETED, instance.key, instance.value)


def take(step: Step, scope: ElementInstance, flows: list[SequenceFlow]) -> None:
    """Send a token along each of `flows`, from an element in `scope` that has ended."""
    definition = step.state.definition(scope.definition_key)
    scope_node = definition.elements[scope.element_id]
    for flow in flows:
        target = definition.elements[flow.target]
        value = definition.flow_records[flow.id].copy()
        value["processInstanceKey"] = scope.process_instance_key
        value["flowScopeKey"] = scope.key
        step.emit(_INSTANCE, _SEQUENCE_FLOW_TAKEN, step.next_key(), value)
        if "waits" not in value:
            begin(step, definition, target, scope)
        elif target.type is ElementType.PARALLEL_GATEWAY:
            join(step, definition, target, scope)
    if scope_node.has_inclusive_join:
        step.follow(Verb.CHECK_JOINS, scope.key)


def join(step: Step, definition: Definition, gateway: FlowNode, scope: ElementInstance) -> None:
    """A parallel gateway passes when every incoming flow has a token; surplus ones stay."""
    if all(flow.id in scope.tokens for flow in gateway.incoming):
        begin(step, definition, gateway, scope, {"consumedFlows": [flow.id for flow in gateway.incoming]})


def child_ended(step: Step, scope_key: int) -> None:
    """A token of the scope is gone: complete the scope when it was the last."""
    scope = step.state.elements.get(scope_key)
    if scope is None:
        return
    if scope.tokens:
        node = node_of(step, scope)
        if node.has_inclusive_join:
            step.follow(Verb.CHECK_JOINS, scope_key)
    elif not scope.children and scope.state is _ACTIVATED:
        step.follow(_COMPLETE, scope_key)


def drop_tokens(step: Step, scope: ElementInstance) -> None:
    """Waiting tokens of a scope that is interrupted are gone."""
    for flow_id, count in list(scope.tokens.items()):
        value = {**scope.value, "elementId": flow_id, "bpmnElementType": "SEQUENCE_FLOW", "flowScopeKey": scope.key}
        value["count"] = count
        step.emit(_INSTANCE, Intent.SEQUENCE_FLOW_DELETED, step.next_key(), value)
