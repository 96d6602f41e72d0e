"""What time alone brings about: timers, job deadlines, back-off, message expiry."""

from __future__ import annotations

from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Command


def due(state: State, now_ms: int) -> list[Command]:
    """The commands whose time has come, oldest first."""
    raise NotImplementedError


def next_due_ms(state: State) -> int | None:
    """When `due` will next have something, or None."""
    raise NotImplementedError
