"""All that the engine's public interfaces tell about one instance, and why it waits, down through its calls."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from lienthong.api.engine_view import EngineView, KeptModels
from lienthong.redeploy.changes import Process, read_process, title
from lienthong.redeploy.intervention import listens
from lienthong.redeploy.marking import Marking
from lienthong.redeploy.running import marking_of_one
from lienthong.redeploy.waiting import Facts, timers, waits

Json = dict[str, Any]
CHAIN_LIMIT = 40  # instances that are looked into for one answer
_PROCESSES = KeptModels()


@dataclass(frozen=True, slots=True)
class Known:
    """One instance as it was found: its model, its facts, the flows it took."""

    item: Json
    process: Process
    facts: Facts
    flows: list[str]


def process_of(engine: EngineView, definition_key: str, process_id: str) -> Process:
    """The model of one version, parsed once."""
    kept: dict[str, Process] = _PROCESSES.of(engine.client)
    if definition_key not in kept:
        kept[definition_key] = read_process(engine.xml(definition_key).encode(), process_id)
    return kept[definition_key]


def known(engine: EngineView, item: Json, served: frozenset[str] | None = None) -> Known:
    """Ask for everything about an instance (``item``: as REST shows it)."""
    key, client = str(item["processInstanceKey"]), engine.client
    process = process_of(engine, str(item["processDefinitionKey"]), str(item["processDefinitionId"]))
    mine: Mapping[str, Any] = {"processInstanceKey": key}
    elements = client.search_element_instances(mine)
    flows = [str(flow["elementId"]) for flow in client.sequence_flows(key)]
    active = item.get("state") == "ACTIVE"
    facts = Facts(
        elements=elements,
        jobs=client.search_jobs(mine),
        tasks=client.search_user_tasks(mine),
        subscriptions=client.search_message_subscriptions(mine),
        incidents=client.search_incidents({**mine, "state": "ACTIVE"}),
        variables=client.search_variables(mine),
        children=engine.children_of(key),
        marking=marking_of_one(process, elements, flows) if active else Marking(()),
        served=served,
    )
    return Known(item, process, facts, flows)


def reasons(engine: EngineView, here: Known, now: datetime) -> list[Json]:
    """Why it waits: a called instance gives its own reasons, with the names of the calls that lead there."""
    found: list[Json] = []
    left = [CHAIN_LIMIT]
    _collect(engine, here, now, (), False, found, left)
    return sorted(found, key=lambda wait: (wait["kind"] != "incident", wait["beside"]))


def _collect(
    engine: EngineView,
    here: Known,
    now: datetime,
    path: tuple[str, ...],
    beside: bool,
    found: list[Json],
    left: list[int],
) -> None:
    for wait in waits(here.process, here.facts, now):
        child = next((each for each in here.facts.children if str(each["processInstanceKey"]) == wait.child_key), None)
        aside = beside or wait.beside
        if child is not None and left[0] > 0:
            left[0] -= 1
            name = title(here.process.elements[wait.element_id])
            below = known(engine, child, here.facts.served)
            _collect(engine, below, now, (*path, name), aside, found, left)
            continue
        key = str(here.item["processInstanceKey"])
        found.append({**_camel(asdict(wait)), "beside": aside, "path": list(path), "instanceKey": key})


def _camel(row: Json) -> Json:
    return {_name(name): value for name, value in row.items()}


def _name(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def life(here: Known, now: datetime) -> Json:
    """History, jobs, timers and subscriptions of one instance, as the console lists them."""
    facts, process = here.facts, here.process
    names = {key: title(node) for key, node in process.elements.items()}
    return {
        "history": [_visit(item, names) for item in facts.elements if item.get("type") != "PROCESS"],
        "jobs": [_job(item, names) for item in facts.jobs],
        "timers": [_camel(asdict(each)) for each in timers(process, facts, now)],
        "messages": [_subscription(item, names, process) for item in facts.subscriptions],
        "open": [{"elementId": key, "name": names[key], "count": count} for key, count in facts.marking.elements],
        "waitingFlows": [key for key, _ in facts.marking.tokens],
    }


def _visit(item: Json, names: Mapping[str, str]) -> Json:
    return {
        "key": str(item["elementInstanceKey"]),
        "elementId": item["elementId"],
        "name": names.get(str(item["elementId"]), item["elementId"]),
        "type": item.get("type") or "",
        "state": item.get("state") or "",
        "startedAt": item.get("startDate"),
        "endedAt": item.get("endDate"),
        "hasIncident": bool(item.get("hasIncident")),
    }


def _job(item: Json, names: Mapping[str, str]) -> Json:
    return {
        "key": str(item["jobKey"]),
        "type": item.get("type") or "",
        "state": item.get("state") or "",
        "retries": item.get("retries"),
        "worker": item.get("worker") or "",
        "deadline": item.get("deadline"),
        "errorMessage": item.get("errorMessage") or "",
        "elementId": item.get("elementId") or "",
        "name": names.get(str(item.get("elementId")), ""),
        "createdAt": item.get("creationTime"),
        "endedAt": item.get("endTime"),
    }


def _subscription(item: Json, names: Mapping[str, str], process: Process) -> Json:
    element_id = str(item.get("elementId") or "")
    return {
        "name": item.get("messageName") or "",
        "correlationKey": item.get("correlationKey") or "",
        "elementId": element_id,
        "element": names.get(element_id, element_id),
        "state": item.get("messageSubscriptionState") or "",
        "beside": listens(process, element_id),
        "at": item.get("lastUpdatedDate"),
    }
