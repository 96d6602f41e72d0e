"""The rows of the state: plain slotted data whose fields are JSON-able, so that a snapshot is a dump."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from lienthong.engine.model.elements import ElementType
from lienthong.engine.protocol.records import Intent, Value

if TYPE_CHECKING:
    from lienthong.engine.core.definitions import Plan


class JobState(StrEnum):
    """Where a job is between its creation and its end."""

    ACTIVATABLE = "ACTIVATABLE"
    ACTIVATED = "ACTIVATED"
    FAILED = "FAILED"
    ERROR_THROWN = "ERROR_THROWN"


_ACTIVATABLE = JobState.ACTIVATABLE


class Nothing(dict[Any, Any]):
    """The empty table that all rows share until they hold something: most never do."""

    __slots__ = ()

    def __setitem__(self, key: Any, value: Any) -> None:
        raise TypeError("Expected a row to be given a table of its own first")

    def __reduce__(self) -> str:
        return "NOTHING"  # copied and pickled as the one it is


NOTHING: dict[Any, Any] = Nothing()


@dataclass(init=False)
class ElementInstance:
    """A running element. `value` is the record that all its lifecycle events share.

    Tables are read freely, and written only through the methods: they start as the one shared `NOTHING`.
    `plan` is kept at hand once it has been looked up; it is no part of the row, neither compared nor stored.
    """

    __slots__ = (
        "called_key",
        "children",
        "definition_key",
        "element_id",
        "incidents",
        "interrupted",
        "job_key",
        "key",
        "loop_completed",
        "loop_counter",
        "loop_created",
        "loop_terminated",
        "loop_total",
        "parent_key",
        "plan",
        "process_instance_key",
        "scope_key",
        "state",
        "subscriptions",
        "timers",
        "tokens",
        "type",
        "user_task_key",
        "value",
        "variables",
    )

    key: int
    value: Value
    state: Intent
    type: ElementType
    element_id: str
    process_instance_key: int
    definition_key: int
    scope_key: int  # 0 for a process instance
    parent_key: int  # the call activity instance that called this process instance
    children: dict[int, None]
    tokens: dict[str, int]  # flow id → tokens that wait at its joining target
    variables: dict[str, str]  # name → JSON text
    timers: dict[int, None]
    subscriptions: dict[int, None]
    incidents: dict[int, None]
    job_key: int
    user_task_key: int
    called_key: int  # the process instance that this call activity called
    interrupted: bool  # by an event sub-process: its other event sub-processes are over
    loop_counter: int  # of an inner instance, from 1
    loop_total: int  # the rest is of a multi-instance body
    loop_created: int
    loop_completed: int
    loop_terminated: int

    def __init__(self, key: int, value: Value, state: Intent, kind: ElementType) -> None:
        """A new instance; written out because the generated one is three times as slow on the hottest path."""
        self.key = key
        self.value = value
        self.state = state
        self.type = kind
        self.plan: Plan | None = None
        self.element_id = value["elementId"]
        self.process_instance_key = value["processInstanceKey"]
        self.definition_key = value["processDefinitionKey"]
        scope_key = value["flowScopeKey"]
        self.scope_key = scope_key if scope_key > 0 else 0
        self.children = self.tokens = self.variables = NOTHING
        self.timers = self.subscriptions = self.incidents = NOTHING
        self.parent_key = self.job_key = self.user_task_key = self.called_key = 0
        self.interrupted = False
        self.loop_counter = self.loop_total = self.loop_created = self.loop_completed = self.loop_terminated = 0

    @property
    def is_inner(self) -> bool:
        """Whether this is one instance within a multi-instance body."""
        return self.loop_counter > 0

    def add_child(self, key: int) -> None:
        """An instance has begun in this scope."""
        if self.children is NOTHING:
            self.children = {key: None}
        else:
            self.children[key] = None

    def add_token(self, flow_id: str) -> None:
        """A token waits at the joining target of a flow."""
        if self.tokens is NOTHING:
            self.tokens = {flow_id: 1}
        else:
            self.tokens[flow_id] = self.tokens.get(flow_id, 0) + 1

    def set_variable(self, name: str, text: str) -> None:
        """A variable has this JSON text."""
        if self.variables is NOTHING:
            self.variables = {name: text}
        else:
            self.variables[name] = text

    def add_timer(self, key: int) -> None:
        """It waits for a point in time."""
        self.timers = {**self.timers, key: None}

    def add_subscription(self, key: int) -> None:
        """It waits for a message or signal."""
        self.subscriptions = {**self.subscriptions, key: None}

    def add_incident(self, key: int) -> None:
        """It stands still."""
        self.incidents = {**self.incidents, key: None}


@dataclass(slots=True, init=False)
class Job:
    """Work for a worker."""

    key: int
    value: Value
    state: JobState
    type: str
    element_instance_key: int
    process_instance_key: int
    deadline_ms: int  # of an activated job
    recur_ms: int  # end of the back-off of a failed job

    def __init__(self, key: int, value: Value) -> None:
        """A new job, on offer."""
        self.key = key
        self.value = value
        self.state = _ACTIVATABLE
        self.type = value["type"]
        self.element_instance_key = value["elementInstanceKey"]
        self.process_instance_key = value["processInstanceKey"]
        self.deadline_ms = self.recur_ms = 0


@dataclass(slots=True)
class UserTask:
    """Work for a person."""

    key: int
    value: Value
    element_instance_key: int
    process_instance_key: int


@dataclass(slots=True)
class Incident:
    """Why an element or a job does not go on."""

    key: int
    value: Value
    element_instance_key: int
    process_instance_key: int
    job_key: int


@dataclass(slots=True)
class Timer:
    """A point in time that an element or a start event waits for."""

    key: int
    value: Value
    due_ms: int
    element_instance_key: int  # 0 at a start event
    target_element_id: str
    definition_key: int


@dataclass(slots=True)
class Message:
    """A message in the buffer."""

    key: int
    value: Value
    name: str
    correlation_key: str
    deadline_ms: int
    correlated: list[str] = field(default_factory=list)  # BPMN process ids that have had it


@dataclass(slots=True)
class Subscription:
    """An element instance that waits for a message (`message`) or a signal."""

    key: int
    value: Value
    message: bool
    name: str
    correlation_key: str
    element_instance_key: int
    process_instance_key: int
    bpmn_process_id: str
    target_element_id: str
    interrupting: bool


@dataclass(slots=True)
class Compensation:
    """A completed activity that could be undone, in the scope from which it can be."""

    key: int
    value: Value
    scope_key: int
    process_instance_key: int


@dataclass(slots=True)
class StartSubscription:
    """A start event of the latest version that waits for a message (`message`) or a signal."""

    key: int
    value: Value
    message: bool
    name: str
    bpmn_process_id: str
    definition_key: int
    start_event_id: str


@dataclass(slots=True)
class Resource:
    """A deployed version of a process, decision requirements graph, decision or form."""

    key: int
    value: Value
    kind: str  # PROCESS, DECISION_REQUIREMENTS, DECISION, FORM
    id: str
    version: int
    version_tag: str | None
    deployment_key: int
    checksum: str
    name: str
