"""The one clock of an engine: real, or pinned to a moment until it is reset."""

from __future__ import annotations

import time


class EngineClock:
    """Epoch milliseconds. Pinning is kept by the engine in its store; this only tells the time."""

    def __init__(self, pinned_ms: int | None = None) -> None:
        self.pinned_ms = pinned_ms

    def now_ms(self) -> int:
        """The time of this engine."""
        return time.time_ns() // 1_000_000 if self.pinned_ms is None else self.pinned_ms

    def seconds_until(self, moment_ms: int) -> float | None:
        """Real seconds until the engine's time reaches `moment_ms`; None when a pinned clock will not reach it."""
        now = self.now_ms()
        if moment_ms <= now:
            return 0.0
        return (moment_ms - now) / 1000 if self.pinned_ms is None else None
