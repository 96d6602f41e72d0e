"""What is known about the worker's health: last successful polls, loops, restarts; and whether that is well."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Any, Final

from workers.metrics import WorkerMetrics

STALE_POLL_S: Final = 60.0
STALE_LOOP_S: Final = 60.0


class Heartbeat:
    """Told by the adapter and the loops, asked by the health page and the watchdog. ``clock`` is monotonic seconds."""

    def __init__(
        self,
        job_types: list[str],
        loops: list[str],
        metrics: WorkerMetrics,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock, self._metrics, self._lock = clock, metrics, Lock()
        self._started = clock()
        self._polls: dict[str, float | None] = dict.fromkeys(job_types)
        self._loops: dict[str, float | None] = dict.fromkeys(loops)
        self.restarts = 0

    def connected(self) -> None:
        """The engine answered on a new channel: as good as a first poll, which ends only after its long wait."""
        with self._lock:
            self._polls = dict.fromkeys(self._polls, self._clock())

    def polled(self, job_type: str) -> None:
        """A poll for this type ended well, with or without jobs."""
        with self._lock:
            self._polls[job_type] = self._clock()
        self._metrics.last_poll.labels(job_type).set_to_current_time()

    def looped(self, loop: str) -> None:
        """A pass of this loop ended well."""
        with self._lock:
            self._loops[loop] = self._clock()
        self._metrics.loop_success.labels(loop).set_to_current_time()

    def restarted(self) -> None:
        """The worker takes a new channel; its polls get time again."""
        with self._lock:
            self.restarts += 1
            self._started = self._clock()
        self._metrics.restarts.inc()

    def poll_is_stale(self) -> bool:
        """Whether some job type has not been polled for so long that the channel is to be doubted."""
        return any(self._age(at) > STALE_POLL_S for at in list(self._polls.values()))

    def report(self) -> dict[str, Any]:
        """The health page: ``UP`` once everything polled and looped, and lately."""
        with self._lock:
            beats = [(at, STALE_POLL_S) for at in self._polls.values()]
            beats += [(at, STALE_LOOP_S) for at in self._loops.values()]
            well = all(at is not None and self._clock() - at <= stale for at, stale in beats)
            return {
                "status": "UP" if well else "DOWN",
                "secondsSinceLastPoll": {name: self._since(at) for name, at in self._polls.items()},
                "secondsSinceLastPass": {name: self._since(at) for name, at in self._loops.items()},
                "restarts": self.restarts,
            }

    def _age(self, at: float | None) -> float:
        with self._lock:
            return self._clock() - max(at or self._started, self._started)

    def _since(self, at: float | None) -> float | None:
        return None if at is None else round(self._clock() - at, 1)
