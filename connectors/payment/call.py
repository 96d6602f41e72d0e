"""Places orders at the payment gateway and asks for their state, through the circuit."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

import httpx

from connectors.circuit import Circuit
from connectors.errors import Refused, Unavailable
from connectors.payment.order import (
    SYSTEM,
    GatewayRecord,
    Order,
    PlacedOrder,
    order_body,
    parse_placed,
    parse_records,
)
from connectors.payment.signature import HEADER, sign

TIMEOUT: Final = httpx.Timeout(5.0, connect=2.0)
REMEDY: Final = "Check that the payment gateway runs and can be reached, then resolve this incident."


class PaymentClient:
    """The gateway at ``url`` (its ``/payment`` address); safe to share between threads."""

    def __init__(self, url: str, secret: str, circuit: Circuit, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._url = url.rstrip("/")
        self._secret = secret
        self.circuit = circuit
        self._http = httpx.Client(timeout=timeout)

    def create_order(self, order: Order) -> PlacedOrder:
        """Place ``order``, or find it again when it was placed before."""
        body = order_body(order)
        headers = {HEADER: sign(self._secret, body), "Content-Type": "application/json"}
        return self._ask(lambda: self._http.post(f"{self._url}/orders", content=body, headers=headers))

    def order(self, order_id: str) -> PlacedOrder:
        """The present state of an order, for reconciliation."""
        path = f"/orders/{quote(order_id, safe='')}"
        headers = {HEADER: sign(self._secret, order_id.encode())}
        return self._ask(lambda: self._http.get(f"{self._url}{path}", headers=headers))

    def records(self, first: datetime, after: datetime) -> list[GatewayRecord]:
        """The gateway's transactions between two instants, for reconciliation."""
        span = [at.astimezone(UTC).isoformat(timespec="seconds") for at in (first, after)]
        headers = {HEADER: sign(self._secret, "/".join(span).encode())}
        query = dict(zip(("first", "after"), span, strict=True))
        return self.circuit.call(
            lambda: parse_records(
                _content(lambda: self._http.get(f"{self._url}/records", params=query, headers=headers))
            )
        )

    def close(self) -> None:
        self._http.close()

    def _ask(self, send: Callable[[], httpx.Response]) -> PlacedOrder:
        return self.circuit.call(lambda: parse_placed(_content(send)))


def _content(send: Callable[[], httpx.Response]) -> bytes:
    try:
        answer = send()
    except httpx.TimeoutException as error:
        raise Unavailable(SYSTEM, "gave no answer in time", REMEDY) from error
    except httpx.TransportError as error:
        raise Unavailable(SYSTEM, f"cannot be reached ({type(error).__name__})", REMEDY) from error
    if answer.status_code >= 500:
        raise Unavailable(SYSTEM, f"answered HTTP {answer.status_code}", REMEDY)
    if answer.status_code >= 400:
        raise Refused(
            SYSTEM,
            f"refused the order with HTTP {answer.status_code}: {answer.text[:200]}",
            "Compare the order's amount and our payment secret with the gateway's records.",
        )
    return answer.content
