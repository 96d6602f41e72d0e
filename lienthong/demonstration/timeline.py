"""What happened to a dossier, from the engine's own search: elements, who, from, to, working time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lienthong.orchestration.client import OrchestrationClient

PROCEDURE_NAME = re.compile(r"([A-Z]\d+[a-z]?)\. ")
SHOWN = {
    "USER_TASK",
    "SERVICE_TASK",
    "BUSINESS_RULE_TASK",
    "CALL_ACTIVITY",
    "INTERMEDIATE_CATCH_EVENT",
    "EVENT_BASED_GATEWAY",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One element instance of a dossier; ``depth`` is how many calls below the bundle it ran."""

    element_id: str
    name: str
    kind: str
    who: str
    start: datetime
    end: datetime | None
    depth: int


def moment(text: str | None) -> datetime | None:
    """The engine's ISO time."""
    return None if not text else datetime.fromisoformat(text.replace("Z", "+00:00"))


def steps_of(
    engine: OrchestrationClient, process_instance_key: str, who: Mapping[tuple[str, str], str], depth: int = 0
) -> list[Step]:
    """All shown elements of the instance and of every instance it called, by time of start."""
    found = []
    for item in engine.search_element_instances({"processInstanceKey": process_instance_key}):
        start = moment(item.get("startDate"))
        if item["type"] not in SHOWN or start is None:
            continue
        person = who.get((process_instance_key, item["elementId"]), "")
        name = item.get("elementName") or item["elementId"]
        found.append(Step(item["elementId"], name, item["type"], person, start, moment(item.get("endDate")), depth))
    for child in engine.search_process_instances({"parentProcessInstanceKey": process_instance_key}):
        found += steps_of(engine, str(child["processInstanceKey"]), who, depth + 1)
    return sorted(found, key=lambda step: step.start)


def procedures(steps: list[Step]) -> dict[str, Step]:
    """The called procedures of the bundle by the code their name begins with: ``K4. …``."""
    named = [(PROCEDURE_NAME.match(step.name), step) for step in steps if step.depth == 0]
    return {match.group(1): step for match, step in named if match is not None and step.kind == "CALL_ACTIVITY"}


def overlaps(steps: list[Step]) -> list[tuple[Step, Step, float]]:
    """Pairs of called procedures of the bundle that ran at the same time, with the seconds they shared."""
    calls = [step for step in procedures(steps).values() if step.end is not None]
    found = []
    for index, first in enumerate(calls):
        for second in calls[index + 1 :]:
            shared = (
                min(first.end or first.start, second.end or second.start) - max(first.start, second.start)
            ).total_seconds()
            if shared > 0:
                found.append((first, second, shared))
    return found
