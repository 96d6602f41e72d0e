"""Rules about scopes, sequence flows and gateways."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lienthong.engine.model.elements import (
    ACTIVITY_TYPES,
    SCOPE_TYPES,
    ElementType,
    ExecutableProcess,
    FlowNode,
    Trigger,
)
from lienthong.engine.model.problems import Problem

Rule = Callable[[ExecutableProcess], Iterator[Problem]]

CHOOSING = (ElementType.EXCLUSIVE_GATEWAY, ElementType.INCLUSIVE_GATEWAY)
EVENT_GATEWAY_TRIGGERS = (Trigger.MESSAGE, Trigger.TIMER, Trigger.SIGNAL)
NAME_PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\Z", re.ASCII)
_KEYWORDS = "null true false function if then else for return between instance of not in and or some every satisfies"
FEEL_KEYWORDS = frozenset(_KEYWORDS.split())


def starts(process: ExecutableProcess) -> Iterator[Problem]:
    """Every scope begins as it should."""
    for scope in process.elements.values():
        if scope.type not in SCOPE_TYPES:
            continue
        found = [child for child in scope.children if child.type is ElementType.START_EVENT]
        none_starts = [child for child in found if child.trigger is Trigger.NONE]
        if scope.type is ElementType.PROCESS:
            if not found:
                yield Problem(scope.id, "start-event", "Expected at least one start event, but there is none")
            if len(none_starts) > 1:
                yield Problem(scope.id, "start-event", "Expected at most one none start event, but there are several")
        elif scope.type is ElementType.SUB_PROCESS and (len(found) != 1 or len(none_starts) != 1):
            yield Problem(scope.id, "start-event", "Expected exactly one start event, a none start, but not so")
        elif scope.type is ElementType.EVENT_SUB_PROCESS and len(found) != 1:
            yield Problem(scope.id, "start-event", "Expected an event sub-process to have exactly one start event")


def flows(process: ExecutableProcess) -> Iterator[Problem]:
    """Arrows join elements of one scope; nothing enters a start or leaves an end."""
    for flow in process.flows.values():
        source, target = process.elements.get(flow.source), process.elements.get(flow.target)
        if source is None or target is None:
            yield Problem(
                flow.id, "sequence-flow", "Expected a sequence flow to join two elements, but an end is loose"
            )
        elif source.scope != target.scope:
            yield Problem(flow.id, "sequence-flow", "Expected a sequence flow to stay in its scope, but it leaves it")
    for node in process.elements.values():
        if node.incoming and node.type in (ElementType.START_EVENT, ElementType.BOUNDARY_EVENT):
            yield Problem(node.id, "no-incoming", "Expected no incoming sequence flow, but there is one")
        if node.outgoing and node.type is ElementType.END_EVENT:
            yield Problem(node.id, "no-outgoing", "Expected no outgoing sequence flow, but there is one")
        if node.type is ElementType.BOUNDARY_EVENT and not node.outgoing and node.trigger is not Trigger.COMPENSATION:
            yield Problem(node.id, "outgoing", "Expected at least one outgoing sequence flow, but there is none")
        if node.type is ElementType.EVENT_SUB_PROCESS and (node.incoming or node.outgoing):
            yield Problem(node.id, "no-flows", "Expected no sequence flow at an event sub-process, but there is one")


def conditions(process: ExecutableProcess) -> Iterator[Problem]:
    """Only exclusive and inclusive gateways choose, and they know how."""
    for node in process.elements.values():
        if node.default_flow is not None:
            if node.type not in CHOOSING:
                yield Problem(
                    node.id, "default-flow", "Expected a default flow only at an exclusive or inclusive gateway"
                )
            elif node.default_flow not in {flow.id for flow in node.outgoing}:
                yield Problem(
                    node.id, "default-flow", "Expected the default flow to leave the gateway, but it does not"
                )
        if node.type not in CHOOSING:
            for flow in node.outgoing:
                if flow.condition is not None:
                    yield Problem(
                        flow.id, "condition", "Expected a condition only behind an exclusive or inclusive gateway"
                    )
        elif len(node.outgoing) > 1:
            for flow in node.outgoing:
                if flow.condition is None and flow.id != node.default_flow:
                    yield Problem(flow.id, "condition", "Expected a condition on every flow but the default one")


def event_gateways(process: ExecutableProcess) -> Iterator[Problem]:
    """An event-based gateway waits for catch events that only it leads to."""
    for node in process.elements.values():
        if node.type is not ElementType.EVENT_BASED_GATEWAY:
            continue
        if len(node.outgoing) < 2:
            yield Problem(
                node.id, "event-gateway", "Expected at least two outgoing sequence flows, but there are fewer"
            )
        names: set[str] = set()
        for flow in node.outgoing:
            target = process.elements.get(flow.target)
            if target is None:
                continue
            if target.type is not ElementType.INTERMEDIATE_CATCH_EVENT or target.trigger not in EVENT_GATEWAY_TRIGGERS:
                yield Problem(target.id, "event-gateway", "Expected a message, timer or signal catch event here")
            elif len(target.incoming) != 1:
                yield Problem(target.id, "event-gateway", "Expected only the gateway to lead here, but others do")
            if target.trigger is Trigger.MESSAGE and target.event is not None and target.event.name is not None:
                if target.event.name.source in names:
                    yield Problem(target.id, "event-gateway", "Expected message names to differ, but one occurs twice")
                names.add(target.event.name.source)


def mappings(process: ExecutableProcess) -> Iterator[Problem]:
    """Mapping targets are paths of names."""
    for node in process.elements.values():
        for mapping in (*node.inputs, *node.outputs):
            words = mapping.target.split(".")
            if not NAME_PATH.match(mapping.target) or FEEL_KEYWORDS & set(words):
                yield Problem(
                    node.id, "mapping-target", f'Expected a path of names, but the target is "{mapping.target}"'
                )
        if node.inputs and not _may_have_inputs(node):
            yield Problem(node.id, "input-mapping", "Expected no input mapping here, because it would have no effect")
        if node.outputs and node.type in (*CHOOSING, ElementType.PARALLEL_GATEWAY, ElementType.EVENT_BASED_GATEWAY):
            yield Problem(
                node.id, "output-mapping", "Expected no output mapping at a gateway, because it has no effect"
            )


def _may_have_inputs(node: FlowNode) -> bool:
    throws = (ElementType.INTERMEDIATE_THROW_EVENT, ElementType.END_EVENT)
    return node.type in ACTIVITY_TYPES or node.type in throws


RULES: tuple[Rule, ...] = (starts, flows, conditions, event_gateways, mappings)
