"""REST v2 over httpx: one place for the token, problem details and retries with back-off."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from lienthong.orchestration.errors import EngineRejected, EngineUnavailable

ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 0.1
UNAVAILABLE = frozenset({429, 502, 503})


class RestTransport:
    """Calls below `/v2`; a call that surely did not reach the engine is always tried again, others if idempotent."""

    def __init__(
        self,
        address: str,
        token: str | None = None,
        timeout_seconds: float = 30.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        base = address.rstrip("/").removesuffix("/v2") + "/v2"
        self._client = httpx.Client(base_url=base, headers=headers, timeout=timeout_seconds, transport=transport)
        self._sleep = sleep

    def call(self, method: str, path: str, *, idempotent: bool = True, **content: Any) -> httpx.Response:
        """The successful response, or `EngineRejected`, or `EngineUnavailable` after the last attempt."""
        pause = FIRST_PAUSE_SECONDS
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = self._client.request(method, path, **content)
            except httpx.TransportError as error:
                not_sent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
                if attempt == ATTEMPTS or not (idempotent or not_sent):
                    raise EngineUnavailable(f"Expected the engine at {self._client.base_url}, but: {error}") from error
            else:
                if response.status_code not in UNAVAILABLE:
                    return _checked(response)
                if attempt == ATTEMPTS or not idempotent:
                    raise EngineUnavailable(_problem(response).detail)
            self._sleep(pause)
            pause *= 2
        raise AssertionError("the last attempt returns or raises")

    def json(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, idempotent: bool = True) -> Any:
        """The JSON of a response; None when it has no content."""
        content: dict[str, Any] = {} if body is None else {"json": body}
        response = self.call(method, path, idempotent=idempotent, **content)
        return response.json() if response.content else None

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _problem(response: httpx.Response) -> EngineRejected:
    try:
        body = response.json()
    except ValueError:
        body = {}
    body = body if isinstance(body, dict) else {}
    title = str(body.get("title") or response.reason_phrase)
    return EngineRejected(response.status_code, title, str(body.get("detail") or response.text[:500]))


def _checked(response: httpx.Response) -> httpx.Response:
    if response.is_success:
        return response
    raise _problem(response)
