"""A parallel gateway sends a token along every flow; as a join it begins when all have come (`flows.join`)."""

from __future__ import annotations

from lienthong.engine.core import flows
from lienthong.engine.core.elements.behavior import ElementBehavior
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step
from lienthong.engine.model.elements import FlowNode


def activate(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Pass on."""
    flows.activated(step, instance)
    flows.finish(step, instance, node)


BEHAVIOR = ElementBehavior(activate)
