"""The whole state of an engine: tables of rows by key, and indexes that follow from the rows.

Only `apply` changes it. Two states are equal when their rows are; indexes and the heap of due
times are derived, and are rebuilt from the rows by `restore`.
"""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import orjson

from lienthong.engine.core.definitions import Definition, Plan, load_definition
from lienthong.engine.core.entities import (
    NOTHING,
    Compensation,
    ElementInstance,
    Incident,
    Job,
    JobState,
    Message,
    Resource,
    StartSubscription,
    Subscription,
    Timer,
    UserTask,
)
from lienthong.engine.core.heap import DueHeap
from lienthong.engine.model.elements import ElementType
from lienthong.engine.protocol.records import Intent

FIRST_KEY = 2**51
SNAPSHOT_FORMAT = 2  # 1 had no compensations
_TABLES: dict[str, type[Any]] = {
    "elements": ElementInstance,
    "jobs": Job,
    "user_tasks": UserTask,
    "incidents": Incident,
    "timers": Timer,
    "messages": Message,
    "subscriptions": Subscription,
    "start_subscriptions": StartSubscription,
    "compensations": Compensation,
    "resources": Resource,
}
_KEYED_BY_INT = frozenset({"children", "timers", "subscriptions", "incidents"})


class State:
    """Everything that runs; equal by value."""

    __slots__ = (
        "activatable",
        "banned",
        "compensations",
        "compensations_by_scope",
        "correlations",
        "definitions",
        "deployments",
        "elements",
        "heap",
        "incidents",
        "jobs",
        "last_key",
        "last_versions",
        "message_ids",
        "messages",
        "messages_by_name",
        "resources",
        "start_locks",
        "start_subscriptions",
        "subscriptions",
        "subscriptions_by_name",
        "timers",
        "user_tasks",
        "versions",
    )

    def __init__(self) -> None:
        self.last_key = FIRST_KEY
        self.elements: dict[int, ElementInstance] = {}
        self.jobs: dict[int, Job] = {}
        self.user_tasks: dict[int, UserTask] = {}
        self.incidents: dict[int, Incident] = {}
        self.timers: dict[int, Timer] = {}
        self.messages: dict[int, Message] = {}
        self.subscriptions: dict[int, Subscription] = {}
        self.start_subscriptions: dict[int, StartSubscription] = {}
        self.compensations: dict[int, Compensation] = {}
        self.resources: dict[int, Resource] = {}
        self.banned: dict[int, str] = {}  # process instance key → why
        self.last_versions: dict[tuple[str, str], int] = {}  # (kind, id) → highest number ever given
        self.start_locks: dict[tuple[str, str], int] = {}  # (process id, correlation key) → process instance key
        self.deployments: dict[int, list[int]] = {}  # deployment key → keys of its resources, unchanged ones too
        # derived
        # job type → job keys, oldest first; ordered, so that the oldest is found at once however many have gone
        self.activatable: dict[str, OrderedDict[int, None]] = {}
        self.versions: dict[tuple[str, str], list[int]] = {}  # (kind, id) → resource keys, ascending
        self.messages_by_name: dict[tuple[str, str], dict[int, None]] = {}
        self.message_ids: dict[tuple[str, str, str], int] = {}
        self.subscriptions_by_name: dict[tuple[bool, str, str], dict[int, None]] = {}
        self.compensations_by_scope: dict[int, dict[int, None]] = {}
        self.correlations: dict[int, tuple[str, str]] = {}  # process instance key → its start lock
        self.heap = DueHeap()
        self.definitions: dict[int, Definition] = {}  # parsed on first use

    # reading

    def definition(self, key: int) -> Definition:
        """The executable process of a definition key, parsed once."""
        found = self.definitions.get(key)
        if found is None:
            found = self.definitions[key] = load_definition(self.resources[key])
        return found

    def plan(self, instance: ElementInstance) -> Plan:
        """What is known of the element that runs, looked up once an instance."""
        found = instance.plan
        if found is None:
            found = instance.plan = self.definition(instance.definition_key).plans[instance.element_id]
        return found

    def latest(self, kind: str, identifier: str) -> Resource | None:
        """The latest version of a resource that has not been deleted."""
        keys = self.versions.get((kind, identifier))
        return self.resources[keys[-1]] if keys else None

    def all_versions(self, kind: str, identifier: str) -> Iterator[Resource]:
        """All versions that have not been deleted, newest first."""
        for key in reversed(self.versions.get((kind, identifier), [])):
            yield self.resources[key]

    def process_instances(self) -> Iterator[ElementInstance]:
        """All running process instances, called ones too."""
        return (instance for instance in self.elements.values() if instance.type is ElementType.PROCESS)

    def has_activatable(self, job_type: str) -> bool:
        """Whether a worker of this type would get a job."""
        queue = self.activatable.get(job_type)
        if not queue or not self.banned:
            return bool(queue)
        return any(self.jobs[key].process_instance_key not in self.banned for key in queue)

    # equality and snapshots

    def _rows(self) -> tuple[Any, ...]:
        tables = tuple(getattr(self, name) for name in _TABLES)
        return (*tables, self.last_key, self.banned, self.last_versions, self.start_locks, self.deployments)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, State) and self._rows() == other._rows()

    __hash__ = None  # type: ignore[assignment]

    def snapshot(self) -> bytes:
        """The state as bytes that `restore` reads."""
        data = {
            "format": SNAPSHOT_FORMAT,
            "lastKey": self.last_key,
            "banned": self.banned,
            "deployments": self.deployments,
            "lastVersions": [[*place, number] for place, number in self.last_versions.items()],
            "startLocks": [[*place, key] for place, key in self.start_locks.items()],
            "activatable": {kind: list(keys) for kind, keys in self.activatable.items() if keys},
            "tables": {name: list(getattr(self, name).values()) for name in _TABLES},
        }
        return orjson.dumps(data, default=_encode_bytes, option=orjson.OPT_NON_STR_KEYS)

    @classmethod
    def restore(cls, snapshot: bytes) -> State:
        """The state that `snapshot` was taken of."""
        data = orjson.loads(snapshot)
        if data["format"] not in range(1, SNAPSHOT_FORMAT + 1):
            raise ValueError(f"Expected at most snapshot format {SNAPSHOT_FORMAT}, but it is {data['format']}")
        state = cls()
        state.last_key = data["lastKey"]
        state.banned = {int(key): why for key, why in data["banned"].items()}
        state.last_versions = {(kind, identifier): number for kind, identifier, number in data["lastVersions"]}
        state.start_locks = {(process, key): instance for process, key, instance in data["startLocks"]}
        state.deployments = {int(key): members for key, members in data["deployments"].items()}
        for name, row_type in _TABLES.items():
            setattr(state, name, {row["key"]: _row(row_type, row) for row in data["tables"].get(name, ())})
        state.activatable = {kind: OrderedDict.fromkeys(keys) for kind, keys in data["activatable"].items()}
        state.index()
        return state

    def index(self) -> None:
        """Rebuild what follows from the rows."""
        for resource in sorted(self.resources.values(), key=lambda row: (row.kind, row.id, row.version)):
            self.versions.setdefault((resource.kind, resource.id), []).append(resource.key)
        for message in self.messages.values():
            self.index_message(message)
        for subscription in self.subscriptions.values():
            self.index_subscription(subscription)
        for row in sorted(self.compensations.values(), key=lambda each: each.key):
            self.index_compensation(row)
        for place, key in self.start_locks.items():
            self.correlations[key] = place
        for timer in self.timers.values():
            self.heap.push(timer.due_ms, "timer", timer.key)
        for job in self.jobs.values():
            self._push_job(job)

    def _push_job(self, job: Job) -> None:
        if job.state is JobState.ACTIVATED:
            self.heap.push(job.deadline_ms, "deadline", job.key)
        elif job.recur_ms:
            self.heap.push(job.recur_ms, "recur", job.key)

    def lift_ban(self, process_instance_key: int) -> None:
        """The process instance goes on; what has come due meanwhile is due now."""
        if self.banned.pop(process_instance_key, None) is None:
            return
        for timer in self.timers.values():
            owner = self.elements.get(timer.element_instance_key)
            if owner is not None and owner.process_instance_key == process_instance_key:
                self.heap.push(timer.due_ms, "timer", timer.key)
        for job in self.jobs.values():
            if job.process_instance_key == process_instance_key:
                self._push_job(job)

    def index_message(self, message: Message) -> None:
        """Find a buffered message by name and correlation key, by id, and by its deadline."""
        place = (message.name, message.correlation_key)
        self.messages_by_name.setdefault(place, {})[message.key] = None
        if message.value["messageId"]:
            self.message_ids[(*place, message.value["messageId"])] = message.key
        self.heap.push(message.deadline_ms, "message", message.key)

    def index_compensation(self, row: Compensation) -> None:
        """Find what could be undone by the scope from which it can be."""
        self.compensations_by_scope.setdefault(row.scope_key, {})[row.key] = None

    def index_subscription(self, subscription: Subscription) -> None:
        """Find an open subscription by what it waits for."""
        place = (subscription.message, subscription.name, subscription.correlation_key)
        self.subscriptions_by_name.setdefault(place, {})[subscription.key] = None


def _encode_bytes(value: object) -> Any:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    raise TypeError(f"Expected JSON-able data in the state, but there is {type(value).__name__}")


def _row(row_type: type[Any], row: dict[str, Any]) -> Any:
    for name in _KEYED_BY_INT & row.keys():
        row[name] = {int(key): None for key in row[name]} or NOTHING
    if row_type is ElementInstance:
        row["tokens"], row["variables"] = row["tokens"] or NOTHING, row["variables"] or NOTHING
        row["state"], row["type"] = Intent(row["state"]), ElementType(row["type"])
    elif row_type is Job:
        row["state"] = JobState(row["state"])
    elif row_type is Resource and isinstance(row["value"].get("resource"), dict):
        row["value"]["resource"] = base64.b64decode(row["value"]["resource"]["base64"])
    restored = object.__new__(row_type)
    if row_type is ElementInstance:
        restored.plan = None
    for each in fields(row_type):
        setattr(restored, each.name, row[each.name])
    return restored
