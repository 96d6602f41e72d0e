"""Which element becomes which: what the engine's rules allow, and what to suggest by id, name and type."""

from dataclasses import dataclass

from lienthong.engine.core.migration_rules import MOVABLE
from lienthong.engine.model.elements import ElementType, ExecutableProcess, FlowNode
from lienthong.redeploy.changes import title
from lienthong.redeploy.marking import Marking
from lienthong.redeploy.words import Text, say

EVENTS = frozenset({ElementType.BOUNDARY_EVENT, ElementType.START_EVENT})
Names = dict[str, str]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something cannot move as it is; ``by_rule`` when no mapping of that element would help."""

    code: str
    element_id: str
    text: Text
    by_rule: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Where an element may go; ``by`` is id, name, type, or empty when nothing is suggested."""

    source: str
    target: str
    by: str
    candidates: tuple[str, ...]


def unlike(old: FlowNode, new: FlowNode) -> str:
    """The rule that forbids one element to become the other; empty when none does."""
    if old.type is not new.type or old.trigger is not new.trigger:
        return "other-kind"
    if (old.loop and old.loop.sequential) != (new.loop and new.loop.sequential):
        return "other-loop"
    if old.user_task and new.user_task and old.user_task.native is not new.user_task.native:
        return "other-task"
    return ""


def suggest(old: ExecutableProcess, new: ExecutableProcess) -> dict[str, Suggestion]:
    """A suggestion for every element of the old version that can move; two never get the same target."""
    found: dict[str, Suggestion] = {}
    used: set[str] = set()
    nodes = [node for node in old.elements.values() if node is not old.root]
    likes = {node.id: _candidates(node, new) for node in nodes}
    for how in ("id", "name", "type"):
        for node in nodes:
            if node.id in found:
                continue
            free = [key for key in likes[node.id] if key not in used]
            target = _pick(how, node, free, old, new)
            if target:
                found[node.id] = Suggestion(node.id, target, how, tuple(likes[node.id]))
                used.add(target)
    return {node.id: found.get(node.id, Suggestion(node.id, "", "", tuple(likes[node.id]))) for node in nodes}


def _candidates(node: FlowNode, new: ExecutableProcess) -> list[str]:
    return [other.id for other in new.elements.values() if other is not new.root and not unlike(node, other)]


def _pick(how: str, node: FlowNode, free: list[str], old: ExecutableProcess, new: ExecutableProcess) -> str:
    if how == "id":
        return node.id if node.id in free else ""
    strangers = [key for key in free if key not in old.elements]
    if how == "name":
        same = [key for key in strangers if node.name and title(new.elements[key]) == title(node)]
        return same[0] if len(same) == 1 else ""
    return strangers[0] if len(strangers) == 1 and node.id not in new.elements else ""


def mapping_by_id(suggestions: dict[str, Suggestion]) -> Names:
    """What moves without a choice."""
    return {key: each.target for key, each in suggestions.items() if each.by == "id"}


def flows_between(old: ExecutableProcess, new: ExecutableProcess, names: Names) -> Names:
    """Flows into joins that have another id now: the one between the elements that their ends become."""
    found: Names = {}
    for flow in old.flows.values():
        target = new.elements.get(names.get(flow.target, ""))
        if target is None or not target.is_join or flow.id in {each.id for each in target.incoming}:
            continue
        like = [each.id for each in target.incoming if each.source == names.get(flow.source)]
        if len(like) == 1 and like[0] not in found.values():
            found[flow.id] = like[0]
    return found


def refusals(old: ExecutableProcess, new: ExecutableProcess, marking: Marking, names: Names) -> list[Reason]:
    """Why the engine would refuse this mapping for this marking; empty when it would not."""
    found = []
    for key, _ in marking.elements:
        found += _element(old, new, key, names)
    for flow_id, _ in marking.tokens:
        found += _token(old, new, flow_id, names)
    return found + _start_events(old, new, old.root, new.root, names)


def _element(old: ExecutableProcess, new: ExecutableProcess, key: str, names: Names) -> list[Reason]:
    node = old.elements[key]
    if node.type not in MOVABLE:
        return [Reason("unmovable", key, say("unmovable", element=title(node), kind=str(node.type)), True)]
    target = new.elements.get(names.get(key, ""))
    if target is None:
        code = "unmapped" if _candidates(node, new) else "gone"
        return [Reason(code, key, say(code, element=title(node)), code == "gone")]
    code = unlike(node, target)
    expected = new.root.id if node.scope == old.root.id else names.get(node.scope)
    if not code and target.scope != expected:
        code = "other-scope"
    if code:
        return [Reason(code, key, say(code, element=title(node), target=title(target)))]
    found = _events(new, node, target, names)
    return found + _start_events(old, new, node, target, names)


def _events(new: ExecutableProcess, node: FlowNode, target: FlowNode, names: Names) -> list[Reason]:
    found = []
    for event in node.boundary_events:
        moved = new.elements.get(names.get(event.id, ""))
        if event.id in names and (moved is None or unlike(event, moved) or moved.attached_to != target.id):
            found.append(Reason("event-kind", event.id, say("event-kind", element=title(event))))
    return found


def _start_events(
    old: ExecutableProcess, new: ExecutableProcess, scope: FlowNode, target: FlowNode, names: Names
) -> list[Reason]:
    found = []
    for sub in scope.event_sub_processes:
        event = sub.start
        if event is None or event.id not in names:
            continue
        moved = new.elements.get(names[event.id])
        kept = moved is not None and not unlike(event, moved) and moved.interrupting is event.interrupting
        if not kept or moved is None or new.elements[moved.scope].scope != target.id:
            found.append(Reason("event-kind", event.id, say("event-kind", element=title(event))))
    return found


def _token(old: ExecutableProcess, new: ExecutableProcess, flow_id: str, names: Names) -> list[Reason]:
    gateway = old.elements[old.flows[flow_id].target]
    target = new.elements.get(names.get(gateway.id, ""))
    if target is None or target.type is not gateway.type:
        code = "unmapped" if _candidates(gateway, new) else "gone"
        return [Reason(code, gateway.id, say(code, element=title(gateway)), code == "gone")]
    flow = names.get(flow_id, flow_id)
    narrower = len(target.incoming) < len(gateway.incoming)
    if narrower or flow not in {each.id for each in target.incoming}:
        return [Reason("join", gateway.id, say("join", element=title(target), target=flow))]
    return []


def drop_forbidden(old: ExecutableProcess, new: ExecutableProcess, names: Names) -> Names:
    """The mapping without the events that no longer hang where they hung: they are closed and opened anew."""
    forbidden: set[str] = set()
    for node in old.elements.values():
        target = new.root if node is old.root else new.elements.get(names.get(node.id, ""))
        if target is not None:
            both = _events(new, node, target, names) + _start_events(old, new, node, target, names)
            forbidden |= {each.element_id for each in both}
    return {key: value for key, value in names.items() if key not in forbidden}
