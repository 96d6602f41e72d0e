"""An intermediate catch event waits for a message, signal or point in time; a link is a landing place."""

from __future__ import annotations

from lienthong.engine.core import flows, waits
from lienthong.engine.core.elements.behavior import ElementBehavior
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step
from lienthong.engine.model.elements import FlowNode, Trigger


def activate(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Wait, unless a gateway has waited already or there is nothing to wait for."""
    if node.trigger is Trigger.LINK or instance.value.get("triggered"):
        flows.activated(step, instance)
        flows.finish(step, instance, node)
        return
    waits.open_all(waits.prepare(step, instance, [node]))
    flows.activated(step, instance)


BEHAVIOR = ElementBehavior(activate)
