"""What an ``expect`` step may ask of the world, and the words in which a scenario fails."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from lienthong.scenarios.world import World

VIETNAM = timezone(timedelta(hours=7))


class ScenarioFailure(Exception):
    """The models did not do what the scenario tells, or the scenario leaves something untold."""


def check(world: World, wanted: Mapping[str, Any], waiting: str) -> None:
    """Hold one ``expect`` against the world; ``waiting`` says in words what is waited for now."""
    for path in wanted.get("active", []):
        _require(_any(world, path, active=True), f"Expected {path} to be active, but it is not; {waiting}")
    for path in wanted.get("notActive", []):
        _require(not _any(world, path, active=True), f"Expected {path} not to be active, but it is")
    for path in wanted.get("completed", []):
        _require(_any(world, path, active=False), f"Expected {path} to be completed, but it is not; {waiting}")
    for path in wanted.get("notCompleted", []):
        _require(not _any(world, path, active=False), f"Expected {path} not to be completed, but it is")
    for name, value in wanted.get("variables", {}).items():
        actual = world.root_variables().get(name, "missing")
        _require(_contains(actual, value), f"Expected variable {name} to be {value}, but it is {actual}")
    for code, due in wanted.get("due", {}).items():
        actual = _minute(world.dues[code]) if code in world.dues else "not set"
        _require(actual == due, f"Expected {code} to be due at {due}, but it is {actual}")
    if "ended" in wanted:
        message = f"Expected ended to be {wanted['ended']}, but it is {world.ended}; {waiting}"
        _require(wanted["ended"] == world.ended, message)
    if "waiting" in wanted:
        keys = [int(task["elementInstanceKey"]) for task in world.user_tasks.values()]
        _require(_same(world, keys, wanted["waiting"]), f"Expected exactly {wanted['waiting']} to wait, but {waiting}")
    if "incidents" in wanted:
        keys = [int(incident["elementInstanceKey"]) for incident in world.incidents.values()]
        message = f"Expected incidents at {wanted['incidents']}, but: {incident_text(world) or 'none'}"
        _require(_same(world, keys, wanted["incidents"]), message)


def _minute(time: str) -> str:
    return f"{datetime.fromisoformat(time).astimezone(VIETNAM):%Y-%m-%dT%H:%M}"


def incident_text(world: World) -> str:
    """The open incidents in words."""
    return "; ".join(
        f"{world.path(int(incident['elementInstanceKey']))}: {incident['errorType']} {incident['errorMessage']}"
        for incident in world.incidents.values()
    )


def form_id(world: World, task: Mapping[str, Any]) -> str:
    """The id of a user task's form, empty when it has none."""
    if task.get("formId"):
        return str(task["formId"])
    resource = world.state.resources.get(int(task.get("formKey") or -1))
    return resource.id if resource is not None else ""


def form_fields(deployments: list[list[tuple[str, bytes]]]) -> dict[str, set[str]]:
    """Form id → keys of its fields, of every form deployed."""
    found: dict[str, set[str]] = {}
    for name, content in (resource for group in deployments for resource in group):
        form = read_form(content) if name.endswith(".form") else {}
        if form:
            found[str(form["id"])] = {
                str(part.get("key") or part["path"])  # a list of rows is a field by its path
                for part in form.get("components", [])
                if "key" in part or "path" in part
            }
    return found


def read_form(content: bytes) -> dict[str, Any]:
    """A form as data; empty when it is none: it cannot be deployed either, and that is told."""
    try:
        form = json.loads(content)
    except ValueError:
        return {}
    return form if isinstance(form, dict) and "id" in form else {}


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise ScenarioFailure(message)


def _any(world: World, wanted: str, *, active: bool) -> bool:
    return any(
        (seen.ended_ms is None) == active and not seen.terminated and world.matches(key, wanted)
        for key, seen in world.elements.items()
    )


def _same(world: World, keys: list[int], wanted: list[str]) -> bool:
    unmatched = list(keys)
    for path in wanted:
        found = next((key for key in unmatched if world.matches(key, path)), None)
        if found is None:
            return False
        unmatched.remove(found)
    return not unmatched


def _contains(actual: Any, wanted: Any) -> bool:
    """Whether a value is as wanted; of a context only the named entries are compared."""
    if isinstance(wanted, dict) and isinstance(actual, dict):
        return all(name in actual and _contains(actual[name], value) for name, value in wanted.items())
    return bool(actual == wanted)
