"""What a modification of one instance would do: what ends, what begins, and whether it can still end well."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lienthong.engine.model.elements import SCOPE_TYPES, ElementType, ExecutableProcess, Trigger
from lienthong.redeploy.changes import title
from lienthong.redeploy.marking import Marking
from lienthong.redeploy.token_game import Fate, TokenGame
from lienthong.redeploy.waiting_words import tell
from lienthong.redeploy.words import Text

_NO_TARGETS = frozenset({ElementType.PROCESS, ElementType.START_EVENT, ElementType.BOUNDARY_EVENT})


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen, in words; ``fate`` is that of the new marking, ``refused`` names why nothing can be done."""

    steps: tuple[Text, ...]
    warnings: tuple[Text, ...]
    fate: Fate
    refused: str = ""


def may_begin(process: ExecutableProcess, element_id: str) -> bool:
    """Whether a modification may activate this element."""
    node = process.elements.get(element_id)
    if node is None or node.type in _NO_TARGETS or node.loop is not None:
        return False
    behind_gateway = any(
        process.elements[flow.source].type is ElementType.EVENT_BASED_GATEWAY for flow in node.incoming
    )
    return not behind_gateway


def preview(process: ExecutableProcess, marking: Marking, activate: Sequence[str], terminate: Sequence[str]) -> Preview:
    """Look ahead: ``activate`` element ids that begin (each once a mention), ``terminate`` element ids that end."""
    refused = [key for key in activate if not may_begin(process, key)]
    open_ones = Counter(dict(marking.elements))
    refused += [key for key in terminate if not open_ones[key]]
    if refused or not (activate or terminate):
        return Preview((), (), Fate.UNKNOWN, ", ".join(refused) or "-")
    steps = [_ended(process, key, open_ones[key]) for key in terminate]
    steps += [tell("starts", element=title(process.elements[key])) for key in activate]
    warnings = [text for key in terminate for text in _lost(process, key)]
    after = _after(process, open_ones, activate, terminate)
    if not after and not activate:
        return Preview(tuple(steps), (*warnings, tell("empties")), Fate.SAFE)
    found = TokenGame(process).fate({**after, **dict(marking.tokens)})
    joins = ", ".join(title(process.elements[key]) for key in found.joins)
    warnings.append(tell(f"fate-{found.fate}", name=joins))
    if marking.ambiguous:
        names = ", ".join(title(process.elements[key]) for key in marking.ambiguous)
        warnings.append(tell("data-open", name=names))
    return Preview(tuple(steps), tuple(warnings), found.fate)


def _ended(process: ExecutableProcess, key: str, count: int) -> Text:
    return tell("ends", element=title(process.elements[key]), count=count)


def _lost(process: ExecutableProcess, key: str) -> list[Text]:
    node = process.elements[key]
    if node.type is ElementType.USER_TASK:
        return [tell("ends-work", element=title(node))]
    return [tell("ends-called", element=title(node))] if node.type is ElementType.CALL_ACTIVITY else []


def _after(
    process: ExecutableProcess, open_ones: Counter[str], activate: Sequence[str], terminate: Sequence[str]
) -> dict[str, int]:
    """The tokens afterwards: ended scopes take what is inside with them, begun ones open the scopes around them."""
    after = Counter(open_ones)
    for key in terminate:
        for other in list(after):
            if other == key or key in _scopes(process, other):
                del after[other]
    for key in activate:
        after[key] += 1
        for scope in _scopes(process, key):
            after[scope] = max(after[scope], 1)
    for scope in [key for key in after if process.elements[key].type in SCOPE_TYPES]:
        inside = any(scope in _scopes(process, other) for other in after)
        if not inside and scope not in activate:
            del after[scope]
    return {key: count for key, count in after.items() if count and not _watches(process, key)}


def _watches(process: ExecutableProcess, key: str) -> bool:
    """Inside an event sub-process: the token game leaves those out."""
    places = [key, *_scopes(process, key)]
    return any(process.elements[place].type is ElementType.EVENT_SUB_PROCESS for place in places)


def _scopes(process: ExecutableProcess, key: str) -> list[str]:
    found, scope = [], process.elements[key].scope
    while scope and scope != process.root.id:
        found.append(scope)
        scope = process.elements[scope].scope
    return found


def listens(process: ExecutableProcess, element_id: str) -> bool:
    """Whether a subscription at this element stands beside the work (on a task or in an event sub-process)."""
    node = process.elements.get(element_id)
    if node is None:
        return False
    beside = node.type is ElementType.BOUNDARY_EVENT or node.type is ElementType.START_EVENT
    return beside and node.trigger is not Trigger.NONE
