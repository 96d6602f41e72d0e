"""No straight-through loop: a circle in which nothing waits and nothing can change would never end."""

from __future__ import annotations

from collections.abc import Iterator

from lienthong.engine.model.elements import ElementType, ExecutableProcess, FlowNode, Trigger
from lienthong.engine.model.problems import Problem
from lienthong.engine.model.rules_flow import Rule

STRAIGHT = frozenset(
    {
        ElementType.MANUAL_TASK,
        ElementType.TASK,
        ElementType.EXCLUSIVE_GATEWAY,
        ElementType.PARALLEL_GATEWAY,
        ElementType.INCLUSIVE_GATEWAY,
        ElementType.INTERMEDIATE_THROW_EVENT,
    }
)


def straight_through(process: ExecutableProcess) -> Iterator[Problem]:
    """Report each circle of elements that are passed without waiting, once."""
    links = {
        (node.scope, node.event.reference): node.id
        for node in process.elements.values()
        if node.event is not None and node.trigger is Trigger.LINK and node.type is ElementType.INTERMEDIATE_CATCH_EVENT
    }
    done: set[str] = set()
    for node in process.elements.values():
        if node.id not in done and _passes(node):
            circle = _circle_from(process, links, node.id, done)
            if circle:
                path = " → ".join(circle)
                yield Problem(
                    circle[0], "straight-through-loop", f"Expected a loop to wait somewhere, but {path} never does"
                )


def _passes(node: FlowNode) -> bool:
    landing = node.trigger is Trigger.LINK
    return (node.type in STRAIGHT or landing) and node.job is None and not node.outputs and node.loop is None


def _next(process: ExecutableProcess, links: dict[tuple[str, str], str], node: FlowNode) -> list[str]:
    if node.trigger is Trigger.LINK and node.type is ElementType.INTERMEDIATE_THROW_EVENT and node.event is not None:
        landing = links.get((node.scope, node.event.reference))
        return [landing] if landing else []
    targets = [flow.target for flow in node.outgoing]
    return [target for target in targets if target in process.elements and _passes(process.elements[target])]


def _circle_from(
    process: ExecutableProcess, links: dict[tuple[str, str], str], start: str, done: set[str]
) -> list[str] | None:
    """Depth first without recursion; `path` holds what is open, `done` what led nowhere."""
    path: list[str] = [start]
    open_ids = {start}
    waiting = [iter(_next(process, links, process.elements[start]))]
    while waiting:
        target = next(waiting[-1], None)
        if target is None:
            waiting.pop()
            closed = path.pop()
            open_ids.discard(closed)
            done.add(closed)
        elif target in open_ids:
            done.update(path)
            return [*path[path.index(target) :], target]
        elif target not in done:
            path.append(target)
            open_ids.add(target)
            waiting.append(iter(_next(process, links, process.elements[target])))
    return None


RULES: tuple[Rule, ...] = (straight_through,)
