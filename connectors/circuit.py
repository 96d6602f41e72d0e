"""One call to an outward system: retried a few times, behind a circuit breaker, counted.

The breaker is `purgatory`'s and the retry `stamina`'s; here they are only put together. A refusal is an answer, so it
counts neither as a failure of the circuit nor as a reason to try again.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final, TypeVar

import stamina
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from purgatory import SyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from connectors.errors import CircuitOpen, Refused, Unavailable

T = TypeVar("T")
STATE_VALUES: Final = {"closed": 0, "half-opened": 1, "opened": 2}


class CircuitMetrics:
    """The metrics of all circuits of a process, on one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.state = Gauge(
            "lienthong_circuit_state",
            "Circuit of an outward system: 0 closed, 1 half open, 2 open",
            ["system"],
            registry=registry,
        )
        self.calls = Counter(
            "lienthong_connector_calls", "Calls to outward systems by outcome", ["system", "outcome"], registry=registry
        )
        self.duration = Histogram(
            "lienthong_connector_duration_seconds", "Duration of one call", ["system"], registry=registry
        )


@dataclass(frozen=True, slots=True)
class LastError:
    """What went wrong, and when."""

    text: str
    at: datetime


class Circuit:
    """The way to one outward system. ``open_ms``: how long an open circuit lets nothing through."""

    def __init__(
        self, system: str, metrics: CircuitMetrics, threshold: int = 5, open_ms: int = 3000, attempts: int = 2
    ) -> None:
        self.system = system
        self._metrics = metrics
        self._open_ms = open_ms
        self._attempts = attempts
        self._lock = Lock()
        self._last_error: LastError | None = None
        self._factory = SyncCircuitBreakerFactory(
            default_threshold=threshold, default_ttl=open_ms / 1000, exclude=[Refused]
        )
        self._factory.add_listener(self._observe)
        self._breaker = self._factory.get_breaker(system)
        metrics.state.labels(system).set(0)

    @property
    def state(self) -> str:
        """``closed``, ``half-opened`` or ``opened``."""
        return str(self._breaker.context.state)

    @property
    def last_error(self) -> LastError | None:
        """The newest failure that counted against the circuit."""
        return self._last_error

    def call(self, do: Callable[[], T]) -> T:
        """``do()`` through the circuit; `Unavailable` is tried again at once, a few times, with jitter.

        `CircuitOpen` is raised only when no call was made at all: a circuit that this call's own failure has opened
        must not hide that failure, or the caller would wait for ever without using a try.
        """
        failed: Unavailable | None = None
        retrying = stamina.retry_context(
            on=_worth_another_try, attempts=self._attempts, timeout=None, wait_initial=0.1, wait_max=1.0
        )
        try:
            for attempt in retrying:
                with attempt:
                    try:
                        return self._once(do)
                    except Unavailable as failure:
                        if not isinstance(failure, CircuitOpen):
                            failed = failure
                        raise
        except CircuitOpen:
            if failed is not None:
                raise failed from None
            raise
        raise AssertionError("stamina leaves its loop only by an answer or an exception")

    def _once(self, do: Callable[[], T]) -> T:
        with self._lock:  # the breaker's own state is not safe for threads; the call itself runs outside
            self._enter()
        started = time.perf_counter()
        try:
            answer = do()
        except BaseException as failure:
            self._leave(failure, "refused" if isinstance(failure, Refused) else "failed", started)
            raise
        self._leave(None, "answered", started)
        return answer

    def _enter(self) -> None:
        try:
            self._breaker.__enter__()
        except OpenedState as opened:
            self._metrics.calls.labels(self.system, "not_called").inc()
            raise CircuitOpen(self.system, self._open_ms) from opened

    def _leave(self, failure: BaseException | None, outcome: str, started: float) -> None:
        self._metrics.duration.labels(self.system).observe(time.perf_counter() - started)
        self._metrics.calls.labels(self.system, outcome).inc()
        if outcome == "failed" and failure is not None:
            self._last_error = LastError(str(failure) or type(failure).__name__, datetime.now(UTC))
        with self._lock:
            self._breaker.__exit__(type(failure) if failure else None, failure, None)

    def _observe(self, _circuit: str, kind: str, event: Any) -> None:
        if kind == "state_changed":
            self._metrics.state.labels(self.system).set(STATE_VALUES[event.state])


def _worth_another_try(failure: Exception) -> bool:
    return isinstance(failure, Unavailable) and not isinstance(failure, CircuitOpen)
