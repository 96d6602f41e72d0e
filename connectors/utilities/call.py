"""Registers contracts at a provider, asks for bills, tells that they are paid. Protocol of our own [I]."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import quote

import httpx

from connectors.circuit import Circuit
from connectors.errors import Refused, Unreadable
from connectors.wire import TIMEOUT, SignedClient

SYSTEM: Final = "utilities"
KINDS: Final = ("water", "waste", "tuition")


@dataclass(frozen=True, slots=True)
class Registration:
    """What a provider is asked for; ``request_code`` makes it idempotent."""

    request_code: str
    holder: str
    phone: str
    address: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Contract:
    """The provider's answer: accepted with a reference, or refused with a reason."""

    accepted: bool
    reference: str
    reason: str


@dataclass(frozen=True, slots=True)
class Bill:
    """One bill of a provider in whole VND."""

    reference: str
    period: str
    amount: int
    due_on: date
    detail: str
    paid: bool


def parse_bill(value: dict[str, Any]) -> Bill:
    """A bill, checked."""
    try:
        bill = Bill(
            str(value["reference"]),
            str(value["period"]),
            int(value["amount"]),
            date.fromisoformat(str(value["dueOn"])),
            str(value.get("detail", "")),
            bool(value["paid"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(SYSTEM, "the answer is no bill", "Report the answer to the provider.") from error
    if bill.amount < 0:
        raise Unreadable(SYSTEM, "the bill's amount is negative", "Report the answer to the provider.")
    return bill


class UtilitiesClient(SignedClient):
    """All providers behind one address; ``kind`` is ``water``, ``waste`` or ``tuition``."""

    def __init__(self, url: str, secret: str, circuit: Circuit, timeout: httpx.Timeout = TIMEOUT) -> None:
        super().__init__(SYSTEM, url, secret, circuit, timeout)

    def register(self, kind: str, registration: Registration) -> Contract:
        """A contract, or why there is none; repeating gives the same."""
        answer = self.post(
            f"/{kind}/contracts",
            {
                "requestCode": registration.request_code,
                "holder": registration.holder,
                "phone": registration.phone,
                "address": registration.address,
                "facts": registration.facts,
            },
        )
        accepted = answer.get("accepted")
        if not isinstance(accepted, bool):
            raise Unreadable(SYSTEM, "the answer does not say whether it is accepted", "Report it to the provider.")
        return Contract(accepted, str(answer.get("reference", "")), str(answer.get("reason", "")))

    def bill(self, kind: str, reference: str, period: str) -> Bill | None:
        """The bill of a contract or student for a period such as ``2026-11``; None when there is none (yet)."""
        try:
            return parse_bill(self.get(f"/{kind}/bills/{quote(reference, safe='')}/{quote(period, safe='')}"))
        except Refused as refused:
            if "HTTP 404" in refused.problem:
                return None
            raise

    def settle(self, kind: str, bill_reference: str, transaction_id: str, amount: int) -> str:
        """Tell that a bill is paid; the provider's receipt number. Repeating gives the same."""
        path = f"/{kind}/bills/{quote(bill_reference, safe='')}/payment"
        answer = self.post(path, {"transactionId": transaction_id, "amount": amount})
        if not isinstance(answer.get("receipt"), str):
            raise Unreadable(SYSTEM, "the answer names no receipt", "Report the answer to the provider.")
        return str(answer["receipt"])

    def end(self, kind: str, reference: str) -> None:
        """End a contract; ending it twice is ending it once."""
        self.post(f"/{kind}/contracts/{quote(reference, safe='')}/end", {})
