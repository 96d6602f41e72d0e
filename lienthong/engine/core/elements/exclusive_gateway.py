"""An exclusive gateway takes the first flow whose condition holds, in document order, else the default."""

from __future__ import annotations

from lienthong.engine.core import expressions, flows
from lienthong.engine.core.elements.behavior import ElementBehavior
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Failure, Step
from lienthong.engine.model.elements import FlowNode, SequenceFlow

CONDITION = "CONDITION_ERROR"


def activate(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Choose, then pass on."""
    chosen = _choose(step, instance, node)
    flows.activated(step, instance)
    flows.completing(step, instance)
    flows.leave(step, instance, node, chosen)


def _choose(step: Step, instance: ElementInstance, node: FlowNode) -> list[SequenceFlow]:
    default: SequenceFlow | None = None
    for flow in node.outgoing:
        if flow.id == node.default_flow:
            default = flow
        elif flow.condition is None or expressions.boolean(
            step, flow.condition, instance.key, None, expressions.EXTRACT
        ):
            return [flow]
    if default is not None:
        return [default]
    if not node.outgoing:
        return []
    raise Failure(
        CONDITION, f"Expected a condition behind {node.id} to hold, but none does and there is no default flow"
    )


BEHAVIOR = ElementBehavior(activate)
