"""Asks the population database over HTTP, through the circuit."""

import time
from typing import Final

import httpx

from connectors.circuit import Circuit
from connectors.errors import Refused, Unavailable
from connectors.population.request import (
    SYSTEM,
    Access,
    Citizen,
    Lookup,
    authorization,
    build_envelope,
    parse_envelope,
)

TIMEOUT: Final = httpx.Timeout(5.0, connect=2.0)
REMEDY: Final = "Check that the population service runs and can be reached, then resolve this incident."


class PopulationClient:
    """The lookup "037" at ``url``; safe to share between threads."""

    def __init__(self, url: str, access: Access, circuit: Circuit, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._url = url
        self._access = access
        self.circuit = circuit
        self._http = httpx.Client(timeout=timeout)

    def look_up(self, lookup: Lookup) -> Citizen | None:
        """The citizen, or None when nobody has this number; `Unavailable`, `Refused` or `Unreadable` otherwise."""
        body = build_envelope(lookup)
        return self.circuit.call(lambda: parse_envelope(self._post(body), lookup.purpose))

    def close(self) -> None:
        self._http.close()

    def _post(self, body: bytes) -> bytes:
        headers = authorization(self._url, self._access, time.time_ns() // 1_000_000)
        try:
            answer = self._http.post(self._url, content=body, headers=headers)
        except httpx.TimeoutException as error:
            raise Unavailable(SYSTEM, "gave no answer in time", REMEDY) from error
        except httpx.TransportError as error:
            raise Unavailable(SYSTEM, f"cannot be reached ({type(error).__name__})", REMEDY) from error
        if answer.status_code in (401, 403):
            raise Refused(SYSTEM, "does not accept our account", "Check the account's name and secret.")
        if answer.status_code >= 500 and b"Envelope" not in answer.content[:400]:
            raise Unavailable(SYSTEM, f"answered HTTP {answer.status_code}", REMEDY)
        return answer.content
