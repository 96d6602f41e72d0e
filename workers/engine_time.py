"""The engine's clock as the worker sees it: a job's deadline less its time-out is the engine's time at activation.

So a clock that somebody pinned or moved reaches the domain, the outbox and the task feed without another protocol.
A difference of a few seconds is only the two machines' clocks, and is taken for none.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from typing import Final

NO_DIFFERENCE_MS: Final = 5000


def wall_ms() -> int:
    """The time of this machine in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class EngineTime:
    """This machine's clock plus the last seen difference to the engine's."""

    def __init__(self, wall: Callable[[], int] = wall_ms) -> None:
        self._wall = wall
        self._difference_ms = 0
        self._lock = Lock()

    def observe(self, deadline_ms: int, timeout_ms: int) -> None:
        """Learn from a job that has just been activated."""
        difference_ms = deadline_ms - timeout_ms - self._wall()
        with self._lock:
            self._difference_ms = 0 if abs(difference_ms) < NO_DIFFERENCE_MS else difference_ms

    def now(self) -> datetime:
        """The engine's time now, as far as it is known."""
        with self._lock:
            return datetime.fromtimestamp((self._wall() + self._difference_ms) / 1000, UTC)

    def latest(self) -> datetime:
        """The later of the engine's and this machine's time: nothing written under either clock lies in its future."""
        return max(self.now(), datetime.fromtimestamp(self._wall() / 1000, UTC))
