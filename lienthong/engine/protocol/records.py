"""Every noun (value type), every verb (intent) and the four records of the engine.

Commands are imperative, events are past tense. A record's value is a plain dict with Zeebe's
camelCase names. Values are shared between events and the state: whoever receives one never
changes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

Value = dict[str, Any]


class ValueType(StrEnum):
    """What a record is about."""

    __hash__ = str.__hash__  # hashed for every record: the C hash, not Enum's Python one

    DEPLOYMENT = "DEPLOYMENT"
    PROCESS = "PROCESS"
    DECISION = "DECISION"
    DECISION_REQUIREMENTS = "DECISION_REQUIREMENTS"
    FORM = "FORM"
    PROCESS_INSTANCE_CREATION = "PROCESS_INSTANCE_CREATION"
    PROCESS_INSTANCE = "PROCESS_INSTANCE"
    PROCESS_INSTANCE_MODIFICATION = "PROCESS_INSTANCE_MODIFICATION"
    PROCESS_INSTANCE_MIGRATION = "PROCESS_INSTANCE_MIGRATION"
    JOB = "JOB"
    JOB_BATCH = "JOB_BATCH"
    USER_TASK = "USER_TASK"
    INCIDENT = "INCIDENT"
    VARIABLE = "VARIABLE"
    VARIABLE_DOCUMENT = "VARIABLE_DOCUMENT"
    MESSAGE = "MESSAGE"
    MESSAGE_SUBSCRIPTION = "MESSAGE_SUBSCRIPTION"
    MESSAGE_START_EVENT_SUBSCRIPTION = "MESSAGE_START_EVENT_SUBSCRIPTION"
    SIGNAL = "SIGNAL"
    SIGNAL_SUBSCRIPTION = "SIGNAL_SUBSCRIPTION"
    TIMER = "TIMER"
    PROCESS_EVENT = "PROCESS_EVENT"
    ESCALATION = "ESCALATION"
    COMPENSATION_SUBSCRIPTION = "COMPENSATION_SUBSCRIPTION"
    DECISION_EVALUATION = "DECISION_EVALUATION"
    RESOURCE_DELETION = "RESOURCE_DELETION"


class Intent(StrEnum):
    """What a command asks for (imperative) or what an event says has happened (past tense)."""

    __hash__ = str.__hash__

    # commands
    CREATE = "CREATE"
    CANCEL = "CANCEL"
    MODIFY = "MODIFY"
    MIGRATE = "MIGRATE"
    ACTIVATE = "ACTIVATE"
    COMPLETE = "COMPLETE"
    FAIL = "FAIL"
    THROW_ERROR = "THROW_ERROR"
    UPDATE_RETRIES = "UPDATE_RETRIES"
    UPDATE_TIMEOUT = "UPDATE_TIMEOUT"
    TIME_OUT = "TIME_OUT"
    RECUR = "RECUR"
    ASSIGN = "ASSIGN"
    CLAIM = "CLAIM"
    UNASSIGN = "UNASSIGN"
    UPDATE = "UPDATE"
    RESOLVE = "RESOLVE"
    PUBLISH = "PUBLISH"
    CORRELATE = "CORRELATE"
    EXPIRE = "EXPIRE"
    BROADCAST = "BROADCAST"
    TRIGGER = "TRIGGER"
    EVALUATE = "EVALUATE"
    DELETE = "DELETE"

    # events
    CREATED = "CREATED"
    UPDATED = "UPDATED"
    DELETED = "DELETED"
    CANCELED = "CANCELED"
    MIGRATED = "MIGRATED"
    MODIFIED = "MODIFIED"
    BANNED = "BANNED"
    ELEMENT_ACTIVATING = "ELEMENT_ACTIVATING"
    ELEMENT_ACTIVATED = "ELEMENT_ACTIVATED"
    ELEMENT_COMPLETING = "ELEMENT_COMPLETING"
    ELEMENT_COMPLETED = "ELEMENT_COMPLETED"
    ELEMENT_TERMINATING = "ELEMENT_TERMINATING"
    ELEMENT_TERMINATED = "ELEMENT_TERMINATED"
    ELEMENT_MIGRATED = "ELEMENT_MIGRATED"
    SEQUENCE_FLOW_TAKEN = "SEQUENCE_FLOW_TAKEN"
    SEQUENCE_FLOW_DELETED = "SEQUENCE_FLOW_DELETED"
    ACTIVATED = "ACTIVATED"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    RECURRED = "RECURRED"
    ERROR_THROWN = "ERROR_THROWN"
    RETRIES_UPDATED = "RETRIES_UPDATED"
    TIMEOUT_UPDATED = "TIMEOUT_UPDATED"
    ASSIGNED = "ASSIGNED"
    RESOLVED = "RESOLVED"
    PUBLISHED = "PUBLISHED"
    EXPIRED = "EXPIRED"
    CORRELATED = "CORRELATED"
    BROADCASTED = "BROADCASTED"
    TRIGGERED = "TRIGGERED"
    ESCALATED = "ESCALATED"
    NOT_ESCALATED = "NOT_ESCALATED"
    EVALUATED = "EVALUATED"


class RejectionType(StrEnum):
    """Why a command cannot be done; the edge maps it to a status code."""

    INVALID_ARGUMENT = "INVALID_ARGUMENT"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    INVALID_STATE = "INVALID_STATE"
    PROCESSING_ERROR = "PROCESSING_ERROR"


@dataclass(slots=True, init=False)
class Command:
    """A wish. `key` names the entity it is about (0 when there is none yet)."""

    value_type: ValueType
    intent: Intent
    key: int
    value: Value

    def __init__(self, value_type: ValueType, intent: Intent, key: int = 0, value: Value | None = None) -> None:
        self.value_type = value_type
        self.intent = intent
        self.key = key
        self.value = {} if value is None else value


class Event(NamedTuple):
    """A fact, at `timestamp_ms` (epoch milliseconds of the engine clock)."""

    value_type: ValueType
    intent: Intent
    key: int
    value: Value
    timestamp_ms: int


# The same five, unnamed: the core makes a dozen a step, and naming each costs more than applying it.
Fact = tuple[ValueType, Intent, int, Value, int]


@dataclass(slots=True)
class Rejection:
    """A command that cannot be done, and why ("Expected to …, but …")."""

    type: RejectionType
    reason: str


class Outcome:
    """What came of a command: facts, stored even when there is a rejection (a banned instance), and a reply."""

    __slots__ = ("_events", "facts", "rejection", "reply")

    def __init__(self, facts: Sequence[Fact], rejection: Rejection | None = None, reply: Value | None = None) -> None:
        self.facts = facts
        self.rejection = rejection
        self.reply = reply
        self._events: list[Event] | None = None

    @property
    def events(self) -> list[Event]:
        """The facts by name, made when first asked for."""
        if self._events is None:
            self._events = [Event._make(fact) for fact in self.facts]
        return self._events

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Outcome):
            return NotImplemented
        return (self.facts, self.rejection, self.reply) == (other.facts, other.rejection, other.reply)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Outcome({self.events!r}, {self.rejection!r}, {self.reply!r})"
