"""A person's patience: what was lost on the way or answered with "try again" is sent again, as a person would."""

import time
from collections.abc import Callable
from typing import Final

import httpx

PAUSE_SECONDS: Final = 0.5
REPEATED: Final = "repeated"
SERVER_ERROR: Final = 500


class PatientTransport(httpx.BaseTransport):
    """Sends each request until it is answered without a server error, or ``seconds`` are over.

    The answer of a request that was sent more than once is marked: it may say that the first sending has done it.
    """

    def __init__(
        self,
        seconds: float,
        inner: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._seconds, self._clock, self._sleep = seconds, clock, sleep
        self._inner = inner or httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()  # a body that is a stream could be sent only once
        end = self._clock() + self._seconds
        repeated = False
        while True:
            try:
                response = self._inner.handle_request(request)
            except httpx.TransportError:
                if self._clock() >= end:
                    raise
            else:
                if response.status_code < SERVER_ERROR or self._clock() >= end:
                    response.extensions = {**response.extensions, REPEATED: repeated}
                    return response
                response.close()
            repeated = True
            self._sleep(PAUSE_SECONDS)

    def close(self) -> None:
        self._inner.close()


def was_repeated(response: httpx.Response) -> bool:
    """Whether this answers a second or later sending."""
    return bool(response.extensions.get(REPEATED))
