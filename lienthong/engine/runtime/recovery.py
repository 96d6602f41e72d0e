"""The state from the store: the newest snapshot, and every group after it."""

from __future__ import annotations

import gc
from dataclasses import dataclass

from lienthong.engine.core.apply import apply
from lienthong.engine.core.state import State
from lienthong.engine.store import Store


@dataclass(slots=True)
class Recovered:
    """A state and the position of the last group in it."""

    state: State
    position: int
    snapshot_position: int
    replayed: int  # events since the snapshot


def recover(store: Store) -> Recovered:
    """Replay. The state equals what the live engine had after its last durable group.

    The collector rests meanwhile: almost all that is made stays.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _replayed(store)
    finally:
        if collecting:
            gc.enable()


def _replayed(store: Store) -> Recovered:
    snapshot = store.latest_snapshot()
    state = State.restore(snapshot.state) if snapshot else State()
    position = start = snapshot.position if snapshot else 0
    replayed = 0
    for row in store.rows_after(position):
        for event in row.events:
            apply(state, event)
        replayed += len(row.events)
        position = row.position
    return Recovered(state, position, start, replayed)
