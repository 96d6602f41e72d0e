"""Money after the payment: back once and by two persons, compared with the gateway, split to the last đồng."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session

from lienthong.dossiers import payments, reconciliation, refunds, tracking
from lienthong.dossiers.errors import Conflict, Forbidden, Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.reconciliation import Record
from lienthong.dossiers.tables import Dossier, Payment
from lienthong.dossiers.viewers import Viewer

RULES = [
    {"procedureCode": "K4", "feeItem": "security-certificate"},
    {"procedureCode": "K5", "feeItem": "karaoke-licence-new"},
]
DAY = date(2023, 1, 3)
DESK = "bd-ttpvhcc"
ACCOUNTANT = Viewer(1, "ketoan", ((DESK, "finance"),))
HEAD = Viewer(2, "lanhdao", ((DESK, "authority_head"),))
BOTH = Viewer(3, "kiem-nhiem", ((DESK, "finance"), (DESK, "authority_head")))
CLERK = Viewer(4, "canbo", ((DESK, "reception"),))
ELSEWHERE = Viewer(5, "noi-khac", (("gl-ttpvhcc", "finance"), ("gl-ttpvhcc", "authority_head")))


def told(payment: Payment, transaction: str, amount: int | None = None) -> dict[str, object]:
    body = {"callbackId": f"c-{transaction}", "orderId": payment.order_id, "transactionId": transaction}
    return {**body, "amount": amount or payment.amount, "status": "paid"}


@pytest.fixture
def paid(session: Session, law: Law, dossier: Dossier, now: datetime) -> Payment:
    payment = payments.create_payment(session, law, dossier.code, RULES, now)
    payments.receive_callback(session, told(payment, "TX-1"), now)
    return payment


def give_back(session: Session, payment: Payment, now: datetime, procedure: str = "", transaction: str = "") -> None:
    refund = refunds.request(session, ACCOUNTANT, payment.id, "người dân rút hồ sơ", now, procedure, transaction)
    refunds.decide(session, HEAD, refund.id, True, "", now)
    refunds.done(session, ACCOUNTANT, refund.id, f"RF-{refund.id[:6]}", now)


def test_a_refund_needs_another_person_and_a_reference(session: Session, paid: Payment, now: datetime) -> None:
    with pytest.raises(Invalid):
        refunds.request(session, ACCOUNTANT, paid.id, " ", now)
    refund = refunds.request(session, BOTH, paid.id, "rút hồ sơ", now)
    with pytest.raises(Forbidden):
        refunds.decide(session, BOTH, refund.id, True, "", now)
    with pytest.raises(Conflict):
        refunds.done(session, ACCOUNTANT, refund.id, "RF-1", now)
    refunds.decide(session, HEAD, refund.id, True, "", now)
    with pytest.raises(Invalid):
        refunds.done(session, ACCOUNTANT, refund.id, "", now)
    assert [one.id for one in refunds.waiting(session)] == [refund.id]
    refunds.done(session, ACCOUNTANT, refund.id, "RF-1", now)
    refunds.done(session, ACCOUNTANT, refund.id, "RF-2", now)
    assert refunds.get(session, refund.id).reference == "RF-1" and refunds.waiting(session) == []
    dossier = session.get_one(Dossier, paid.dossier_id)
    assert (paid.status, dossier.payment_status) == ("refunded", "refunded")
    assert [one.kind for one in tracking.timeline(session, dossier.id)].count("refunded") == 1


@pytest.mark.parametrize("other", [CLERK, HEAD, ELSEWHERE], ids=lambda one: str(one.username))
def test_only_an_accountant_of_the_desk_asks(session: Session, paid: Payment, now: datetime, other: Viewer) -> None:
    with pytest.raises(Forbidden):
        refunds.request(session, other, paid.id, "rút hồ sơ", now)


@pytest.mark.parametrize("other", [CLERK, ACCOUNTANT, ELSEWHERE], ids=lambda one: str(one.username))
def test_only_the_head_of_the_desk_decides(session: Session, paid: Payment, now: datetime, other: Viewer) -> None:
    refund = refunds.request(session, BOTH, paid.id, "rút hồ sơ", now)
    with pytest.raises(Forbidden):
        refunds.decide(session, other, refund.id, True, "", now)


def test_what_was_rejected_may_be_asked_for_again(session: Session, paid: Payment, now: datetime) -> None:
    first = refunds.request(session, ACCOUNTANT, paid.id, "rút hồ sơ", now)
    refunds.decide(session, HEAD, first.id, False, "thiếu đơn", now)
    again = refunds.request(session, ACCOUNTANT, paid.id, "rút hồ sơ, kèm đơn", now)
    assert (again.state, again.reason, again.note) == ("requested", "rút hồ sơ, kèm đơn", "")
    refunds.decide(session, HEAD, again.id, True, "", now)
    refunds.done(session, ACCOUNTANT, again.id, "RF-9", now)
    assert paid.status == "refunded"


def test_no_money_goes_back_twice(session: Session, paid: Payment, now: datetime) -> None:
    give_back(session, paid, now, "K4")
    assert paid.status == "paid"
    for procedure in ("K4", "", "K9"):
        with pytest.raises(Conflict):
            refunds.request(session, ACCOUNTANT, paid.id, "lần nữa", now, procedure)
    give_back(session, paid, now, "K5")
    assert paid.status == "refunded"


def test_money_that_came_twice_is_found_and_goes_back_by_its_own_transaction(
    session: Session, paid: Payment, now: datetime
) -> None:
    payments.receive_callback(session, told(paid, "TX-2"), now + timedelta(minutes=1))
    [surplus] = refunds.surpluses(session)
    assert (surplus.transaction_id, surplus.amount, surplus.outcome) == ("TX-2", paid.amount, "already_paid")
    with pytest.raises(Conflict):
        refunds.request(session, ACCOUNTANT, paid.id, "x", now, transaction_id="TX-9")
    give_back(session, paid, now, transaction="TX-2")
    assert refunds.surpluses(session) == [] and paid.status == "paid"


def test_a_day_that_agrees_has_no_open_difference(session: Session, paid: Payment, now: datetime) -> None:
    records = [Record(paid.order_id, "TX-1", paid.amount), Record("other", "TX-8", 5, paid=False)]
    made = reconciliation.reconcile(session, "gateway", DAY, records, "ketoan", now)
    assert (made.matched, made.ours_total, made.theirs_total) == (1, paid.amount, paid.amount)
    assert reconciliation.open_items(session) == []


def test_every_kind_of_difference_is_named_and_stays_open_until_settled(
    session: Session, law: Law, paid: Payment, now: datetime
) -> None:
    records = [
        Record(paid.order_id, "TX-1", paid.amount - 1),
        Record(paid.order_id, "TX-2", paid.amount),
        Record("no-such-order", "TX-3", 700),
    ]
    made = reconciliation.reconcile(session, "bank", DAY, records, "ketoan", now)
    kinds = {one.transaction_id: one.difference for one in reconciliation.items(session, made.id)}
    assert kinds == {"TX-1": "amount", "TX-2": "surplus", "TX-3": "missing_here"} and made.matched == 0
    empty = reconciliation.reconcile(session, "gateway", DAY, [], "ketoan", now)
    [missing] = reconciliation.items(session, empty.id)
    assert (missing.difference, missing.ours, missing.theirs) == ("missing_there", paid.amount, None)
    with pytest.raises(Invalid):
        reconciliation.resolve(session, ACCOUNTANT, missing.id, "", now)
    with pytest.raises(Forbidden):
        reconciliation.resolve(session, CLERK, missing.id, "ngân hàng ghi sang ngày sau", now)
    reconciliation.resolve(session, ACCOUNTANT, missing.id, "ngân hàng ghi sang ngày sau", now)
    with pytest.raises(Conflict):
        reconciliation.resolve(session, ACCOUNTANT, missing.id, "lần nữa", now)
    assert len(reconciliation.open_items(session)) == 3


def test_a_payment_whose_callback_was_lost_is_found(
    session: Session, law: Law, dossier: Dossier, now: datetime
) -> None:
    payment = payments.create_payment(session, law, dossier.code, RULES, now)
    record = Record(payment.order_id, "TX-LOST", payment.amount)
    made = reconciliation.reconcile(session, "gateway", DAY, [record], "ketoan", now)
    [item] = reconciliation.items(session, made.id)
    assert (item.difference, item.dossier_code, item.theirs) == ("unsettled", dossier.code, payment.amount)


def test_the_split_to_the_authorities_adds_up_to_the_dong(session: Session, paid: Payment, now: datetime) -> None:
    shares = reconciliation.split(session, DAY, DAY)
    assert [(one.authority_id, one.collected) for one in shares] == [("bd-ca-huyen", 300_000), ("bd-svhtt", 4_000_000)]
    assert sum(one.due for one in shares) == paid.amount
    give_back(session, paid, now + timedelta(hours=1), "K4")
    after = reconciliation.split(session, DAY, DAY)
    assert [(one.refunded, one.due) for one in after] == [(300_000, 0), (0, 4_000_000)]
    assert reconciliation.split(session, DAY + timedelta(days=1), DAY + timedelta(days=2)) == []
