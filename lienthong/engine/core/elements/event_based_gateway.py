"""An event-based gateway waits for the events behind it; the first wins (`catching.trigger`)."""

from __future__ import annotations

from lienthong.engine.core import flows, waits
from lienthong.engine.core.elements.behavior import ElementBehavior
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step
from lienthong.engine.model.elements import FlowNode


def activate(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Open what each event behind the gateway waits for."""
    elements = step.state.definition(instance.definition_key).elements
    waits.open_all(waits.prepare(step, instance, [elements[flow.target] for flow in node.outgoing]))
    flows.activated(step, instance)


BEHAVIOR = ElementBehavior(activate)
