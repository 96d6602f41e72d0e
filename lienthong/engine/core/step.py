"""One command being processed: what it has emitted, what is still to do, what it replies.

`emit` is the only way to change the state: it applies the event and records it. What follows from
an event is put on a work list, first in first out, never called recursively, so that depth and
endless circles are bounded.
"""

from __future__ import annotations

from collections import deque
from enum import IntEnum
from typing import NoReturn

from lienthong.engine.core.apply import APPLIERS
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Fact, Intent, Rejection, RejectionType, Value, ValueType


class Verb(IntEnum):
    """What is to be done with an element instance next."""

    ACTIVATE = 0
    COMPLETE = 1
    CHILD_ENDED = 2  # a multi-instance body looks at its inner instances
    POLL_BUFFER = 3  # a new subscription looks for a buffered message
    CHECK_JOINS = 4  # inclusive joins of a scope look whether anything can still arrive


MOST_EFFORT = 50_000_000  # characters of JSON, a few seconds of work


class Failure(Exception):
    """Execution cannot go on: the model's or the variables' fault. Becomes an incident."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.message = message


class Refusal(Exception):
    """The command cannot be done: the caller's fault. Becomes a rejection; raised before any event."""

    def __init__(self, type_: RejectionType, reason: str) -> None:
        super().__init__(reason)
        self.rejection = Rejection(type_, reason)


class StateSpoilt(Exception):
    """An event could not be applied, so the state may be half changed: it must be rebuilt from the log."""


def spoilt(what: str, key: int, error: Exception) -> StateSpoilt:
    """A fact that could not be applied."""
    return StateSpoilt(f"{what} {key}: {type(error).__name__}: {error}")


def refuse(type_: RejectionType, reason: str) -> NoReturn:
    """Raise a refusal."""
    raise Refusal(type_, reason)


def not_found(what: str, key: object) -> NoReturn:
    """Refuse because there is no such thing."""
    raise Refusal(RejectionType.NOT_FOUND, f"Expected to find {what} {key}, but there is none")


def invalid(reason: str) -> NoReturn:
    """Refuse because of an argument."""
    raise Refusal(RejectionType.INVALID_ARGUMENT, reason)


def wrong_state(reason: str) -> NoReturn:
    """Refuse because of the state something is in."""
    raise Refusal(RejectionType.INVALID_STATE, reason)


class Step:
    """The processing of one command."""

    __slots__ = ("effort", "events", "now_ms", "reply", "state", "work")

    def __init__(self, state: State, now_ms: int) -> None:
        self.state = state
        self.now_ms = now_ms
        self.events: list[Fact] = []
        self.work: deque[tuple[Verb, int]] = deque()
        self.reply: Value | None = None
        self.effort = 0

    def emit(self, value_type: ValueType, intent: Intent, key: int, value: Value) -> None:
        """Record a fact and let it change the state."""
        state = self.state
        if key > state.last_key:
            state.last_key = key
        try:
            APPLIERS[value_type][intent](state, key, value)
        except Exception as error:
            raise spoilt(f"{value_type} {intent}", key, error) from error
        self.events.append((value_type, intent, key, value, self.now_ms))

    def spend(self, characters: int) -> None:
        """Count what is read and written over and over; a command that would go on for ever becomes an incident."""
        self.effort += characters
        if self.effort > MOST_EFFORT:
            text = f"Expected one command to handle at most {MOST_EFFORT} characters of collections, but there are more"
            raise Failure("UNKNOWN", f"{text}; resolve the incident to go on from here")

    def next_key(self) -> int:
        """A new key; emit an event with it at once, or replay would give it again."""
        return self.state.last_key + 1

    def follow(self, verb: Verb, key: int) -> None:
        """Do this after what is already on the list."""
        self.work.append((verb, key))
