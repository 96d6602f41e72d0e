"""The providers' side: water by meter, waste by the month, tuition by student code. Prices are made up [I]."""

import hashlib
from datetime import date, timedelta
from typing import Any, Final

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import Response

from connectors.sandbox.faults import Misbehavior
from connectors.sandbox.signed import page, signed_body, signed_path, text_of
from connectors.sandbox.store import SandboxStore
from connectors.utilities.call import KINDS

SYSTEM: Final = "utilities"
WATER_PRICE: Final = 7_500  # VND a cubic metre
WASTE_PRICE: Final = 27_000  # VND a month and household
TUITION: Final = 8_400_000  # VND a term
STUDENTS: Final = {"SV000001": "Nguyễn Văn Thử", "SV000002": "Trần Thị Mẫu", "SV000003": "Lê Văn Ví Dụ"}


def units_of(reference: str, period: str) -> int:
    """What a made-up meter shows: 5 to 24 cubic metres, the same for the same month."""
    return 5 + hashlib.sha256(f"{reference}/{period}".encode()).digest()[0] % 20


def first_of(period: str) -> date:
    """The first day of a period such as 2026-11 or 2026-K1; 404 for anything else."""
    year, _, part = period.partition("-")
    month = {"K1": "09", "K2": "02"}.get(part, part)
    try:
        return date(int(year), int(month), 1)
    except ValueError as error:
        raise HTTPException(404, "No such period") from error


def bill_of(kind: str, reference: str, period: str) -> dict[str, Any]:
    """A provider's bill for a period."""
    due_on = (first_of(period) + timedelta(days=44)).isoformat()
    common = {"reference": f"{kind}:{reference}:{period}", "period": period, "dueOn": due_on, "paid": False}
    if kind == "water":
        units = units_of(reference, period)
        return {**common, "amount": units * WATER_PRICE, "detail": f"{units} m³ × {WATER_PRICE:,} đ".replace(",", ".")}
    if kind == "waste":
        return {**common, "amount": WASTE_PRICE, "detail": f"Thu gom rác tháng {period[5:]}/{period[:4]}"}
    return {**common, "amount": TUITION, "detail": f"{STUDENTS[reference]}, học kỳ {period}"}


class Provider:
    """Contracts and bills of all providers, in one store."""

    def __init__(self, store: SandboxStore) -> None:
        self._store = store

    def register(self, kind: str, value: dict[str, Any]) -> dict[str, Any]:
        """A contract for a request, the same for the same request; an address nobody serves is refused."""
        code, holder, address = text_of(value, "requestCode", "holder", "address")
        with self._store.transaction():
            known = self._store.record(f"{kind}-contract", code)
            if known is None:
                served = "ngoài vùng" not in address.lower()
                number = len(self._store.records(f"{kind}-contract", 1_000_000)) + 1
                known = {
                    "accepted": served,
                    "reference": f"{kind[:2].upper()}{number:06}" if served else "",
                    "reason": "" if served else "Địa chỉ ngoài vùng phục vụ",
                    "holder": holder,
                    "ended": False,
                }
                self._store.keep(f"{kind}-contract", code, known)
        return known

    def bill(self, kind: str, reference: str, period: str) -> dict[str, Any]:
        """The bill of a contract or student; 404 for strangers and ended contracts."""
        if kind == "tuition":
            served = reference in STUDENTS
        else:
            contracts = [value for _, value in self._store.records(f"{kind}-contract", 1_000_000)]
            served = any(one["reference"] == reference and not one["ended"] for one in contracts)
        if not served:
            raise HTTPException(404, "No such customer")
        bill = bill_of(kind, reference, period)
        with self._store.transaction():
            known = self._store.record("bill", bill["reference"])
            if known is None:
                self._store.keep("bill", bill["reference"], bill)
        return known or bill

    def pay(self, reference: str, value: dict[str, Any]) -> dict[str, str]:
        """Note the payment of a bill; 409 for another amount or a second transaction."""
        (transaction,) = text_of(value, "transactionId")
        with self._store.transaction():
            bill = self._store.record("bill", reference)
            if bill is None:
                raise HTTPException(404, "No such bill")
            if bill["amount"] != value.get("amount") or bill.get("transaction", transaction) != transaction:
                raise HTTPException(409, "The bill has another amount or was paid by another transaction")
            receipt = f"BL-{hashlib.sha256(reference.encode()).hexdigest()[:8].upper()}"
            self._store.keep("bill", reference, {**bill, "paid": True, "transaction": transaction, "receipt": receipt})
        return {"receipt": receipt}

    def end(self, kind: str, reference: str) -> None:
        """No bills from now on."""
        with self._store.transaction():
            for code, contract in self._store.records(f"{kind}-contract", 1_000_000):
                if contract["reference"] == reference:
                    self._store.keep(f"{kind}-contract", code, {**contract, "ended": True})


def known_kind(kind: str) -> str:
    """Dependency: one of the providers; 404 for another."""
    if kind not in KINDS:
        raise HTTPException(404, f"Expected one of {', '.join(KINDS)}")
    return kind


def utilities_routes(store: SandboxStore, misbehavior: Misbehavior, secret: str) -> APIRouter:
    """Contracts, bills and payments below ``/utilities/{kind}``; ``/utilities/`` shows what was billed."""
    router = APIRouter(prefix="/utilities")
    provider = Provider(store)
    body = signed_body(SYSTEM, misbehavior, secret)
    signed = signed_path(SYSTEM, "/utilities", misbehavior, secret)

    @router.get("/")
    def shown() -> Response:
        return page("utilities.html", bills=store.records("bill"), students=STUDENTS)

    @router.post("/{kind}/contracts")
    def register(kind: str = Depends(known_kind), value: dict[str, Any] = Depends(body)) -> dict[str, Any]:
        return provider.register(kind, value)

    @router.post("/{kind}/contracts/{reference}/end", dependencies=[Depends(body)])
    def end(reference: str, kind: str = Depends(known_kind)) -> dict[str, bool]:
        provider.end(kind, reference)
        return {"ended": True}

    @router.get("/{kind}/bills/{reference}/{period}", dependencies=[Depends(signed)])
    def bill(reference: str, period: str, kind: str = Depends(known_kind)) -> dict[str, Any]:
        return provider.bill(kind, reference, period)

    @router.post("/{kind}/bills/{reference}/payment", dependencies=[Depends(known_kind)])
    def pay(reference: str, value: dict[str, Any] = Depends(body)) -> dict[str, str]:
        return provider.pay(reference, value)

    return router
