"""A loop that never dies: an exception in a pass is logged and counted, and the next pass comes."""

from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread
from typing import Final

from workers.heartbeat import Heartbeat
from workers.logging import logger_of, place_of
from workers.metrics import WorkerMetrics

LONGEST_WAIT_S: Final = 5.0
Pass = Callable[[datetime], object]
logger = logger_of("workers.loops")


class SupervisedLoop:
    """Runs ``work(now)`` every ``interval_s`` on its own thread; after failures it waits longer each time."""

    def __init__(
        self,
        name: str,
        work: Pass,
        interval_s: float,
        clock: Callable[[], datetime],
        beats: tuple[Heartbeat, WorkerMetrics],
    ) -> None:
        self.name = name
        self._work, self._interval_s, self._clock = work, interval_s, clock
        self._heartbeat, self._metrics = beats
        self._stop = Event()
        self._failures = 0
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(15)

    def run_once(self) -> float:
        """One pass; how many seconds to wait before the next."""
        try:
            self._work(self._clock())
        except Exception as failure:
            self._failures += 1
            self._metrics.loop_errors.labels(self.name).inc()
            logger.warning("a pass failed", loop=self.name, error_type=type(failure).__name__, where=place_of(failure))
            return float(min(self._interval_s * 2 ** min(self._failures, 8), LONGEST_WAIT_S))
        self._failures = 0
        self._heartbeat.looped(self.name)
        return self._interval_s

    def _run(self) -> None:
        wait_s = 0.0
        while not self._stop.wait(wait_s):
            wait_s = self.run_once()
