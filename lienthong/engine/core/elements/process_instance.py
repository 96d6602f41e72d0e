"""A process instance is the outermost scope; when it ends its caller goes on, or the next of its key begins."""

from __future__ import annotations

from lienthong.engine.core import flows, messages, modification, waits
from lienthong.engine.core.elements import call_activity
from lienthong.engine.core.elements.behavior import ElementBehavior
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step
from lienthong.engine.model.elements import FlowNode


def activate(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Open what may strike it, then put a token at its start event or at the elements asked for."""
    waits.open_all(waits.prepare(step, instance, waits.attached(instance, node)))
    flows.activated(step, instance)
    definition = step.state.definition(instance.definition_key)
    named = instance.value.get("startInstructions")
    if named:
        modification.activate_elements(step, instance, named)
        return
    start = definition.elements.get(instance.value.get("startElementId", ""), node.start)
    if start is not None:
        flows.begin(step, definition, start, instance)


def complete(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """End; hand results to the caller, or let a waiting message of the same key start the next instance."""
    if instance.children or instance.tokens:
        return
    state = step.state
    lock = state.correlations.get(instance.key)
    flows.completing(step, instance)
    caller = state.elements.get(instance.parent_key)
    if caller is not None:
        call_activity.take_results(step, caller, instance)
    flows.completed(step, instance)
    if lock is not None:
        messages.start_next(step, *lock)


BEHAVIOR = ElementBehavior(activate, complete)
