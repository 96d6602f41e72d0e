"""An embedded sub-process is a scope: it begins at its none start and ends with its last token."""

from __future__ import annotations

from lienthong.engine.core import flows, mappings, modification, waits
from lienthong.engine.core.elements.behavior import ElementBehavior
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step
from lienthong.engine.model.elements import FlowNode


def activate(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Open what may strike it, then put a token at its start."""
    named = instance.value.get("startInstructions")
    if not named:
        mappings.apply_inputs(step, instance, node)
    waits.open_all(waits.prepare(step, instance, waits.attached(instance, node)))
    flows.activated(step, instance)
    if named:  # a modification put tokens inside
        modification.activate_elements(step, instance, named, instance.value.get("variableInstructions"))
    elif node.start is not None:
        flows.begin(step, step.state.definition(instance.definition_key), node.start, instance)


def complete(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """End, unless something has begun in it meanwhile."""
    if not instance.children and not instance.tokens:
        flows.finish(step, instance, node)


BEHAVIOR = ElementBehavior(activate, complete)
