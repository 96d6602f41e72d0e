"""Throw events: each emits ACTIVATED of the thrower once nothing can fail any more, then throws."""

from __future__ import annotations

from collections.abc import Callable

from lienthong.engine.core import catching, expressions, flows, signals
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Failure, Step
from lienthong.engine.model.elements import ElementType, FlowNode, Trigger
from lienthong.engine.protocol.records import Intent, ValueType


def _code(step: Step, instance: ElementInstance, node: FlowNode) -> str:
    if node.event is None or node.event.code is None:
        return ""
    return expressions.text(step, node.event.code, instance.key)


def signal(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Broadcast; the thrower's own variables (its input mappings) go with it."""
    if node.event is None or node.event.name is None:
        raise Failure(expressions.EXTRACT, f"Expected {node.id} to name a signal, but it does not")
    name = expressions.text(step, node.event.name, instance.key)
    flows.activated(step, instance)
    signals.broadcast(step, name, dict(instance.variables))


def escalation(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """The nearest catching event takes it; uncaught it is only noted."""
    code = _code(step, instance, node)
    flows.activated(step, instance)
    found = catching.find_catcher(step, instance, Trigger.ESCALATION, code)
    record = {
        "escalationCode": code,
        "throwElementId": node.id,
        "catchElementId": found[1].id if found else "",
        "processInstanceKey": instance.process_instance_key,
    }
    intent = Intent.ESCALATED if found else Intent.NOT_ESCALATED
    step.emit(ValueType.ESCALATION, intent, step.next_key(), record)
    if found is not None:
        catching.trigger(step, found[0], found[1], {})


def error(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """The nearest catching event takes it; uncaught it is an incident."""
    code = _code(step, instance, node)
    found = catching.find_catcher(step, instance, Trigger.ERROR, code)
    if found is None:
        raise Failure("UNHANDLED_ERROR_EVENT", f'Expected an event to catch the error "{code}", but there is none')
    flows.activated(step, instance)
    catching.trigger(step, found[0], found[1], dict(instance.variables))


def link(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Jump to the landing place of the same name in the same scope."""
    state = step.state
    definition = state.definition(instance.definition_key)
    scope = state.elements[instance.scope_key]
    name = node.event.reference if node.event is not None else ""
    landing = next(
        each
        for each in definition.elements[node.scope].children
        if each.type is ElementType.INTERMEDIATE_CATCH_EVENT
        and each.event is not None
        and each.trigger is Trigger.LINK
        and each.event.reference == name
    )
    flows.activated(step, instance)
    flows.completing(step, instance)
    flows.completed(step, instance)
    flows.begin(step, definition, landing, scope)


THROWERS: dict[Trigger, Callable[[Step, ElementInstance, FlowNode], None]] = {
    Trigger.SIGNAL: signal,
    Trigger.ESCALATION: escalation,
    Trigger.ERROR: error,
}
