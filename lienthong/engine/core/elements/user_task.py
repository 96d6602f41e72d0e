"""A user task waits for a person."""

from __future__ import annotations

from lienthong.engine.core import flows, mappings, user_tasks, waits
from lienthong.engine.core.elements.behavior import ElementBehavior
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step
from lienthong.engine.model.elements import FlowNode


def activate(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Offer the task."""
    mappings.apply_inputs(step, instance, node)
    openings = waits.prepare(step, instance, waits.attached(instance, node))
    create = user_tasks.prepare(step, instance, node)
    waits.open_all(openings)
    create()
    flows.activated(step, instance)


BEHAVIOR = ElementBehavior(activate)
