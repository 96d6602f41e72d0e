"""A payment order and the gateway's answer, as pure functions. Amounts are whole VND."""

import json
from dataclasses import asdict, dataclass
from typing import Final

from connectors.errors import Unreadable

SYSTEM: Final = "payment"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """What one authority gets of the order, in VND."""

    authority: str
    content: str
    amount: int


@dataclass(frozen=True, slots=True)
class Order:
    """One order; ``order_id`` makes it idempotent: the same order twice is one order."""

    order_id: str
    dossier_code: str
    amount: int
    description: str
    lines: tuple[OrderLine, ...]
    callback_url: str
    return_url: str
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """The gateway's answer: where to pay, and ``pending``, ``paid`` or ``failed``."""

    order_id: str
    pay_url: str
    status: str
    transaction_id: str | None


_JSON_NAMES: Final = {
    "order_id": "orderId",
    "dossier_code": "dossierCode",
    "callback_url": "callbackUrl",
    "return_url": "returnUrl",
}


def order_body(order: Order) -> bytes:
    """The JSON body whose exact bytes are signed."""
    value = {_JSON_NAMES.get(name, name): content for name, content in asdict(order).items()}
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class GatewayRecord:
    """One transaction in the gateway's books."""

    order_id: str
    transaction_id: str
    amount: int
    paid: bool


def parse_records(content: bytes) -> list[GatewayRecord]:
    """The gateway's books of a span, checked."""
    try:
        return [
            GatewayRecord(
                str(row["orderId"]), str(row["transactionId"]), int(row["amount"]), str(row["status"]) == "paid"
            )
            for row in json.loads(content)["records"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(
            SYSTEM, "the answer holds no records", "Report the answer to the gateway's operator."
        ) from error


def parse_placed(content: bytes) -> PlacedOrder:
    """The gateway's answer, checked."""
    try:
        value = json.loads(content)
        placed = PlacedOrder(
            str(value["orderId"]), str(value["payUrl"]), str(value["status"]), value.get("transactionId")
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(SYSTEM, "the answer is no order", "Report the answer to the gateway's operator.") from error
    if placed.status not in ("pending", "paid", "failed") or not placed.pay_url.startswith(("http://", "https://")):
        raise Unreadable(SYSTEM, "the order has no usable state or address", "Report it to the gateway's operator.")
    return placed
