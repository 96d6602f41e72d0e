"""A scenario's run as a story in Vietnamese that an official can read: when, what, how long, which deadline.

Kept beside the scenarios as ``golden/<scenario>.txt``; a run that tells another story fails.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from lxml import etree

from lienthong.scenarios.runner import ScenarioResult

VIETNAM = timezone(timedelta(hours=7))
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
TOLD_TYPES = frozenset({"USER_TASK", "END_EVENT", "INTERMEDIATE_CATCH_EVENT", "BOUNDARY_EVENT"})
TOLD_STEPS = frozenset({"escalate-sla", "request-supplement", "notify-consultation", "issue-result", "hand-over"})
Names = dict[tuple[str, str], str]


def names_of(deployments: Sequence[Sequence[tuple[str, bytes]]]) -> Names:
    """(process id, element id) → Vietnamese name, of every model deployed."""
    names: Names = {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for name, content in (resource for group in deployments for resource in group):
        if not name.endswith(".bpmn"):
            continue
        for process in etree.fromstring(content, parser).iter(f"{BPMN}process"):
            for element in process.iter(f"{BPMN}*"):
                if element.get("id"):
                    key = str(process.get("id")), str(element.get("id"))
                    names[key] = str(element.get("name") or element.get("id"))
    return names


def story(result: ScenarioResult, names: Names) -> list[str]:
    """The story, a line an event: user tasks with their span, waits that ended, deadlines, notices up the ladder."""
    world = result.world
    lines: list[tuple[int, int, str]] = []
    for order, seen in enumerate(world.elements.values()):
        told = seen.element_type in TOLD_TYPES or seen.element_id in TOLD_STEPS
        if not told or (seen.ended_ms is None and seen.element_type != "USER_TASK"):
            continue
        place = _place(result, seen.key, names)
        if seen.element_type == "USER_TASK":
            lines.append(
                (seen.started_ms, order, f"{place} – {_span(seen.started_ms, seen.ended_ms, seen.terminated)}")
            )
        elif not seen.terminated:
            lines.append((seen.ended_ms or seen.started_ms, order, place))
    for order, (at, text) in enumerate(result.deadlines):
        lines.append((round(at.timestamp() * 1000), order - 1_000_000, text))
    head = [f"# {result.scenario.name}", ""]
    return head + [f"{_at(at_ms)}  {text}" for at_ms, _, text in sorted(lines)]


def golden_file(scenario_path: Path) -> Path:
    """Where the golden story of a scenario lies."""
    return scenario_path.parent / "golden" / f"{scenario_path.stem}.txt"


def difference(expected: str, lines: Sequence[str]) -> str | None:
    """The first line in which a story departs from its golden one; None when they are the same."""
    wanted = expected.rstrip("\n").split("\n")
    for number in range(max(len(wanted), len(lines))):
        old = wanted[number] if number < len(wanted) else "nothing more"
        new = lines[number] if number < len(lines) else "nothing more"
        if old != new:
            return f"Expected the golden story, but at line {number + 1} it is “{new}” instead of “{old}”"
    return None


def _place(result: ScenarioResult, key: int, names: Names) -> str:
    world = result.world
    parts: list[str] = []
    while key in world.elements:
        seen = world.elements[key]
        parts.insert(0, names.get((seen.process_id, seen.element_id), seen.element_id))
        key = world.elements[seen.instance_key].parent_element_key
    return " › ".join(parts)


def _span(started_ms: int, ended_ms: int | None, terminated: bool) -> str:
    if ended_ms is None:
        return "đang chờ"
    if terminated:
        return f"bị hủy lúc {_at(ended_ms)}"
    return "xong ngay" if ended_ms == started_ms else f"xong {_at(ended_ms)}"


def _at(at_ms: int) -> str:
    at = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(VIETNAM)
    return f"{DAYS[at.weekday()]} {at:%d/%m/%Y %H:%M}"
