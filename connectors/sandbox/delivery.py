"""Delivers queued callbacks, signed over the raw body, until the receiver acknowledges each with 2xx."""

import logging
import secrets
import time
from threading import Event, Thread
from typing import Final

import httpx

from connectors.payment.signature import HEADER, sign
from connectors.sandbox.faults import Misbehavior
from connectors.sandbox.store import QueuedCallback, SandboxStore

FIRST_RETRY_MS: Final = 500
RETRY_CAP_MS: Final = 15_000
IDLE_S: Final = 0.2
logger = logging.getLogger(__name__)


def retry_delay_ms(attempts: int) -> int:
    """The wait after ``attempts`` failed attempts: doubling, capped."""
    return int(min(FIRST_RETRY_MS * 2 ** min(attempts, 10), RETRY_CAP_MS))


class CallbackDelivery:
    """One thread over the queue in the store; what is queued survives a kill and goes on at the next start."""

    def __init__(self, store: SandboxStore, misbehavior: Misbehavior, secret: str) -> None:
        self._store = store
        self._misbehavior = misbehavior
        self._secret = secret
        self._stop = Event()
        self._http = httpx.Client(timeout=httpx.Timeout(10.0, connect=2.0))
        self._thread = Thread(target=self._run, name="callback-delivery", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=15)
        self._http.close()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def deliver_due(self, now_ms: int) -> int:
        """One pass: try every callback that is due; how many arrived."""
        return sum(self._deliver(callback, now_ms) for callback in self._store.due_callbacks(now_ms))

    def _deliver(self, callback: QueuedCallback, now_ms: int) -> bool:
        if self._misbehavior.takes_wrong_signature():
            self._post(callback, sign(secrets.token_hex(16), callback.body))
            self._store.callback_failed(callback.sequence, now_ms + FIRST_RETRY_MS)
            return False
        if self._post(callback, sign(self._secret, callback.body)):
            self._store.callback_delivered(callback.sequence, now_ms)
            return True
        self._store.callback_failed(callback.sequence, now_ms + retry_delay_ms(callback.attempts))
        return False

    def _post(self, callback: QueuedCallback, signature: str) -> bool:
        headers = {HEADER: signature, "Content-Type": "application/json"}
        try:
            answer = self._http.post(callback.url, content=callback.body, headers=headers)
        except httpx.HTTPError as error:
            logger.info("callback %s not delivered: %s", callback.callback_id, type(error).__name__)
            return False
        return answer.is_success

    def _run(self) -> None:
        while not self._stop.wait(IDLE_S):
            try:
                self.deliver_due(time.time_ns() // 1_000_000)
            except Exception:
                logger.exception("a pass of callback delivery failed; the next one goes on")
