"""Service, send, script and business rule tasks: a worker, a FEEL script or a decision does the work."""

from __future__ import annotations

from lienthong.engine.core import decisions, expressions, flows, jobs, mappings, variables, waits
from lienthong.engine.core.elements.behavior import ElementBehavior
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step
from lienthong.engine.model.elements import FlowNode


def activate(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Offer the job and wait, or evaluate at once and pass on."""
    plan = instance.plan or step.state.plan(instance)
    if plan.offers is not None:
        jobs.offer_and_wait(step, instance, plan.offers.copy())
        return
    if node.inputs:
        mappings.apply_inputs(step, instance, node)
    openings = waits.prepare(step, instance, waits.attached(instance, node)) if node.boundary_events else ()
    if node.job is not None:
        job = jobs.prepare(step, instance, node)
        waits.open_all(openings)
        jobs.offer_and_wait(step, instance, job)
        return
    values = _evaluate(step, instance, node)
    waits.open_all(openings)
    flows.activated(step, instance)
    mappings.take_in(step, instance, node, values)
    flows.finish(step, instance, node)


def _evaluate(step: Step, instance: ElementInstance, node: FlowNode) -> variables.Document:
    if node.script is not None:
        value = expressions.evaluate(step, node.script.expression, instance.key)
        return {node.script.result_variable: variables.feel_text(value)}
    return decisions.for_task(step, instance, node)


BEHAVIOR = ElementBehavior(activate)
