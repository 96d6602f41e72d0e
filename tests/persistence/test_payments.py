"""Payments: one a dossier, paid by exactly one transaction, whatever the gateway repeats."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from lienthong.dossiers import documents, filing, outbox, payments, tracking
from lienthong.dossiers.documents import MemoryStore
from lienthong.dossiers.errors import Invalid, NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.payments import CallbackOutcome
from lienthong.dossiers.tables import Callback, Dossier, Payment

RULES = [
    {"procedureCode": "K4", "feeItem": "security-certificate"},
    {"procedureCode": "K5", "feeItem": "karaoke-licence-new"},
]
SECRET = "test-secret"


@pytest.fixture
def payment(session: Session, law: Law, dossier: Dossier, now: datetime) -> Payment:
    return payments.create_payment(session, law, dossier.code, RULES, now)


def callback(payment: Payment, number: str = "1", **changes: Any) -> dict[str, Any]:
    given = {"orderId": payment.order_id, "amount": payment.amount, "status": "paid", "paidAt": "2023-01-03T08:05:00Z"}
    return {"callbackId": f"CB-{number}", "transactionId": f"TX-{number}", **given, **changes}


def messages(session: Session, now: datetime) -> list[str]:
    return [row.payload["name"] for row in outbox.due(session, now) if row.payload["name"] == "payment-received"]


def test_one_payment_has_a_line_an_authority(session: Session, law: Law, payment: Payment, now: datetime) -> None:
    assert payment.amount == 4_300_000
    found = [(line.procedure_code, line.authority_id, line.amount) for line in payments.lines(session, payment.id)]
    assert found == [("K4", "bd-ca-huyen", 300_000), ("K5", "bd-svhtt", 4_000_000)]
    dossier = session.get_one(Dossier, payment.dossier_id)
    assert payments.create_payment(session, law, dossier.code, RULES, now + timedelta(hours=1)).id == payment.id
    assert dossier.payment_status == "pending" and tracking.national_status(dossier) == 1


def test_nothing_owed_is_paid_at_once(session: Session, law: Law, dossier: Dossier, now: datetime) -> None:
    assert payments.create_payment(session, law, dossier.code, [], now).status == "paid"
    assert dossier.payment_status == "none"


def test_an_unknown_fee_or_procedure_is_refused(session: Session, law: Law, dossier: Dossier, now: datetime) -> None:
    with pytest.raises(NotFound):
        payments.create_payment(session, law, dossier.code, [{"procedureCode": "K4", "feeItem": "no-fee"}], now)
    with pytest.raises(Invalid):
        payments.create_payment(session, law, dossier.code, [{"procedureCode": "V1", "feeItem": "free"}], now)


def test_three_callbacks_pay_once(session: Session, payment: Payment, now: datetime) -> None:
    outcomes = [payments.receive_callback(session, callback(payment), now) for _ in range(3)]
    assert outcomes == [CallbackOutcome.PAID, CallbackOutcome.REPEATED, CallbackOutcome.REPEATED]
    assert (payment.status, payment.transaction_id) == ("paid", "TX-1")
    assert len(messages(session, now)) == 1


def test_a_new_callback_of_the_same_transaction_is_a_repetition(
    session: Session, payment: Payment, now: datetime
) -> None:
    payments.receive_callback(session, callback(payment), now)
    again = callback(payment, callbackId="CB-other")
    assert payments.receive_callback(session, again, now) == CallbackOutcome.REPEATED


def test_a_second_transaction_does_not_pay_again(session: Session, payment: Payment, now: datetime) -> None:
    payments.receive_callback(session, callback(payment), now)
    assert payments.receive_callback(session, callback(payment, "2"), now) == CallbackOutcome.ALREADY_PAID
    assert payment.transaction_id == "TX-1" and len(messages(session, now)) == 1
    assert "payment-warning" in [entry.kind for entry in tracking.timeline(session, payment.dossier_id)]


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"amount": 1}, CallbackOutcome.WRONG_AMOUNT),
        ({"status": "failed"}, CallbackOutcome.NOT_PAID),
        ({"orderId": "nobody"}, CallbackOutcome.UNKNOWN_ORDER),
        ({"amount": "4300000"}, CallbackOutcome.MALFORMED),
        ({"transactionId": ""}, CallbackOutcome.MALFORMED),
    ],
)
def test_what_does_not_fit_pays_nothing(
    session: Session, payment: Payment, now: datetime, changes: dict[str, Any], outcome: CallbackOutcome
) -> None:
    assert payments.receive_callback(session, callback(payment, **changes), now) == outcome
    assert payment.status == "pending" and messages(session, now) == []
    assert [row.outcome for row in session.exec(select(Callback))] == [outcome]


def test_money_after_the_end_is_late(session: Session, payment: Payment, now: datetime) -> None:
    filing.withdraw(session, session.get_one(Dossier, payment.dossier_id).code, "congdan", "", now)
    assert payments.receive_callback(session, callback(payment), now) == CallbackOutcome.LATE
    assert payment.status == "pending"


def test_only_a_right_signature_over_the_raw_body_counts(session: Session, payment: Payment, now: datetime) -> None:
    body = json.dumps(callback(payment)).encode()
    signature = payments.sign(SECRET, body)
    for wrong in ("", "ff" * 32, payments.sign("other", body), payments.sign(SECRET, body + b" "), "đ"):
        assert payments.receive_signed_callback(session, SECRET, body, wrong, now) == CallbackOutcome.BAD_SIGNATURE
    assert payment.status == "pending"
    assert payments.receive_signed_callback(session, SECRET, body, signature, now) == CallbackOutcome.PAID


def test_a_signed_body_that_is_no_object_is_malformed(session: Session, now: datetime) -> None:
    for body in (b"[1]", b"\xff", b"null"):
        outcome = payments.receive_signed_callback(session, SECRET, body, payments.sign(SECRET, body), now)
        assert outcome == CallbackOutcome.MALFORMED


def test_the_receipt_is_made_once_and_only_after_the_payment(
    session: Session, store: MemoryStore, law: Law, payment: Payment, now: datetime
) -> None:
    with pytest.raises(Invalid):
        payments.make_receipt(session, store, law, payment.id, now)
    payments.receive_callback(session, callback(payment), now)
    receipt = payments.make_receipt(session, store, law, payment.id, now)
    assert payments.make_receipt(session, store, law, payment.id, now).id == receipt.id
    assert documents.of_dossier(session, payment.dossier_id, "receipt") == [receipt]
    assert store.get(receipt.storage_key).startswith(b"%PDF")
