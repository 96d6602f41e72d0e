"""The store without a disk: for engines that need not survive (tests, trials)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lienthong.engine.protocol.records import Fact
from lienthong.engine.store.log_store import LogRow, Snapshot
from lienthong.engine.store.packing import pack, unpack


class MemoryStore:
    """Keeps packed rows, so that what comes back is what a disk would give back."""

    quick = False  # it stands for a disk of which nothing is known

    def __init__(self) -> None:
        self._rows: dict[int, bytes] = {}
        self._snapshot: Snapshot | None = None
        self._settings: dict[str, str] = {}

    def append(self, position: int, facts: Sequence[Fact]) -> None:
        """Keep a group."""
        self._rows[position] = pack(facts)

    def latest_snapshot(self) -> Snapshot | None:
        """The newest snapshot, or None."""
        return self._snapshot

    def rows_after(self, position: int) -> Iterator[LogRow]:
        """The groups after `position`, oldest first."""
        for found, blob in list(self._rows.items()):
            if found > position:
                yield LogRow(found, unpack(blob))

    def last_position(self) -> int:
        """The position of the newest group or snapshot."""
        return max(max(self._rows, default=0), self._snapshot.position if self._snapshot else 0)

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Replace the snapshot."""
        self._snapshot = snapshot

    def compact(self, up_to: int) -> None:
        """Forget what the snapshot holds as well."""
        held = min(up_to, self._snapshot.position if self._snapshot else 0)
        self._rows = {position: blob for position, blob in self._rows.items() if position > held}

    def setting(self, name: str) -> str | None:
        """A setting, or None."""
        return self._settings.get(name)

    def save_setting(self, name: str, value: str | None) -> None:
        """Keep or forget a setting."""
        if value is None:
            self._settings.pop(name, None)
        else:
            self._settings[name] = value

    def close(self) -> None:
        """Nothing to let go of."""
