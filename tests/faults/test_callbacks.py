"""The payment gateway's word may come three times, late, wrongly signed or out of order: a dossier is paid once."""

from typing import Any

import pytest
from running import Running, eventually

from lienthong.demonstration.actors import Applicant
from lienthong.dossiers.tables import Callback, TimelineEntry

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.xdist_group("stack"), pytest.mark.timeout(240)]

MISBEHAVIORS: dict[str, dict[str, Any]] = {
    "three-times": {"repeat": 2},
    "late": {"delay_ms": 2500},
    "wrongly-signed": {"wrong_signature": 2},
    "out-of-order": {"repeat": 1, "reorder": True},
    "all-at-once": {"repeat": 2, "delay_ms": 500, "wrong_signature": 1, "reorder": True},
}


@pytest.fixture(scope="module")
def owing(running: Running) -> list[tuple[str, Applicant]]:
    """One dossier a misbehavior, each accepted and asked to pay."""
    applicant = running.applicant()
    codes = [running.file(applicant, "karaoke", needsCriminalRecord=False) for _ in MISBEHAVIORS]
    for code in codes:
        running.drive_to(code, applicant, lambda: False, pays=False)
    return [(code, applicant) for code in codes]


def callbacks_of(running: Running, order_id: str) -> list[tuple[Any, ...]]:
    return running.sandbox_rows(
        "SELECT callback_id, delivered_ms FROM callback WHERE json_extract(body, '$.orderId') = ?", order_id
    )


@pytest.mark.parametrize("name", list(MISBEHAVIORS))
def test_one_payment_and_one_message_whatever_the_gateway_does(
    running: Running, owing: list[tuple[str, Applicant]], name: str
) -> None:
    code, applicant = owing[list(MISBEHAVIORS).index(name)]
    order_id = running.payments(code)[0].order_id

    running.fault("payment", **MISBEHAVIORS[name])
    applicant.pay(code)
    sent = eventually(
        lambda: (found := callbacks_of(running, order_id)) and all(arrived for _, arrived in found) and found,
        30,
        "every callback to be delivered",
    )
    assert len(sent) == 1 + MISBEHAVIORS[name].get("repeat", 0)
    assert len({callback_id for callback_id, _ in sent}) == 1

    [payment] = running.payments(code)
    [(transaction_id,)] = running.sandbox_rows("SELECT transaction_id FROM payment_order WHERE order_id = ?", order_id)
    assert (payment.status, payment.transaction_id) == ("paid", transaction_id)
    assert running.dossier(code).payment_status == "paid"
    assert len(running.messages(code, "payment-received")) == 1
    with running.session() as session:
        kept = session.get(Callback, sent[0][0])
        assert kept is not None and kept.outcome == "paid"


def test_each_paid_dossier_goes_on_to_its_result(running: Running, owing: list[tuple[str, Applicant]]) -> None:
    code, applicant = owing[-1]
    running.drive(code, applicant)
    assert running.dossier(code).delivery_status == "handed_over"
    assert len(running.messages(code, "payment-received")) == 1
    assert [kind for kind in kinds(running, code) if kind == "paid"] == ["paid"]
    assert "payment-warning" not in kinds(running, code)


def kinds(running: Running, code: str) -> list[str]:
    return [entry.kind for entry in running.rows(code, TimelineEntry)]
