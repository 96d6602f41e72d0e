"""Can a marking still come to its end in a model, whatever the data say? A token game without data.

Choices are free, tasks end at any time, a boundary event may interrupt a task. Event sub-processes and
events on scopes are left out: that somebody may withdraw is no way for a dossier to arrive.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from lienthong.engine.model.elements import SCOPE_TYPES, ElementType, ExecutableProcess, FlowNode, Trigger

STATE_LIMIT = 20_000
TOKEN_LIMIT = 4
BRANCH_LIMIT = 10
State = frozenset[tuple[str, int]]  # element or waiting flow → tokens


class Fate(StrEnum):
    """What becomes of a marking."""

    SAFE = "safe"  # from everything that can be reached, the end can be reached
    RISKY = "risky"  # some ways lead to the end, some never
    STRANDED = "stranded"  # no way leads to the end
    UNKNOWN = "unknown"  # too many states to say


@dataclass(frozen=True, slots=True)
class Found:
    """The fate, and the joins at which tokens stay for ever."""

    fate: Fate
    joins: tuple[str, ...] = ()


class TooLarge(Exception):
    """More states or tokens than are looked at."""


class TokenGame:
    """One model, with what has been found for its markings."""

    def __init__(self, process: ExecutableProcess) -> None:
        self._process = process
        self._reach = {key: self._reachable(key) for key in process.elements}
        self._known: dict[State, Found] = {}

    def fate(self, tokens: dict[str, int]) -> Found:
        """What becomes of these tokens (element id or waiting flow id → count)."""
        start = frozenset(self._seen(tokens).items())
        if start not in self._known:
            self._explore(start)
        return self._known[start]

    def _seen(self, tokens: dict[str, int]) -> dict[str, int]:
        """A repeated activity as one token, whatever runs inside it."""
        found: dict[str, int] = {}
        for key, count in tokens.items():
            place = self._process.elements[self._place(key)]
            repeated = key if place.loop and key == place.id else ""
            while place.scope:
                place = self._process.elements[place.scope]
                repeated = place.id if place.loop else repeated
            if repeated:
                found[repeated] = 1
            elif count:
                found[key] = count
        return found

    def _explore(self, start: State) -> None:
        """Note the fate of every state that is met, so that the next marking is mostly known already."""
        try:
            graph = self._graph(start)
        except TooLarge:
            self._known[start] = Found(Fate.UNKNOWN)
            return
        back: dict[State, list[State]] = {}
        for state, following in graph.items():
            for after in following:
                back.setdefault(after, []).append(state)
        ending = _leading_to([frozenset()], back)
        lost = [state for state in graph if state not in ending]
        risky = _leading_to(lost, back)
        flows = self._process.flows
        stuck = {flows[key].target for state in lost if not graph[state] for key, _ in state if key in flows}
        joins = tuple(sorted(stuck))
        for state in graph:
            if state not in ending:
                own = tuple(sorted({flows[key].target for key, _ in state if key in flows} & stuck))
                self._known[state] = Found(Fate.STRANDED, own or joins)
            else:
                self._known[state] = Found(Fate.RISKY, joins) if state in risky else Found(Fate.SAFE)

    def _graph(self, start: State) -> dict[State, list[State]]:
        graph: dict[State, list[State]] = {}
        todo = [start]
        while todo:
            state = todo.pop()
            if state in graph:
                continue
            if len(graph) >= STATE_LIMIT:
                raise TooLarge
            graph[state] = self._following(state, graph)
            todo += graph[state]
        return graph

    def _following(self, state: State, seen: dict[State, list[State]]) -> list[State]:
        """All next states, or only the one of a step that hinders no other (unless that leads back)."""
        tokens = dict(state)
        found: list[State] = []
        for key in sorted(tokens):
            moves = list(self._moves(key, tokens))
            after = [_changed(tokens, removed, added) for removed, added in moves]
            alone = key in self._process.elements and len(moves) == 1 and self._is_plain(key)
            if alone and after[0] not in seen and after[0] != state:
                return after
            found += after
        return list(dict.fromkeys(found))

    def _is_plain(self, key: str) -> bool:
        node = self._process.elements[key]
        return node.type not in SCOPE_TYPES and node.trigger not in (Trigger.TERMINATE, Trigger.ERROR)

    def _moves(self, key: str, tokens: dict[str, int]) -> Iterator[tuple[dict[str, int], list[str]]]:
        node = self._process.elements.get(key)
        if node is None:
            gateway = self._process.elements[self._process.flows[key].target]
            used = self._used(gateway, tokens)
            if used:
                yield used, [gateway.id]
            return
        if node.type in SCOPE_TYPES:
            if node.loop is None and self._inside(node.id, tokens):
                return
        elif node.trigger is Trigger.TERMINATE:
            yield self._inside(node.scope, tokens), []
            return
        elif node.trigger is Trigger.ERROR and node.type is ElementType.END_EVENT:
            yield self._thrown(node, tokens)
            return
        for chosen in self._ways(node):
            yield {key: 1}, self._entered(chosen)
        if node.type not in SCOPE_TYPES:
            for event in node.boundary_events:
                if event.interrupting:
                    yield {key: 1}, [event.id]

    def _thrown(self, node: FlowNode, tokens: dict[str, int]) -> tuple[dict[str, int], list[str]]:
        """What an error ends, and where it is caught; uncaught it ends the process, which the caller goes on from."""
        scope = self._process.elements[node.scope]
        code = _code(node)
        while scope is not self._process.root:
            for event in scope.boundary_events:
                if event.trigger is Trigger.ERROR and _code(event) in ("", code):
                    return {**self._inside(scope.id, tokens), scope.id: 1}, [event.id]
            scope = self._process.elements[scope.scope]
        return dict(tokens), []

    def _entered(self, keys: list[str]) -> list[str]:
        """With each embedded sub-process its start; a repeated one is one token until it ends."""
        found = []
        for key in keys:
            found.append(key)
            node = self._process.elements.get(key)
            if node and node.type is ElementType.SUB_PROCESS and node.loop is None and node.start:
                found += self._entered([node.start.id])
        return found

    def _used(self, gateway: FlowNode, tokens: dict[str, int]) -> dict[str, int]:
        """The tokens that a join takes now; none when it goes on waiting."""
        there = {flow.id: 1 for flow in gateway.incoming if tokens.get(flow.id)}
        if len(there) == len(gateway.incoming):
            return there
        if gateway.type is ElementType.PARALLEL_GATEWAY:
            return {}
        others = (key for key in tokens if key not in there)
        return {} if any(gateway.id in self._reach[self._place(key)] for key in others) else there

    def _place(self, key: str) -> str:
        return key if key in self._process.elements else self._process.flows[key].target

    def _ways(self, node: FlowNode) -> Iterator[list[str]]:
        if node.trigger is Trigger.LINK and not node.outgoing and node.event:
            yield [
                other.id
                for other in self._process.elements.values()
                if other.trigger is Trigger.LINK
                and other.outgoing
                and other.event
                and other.event.reference == node.event.reference
            ]
            return
        flows = [self._arrival(flow.id) for flow in node.outgoing]
        if node.type in (ElementType.EXCLUSIVE_GATEWAY, ElementType.EVENT_BASED_GATEWAY) and flows:
            yield from ([flow] for flow in flows)
        elif node.type is ElementType.INCLUSIVE_GATEWAY and len(flows) > 1:
            if len(flows) > BRANCH_LIMIT:
                raise TooLarge
            for size in range(1, len(flows) + 1):
                yield from (list(chosen) for chosen in combinations(flows, size))
        else:
            yield flows

    def _arrival(self, flow_id: str) -> str:
        target = self._process.elements[self._process.flows[flow_id].target]
        return flow_id if target.is_join else target.id

    def _inside(self, scope: str, tokens: dict[str, int]) -> dict[str, int]:
        found = {}
        for key, count in tokens.items():
            place = self._process.elements[self._place(key)]
            while place.scope and place.scope != scope:
                place = self._process.elements[place.scope]
            if place.scope == scope:
                found[key] = count
        return found

    def _reachable(self, key: str) -> set[str]:
        """The elements to which a token may come within its scope and the scopes around."""
        elements = self._process.elements
        found: set[str] = set()
        todo = [key]
        while todo:
            node = elements[todo.pop()]
            for after in (*(flow.target for flow in node.outgoing), *(event.id for event in node.boundary_events)):
                if after not in found:
                    found.add(after)
                    todo.append(after)
        return found


def _code(node: FlowNode) -> str:
    return node.event.code.source if node.event and node.event.code else ""


def _leading_to(goals: list[State], back: dict[State, list[State]]) -> set[State]:
    found: set[State] = set()
    todo = list(goals)
    while todo:
        state = todo.pop()
        if state not in found:
            found.add(state)
            todo += back.get(state, [])
    return found


def _changed(tokens: dict[str, int], removed: dict[str, int], added: list[str]) -> State:
    after = Counter(tokens)
    after.subtract(removed)
    after.update(added)
    if max(after.values(), default=0) > TOKEN_LIMIT:
        raise TooLarge
    return frozenset((key, count) for key, count in after.items() if count > 0)
