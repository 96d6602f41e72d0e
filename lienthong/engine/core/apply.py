"""Change: an event alters the state; no decision is taken here."""

from __future__ import annotations

from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Event


def apply(state: State, event: Event) -> None:
    """Apply one event; used for replay (`process` has already applied the events it returns)."""
    raise NotImplementedError
