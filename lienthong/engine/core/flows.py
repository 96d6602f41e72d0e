"""Tokens: how elements begin, pass on and end. Every element file uses these steps.

These are the hottest facts of the engine, so they do not go through `Step.emit`: each changes the state
here as its applier would in a replay, and records the event. Replay tests hold the two together.
"""

from __future__ import annotations

from lienthong.engine.core import compensation, incidents, loops, mappings, waits
from lienthong.engine.core.appliers.elements import element_activating, remove_element
from lienthong.engine.core.definitions import Definition, FlowPlan, Plan
from lienthong.engine.core.entities import NOTHING, ElementInstance
from lienthong.engine.core.step import StateSpoilt, Step, Verb, spoilt
from lienthong.engine.model.elements import FlowNode, SequenceFlow
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
    return (instance.plan or step.state.plan(instance)).node


def begin(step: Step, definition: Definition, node: FlowNode, scope: ElementInstance, more: Value | None = None) -> int:
    """A new instance of `node` in `scope`; its activation goes on the work list."""
    if not more:
        return _begin(step, definition.plans[node.id], scope)
    value = definition.plans[node.id].record.copy()
    value["processInstanceKey"] = scope.process_instance_key
    value["flowScopeKey"] = scope.key
    value.update(more)
    key = step.next_key()
    step.emit(_INSTANCE, _ACTIVATING, key, value)
    step.work.append((_ACTIVATE, key))
    return key


def _begin(step: Step, plan: Plan, scope: ElementInstance) -> int:
    value = plan.record.copy()
    value["processInstanceKey"] = scope.process_instance_key
    value["flowScopeKey"] = scope.key
    state = step.state
    key = state.last_key = state.last_key + 1
    instance = state.elements[key] = ElementInstance(key, value, _ACTIVATING, plan.kind)
    instance.plan = plan
    if scope.children is NOTHING:
        scope.children = {key: None}
    else:
        scope.children[key] = None
    step.events.append((_INSTANCE, _ACTIVATING, key, value, step.now_ms))
    step.work.append((_ACTIVATE, key))
    return key


def begin_process(step: Step, record: Value) -> ElementInstance:
    """A new process instance from its record, which gets its key here; its activation is the caller's matter."""
    state = step.state
    key = record["processInstanceKey"] = state.last_key + 1
    state.last_key = key
    element_activating(state, key, record)
    step.events.append((_INSTANCE, _ACTIVATING, key, record, step.now_ms))
    return state.elements[key]


def _illegal(instance: ElementInstance, intent: Intent) -> StateSpoilt:
    return StateSpoilt(f"Expected {intent} not to follow {instance.state} at {instance.key}, but it did")


def activated(step: Step, instance: ElementInstance) -> None:
    """The element is active: it waits, or is completed next."""
    if instance.state is not _ACTIVATING:
        raise _illegal(instance, _ACTIVATED)
    instance.state = _ACTIVATED
    step.events.append((_INSTANCE, _ACTIVATED, instance.key, instance.value, step.now_ms))


def finish(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Complete an element that needs nothing special: map outputs, end, pass the token on."""
    state, key, value, now_ms = step.state, instance.key, instance.value, step.now_ms
    if instance.state is _ACTIVATED:
        instance.state = _COMPLETING
        step.events.append((_INSTANCE, _COMPLETING, key, value, now_ms))
    plan = instance.plan or state.plan(instance)
    waited = instance.timers is not NOTHING or instance.subscriptions is not NOTHING
    if waited or not plan.plain or instance.incidents is not NOTHING or state.compensations:
        mappings.apply_outputs(step, instance, node)
        leave(step, instance, node)
        return
    if instance.state is not _COMPLETING:
        raise _illegal(instance, _COMPLETED)
    elements = state.elements
    scope = elements[instance.scope_key]
    del elements[key]
    scope.children.pop(key, None)
    instance.state = _COMPLETED
    step.events.append((_INSTANCE, _COMPLETED, key, value, now_ms))
    if plan.outgoing:
        _take(step, scope, plan.outgoing)
    else:
        child_ended(step, scope.key)


def completing(step: Step, instance: ElementInstance) -> None:
    """The end begins; no event when an incident had interrupted the end."""
    if instance.state is _ACTIVATED:
        instance.state = _COMPLETING
        step.events.append((_INSTANCE, _COMPLETING, instance.key, instance.value, step.now_ms))


def leave(step: Step, instance: ElementInstance, node: FlowNode, chosen: list[SequenceFlow] | None = None) -> None:
    """The element is complete; its token goes along all its outgoing flows, or along the `chosen` ones."""
    if instance.loop_counter:
        loops.collect_output(step, instance, node)
        completed(step, instance)
        step.work.appendleft((Verb.CHILD_ENDED, instance.scope_key))  # before the next inner instance does anything
        return
    completed(step, instance)
    if node.compensation_handler:
        compensation.remember(step, instance, node.compensation_handler)
    if node.outgoing:
        state = step.state
        plan = instance.plan or state.plan(instance)
        flow_plans = plan.definition.flow_plans
        taken = plan.outgoing if chosen is None else [flow_plans[flow.id] for flow in chosen]
        _take(step, state.elements[instance.scope_key], taken)
    else:
        if compensation.HANDLES in instance.value:
            compensation.ended(step, instance, _ROW_COMPLETED)
        child_ended(step, instance.scope_key)


def completed(step: Step, instance: ElementInstance) -> None:
    """Nothing waits for the element any more, and it is gone."""
    state, key = step.state, instance.key
    if instance.timers or instance.subscriptions:
        waits.close_all(step, instance)
    if instance.incidents:
        incidents.close_all(step, instance)
    if state.compensations_by_scope and key in state.compensations_by_scope:
        compensation.scope_completed(step, instance)
    _end(step, instance)


def _end(step: Step, instance: ElementInstance) -> None:
    if instance.state is not _COMPLETING:
        raise _illegal(instance, _COMPLETED)
    state, scope_key, key = step.state, instance.scope_key, instance.key
    instance.state = _COMPLETED
    try:
        if scope_key:
            del state.elements[key]
            scope = state.elements[scope_key]
            scope.children.pop(key, None)
            if instance.loop_counter:
                scope.loop_completed += 1
        else:
            remove_element(state, instance)
    except Exception as error:
        raise spoilt(f"{_INSTANCE} {_COMPLETED}", key, error) from error
    step.events.append((_INSTANCE, _COMPLETED, key, instance.value, step.now_ms))


def _take(step: Step, scope: ElementInstance, flows: list[FlowPlan]) -> None:
    """Send a token along each of `flows`, from an element in `scope` that has ended."""
    state, events, now_ms = step.state, step.events, step.now_ms
    process_instance_key, scope_key = scope.process_instance_key, scope.key
    for flow in flows:
        value = flow.record.copy()
        value["processInstanceKey"] = process_instance_key
        value["flowScopeKey"] = scope_key
        key = state.last_key = state.last_key + 1
        events.append((_INSTANCE, _SEQUENCE_FLOW_TAKEN, key, value, now_ms))
        if not flow.waits:
            _begin(step, flow.target, scope)
            continue
        scope.add_token(value["elementId"])
        if flow.joins:
            join(step, flow.target, scope)
    if (scope.plan or state.plan(scope)).checks_joins:
        step.follow(Verb.CHECK_JOINS, scope.key)


def join(step: Step, gateway: Plan, scope: ElementInstance) -> None:
    """A parallel gateway passes when every incoming flow has a token; surplus ones stay."""
    tokens, incoming = scope.tokens, gateway.node.incoming
    if len(tokens) >= len(incoming) and all(flow.id in tokens for flow in incoming):
        begin(step, gateway.definition, gateway.node, scope, {"consumedFlows": [flow.id for flow in incoming]})


def child_ended(step: Step, scope_key: int) -> None:
    """A token of the scope is gone: complete the scope when it was the last."""
    scope = step.state.elements.get(scope_key)
    if scope is None:
        return
    if scope.tokens:
        if (scope.plan or step.state.plan(scope)).checks_joins:
            step.follow(Verb.CHECK_JOINS, scope_key)
    elif not scope.children and scope.state is _ACTIVATED:
        step.follow(_COMPLETE, scope_key)


def drop_tokens(step: Step, scope: ElementInstance) -> None:
    """Waiting tokens of a scope that is interrupted are gone."""
    for flow_id, count in list(scope.tokens.items()):
        value = {**scope.value, "elementId": flow_id, "bpmnElementType": "SEQUENCE_FLOW", "flowScopeKey": scope.key}
        value["count"] = count
        step.emit(_INSTANCE, Intent.SEQUENCE_FLOW_DELETED, step.next_key(), value)
