"""Manual and undefined tasks: somebody does something outside, the engine passes on."""

from __future__ import annotations

from lienthong.engine.core import flows, mappings, waits
from lienthong.engine.core.elements.behavior import ElementBehavior
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step
from lienthong.engine.model.elements import FlowNode


def activate(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Map inputs, pass on."""
    mappings.apply_inputs(step, instance, node)
    openings = waits.prepare(step, instance, waits.attached(instance, node))
    waits.open_all(openings)
    flows.activated(step, instance)
    flows.finish(step, instance, node)


BEHAVIOR = ElementBehavior(activate)
