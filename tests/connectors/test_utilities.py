"""Essential services: a contract once a request, a bill once a period, a payment once a bill."""

from typing import Any

import pytest

from connectors.errors import Refused, Unavailable
from connectors.utilities.call import Registration

REQUEST = Registration("DV-1", "Nguyễn Văn Thử", "0900000001", "Số 1 đường Thử Nghiệm", {"households": 1})


@pytest.mark.parametrize("kind", ["water", "waste"])
def test_a_household_registers_is_billed_and_pays(sandbox: Any, kind: str) -> None:
    provider = sandbox.utilities()
    contract = provider.register(kind, REQUEST)
    assert contract.accepted and contract == provider.register(kind, REQUEST)
    bill = provider.bill(kind, contract.reference, "2026-11")
    assert bill is not None and bill.amount > 0 and not bill.paid
    assert provider.bill(kind, contract.reference, "2026-11") == bill
    receipt = provider.settle(kind, bill.reference, "TX1", bill.amount)
    assert receipt == provider.settle(kind, bill.reference, "TX1", bill.amount)
    paid = provider.bill(kind, contract.reference, "2026-11")
    assert paid is not None and paid.paid


def test_tuition_is_found_by_the_student_code(sandbox: Any) -> None:
    provider = sandbox.utilities()
    bill = provider.bill("tuition", "SV000001", "2026-K1")
    assert bill is not None and bill.amount == 8_400_000
    assert provider.bill("tuition", "SV999999", "2026-K1") is None
    assert provider.bill("tuition", "SV000001", "2026-99") is None


def test_an_address_that_nobody_serves_is_refused_with_a_reason(sandbox: Any) -> None:
    away = Registration("DV-2", "Nguyễn Văn Thử", "0900000001", "Thôn ngoài vùng", {})
    contract = sandbox.utilities().register("water", away)
    assert (contract.accepted, contract.reason) == (False, "Địa chỉ ngoài vùng phục vụ")


def test_an_ended_contract_is_billed_no_more(sandbox: Any) -> None:
    provider = sandbox.utilities()
    contract = provider.register("waste", REQUEST)
    provider.end("waste", contract.reference)
    provider.end("waste", contract.reference)
    assert provider.bill("waste", contract.reference, "2026-12") is None


def test_a_wrong_amount_or_a_second_transaction_is_refused(sandbox: Any) -> None:
    provider = sandbox.utilities()
    bill = provider.bill("tuition", "SV000002", "2026-K1")
    assert bill is not None
    with pytest.raises(Refused, match="HTTP 409"):
        provider.settle("tuition", bill.reference, "TX1", bill.amount - 1)
    provider.settle("tuition", bill.reference, "TX1", bill.amount)
    with pytest.raises(Refused, match="HTTP 409"):
        provider.settle("tuition", bill.reference, "TX2", bill.amount)


def test_a_provider_that_is_down_is_unavailable(sandbox: Any) -> None:
    sandbox.fault("utilities", down=True)
    with pytest.raises(Unavailable):
        sandbox.utilities().register("water", REQUEST)
