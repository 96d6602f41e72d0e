"""Change: an event alters the state; no decision is taken here."""

from __future__ import annotations

from collections.abc import Callable

from lienthong.engine.core.appliers import compensation, deployments, elements, jobs, messages, people
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Event, Intent, ValueType

Applier = Callable[[State, Event], None]

APPLIERS: dict[ValueType, dict[Intent, Applier]] = {
    **elements.APPLIERS,
    **jobs.APPLIERS,
    **messages.APPLIERS,
    **deployments.APPLIERS,
    **people.APPLIERS,
    **compensation.APPLIERS,
}


def apply(state: State, event: Event) -> None:
    """Apply one event; used for replay (`process` has already applied the events it returns)."""
    if event.key > state.last_key:
        state.last_key = event.key
    APPLIERS[event.value_type][event.intent](state, event)
