"""Registers deliveries at the post and asks how they stand. Field names of the protocol [V*: domain.md 8.6]."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final
from urllib.parse import quote

import httpx

from connectors.circuit import Circuit
from connectors.errors import Unreadable
from connectors.wire import TIMEOUT, SignedClient

SYSTEM: Final = "post"
REMEDY: Final = "Report the answer to the post's operator."


class PostState(IntEnum):
    """How the post says that a delivery stands."""

    NOT_USED = 0
    REGISTERED = 1
    COLLECTING = 2
    DELIVERED = 3
    CANCELED = 4


@dataclass(frozen=True, slots=True)
class Party:
    """Who sends or receives."""

    name: str
    tel: str
    address: str
    email: str = ""
    province: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery; ``order_number`` makes it idempotent, ``cod_amount`` is collected in whole VND."""

    order_number: str
    sender: Party
    receiver: Party
    description: str
    cod_amount: int = 0


@dataclass(frozen=True, slots=True)
class DeliveryState:
    """The post's answer."""

    order_number: str
    tracking_number: str
    state: PostState
    history: tuple[dict[str, Any], ...]


def delivery_body(delivery: Delivery, customer_code: str) -> dict[str, Any]:
    """The request in the protocol's words."""
    sides = (("sender", delivery.sender), ("receiver", delivery.receiver))
    parties = {
        f"{side}{field.capitalize()}": getattr(party, field)
        for side, party in sides
        for field in ("name", "tel", "email", "address", "province", "district")
    }
    return {
        "customerCode": customer_code,
        "orderNumber": delivery.order_number,
        "codAmount": delivery.cod_amount,
        "description": delivery.description,
        **parties,
    }


def parse_state(value: dict[str, Any]) -> DeliveryState:
    """The answer, checked."""
    try:
        history = tuple(dict(entry) for entry in value.get("history", []))
        state = PostState(int(value["state"]))
        return DeliveryState(str(value["orderNumber"]), str(value["trackingNumber"]), state, history)
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(SYSTEM, "the answer tells no state", REMEDY) from error


class PostClient(SignedClient):
    """The post at its address."""

    def __init__(self, url: str, secret: str, circuit: Circuit, timeout: httpx.Timeout = TIMEOUT) -> None:
        super().__init__(SYSTEM, url, secret, circuit, timeout)

    def register(self, delivery: Delivery, customer_code: str) -> DeliveryState:
        """Register a delivery, or find it again."""
        return parse_state(self.post("/orders", delivery_body(delivery, customer_code)))

    def state(self, order_number: str) -> DeliveryState:
        """How a delivery stands now."""
        return parse_state(self.get(f"/orders/{quote(order_number, safe='')}"))
