"""The relay: takes due rows of the outbox to the engine as messages; no row is ever lost.

Theory. A row waits until it is *done*. A message row is done once the engine has taken it; a message id that the
engine knows already (409) counts as taken, so a crash between taking and marking does no harm. A start row is done
only when the instance it started has registered on the dossier: until then it is published again after a back-off.
An engine that is away stops the round; the rows stay due.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

import structlog

from lienthong.orchestration.errors import EngineRejected, EngineUnavailable

ALREADY_EXISTS: Final = 409
BATCH: Final = 100
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A due row of the outbox."""

    row_id: str
    starts: bool
    name: str
    correlation_key: str
    variables: dict[str, Any]
    message_id: str
    ttl_ms: int
    dossier_code: str


class OutboxPort(Protocol):
    """What the relay asks of the outbox; each call is one transaction."""

    def due(self, now: datetime, limit: int) -> Sequence[OutgoingMessage]:
        """Rows whose time has come, oldest first."""
        ...

    def done(self, row_id: str, now: datetime) -> None:
        """The row needs no more sending."""
        ...

    def retry(self, row_id: str, error: str, now: datetime) -> None:
        """Send the row again after its back-off."""
        ...

    def registered(self, dossier_code: str) -> bool:
        """Whether a process instance has registered on the dossier."""
        ...


class MessageEngine(Protocol):
    """What the relay asks of an engine."""

    def publish_message(
        self, name: str, correlation_key: str, variables: dict[str, Any], message_id: str, ttl_ms: int
    ) -> object:
        """Publish a message; ``EngineUnavailable`` or ``EngineRejected`` when it is not taken."""
        ...


@dataclass(frozen=True, slots=True)
class RelayReport:
    """What one round did, in rows."""

    published: int = 0
    done: int = 0
    retried: int = 0
    available: bool = True


class Relay:
    """One relay over one outbox and one engine."""

    def __init__(self, port: OutboxPort, engine: MessageEngine) -> None:
        self._port = port
        self._engine = engine

    def run_once(self, now: datetime) -> RelayReport:
        """Send every due row once; an engine that is away ends the round."""
        published = done = retried = 0
        for row in self._port.due(now, BATCH):
            if row.starts and self._port.registered(row.dossier_code):
                self._port.done(row.row_id, now)
                done += 1
                continue
            try:
                self._publish(row)
            except EngineUnavailable as error:
                self._port.retry(row.row_id, str(error), now)
                return RelayReport(published, done, retried + 1, available=False)
            except EngineRejected as error:
                _log.warning("outbox row refused", row=row.row_id, dossier_code=row.dossier_code, error=str(error))
                self._port.retry(row.row_id, str(error), now)
                retried += 1
                continue
            published += 1
            if row.starts:
                self._port.retry(row.row_id, "published; waits for its instance to register", now)
                retried += 1
            else:
                self._port.done(row.row_id, now)
                done += 1
        return RelayReport(published, done, retried)

    def _publish(self, row: OutgoingMessage) -> None:
        try:
            self._engine.publish_message(row.name, row.correlation_key, row.variables, row.message_id, row.ttl_ms)
        except EngineRejected as error:
            if error.status != ALREADY_EXISTS:
                raise


def run_loop(
    run_once: Callable[[datetime], object], stop: threading.Event, interval_s: float, clock: Callable[[], datetime]
) -> None:
    """Run rounds until ``stop`` is set; a round that fails is logged and the next one runs."""
    while not stop.is_set():
        try:
            run_once(clock())
        except Exception:
            _log.exception("round failed", runner=getattr(run_once, "__qualname__", repr(run_once)))
        stop.wait(interval_s)
