"""Every noun (value type), every verb (intent) and the four records of the engine.

Commands are imperative, events are past tense. A record's value is a plain dict with Zeebe's
camelCase names. Values are shared between events and the state: whoever receives one never
changes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

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


@dataclass(slots=True)
class Command:
    """A wish. `key` names the entity it is about (0 when there is none yet)."""

    value_type: ValueType
    intent: Intent
    key: int = 0
    value: Value = field(default_factory=dict)


@dataclass(slots=True)
class Event:
    """A fact, at `timestamp_ms` (epoch milliseconds of the engine clock)."""

    value_type: ValueType
    intent: Intent
    key: int
    value: Value
    timestamp_ms: int


@dataclass(slots=True)
class Rejection:
    """A command that cannot be done, and why ("Expected to …, but …")."""

    type: RejectionType
    reason: str


@dataclass(slots=True)
class Outcome:
    """What came of a command. Events are stored even when there is a rejection (a banned instance)."""

    events: list[Event]
    rejection: Rejection | None = None
    reply: Value | None = None
