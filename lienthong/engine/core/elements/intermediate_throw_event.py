"""An intermediate throw event gives off a message (as a job), signal, escalation, compensation or link, or nothing."""

from __future__ import annotations

from lienthong.engine.core import flows, jobs, mappings
from lienthong.engine.core.elements.behavior import ElementBehavior
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step
from lienthong.engine.core.triggers import compensation
from lienthong.engine.core.triggers.throwing import THROWERS, link
from lienthong.engine.model.elements import FlowNode, Trigger


def activate(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Throw, then pass on if the throw has not ended the thrower."""
    mappings.apply_inputs(step, instance, node)
    if node.trigger is Trigger.MESSAGE:
        jobs.offer_and_wait(step, instance, jobs.prepare(step, instance, node))
    elif node.trigger is Trigger.LINK:
        link(step, instance, node)
    elif node.trigger is Trigger.COMPENSATION:
        compensation.throw(step, instance, node)
    else:
        thrower = THROWERS.get(node.trigger)
        if thrower is not None:
            thrower(step, instance, node)
        else:
            flows.activated(step, instance)
        if instance.key in step.state.elements:
            flows.finish(step, instance, node)


BEHAVIOR = ElementBehavior(activate)
