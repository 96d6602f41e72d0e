"""One exchange of JSON over HTTP, signed over the raw body; what may go wrong in three words of `connectors.errors`."""

import json
from collections.abc import Callable
from typing import Any, Final

import httpx

from connectors.circuit import Circuit
from connectors.errors import Refused, Unavailable, Unreadable
from connectors.payment.signature import HEADER, sign

TIMEOUT: Final = httpx.Timeout(5.0, connect=2.0)


def content_of(system: str, send: Callable[[], httpx.Response]) -> bytes:
    """The body of an answer with a 2xx status; `Unavailable` for none or 5xx, `Refused` for 4xx."""
    remedy = f"Check that the {system} service runs and can be reached, then resolve this incident."
    try:
        answer = send()
    except httpx.TimeoutException as error:
        raise Unavailable(system, "gave no answer in time", remedy) from error
    except httpx.TransportError as error:
        raise Unavailable(system, f"cannot be reached ({type(error).__name__})", remedy) from error
    if answer.status_code >= 500:
        raise Unavailable(system, f"answered HTTP {answer.status_code}", remedy)
    if answer.status_code >= 400:
        problem = f"refused with HTTP {answer.status_code}: {answer.text[:200]}"
        raise Refused(system, problem, f"Compare our request and our secret with the records of the {system} service.")
    return answer.content


def object_of(system: str, content: bytes) -> dict[str, Any]:
    """A JSON object. Raises `Unreadable` for anything else."""
    try:
        value = json.loads(content)
    except ValueError as error:
        raise Unreadable(
            system, "the answer is no JSON", f"Report it to the operator of the {system} service."
        ) from error
    if not isinstance(value, dict):
        raise Unreadable(system, "the answer is no object", f"Report it to the operator of the {system} service.")
    return value


def canonical(value: dict[str, Any]) -> bytes:
    """The JSON body whose exact bytes are signed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class SignedClient:
    """A peer that speaks signed JSON below ``url``; safe to share between threads."""

    def __init__(self, system: str, url: str, secret: str, circuit: Circuit, timeout: httpx.Timeout = TIMEOUT) -> None:
        self.system = system
        self.circuit = circuit
        self._url = url.rstrip("/")
        self._secret = secret
        self._http = httpx.Client(timeout=timeout)

    def close(self) -> None:
        self._http.close()

    def post(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
        """Send an object, get an object."""
        body = canonical(value)
        headers = {HEADER: sign(self._secret, body), "Content-Type": "application/json"}
        address = f"{self._url}{path}"
        return self._ask(lambda: self._http.post(address, content=body, headers=headers))

    def get(self, path: str) -> dict[str, Any]:
        """Ask for an object; the path is what is signed."""
        headers = {HEADER: sign(self._secret, path.encode())}
        return self._ask(lambda: self._http.get(f"{self._url}{path}", headers=headers))

    def _ask(self, send: Callable[[], httpx.Response]) -> dict[str, Any]:
        return self.circuit.call(lambda: object_of(self.system, content_of(self.system, send)))
