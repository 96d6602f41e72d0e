"""A receive task waits for a message, like a catch event, and is an activity."""

from __future__ import annotations

from lienthong.engine.core import flows, mappings, waits
from lienthong.engine.core.elements.behavior import ElementBehavior
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step
from lienthong.engine.model.elements import FlowNode


def activate(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Wait for the message."""
    mappings.apply_inputs(step, instance, node)
    waits.open_all(waits.prepare(step, instance, [*waits.attached(instance, node), node]))
    flows.activated(step, instance)


BEHAVIOR = ElementBehavior(activate)
