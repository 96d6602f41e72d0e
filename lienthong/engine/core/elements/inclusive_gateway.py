"""An inclusive gateway takes every flow whose condition holds; as a join it waits for what can still arrive."""

from __future__ import annotations

from collections.abc import Iterable

from lienthong.engine.core import expressions, flows
from lienthong.engine.core.definitions import Definition
from lienthong.engine.core.elements.behavior import ElementBehavior
from lienthong.engine.core.elements.exclusive_gateway import CONDITION
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Failure, Step
from lienthong.engine.model.elements import ElementType, FlowNode, SequenceFlow, Trigger


def activate(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Choose, then pass on."""
    chosen = _choose(step, instance, node)
    flows.activated(step, instance)
    flows.completing(step, instance)
    flows.leave(step, instance, node, chosen)


def _choose(step: Step, instance: ElementInstance, node: FlowNode) -> list[SequenceFlow]:
    if len(node.outgoing) < 2:
        return node.outgoing
    chosen = [
        flow
        for flow in node.outgoing
        if flow.id != node.default_flow
        and (flow.condition is None or expressions.boolean(step, flow.condition, instance.key))
    ]
    chosen = chosen or [flow for flow in node.outgoing if flow.id == node.default_flow]
    if not chosen:
        text = f"Expected a condition behind {node.id} to hold, but none does and there is no default flow"
        raise Failure(CONDITION, text)
    return chosen


def check_joins(step: Step, scope: ElementInstance) -> None:
    """Begin every inclusive join of the scope at which nothing more can arrive."""
    definition = step.state.definition(scope.definition_key)
    for node in definition.elements[scope.element_id].children:
        if node.type is not ElementType.INCLUSIVE_GATEWAY or not node.is_join:
            continue
        arrived = [flow.id for flow in node.incoming if flow.id in scope.tokens]
        if arrived and (len(arrived) == len(node.incoming) or not _can_arrive(step, definition, scope, node)):
            flows.begin(step, definition, node, scope, {"consumedFlows": arrived})


def _can_arrive(step: Step, definition: Definition, scope: ElementInstance, join: FlowNode) -> bool:
    """Whether a token elsewhere in the scope can reach the join by a flow that has none yet."""
    missing = {flow.source for flow in join.incoming if flow.id not in scope.tokens}
    links = {
        node.event.reference: node
        for node in definition.elements[scope.element_id].children
        if node.event is not None and node.trigger is Trigger.LINK and node.type is ElementType.INTERMEDIATE_CATCH_EVENT
    }
    open_nodes = {step.state.elements[key].element_id for key in scope.children}
    waiting = {definition.flows[flow_id].target for flow_id in scope.tokens}
    todo = list(open_nodes | (waiting - {join.id}))
    seen: set[str] = set()
    while todo:
        current = todo.pop()
        if current in seen or current == join.id:
            continue
        if current in missing:
            return True
        seen.add(current)
        todo.extend(_targets(definition.elements[current], links))
    return False


def _targets(node: FlowNode, links: dict[str, FlowNode]) -> Iterable[str]:
    yield from (flow.target for flow in node.outgoing)
    yield from (boundary.id for boundary in node.boundary_events)
    if node.event is not None and node.trigger is Trigger.LINK and node.event.reference in links:
        yield links[node.event.reference].id


BEHAVIOR = ElementBehavior(activate)
