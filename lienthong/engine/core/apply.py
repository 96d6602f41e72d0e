"""Change: an event alters the state; no decision is taken here."""

from __future__ import annotations

from collections.abc import Callable

from lienthong.engine.core.appliers import compensation, deployments, elements, jobs, messages, people
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Fact, Intent, Value, ValueType

Applier = Callable[[State, int, Value], None]

APPLIERS: dict[ValueType, dict[Intent, Applier]] = {
    **elements.APPLIERS,
    **jobs.APPLIERS,
    **messages.APPLIERS,
    **deployments.APPLIERS,
    **people.APPLIERS,
    **compensation.APPLIERS,
}


def apply(state: State, event: Fact) -> None:
    """Apply one event; used for replay (`process` has already applied the events it returns)."""
    value_type, intent, key, value, _ = event
    if key > state.last_key:
        state.last_key = key
    APPLIERS[value_type][intent](state, key, value)
