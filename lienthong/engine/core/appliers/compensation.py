"""Rows of activities that could be undone."""

from __future__ import annotations

from collections.abc import Callable

from lienthong.engine.core.entities import Compensation
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Intent, Value, ValueType


def row_set(state: State, key: int, value: Value) -> None:
    """An activity can be undone; from another scope than before; or is being undone."""
    known = state.compensations.get(key)
    row = Compensation(key, value, value["scopeKey"], value["processInstanceKey"])
    if known is not None and known.scope_key != row.scope_key:
        _forget(state, known)
    state.compensations[key] = row
    state.index_compensation(row)


def row_removed(state: State, key: int, value: Value) -> None:
    """The activity has been undone, or never will be."""
    _forget(state, state.compensations.pop(key))


def _forget(state: State, row: Compensation) -> None:
    keys = state.compensations_by_scope[row.scope_key]
    del keys[row.key]
    if not keys:
        del state.compensations_by_scope[row.scope_key]


APPLIERS: dict[ValueType, dict[Intent, Callable[[State, int, Value], None]]] = {
    ValueType.COMPENSATION_SUBSCRIPTION: {
        Intent.CREATED: row_set,
        Intent.UPDATED: row_set,
        Intent.TRIGGERED: row_set,
        Intent.MIGRATED: row_set,
        Intent.COMPLETED: row_removed,
        Intent.DELETED: row_removed,
    }
}
