"""Where the running instances of a version stand, asked of the engine through its public interfaces."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from lienthong.engine.model.elements import ExecutableProcess
from lienthong.orchestration.search_calls import Page
from lienthong.redeploy.impact import Running
from lienthong.redeploy.marking import History, Marking, joins, marking_of, needs_flows, watched

Item = dict[str, Any]
PROCESS = "PROCESS"
CHAIN_LIMIT = 12
PAGE_LIMIT = 10_000


class Reading(Protocol):
    """What is asked; the orchestration client fits."""

    def search_page(
        self, path: str, filter: Mapping[str, Any] | None = None, page: Mapping[str, Any] | None = None
    ) -> Page:
        """One page of a search."""
        ...

    def sequence_flows(self, key: str) -> list[Item]:
        """Flows that an instance took."""
        ...


def _all(client: Reading, path: str, wanted: Mapping[str, Any]) -> list[Item]:
    """All that match, in pages as large as the interface allows: each page costs the engine a count."""
    items: list[Item] = []
    page: Item = {"limit": PAGE_LIMIT}
    while True:
        found = client.search_page(path, wanted, page)
        items += found.items
        if len(found.items) < PAGE_LIMIT or not found.end_cursor:
            return items
        page = {"limit": PAGE_LIMIT, "after": found.end_cursor}


def running_of(client: Reading, definition_key: str) -> list[Item]:
    """The running instances of one version, called ones too."""
    return _all(client, "process-instances", {"processDefinitionKey": definition_key, "state": "ACTIVE"})


def markings(client: Reading, definition_key: str, process: ExecutableProcess) -> dict[str, Marking]:
    """The marking of every running instance of one version, by instance key.

    A join needs the history: it is asked for all instances at once, the taken flows only of instances in which
    an element that chooses has led to a join.
    """
    where = {"processDefinitionKey": definition_key, "state": "ACTIVE"}
    active = _counted(_all(client, "element-instances", where))
    completed: dict[str, Counter[str]] = defaultdict(Counter)
    foreign: set[str] = set()
    if joins(process):
        ended = {"processDefinitionId": process.id, "state": "COMPLETED"}
        known = sorted(watched(process))
        completed |= _counted(_all(client, "element-instances", {**ended, "elementId": {"$in": known}}))
        strange = {**ended, "elementId": {"$notIn": sorted(process.elements)}}
        foreign = {str(item["processInstanceKey"]) for item in _all(client, "element-instances", strange)}
    found = {}
    for key, counts in active.items():
        flows = None
        if joins(process) and needs_flows(process, completed[key]):
            flows = frozenset(str(item["elementId"]) for item in client.sequence_flows(key))
        found[key] = marking_of(process, History(counts, completed[key], flows, key in foreign))
    return found


def marking_of_one(process: ExecutableProcess, elements: Iterable[Item], flows: Iterable[str]) -> Marking:
    """The marking of one instance, from all its element instances and the flows that it took."""
    items = list(elements)
    by_state = {
        state: _counted(item for item in items if item.get("state") == state) for state in ("ACTIVE", "COMPLETED")
    }
    counts = {state: next(iter(found.values()), Counter[str]()) for state, found in by_state.items()}
    strange = any(str(item["elementId"]) not in process.elements for item in items if item.get("type") != PROCESS)
    known = {key: count for key, count in counts["ACTIVE"].items() if key in process.elements}
    return marking_of(process, History(known, counts["COMPLETED"], frozenset(flows), strange))


def _counted(items: Iterable[Item]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for item in items:
        if item.get("type") != PROCESS:
            found[str(item["processInstanceKey"])][str(item["elementId"])] += 1
    return found


def root_keys(client: Reading, instances: Iterable[Item]) -> dict[str, str]:
    """For each instance the one at the top of its calls."""
    found = {}
    parents: dict[str, str] | None = None
    for item in instances:
        key = str(item["processInstanceKey"])
        root = item.get("rootProcessInstanceKey")
        if root is None and item.get("parentProcessInstanceKey"):
            parents = _parents(client) if parents is None else parents
            root = _climb(key, parents)
        found[key] = str(root or key)
    return found


def _parents(client: Reading) -> dict[str, str]:
    return {
        str(item["processInstanceKey"]): str(item.get("parentProcessInstanceKey") or "")
        for item in _all(client, "process-instances", {"state": "ACTIVE"})
    }


def _climb(key: str, parents: Mapping[str, str]) -> str:
    for _ in range(CHAIN_LIMIT):
        parent = parents.get(key)
        if not parent:
            break
        key = parent
    return key


def standing(
    client: Reading, definition_key: str, process: ExecutableProcess, codes: Mapping[str, str], instances: list[Item]
) -> list[Running]:
    """Each running instance with its marking and the code of its dossier (``codes`` by the topmost instance)."""
    places = markings(client, definition_key, process)
    roots = root_keys(client, instances)
    keys = [str(item["processInstanceKey"]) for item in instances]
    return [Running(key, codes.get(roots[key], ""), places.get(key, Marking(()))) for key in keys]
