"""An end event consumes its token; it may throw (message, signal, escalation, compensation, error) or end its scope."""

from __future__ import annotations

from lienthong.engine.core import flows, jobs, mappings, termination
from lienthong.engine.core.elements.behavior import ElementBehavior
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step
from lienthong.engine.core.triggers import compensation
from lienthong.engine.core.triggers.throwing import THROWERS
from lienthong.engine.model.elements import FlowNode, Trigger


def activate(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Throw what is to be thrown, then end if the throw has not ended the thrower."""
    mappings.apply_inputs(step, instance, node)
    if node.trigger is Trigger.MESSAGE:
        jobs.offer_and_wait(step, instance, jobs.prepare(step, instance, node))
        return
    if node.trigger is Trigger.COMPENSATION:
        compensation.throw(step, instance, node)
        return
    thrower = THROWERS.get(node.trigger)
    if thrower is not None:
        thrower(step, instance, node)
    else:
        flows.activated(step, instance)
    if instance.key in step.state.elements:
        complete(step, instance, node)


def complete(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """The token is consumed; a terminate end takes all others of its scope with it."""
    flows.completing(step, instance)
    mappings.apply_outputs(step, instance, node)
    flows.completed(step, instance)
    if node.trigger is Trigger.TERMINATE:
        termination.terminate_children(step, step.state.elements[instance.scope_key])
    flows.child_ended(step, instance.scope_key)


BEHAVIOR = ElementBehavior(activate, complete)
