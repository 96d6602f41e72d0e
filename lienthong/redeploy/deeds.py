"""What a batch does to one instance: move it, move it back, cancel it, or retry what stopped in it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from lienthong.orchestration.errors import EngineRejected, EngineUnavailable

Json = dict[str, Any]
LOOKS = 8  # at what became of a retry
BETWEEN_LOOKS_S = 0.25


class Moving(Protocol):
    """What moving asks of the engine; the orchestration client fits."""

    def process_instance(self, key: str) -> Json | None:
        """One process instance."""
        ...

    def migrate_process_instance(self, key: str, target_definition_key: str, mapping: Mapping[str, str]) -> None:
        """Go on under another version."""
        ...


class Steering(Moving, Protocol):
    """What canceling and retrying ask besides."""

    def cancel_process_instance(self, key: str) -> None:
        """End an instance."""
        ...

    def search_incidents(self, filter: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """Incidents."""
        ...

    def update_job_retries(self, key: str, retries: int) -> None:
        """More tries."""
        ...

    def resolve_incident(self, key: str) -> None:
        """Try again."""
        ...


def moved(client: Moving, item: Json, again: bool) -> Json:
    """Move an item; in a job that goes on it may have moved just before the crash."""
    if again:
        try:
            instance = client.process_instance(item["key"])
        except EngineUnavailable as failure:
            return {"key": item["key"], "outcome": "unavailable", "detail": str(failure)}
        if instance is not None and str(instance["processDefinitionKey"]) == item["target"]:
            return {"key": item["key"], "outcome": "moved", "detail": ""}
    return _move(client, item["key"], item["target"], item["mapping"], "moved")


def undone(client: Moving, item: Json) -> Json:
    """Move an item back, if it still stands on elements that have an old one."""
    back = {target: source for source, target in item["mapping"].items()}
    return _move(client, item["key"], item["source"], back, "undone")


def _move(client: Moving, key: str, target: str, mapping: Mapping[str, str], done: str) -> Json:
    try:
        refused = ""
        try:
            client.migrate_process_instance(key, target, mapping)
        except EngineRejected as failure:
            refused = failure.detail or failure.title
        if not refused:
            return {"key": key, "outcome": done, "detail": ""}
        instance = client.process_instance(key)
    except EngineUnavailable as failure:
        outcome = "unavailable" if done == "moved" else "unavailable-back"
        return {"key": key, "outcome": outcome, "detail": str(failure)}
    if instance is None or instance.get("state") != "ACTIVE":
        return {"key": key, "outcome": "ended", "detail": refused}
    if str(instance["processDefinitionKey"]) == target:
        return {"key": key, "outcome": done, "detail": ""}
    return {"key": key, "outcome": "kept" if done == "undone" else "refused", "detail": refused}


def canceled(client: Steering, item: Json) -> Json:
    """Cancel an instance; one that has ended already is told so."""
    try:
        client.cancel_process_instance(item["key"])
    except EngineUnavailable as failure:
        return {"key": item["key"], "outcome": "unavailable", "detail": str(failure)}
    except EngineRejected as failure:
        outcome = "ended" if failure.status == 404 else "refused"
        return {"key": item["key"], "outcome": outcome, "detail": failure.detail or failure.title}
    return {"key": item["key"], "outcome": "canceled", "detail": ""}


def retried(client: Steering, item: Json, retries: int, sleep: Callable[[float], None]) -> Json:
    """Retry every incident of an instance, then look what became of it."""
    key, wanted = item["key"], {"processInstanceKey": item["key"], "state": "ACTIVE"}
    try:
        found = client.search_incidents(wanted)
        if not found:
            return {"key": key, "outcome": "ended", "detail": ""}
        for incident in found:
            if incident.get("jobKey"):
                client.update_job_retries(str(incident["jobKey"]), retries)
            client.resolve_incident(str(incident["incidentKey"]))
        for _ in range(LOOKS):
            sleep(BETWEEN_LOOKS_S)
            renewed = client.search_incidents(wanted)
            if renewed:
                return {"key": key, "outcome": "again", "detail": str(renewed[0].get("errorMessage") or "")}
    except EngineUnavailable as failure:
        return {"key": key, "outcome": "unavailable", "detail": str(failure)}
    except EngineRejected as failure:
        return {"key": key, "outcome": "refused", "detail": failure.detail or failure.title}
    return {"key": key, "outcome": "retried", "detail": ""}
