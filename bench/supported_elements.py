"""Writes `docs/reference/supported-elements.md` from the engine's own tables and the scenarios that prove them.

python bench/supported_elements.py          writes the page
python bench/supported_elements.py --check  fails when the page is not up to date
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from lienthong.engine.core import deployment, jobs, process, step, variables
from lienthong.engine.core.elements import BEHAVIORS, multi_instance
from lienthong.engine.core.lifecycle import FROM
from lienthong.engine.dmn import xml as dmn_xml
from lienthong.engine.feel import operators, parser_state, scope
from lienthong.engine.model import xml
from lienthong.engine.model.coverage import DRAWN, EXTENSIONS, REFUSED_ELEMENTS
from lienthong.engine.model.elements import ACTIVITY_TYPES, ElementType, FlowNode, Trigger
from lienthong.engine.model.parser import parse_bpmn
from lienthong.engine.model.rules_events import ALLOWED, EVENT_SUB_PROCESS_START

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "supported-elements.md"
SCENARIOS = ROOT / "tests" / "scenarios"
ENOUGH = 3
BOUNDS = {
    "bytes of a BPMN file": xml.MAX_BYTES,
    "bytes of a DMN file": dmn_xml.MAX_BYTES,
    "bytes of a form": deployment.LARGEST_FORM,
    "XML elements of a BPMN file": xml.MAX_ELEMENTS,
    "levels of nesting of a BPMN file": xml.MAX_DEPTH,
    "levels of nesting of a FEEL expression": parser_state.MAX_DEPTH,
    "items of a list in FEEL": scope.MAX_ITEMS,
    "characters of a text in FEEL": operators.MAX_TEXT,
    "bytes of the variables of one command": variables.LARGEST_BYTES,
    "bytes of one variable": variables.LARGEST_BYTES,
    "bytes of the name of a variable": variables.LONGEST_NAME,
    "bytes of the variables of one job": jobs.LARGEST_BYTES,
    "characters of an error message": jobs.MAX_MESSAGE,
    "items of a parallel multi-instance": multi_instance.MAX_PARALLEL,
    "elements that one command passes through without waiting": process.WORK_LIMIT,
    "characters of collections and called variables that one command handles": step.MOST_EFFORT,
}

Place = tuple[str, str]  # element kind or event position, trigger or ""


def place_of(node: FlowNode, within_event_sub_process: bool) -> Place:
    """The row of the page to which an element of a scenario belongs."""
    if node.type is ElementType.BOUNDARY_EVENT:
        beside = "" if node.interrupting or node.trigger is Trigger.COMPENSATION else ", non-interrupting"
        return node.type.value + beside, node.trigger.value
    if node.type is ElementType.START_EVENT and within_event_sub_process:
        return "EVENT_SUB_PROCESS start" + ("" if node.interrupting else ", non-interrupting"), node.trigger.value
    if node.event is not None and node.type is not ElementType.RECEIVE_TASK:
        return node.type.value, node.trigger.value
    return node.type.value, ""


def _several(kind: ElementType, sequential: bool) -> Place:
    return f"{kind.value}, multi-instance {'sequential' if sequential else 'parallel'}", ""


def _ways(node: FlowNode) -> set[Place]:
    """In which of its ways an element does its work."""
    if node.type in (ElementType.SCRIPT_TASK, ElementType.BUSINESS_RULE_TASK):
        return {(f"{node.type.value}, {'as a job' if node.job is not None else 'by the engine'}", "")}
    if node.user_task is not None:
        return {(f"{node.type.value}, {'native' if node.user_task.native else 'job-based'}", "")}
    return set()


WAYS = (
    "SCRIPT_TASK, by the engine",
    "SCRIPT_TASK, as a job",
    "BUSINESS_RULE_TASK, by the engine",
    "BUSINESS_RULE_TASK, as a job",
    "USER_TASK, native",
    "USER_TASK, job-based",
)


def expected_places() -> list[Place]:
    """Every row that the page must have: what the registry runs, in every position that validation allows."""
    places: list[Place] = []
    for kind in BEHAVIORS:
        if kind not in ALLOWED or kind is ElementType.RECEIVE_TASK:
            places.append((kind.value, ""))
            continue
        for trigger in Trigger:
            if trigger in ALLOWED[kind]:
                places.append((kind.value, trigger.value))
                if kind is ElementType.BOUNDARY_EVENT and trigger not in (Trigger.ERROR, Trigger.COMPENSATION):
                    places.append((f"{kind.value}, non-interrupting", trigger.value))
    places += [(way, "") for way in WAYS]
    places += [_several(kind, sequential) for kind in sorted(ACTIVITY_TYPES) for sequential in (False, True)]
    for trigger in Trigger:
        if trigger in EVENT_SUB_PROCESS_START:
            places.append(("EVENT_SUB_PROCESS start", trigger.value))
            if trigger is not Trigger.ERROR:
                places.append(("EVENT_SUB_PROCESS start, non-interrupting", trigger.value))
    return places


def count_scenarios() -> Counter[Place]:
    """In how many scenarios each kind and position occurs."""
    counts: Counter[Place] = Counter()
    for file in sorted(SCENARIOS.glob("*.bpmn")):
        found: set[Place] = set()
        for parsed in parse_bpmn(file.read_bytes()).processes:
            for node in parsed.elements.values():
                around = parsed.elements.get(node.scope)
                inside = around is not None and around.type is ElementType.EVENT_SUB_PROCESS
                found.add(place_of(node, inside))
                if node.loop is not None:
                    found.add((ElementType.MULTI_INSTANCE_BODY.value, ""))
                    found.add(_several(node.type, node.loop.sequential))
                found.update(_ways(node))
        counts.update(found)
    return counts


def lifecycle_diagram() -> list[str]:
    """The lifecycle table as a state diagram."""
    names = {intent: intent.value.removeprefix("ELEMENT_") for intent in FROM}
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> ACTIVATING"]
    for after, befores in FROM.items():
        lines += [f"    {each.value.removeprefix('ELEMENT_')} --> {names[after]}" for each in sorted(befores)]
    ends = [names[each] for each in FROM if not any(each in befores for befores in FROM.values())]
    return [*lines, *(f"    {each} --> [*]" for each in ends), "```"]


def page() -> str:
    """The whole page."""
    counts = count_scenarios()
    lines = [
        "# Supported elements",
        "",
        "Generated by `python bench/supported_elements.py`; a test holds it up to date. Scenarios are in"
        " `tests/scenarios`: a model, what is done, and the trace that must come of it.",
        "",
        "| element | trigger | scenarios |",
        "|---|---|---|",
        *(f"| {kind} | {trigger or '—'} | {counts[(kind, trigger)]} |" for kind, trigger in expected_places()),
        "",
        "## The life of an element instance",
        "",
        *lifecycle_diagram(),
        "",
        "## Bounds",
        "",
        "What goes beyond is refused at deployment or by the command, or becomes an incident; the engine goes on.",
        "",
        "| what | at most |",
        "|---|---:|",
        *(f"| {what} | {most:,} |" for what, most in BOUNDS.items()),
        "",
        "## Refused at deployment, by name",
        "",
        *(f"* `bpmn:{name}`: {reason}" for name, reason in sorted(REFUSED_ELEMENTS.items())),
        "* Every other element, attribute or extension that is not on this page.",
        "",
        "## Drawn, without effect",
        "",
        ", ".join(f"`{name}`" for name in sorted(DRAWN)),
        "",
        "## Extensions (`zeebe:`)",
        "",
        *(
            f"* `{name}`" + (": " + ", ".join(sorted(attributes)) if attributes else "")
            for name, attributes in EXTENSIONS.items()
        ),
    ]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write the page, or check it."""
    if arguments == ["--check"]:
        return 0 if PAGE.read_text(encoding="utf-8") == page() else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
