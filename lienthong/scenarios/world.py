"""A small world around the pure core: one state, one virtual clock, and what the events have shown so far.

The core is asked only through commands; everything known here was read off its events.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from lienthong.engine.core.due import due, next_due_ms
from lienthong.engine.core.process import process
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Command, Event, Intent, Outcome, ValueType

JOB_LOCK_MS = 1000 * 60 * 60 * 24 * 3650  # a job that the runner holds never times out under its hands
MESSAGE_TTL_MS = 1000 * 60 * 60
CORRELATED_TYPES = frozenset({ValueType.MESSAGE_SUBSCRIPTION, ValueType.MESSAGE_START_EVENT_SUBSCRIPTION})


class WorldError(Exception):
    """The core refused a command."""


@dataclass(slots=True)
class Seen:
    """One element instance as its events showed it; times in epoch milliseconds."""

    key: int
    element_id: str
    element_type: str
    process_id: str
    instance_key: int
    parent_element_key: int
    started_ms: int
    ended_ms: int | None = None
    terminated: bool = False


@dataclass(slots=True)
class World:
    """State, clock and memory."""

    now_ms: int
    state: State = field(default_factory=State)
    elements: dict[int, Seen] = field(default_factory=dict)
    flows_taken: set[tuple[str, str]] = field(default_factory=set)
    variables: dict[int, dict[str, Any]] = field(default_factory=dict)
    user_tasks: dict[int, dict[str, Any]] = field(default_factory=dict)
    job_types: dict[str, int] = field(default_factory=dict)
    waiting_jobs: dict[int, dict[str, Any]] = field(default_factory=dict)
    incidents: dict[int, dict[str, Any]] = field(default_factory=dict)
    root_key: int = 0
    dues: dict[str, str] = field(default_factory=dict)  # procedure code, or "bundle" → due time as told last

    @property
    def now(self) -> datetime:
        """The virtual time, UTC."""
        return datetime.fromtimestamp(self.now_ms / 1000, UTC)

    def run(self, value_type: ValueType, intent: Intent, key: int = 0, value: dict[str, Any] | None = None) -> Outcome:
        """Run one command now and remember what it brought about; a rejection is an error of the scenario."""
        return self.run_command(Command(value_type, intent, key, value or {}))

    def run_command(self, command: Command) -> Outcome:
        """As ``run``, for a command that exists already."""
        outcome = process(self.state, command, self.now_ms)
        if outcome.rejection is not None:
            asked = f"{command.value_type} {command.intent}"
            raise WorldError(f"{asked} was refused ({outcome.rejection.type}): {outcome.rejection.reason}")
        for event in outcome.events:
            self._remember(event)
        return outcome

    def deploy(self, resources: list[tuple[str, bytes]]) -> None:
        """Deploy model files together."""
        named = [{"name": name, "content": content} for name, content in resources]
        self.run(ValueType.DEPLOYMENT, Intent.CREATE, 0, {"resources": named})

    def publish(self, name: str, key: str, variables: dict[str, Any]) -> bool:
        """Publish a message; True when somebody got it at once."""
        value = {"name": name, "correlationKey": key, "timeToLiveMs": MESSAGE_TTL_MS, "messageId": ""}
        outcome = self.run(ValueType.MESSAGE, Intent.PUBLISH, 0, {**value, "variables": variables})
        return any(
            event.intent == Intent.CORRELATED and event.value_type in CORRELATED_TYPES for event in outcome.events
        )

    def activate_jobs(self) -> list[dict[str, Any]]:
        """Take every job that is free to be taken, of every type seen so far."""
        taken: list[dict[str, Any]] = []
        for job_type in list(self.job_types):
            value = {"type": job_type, "worker": "scenario", "timeoutMs": JOB_LOCK_MS, "maxJobsToActivate": 1000}
            outcome = self.run(ValueType.JOB_BATCH, Intent.ACTIVATE, 0, {**value, "fetchVariables": []})
            taken += (outcome.reply or {}).get("jobs", [])
        return taken

    def next_due(self) -> int | None:
        """When time alone will bring something about, epoch ms."""
        return next_due_ms(self.state)

    def run_due(self) -> None:
        """Run what is due now."""
        for command in due(self.state, self.now_ms):
            outcome = process(self.state, command, self.now_ms)  # a rejection means: overtaken, nothing to do
            for event in outcome.events:
                self._remember(event)

    def move_to(self, at_ms: int) -> None:
        """Set the clock; it never goes back."""
        self.now_ms = max(self.now_ms, at_ms)

    def after(self, span: timedelta) -> int:
        """The epoch ms ``span`` from now."""
        return self.now_ms + round(span.total_seconds() * 1000)

    # what has been seen

    def path(self, element_key: int) -> str:
        """Ids of the call activities from the bundle down, then the element's own: ``fee/collect-fee``."""
        seen = self.elements[element_key]
        parts = [seen.element_id]
        parent = self.elements[seen.instance_key].parent_element_key
        while parent in self.elements:
            caller = self.elements[parent]
            parts.insert(0, caller.element_id)
            parent = self.elements[caller.instance_key].parent_element_key
        return "/".join(parts)

    def matches(self, element_key: int, wanted: str) -> bool:
        """Whether ``wanted`` is the element's path or the end of it."""
        path = self.path(element_key)
        return path == wanted or path.endswith("/" + wanted)

    @property
    def ended(self) -> bool:
        """Whether the bundle's instance has ended."""
        root = self.elements.get(self.root_key)
        return root is not None and root.ended_ms is not None

    def root_variables(self) -> dict[str, Any]:
        """The variables of the bundle's instance."""
        return self.variables.get(self.root_key, {})

    def _remember(self, event: Event) -> None:
        value = event.value
        match event.value_type:
            case ValueType.PROCESS_INSTANCE:
                self._remember_element(event)
            case ValueType.VARIABLE if event.intent in (Intent.CREATED, Intent.UPDATED):
                self.variables.setdefault(value["scopeKey"], {})[value["name"]] = json.loads(value["value"])
            case ValueType.USER_TASK if event.intent in (Intent.CREATED, Intent.ASSIGNED, Intent.UPDATED):
                self.user_tasks[event.key] = {**self.user_tasks.get(event.key, {}), **value}
            case ValueType.USER_TASK if event.intent in (Intent.COMPLETED, Intent.CANCELED):
                self.user_tasks.pop(event.key, None)
            case ValueType.JOB:
                self._remember_job(event)
            case ValueType.INCIDENT if event.intent == Intent.CREATED:
                self.incidents[event.key] = value
            case ValueType.INCIDENT:
                self.incidents.pop(event.key, None)
            case _:
                pass

    def _remember_job(self, event: Event) -> None:
        if event.intent == Intent.CREATED:
            self.job_types.setdefault(event.value["type"], event.key)
            self.waiting_jobs[event.key] = event.value
        elif event.intent in (Intent.COMPLETED, Intent.CANCELED, Intent.ERROR_THROWN):
            self.waiting_jobs.pop(event.key, None)

    def _remember_element(self, event: Event) -> None:
        value = event.value
        if event.intent == Intent.SEQUENCE_FLOW_TAKEN:
            self.flows_taken.add((value["bpmnProcessId"], value["elementId"]))
        elif event.intent in (Intent.ELEMENT_ACTIVATING, Intent.ELEMENT_ACTIVATED):
            self._remember_start(event)
        elif event.intent in (Intent.ELEMENT_COMPLETED, Intent.ELEMENT_TERMINATED):
            self._remember_start(event)
            self.elements[event.key].ended_ms = event.timestamp_ms
            self.elements[event.key].terminated = event.intent == Intent.ELEMENT_TERMINATED

    def _remember_start(self, event: Event) -> None:
        if event.key in self.elements:
            return
        value = event.value
        self.elements[event.key] = Seen(
            key=event.key,
            element_id=value["elementId"],
            element_type=str(value["bpmnElementType"]),
            process_id=value["bpmnProcessId"],
            instance_key=value["processInstanceKey"],
            parent_element_key=value.get("parentElementInstanceKey") or -1,
            started_ms=event.timestamp_ms,
        )
        if self.root_key == 0 and event.key == value["processInstanceKey"]:
            self.root_key = event.key
