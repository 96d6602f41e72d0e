"""The port of the store: an append-only log of groups of events, snapshots of the state, settings.

A group is what one commit makes durable. Positions count groups from 1 without gaps; a snapshot at
position n holds everything up to and including group n.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from lienthong.engine.protocol.records import Fact


class StoreFailed(Exception):
    """The store could not do what was asked (disk full, I/O error); nothing of it is durable."""


class StoreRefused(Exception):
    """The store must not be opened: another engine holds it, or a newer engine wrote it."""


@dataclass(slots=True)
class LogRow:
    """One group of the log."""

    position: int
    events: Sequence[Fact]


@dataclass(slots=True)
class Snapshot:
    """The state after group `position`, as `State.snapshot` wrote it."""

    position: int
    state: bytes


class Store(Protocol):
    """Verbs are synchronous; the runtime calls one at a time, from a thread of its own or, while `quick`, at once."""

    @property
    def quick(self) -> bool:
        """Whether an append takes so little time that the engine's loop can wait for it."""

    def append(self, position: int, facts: Sequence[Fact]) -> None:
        """Make a group durable before returning, or raise `StoreFailed` and keep nothing of it."""

    def latest_snapshot(self) -> Snapshot | None:
        """The newest snapshot, or None."""

    def rows_after(self, position: int) -> Iterator[LogRow]:
        """The groups after `position`, oldest first."""

    def last_position(self) -> int:
        """The position of the newest group or snapshot; 0 when there is none."""

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Make a snapshot durable; older ones go."""

    def compact(self, up_to: int) -> None:
        """Forget the groups up to `up_to` that the newest snapshot holds as well."""

    def setting(self, name: str) -> str | None:
        """A setting that survives restarts, or None."""

    def save_setting(self, name: str, value: str | None) -> None:
        """Keep a setting durably; None forgets it."""

    def close(self) -> None:
        """Let go of files and locks."""
