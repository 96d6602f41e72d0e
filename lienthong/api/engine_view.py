"""What the staff app shows of an engine, in its own JSON; every call goes through the orchestration client."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from lienthong.orchestration.client import OrchestrationClient

Json = dict[str, Any]
INSTANCE_LIMIT = 200
CALL_DEPTH_LIMIT = 12
DURATION_SAMPLE = 5_000


class KeptModels:
    """What was read of the models of one engine, which never change under their key; another engine has its own."""

    def __init__(self) -> None:
        self._client: object = None
        self._kept: dict[str, Any] = {}

    def of(self, client: object) -> dict[str, Any]:
        """What is kept for this client."""
        if self._client is not client:
            self._client, self._kept = client, {}
        return self._kept


_XML = KeptModels()


class EngineView:
    """Reads and commands for tasklist and console."""

    def __init__(self, client: OrchestrationClient) -> None:
        self.client = client

    # tasks

    def task_form(self, key: str) -> Json | None:
        """The form schema of a user task; None when it has no linked form."""
        found = self.client.user_task_form(key)
        if found is None:
            return None
        schema = found.get("schema")
        return dict(json.loads(schema) if isinstance(schema, str) else schema or {}) or None

    def task_variables(self, key: str) -> Json:
        return self.client.user_task_variables(key)

    def assign(self, key: str, username: str) -> None:
        self.client.assign_user_task(key, username)

    def unassign(self, key: str) -> None:
        self.client.unassign_user_task(key)

    def complete(self, key: str, variables: Mapping[str, Any]) -> None:
        self.client.complete_user_task(key, variables)

    # diagrams

    def xml(self, definition_key: str) -> str:
        kept = _XML.of(self.client)
        if definition_key not in kept:
            kept[definition_key] = self.client.process_definition_xml(definition_key)
        return str(kept[definition_key])

    def ancestry(self, instance_key: str) -> list[Json]:
        """The instance and its callers, the instance first."""
        found: list[Json] = []
        key: str | None = instance_key
        while key and len(found) < CALL_DEPTH_LIMIT:
            item = self.client.process_instance(key)
            if item is None:
                break
            found.append(item)
            key = _text(item.get("parentProcessInstanceKey")) or None
        return found

    def diagrams_up_from(self, instance_key: str) -> list[Json]:
        """For the instance and each caller: model, where it stands, flows taken."""
        return [self._diagram(item) for item in self.ancestry(instance_key)] if instance_key else []

    def _diagram(self, item: Mapping[str, Any]) -> Json:
        key = _text(item["processInstanceKey"])
        return {
            "processInstanceKey": key,
            "name": item.get("processDefinitionName") or item["processDefinitionId"],
            "xml": self.xml(_text(item["processDefinitionKey"])),
            "elements": self.instance_elements(key),
            "flows": [flow["elementId"] for flow in self.client.sequence_flows(key)],
        }

    def instance_elements(self, instance_key: str) -> list[Json]:
        """Counts by element of one instance."""
        active, completed, canceled, incidents = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
        by_state = {"ACTIVE": active, "COMPLETED": completed, "TERMINATED": canceled}
        for item in self.client.search_element_instances({"processInstanceKey": instance_key}):
            if item.get("type") == "PROCESS":
                continue
            by_state.get(str(item.get("state")), active)[item["elementId"]] += 1
            if item.get("hasIncident"):
                incidents[item["elementId"]] += 1
        names = sorted(active.keys() | completed.keys() | canceled.keys())
        return [
            {
                "elementId": name,
                "active": active[name],
                "completed": completed[name],
                "canceled": canceled[name],
                "incidents": incidents[name],
            }
            for name in names
        ]

    # console

    def definition_elements(self, definition_key: str) -> list[Json]:
        names = ("active", "completed", "canceled", "incidents")
        return [
            {"elementId": item["elementId"], **{name: int(item.get(name) or 0) for name in names}}
            for item in self.client.element_statistics(definition_key)
        ]

    def durations(self, definition_key: str) -> list[Json]:
        """Of the newest completed element instances of a version: how long they took, in seconds, by element."""
        newest = [{"field": "endDate", "order": "DESC"}]
        wanted = {"processDefinitionKey": definition_key, "state": "COMPLETED"}
        took: dict[str, list[float]] = {}
        for item in self.client.search_element_instances(wanted, {"limit": DURATION_SAMPLE}, newest):
            if item.get("startDate") and item.get("endDate") and item.get("type") != "PROCESS":
                start, end = (datetime.fromisoformat(str(item[name])) for name in ("startDate", "endDate"))
                took.setdefault(str(item["elementId"]), []).append((end - start).total_seconds())
        return [_duration(name, sorted(seconds)) for name, seconds in sorted(took.items())]

    def running_instances(self) -> list[Json]:
        return self.client.search_process_instances({"state": "ACTIVE"})

    def instances_of(self, definition_key: str) -> list[Json]:
        """The newest instances of one version."""
        sort = [{"field": "startDate", "order": "DESC"}]
        page = {"limit": INSTANCE_LIMIT}
        return self.client.search_process_instances({"processDefinitionKey": definition_key}, page, sort)

    def children_of(self, instance_key: str) -> list[Json]:
        page = {"limit": INSTANCE_LIMIT}
        return self.client.search_process_instances({"parentProcessInstanceKey": instance_key}, page)

    def variables_of(self, instance_key: str) -> list[Json]:
        """Variables of an instance, by name; values stay JSON text."""
        found = self.client.search_variables({"processInstanceKey": instance_key})
        rows = [
            {"name": item["name"], "value": str(item["value"]), "scopeKey": _text(item.get("scopeKey"))}
            for item in found
        ]
        return sorted(rows, key=lambda row: (row["name"], row["scopeKey"]))

    def active_incidents(self, instance_key: str | None = None) -> list[Json]:
        wanted = {"state": "ACTIVE"} | ({"processInstanceKey": instance_key} if instance_key else {})
        return self.client.search_incidents(wanted)

    def roots(self, running: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """For each running instance the instance at the top of its calls."""
        parents = {
            _text(item["processInstanceKey"]): _text(item.get("parentProcessInstanceKey")) or None for item in running
        }
        return {key: _root_of(key, parents) for key in parents}


def _duration(name: str, seconds: Sequence[float]) -> Json:
    count = len(seconds)
    return {
        "elementId": name,
        "count": count,
        "median": round(seconds[count // 2], 3),
        "slowest": round(seconds[min(count - 1, count * 9 // 10)], 3),
    }


def _root_of(key: str, parents: Mapping[str, str | None]) -> str:
    for _ in range(CALL_DEPTH_LIMIT):
        parent = parents.get(key)
        if not parent:
            return key
        key = parent
    return key


def _text(value: object) -> str:
    return "" if value in (None, "", "-1", -1) else str(value)


def instance_item(item: Mapping[str, Any], dossier_code: str) -> Json:
    """One process instance as the console lists it."""
    return {
        "key": _text(item["processInstanceKey"]),
        "processId": item["processDefinitionId"],
        "processName": item.get("processDefinitionName") or item["processDefinitionId"],
        "version": int(item.get("processDefinitionVersion") or 0),
        "definitionKey": _text(item["processDefinitionKey"]),
        "state": item["state"],
        "startedAt": item.get("startDate"),
        "endedAt": item.get("endDate"),
        "parentKey": _text(item.get("parentProcessInstanceKey")) or None,
        "hasIncident": bool(item.get("hasIncident")),
        "dossierCode": dossier_code,
    }


def incident_item(item: Mapping[str, Any], dossier_code: str) -> Json:
    """One incident as the console lists it."""
    return {
        "key": _text(item["incidentKey"]),
        "type": item.get("errorType") or "UNKNOWN",
        "message": item.get("errorMessage") or "",
        "elementId": item.get("elementId") or "",
        "processId": item.get("processDefinitionId") or "",
        "processInstanceKey": _text(item.get("processInstanceKey")),
        "jobKey": _text(item.get("jobKey")) or None,
        "createdAt": item.get("creationTime"),
        "dossierCode": dossier_code,
    }


def process_kind(process_id: str, bundle_process_ids: Iterable[str]) -> str:
    """Which list a process belongs to, by the names of the seams."""
    if process_id in set(bundle_process_ids):
        return "bundle"
    for prefix, kind in (("procedure-", "procedure"), ("step-", "step")):
        if process_id.startswith(prefix):
            return kind
    return "other"
