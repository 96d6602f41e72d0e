"""Where an instance stands: its active elements, and the tokens that wait at joins that have not completed.

The cluster does not say which tokens wait. They are counted from what has completed: a token went along each
outgoing flow of a completed element, and a completed join has used one of each of its flows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lienthong.engine.model.elements import ElementType, ExecutableProcess, FlowNode

CHOOSING = frozenset({ElementType.EXCLUSIVE_GATEWAY, ElementType.INCLUSIVE_GATEWAY, ElementType.EVENT_BASED_GATEWAY})
Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Marking:
    """Element id → instances, flow id → waiting tokens, and the joins about which the data say too little."""

    elements: Counts
    tokens: Counts = ()
    ambiguous: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """What is known of one instance; ``flows`` is None when they were not asked for."""

    active: Mapping[str, int]
    completed: Mapping[str, int]
    flows: frozenset[str] | None = None
    foreign: bool = False  # it has been under another model, whose elements this one does not know


def joins(process: ExecutableProcess) -> list[FlowNode]:
    """The elements at which tokens wait for one another."""
    return [node for node in process.elements.values() if node.is_join]


def watched(process: ExecutableProcess) -> set[str]:
    """The elements whose completions must be known to count the tokens: joins, what leads to them, their scopes."""
    found: set[str] = set()
    for join in joins(process):
        found |= {join.id, *(flow.source for flow in join.incoming), *_scopes(process, join)}
    return found


def needs_flows(process: ExecutableProcess, completed: Mapping[str, int]) -> bool:
    """Whether the taken flows must be asked for: an element that chooses leads to a join, and has completed."""
    sources = {flow.source for join in joins(process) for flow in join.incoming}
    return any(completed.get(key) and _chooses(process.elements[key]) for key in sources)


def marking_of(process: ExecutableProcess, history: History) -> Marking:
    """The marking of one instance."""
    tokens: dict[str, int] = {}
    unclear: set[str] = set()
    for join in joins(process):
        waiting = _waiting(process, join, history)
        if waiting is None:
            unclear.add(join.id)
        elif any(waiting.values()):
            if history.foreign or _repeated(process, join, history):
                unclear.add(join.id)
            tokens |= {flow: count for flow, count in waiting.items() if count}
        elif history.foreign:
            unclear.add(join.id)
    return Marking(tuple(sorted(history.active.items())), tuple(sorted(tokens.items())), tuple(sorted(unclear)))


def _waiting(process: ExecutableProcess, join: FlowNode, history: History) -> dict[str, int] | None:
    """Tokens on each incoming flow of a join; None when it cannot be known."""
    passed = history.completed.get(join.id, 0) + history.active.get(join.id, 0)
    taken: dict[str, int] = {}
    for flow in join.incoming:
        source = process.elements[flow.source]
        count = history.completed.get(source.id, 0)
        if count and _chooses(source):
            if history.flows is None or (count > 1 and flow.id in history.flows):
                return None
            count = int(flow.id in history.flows)
        taken[flow.id] = count
    if join.type is ElementType.INCLUSIVE_GATEWAY and passed:
        return None if any(count > 1 for count in taken.values()) or passed > 1 else dict.fromkeys(taken, 0)
    waiting = {flow: count - passed for flow, count in taken.items()}
    return None if min(waiting.values()) < 0 else waiting


def _chooses(node: FlowNode) -> bool:
    return node.type in CHOOSING and len(node.outgoing) > 1


def _repeated(process: ExecutableProcess, join: FlowNode, history: History) -> bool:
    """Whether a scope around the join has run more than once, so that the tokens may be of an earlier turn."""
    return any(
        process.elements[scope].loop is not None or history.completed.get(scope, 0) + history.active.get(scope, 0) != 1
        for scope in _scopes(process, join)
    )


def _scopes(process: ExecutableProcess, node: FlowNode) -> list[str]:
    found = []
    scope = node.scope
    while scope and scope != process.root.id:
        found.append(scope)
        scope = process.elements[scope].scope
    return found
