"""Decide: a command and everything that follows from it, up to the next wait states."""

from __future__ import annotations

from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Command, Outcome


def process(state: State, command: Command, now_ms: int) -> Outcome:
    """Run one command at `now_ms`; the state already holds the outcome's events when it returns."""
    raise NotImplementedError
