"""Due times, soonest first. Entries of rows that are gone stay until they surface: `due` skips them."""

from __future__ import annotations

import heapq

COMPACT_ABOVE = 65_536

Entry = tuple[int, str, int]


class DueHeap:
    """(due in epoch ms, what, key of the row)."""

    __slots__ = ("entries",)

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def push(self, due_ms: int, kind: str, key: int) -> None:
        """Remember that `kind` of row `key` is due at `due_ms`."""
        heapq.heappush(self.entries, (due_ms, kind, key))

    def pop(self) -> Entry:
        """Take the soonest."""
        return heapq.heappop(self.entries)

    def replace(self, entries: list[Entry]) -> None:
        """Keep only these."""
        heapq.heapify(entries)
        self.entries = entries
