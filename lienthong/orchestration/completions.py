"""Completions on their way to the engine: each is sent once its grace time is over, and takes effect exactly once.

Theory. A completion is written down before it is sent and holds its task meanwhile, so a crash at any point loses
nothing. The engine refuses a second completion of a task (404, 409), so sending again does no harm: when a try may
have reached the engine before and its answer was lost, a refusal means that it did, unless the engine says that the
task was canceled. A first try that is refused was overtaken by somebody else, or the dossier moved on: the task is
gone and nothing is claimed to have been done. Marking it done, the timeline and the audit are one transaction, guarded
by the state of the completion. Whoever sends takes a lease first, so that web and worker do not send side by side.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Protocol

import structlog

from lienthong.orchestration.errors import EngineRejected, EngineUnavailable

LEASE: Final = timedelta(seconds=60)
LONGEST_BACK_OFF_S: Final = 30
BATCH: Final = 100
NO_LONGER_OPEN: Final = frozenset({404, 409})
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Completion:
    """A completion whose turn has come; ``attempts`` counts this try too."""

    id: str
    user_task_key: str
    variables: dict[str, Any]
    attempts: int


class Sent(StrEnum):
    """What came of a try."""

    DONE = "done"
    GONE = "gone"
    FAILED = "failed"
    LATER = "later"
    TAKEN = "taken"


class CompletionPort(Protocol):
    """What the sender asks of the store; each call is one transaction."""

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Ids of completions whose grace or back-off is over, oldest first."""
        ...

    def lease(self, completion_id: str, now: datetime, until: datetime) -> Completion | None:
        """Take one for a try; None when it was undone, is done, or somebody else is sending it."""
        ...

    def done(self, completion_id: str, now: datetime) -> None:
        """It took effect: task, timeline and audit say so, once."""
        ...

    def gone(self, completion_id: str, now: datetime) -> None:
        """The task had ended before: it leaves the queues and nobody is said to have done it."""
        ...

    def failed(self, completion_id: str, reason: str, now: datetime) -> None:
        """The engine refused what was filled in: the task is shown again with the reason."""
        ...

    def later(self, completion_id: str, reason: str, at: datetime) -> None:
        """Try again at a later time."""
        ...


class CompletionEngine(Protocol):
    """What the sender asks of an engine."""

    def complete_user_task(self, key: str, variables: dict[str, Any]) -> object:
        """Complete; ``EngineRejected`` or ``EngineUnavailable`` when it is not done."""
        ...

    def user_task(self, key: str) -> dict[str, Any] | None:
        """One user task; None when the engine does not show it."""
        ...


class CompletionSender:
    """Sends completions of one store to one engine."""

    def __init__(self, port: CompletionPort, engine: CompletionEngine) -> None:
        self._port, self._engine = port, engine
        self._one_round = threading.Lock()

    def run_once(self, now: datetime) -> int:
        """Send everything that is due; how many took effect. An engine that is away ends the round."""
        done = 0
        with self._one_round:
            for completion_id in self._port.due(now, BATCH):
                outcome = self.send(completion_id, now)
                done += outcome is Sent.DONE
                if outcome is Sent.LATER:
                    break
        return done

    def send(self, completion_id: str, now: datetime) -> Sent:
        """One try."""
        completion = self._port.lease(completion_id, now, now + LEASE)
        if completion is None:
            return Sent.TAKEN
        try:
            self._engine.complete_user_task(completion.user_task_key, completion.variables)
        except EngineUnavailable as away:
            wait_s = min(2**completion.attempts, LONGEST_BACK_OFF_S)
            self._port.later(completion.id, str(away), now + timedelta(seconds=wait_s))
            return Sent.LATER
        except EngineRejected as rejected:
            return self._refused(completion, rejected, now)
        self._port.done(completion.id, now)
        return Sent.DONE

    def _refused(self, completion: Completion, rejected: EngineRejected, now: datetime) -> Sent:
        if rejected.status not in NO_LONGER_OPEN:
            _log.warning("the engine refused a completion", user_task_key=completion.user_task_key)
            self._port.failed(completion.id, rejected.detail or rejected.title, now)
            return Sent.FAILED
        if completion.attempts > 1 and not self._was_canceled(completion.user_task_key):
            self._port.done(completion.id, now)  # an earlier try arrived and its answer was lost
            return Sent.DONE
        self._port.gone(completion.id, now)
        return Sent.GONE

    def _was_canceled(self, key: str) -> bool:
        try:
            item = self._engine.user_task(key)
        except (EngineRejected, EngineUnavailable):
            return False
        return item is not None and str(item.get("state")) == "CANCELED"
