"""An engine in a test: pure core, a log, a clock that the test moves, and a shadow state.

After every command the events are applied to the shadow, which must equal the live state, so every
test is a replay test too.
"""

from __future__ import annotations

from typing import Any

from lienthong.engine.core.apply import apply
from lienthong.engine.core.due import due, next_due_ms
from lienthong.engine.core.process import process
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Command, Event, Intent, Outcome, Rejection, Value, ValueType

START_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z


class Rejected(AssertionError):
    """A command was rejected although the test expected it to be done."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(f"{rejection.type}: {rejection.reason}")
        self.rejection = rejection


class EngineRun:
    """Commands as methods; what happened as queries over the log."""

    def __init__(self) -> None:
        self.state = State()
        self.shadow = State()
        self.log: list[Event] = []
        self.now_ms = START_MS

    # commands

    def submit(self, value_type: ValueType, intent: Intent, key: int = 0, **value: Any) -> Outcome:
        """Process a command, whatever comes of it."""
        outcome = process(self.state, Command(value_type, intent, key, value), self.now_ms)
        for event in outcome.events:
            apply(self.shadow, event)
        assert self.shadow == self.state, "replay of the log differs from the live state"
        self.log.extend(outcome.events)
        return outcome

    def do(self, value_type: ValueType, intent: Intent, key: int = 0, **value: Any) -> Value:
        """Process a command that must succeed; its reply."""
        outcome = self.submit(value_type, intent, key, **value)
        if outcome.rejection is not None:
            raise Rejected(outcome.rejection)
        return outcome.reply or {}

    def deploy(self, *contents: bytes, names: list[str] | None = None) -> Value:
        """Deploy files; BPMN unless a name says otherwise."""
        given = names or [f"model-{index}.bpmn" for index in range(len(contents))]
        pairs = zip(given, contents, strict=True)
        resources = [{"name": name, "content": content} for name, content in pairs]
        return self.do(ValueType.DEPLOYMENT, Intent.CREATE, resources=resources)

    def create(self, process_id: str = "p", /, **variables: Any) -> int:
        """Create an instance of the latest version; its key."""
        value = {"bpmnProcessId": process_id, "variables": variables}
        return int(self.do(ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATE, **value)["processInstanceKey"])

    def activate(self, job_type: str, limit: int = 100, timeout_ms: int = 60_000, **more: Any) -> list[Value]:
        """Take jobs as a worker does."""
        value = {"type": job_type, "worker": "w", "timeoutMs": timeout_ms, "maxJobsToActivate": limit, **more}
        return list(self.do(ValueType.JOB_BATCH, Intent.ACTIVATE, **value)["jobs"])

    def complete(self, job_type: str, /, **variables: Any) -> Value:
        """Take the oldest job of a type and complete it; the job."""
        job = self.activate(job_type, 1)[0]
        self.do(ValueType.JOB, Intent.COMPLETE, job["key"], variables=variables)
        return job

    def throw(self, job_type: str, code: str, **variables: Any) -> Value:
        """Take the oldest job of a type and throw a business error; the job."""
        job = self.activate(job_type, 1)[0]
        self.do(ValueType.JOB, Intent.THROW_ERROR, job["key"], errorCode=code, variables=variables)
        return job

    def publish(self, name: str, correlation_key: str = "", ttl_ms: int = 0, **variables: Any) -> int:
        """Publish a message; its key."""
        value = {"name": name, "correlationKey": correlation_key, "timeToLiveMs": ttl_ms, "variables": variables}
        return int(self.do(ValueType.MESSAGE, Intent.PUBLISH, **value)["key"])

    def broadcast(self, name: str, **variables: Any) -> int:
        """Broadcast a signal; its key."""
        return int(self.do(ValueType.SIGNAL, Intent.BROADCAST, signalName=name, variables=variables)["key"])

    def advance(self, ms: int) -> None:
        """Move the clock, stopping at each due time on the way."""
        end = self.now_ms + ms
        while (at := next_due_ms(self.state)) is not None and at <= end:
            self.now_ms = max(self.now_ms, at)
            for command in due(self.state, self.now_ms):
                self.submit(command.value_type, command.intent, command.key)
        self.now_ms = end

    def resolve(self) -> None:
        """Resolve the only open incident."""
        (key,) = self.state.incidents
        self.do(ValueType.INCIDENT, Intent.RESOLVE, key)

    # queries

    def trace(self, *intents: Intent, since: int = 0) -> list[str]:
        """Element ids in the order of these lifecycle events (completed by default)."""
        wanted = intents or (Intent.ELEMENT_COMPLETED,)
        found = [event for event in self.log[since:] if event.value_type is ValueType.PROCESS_INSTANCE]
        return [event.value["elementId"] for event in found if event.intent in wanted]

    def active(self) -> list[str]:
        """Ids of the elements that are running, processes left out."""
        running = [each for each in self.state.elements.values() if each.type != "PROCESS"]
        return sorted(each.element_id for each in running)

    def instance(self, element_id: str) -> Any:
        """The only running instance of an element."""
        (found,) = [each for each in self.state.elements.values() if each.element_id == element_id]
        return found

    def incident_types(self) -> list[str]:
        """Error types of the open incidents."""
        return [each.value["errorType"] for each in self.state.incidents.values()]

    def variables(self, scope_key: int) -> dict[str, str]:
        """JSON texts of the variables of a running scope."""
        return dict(self.state.elements[scope_key].variables)

    def last_value(self, name: str) -> str:
        """The last JSON text that a variable of this name got anywhere."""
        found = [e.value["value"] for e in self.log if e.value_type is ValueType.VARIABLE and e.value["name"] == name]
        return str(found[-1])

    @property
    def idle(self) -> bool:
        """Nothing runs."""
        return not self.state.elements
