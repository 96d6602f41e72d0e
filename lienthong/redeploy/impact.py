"""The impact report: every running instance sorted by what a migration would mean for it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lienthong.engine.model.elements import ExecutableProcess, FlowNode, Trigger
from lienthong.redeploy.changes import title
from lienthong.redeploy.mapping import (
    Names,
    Reason,
    Suggestion,
    drop_forbidden,
    flows_between,
    mapping_by_id,
    refusals,
    suggest,
)
from lienthong.redeploy.marking import Marking
from lienthong.redeploy.token_game import Fate, TokenGame
from lienthong.redeploy.words import Text, say


class Verdict(StrEnum):
    """The three lists of the report."""

    ITSELF = "itself"
    CHOICE = "choice"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class Running:
    """One running instance and the dossier it works for."""

    key: str
    dossier_code: str
    marking: Marking


@dataclass(frozen=True, slots=True)
class Group:
    """All instances of one marking: they share verdict, reasons and timers."""

    marking: Marking
    verdict: Verdict
    reasons: tuple[Reason, ...]
    timers: tuple[Text, ...]
    instances: tuple[Running, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """From one version to another: the mapping looked at, and the groups, largest first."""

    mapping: Names
    suggestions: tuple[Suggestion, ...]
    groups: tuple[Group, ...]

    def count(self, verdict: Verdict) -> int:
        """Instances with this verdict."""
        return sum(len(group.instances) for group in self.groups if group.verdict is verdict)


class Assessment:
    """Judges markings between two versions; ``chosen`` says where elements go that do not stay under their id."""

    def __init__(self, old: ExecutableProcess, new: ExecutableProcess, chosen: Mapping[str, str] | None = None) -> None:
        self._old, self._new = old, new
        self.suggestions = suggest(old, new)
        names = mapping_by_id(self.suggestions)
        for source, target in (chosen or {}).items():
            if source in old.elements or source in old.flows:
                names[source] = target
        names = {key: value for key, value in names.items() if value}
        self.mapping = drop_forbidden(old, new, flows_between(old, new, names) | names)
        self._game, self._before = TokenGame(new), TokenGame(old)

    def judge(self, marking: Marking) -> tuple[Verdict, tuple[Reason, ...]]:
        """The verdict on a marking, and why."""
        found = refusals(self._old, self._new, marking, self.mapping)
        if found:
            return (Verdict.CANNOT if any(each.by_rule for each in found) else Verdict.CHOICE), tuple(found)
        if marking.ambiguous:
            return Verdict.CHOICE, tuple(self._about("ambiguous", key, self._old) for key in marking.ambiguous)
        return self._by_fate(marking)

    def moved(self, marking: Marking) -> dict[str, int]:
        """The tokens in the new version."""
        tokens: dict[str, int] = {}
        for key, count in marking.elements:
            target = self.mapping[key]
            tokens[target] = tokens.get(target, 0) + count
        for key, count in marking.tokens:
            target = self.mapping.get(key, key)
            tokens[target] = tokens.get(target, 0) + count
        return tokens

    def _by_fate(self, marking: Marking) -> tuple[Verdict, tuple[Reason, ...]]:
        found = self._game.fate(self.moved(marking))
        if found.fate is Fate.SAFE:
            return Verdict.ITSELF, ()
        if found.fate is Fate.UNKNOWN:
            return Verdict.CHOICE, (Reason("unexplored", "", say("unexplored")),)
        stranded = found.fate is Fate.STRANDED
        code = "stranded" if stranded else "may-strand"
        if not stranded and self._risks(marking) >= set(found.joins):
            code = "may-strand-before"
        reasons = tuple(self._about(code, key, self._new) for key in found.joins or ("",))
        return (Verdict.CANNOT if stranded else Verdict.CHOICE), reasons

    def _risks(self, marking: Marking) -> set[str]:
        """The joins of the new version at whose like the marking may wait for ever in the old version already."""
        before = self._before.fate(dict(marking.elements) | dict(marking.tokens))
        return {self.mapping.get(key, "") for key in before.joins} if before.fate is Fate.RISKY else set()

    def _about(self, code: str, key: str, process: ExecutableProcess) -> Reason:
        return Reason(code, key, say(code, element=title(process.elements[key]) if key else "…"))

    def timers(self, marking: Marking) -> tuple[Text, ...]:
        """What happens to the timers that the marking's elements may wait for."""
        said: list[Text] = []
        scopes = [(self._old.root, self._new.root)]
        for key, _ in marking.elements:
            target = self._new.elements.get(self.mapping.get(key, ""))
            if target is not None:
                scopes.append((self._old.elements[key], target))
        for old, new in scopes:
            before, after = _timers(old), _timers(new)
            kept = {self.mapping.get(event.id) for event in before}
            for event in before:
                mapped = event.id in self.mapping
                said.append(say("timer-kept" if mapped else "timer-closed", element=title(event)))
            said += [say("timer-opened", element=title(event)) for event in after if event.id not in kept]
        return tuple(said)


def _timers(node: FlowNode) -> list[FlowNode]:
    own = [node] if node.trigger is Trigger.TIMER else []
    starts = [sub.start for sub in node.event_sub_processes if sub.start is not None]
    return [*own, *(event for event in (*node.boundary_events, *starts) if event.trigger is Trigger.TIMER)]


def assess(
    old: ExecutableProcess,
    new: ExecutableProcess,
    running: Sequence[Running],
    chosen: Mapping[str, str] | None = None,
) -> Impact:
    """Sort all running instances of one version; each distinct marking is looked at once."""
    assessment = Assessment(old, new, chosen)
    by_marking: dict[Marking, list[Running]] = {}
    for instance in running:
        by_marking.setdefault(instance.marking, []).append(instance)
    groups = []
    for marking, instances in by_marking.items():
        verdict, reasons = assessment.judge(marking)
        groups.append(Group(marking, verdict, reasons, assessment.timers(marking), tuple(instances)))
    groups.sort(key=lambda group: -len(group.instances))
    return Impact(assessment.mapping, tuple(assessment.suggestions.values()), tuple(groups))
