"""Refunds: asked for with a reason, decided by another person, given back with the gateway's reference.

Nothing is given back twice, and never more than was received: the payment's own money by procedure or whole, and
money that came on top of it (paid twice, too late) by its own transaction.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, func, select

from lienthong.dossiers import audit, finance, tracking
from lienthong.dossiers.database import locked
from lienthong.dossiers.errors import Conflict, Forbidden, Invalid, NotFound
from lienthong.dossiers.papers import money
from lienthong.dossiers.payments import CallbackOutcome
from lienthong.dossiers.rules.status import PaymentStatus
from lienthong.dossiers.tables import (
    Callback,
    Dossier,
    Payment,
    PaymentLine,
    PaymentState,
    Refund,
    RefundState,
)
from lienthong.dossiers.viewers import Viewer

_ON_TOP: Final = (CallbackOutcome.ALREADY_PAID, CallbackOutcome.LATE, CallbackOutcome.WRONG_AMOUNT)
_ALIVE: Final = (RefundState.REQUESTED, RefundState.APPROVED, RefundState.DONE)


@dataclass(frozen=True, slots=True)
class Surplus:
    """Money that came on top of what was owed, by its transaction, in whole VND."""

    payment_id: str
    dossier_code: str
    transaction_id: str
    amount: int
    outcome: str
    received_at: datetime


def surpluses(session: Session) -> list[Surplus]:
    """Transactions that paid nothing we asked for and that nobody has asked to give back yet."""
    asked = set(session.exec(select(Refund.transaction_id).where(col(Refund.state).in_(_ALIVE))))
    found = []
    rows = session.exec(select(Callback).where(col(Callback.outcome).in_(_ON_TOP)).order_by(col(Callback.received_at)))
    for callback in rows:
        body = json.loads(callback.body)
        payment = session.exec(select(Payment).where(Payment.order_id == str(body.get("orderId")))).first()
        transaction = str(body.get("transactionId"))
        if payment is None or transaction in asked:
            continue
        code = session.get_one(Dossier, payment.dossier_id).code
        amount = int(body["amount"])
        found.append(Surplus(payment.id, code, transaction, amount, callback.outcome, callback.received_at))
    return found


def request(
    session: Session,
    viewer: Viewer,
    payment_id: str,
    reason: str,
    now: datetime,
    procedure_code: str = "",
    transaction_id: str = "",
) -> Refund:
    """Ask to give money back: a whole payment, one procedure of it, or a transaction on top of it.

    What was rejected may be asked for again, with another reason.
    """
    if not reason.strip():
        raise Invalid("reason", "Cần ghi lý do hoàn tiền.", "The reason of the refund is needed.")
    payment = session.exec(locked(session, select(Payment).where(Payment.id == payment_id))).first()
    if payment is None:
        raise NotFound("payment", "Không có khoản thu này.", "There is no such payment.")
    dossier = session.get_one(Dossier, payment.dossier_id)
    finance.require_accountant(viewer, finance.desk_of(dossier))
    amount, transaction = _owed(session, payment, procedure_code, transaction_id)
    refund = Refund(
        payment_id=payment.id,
        transaction_id=transaction,
        procedure_code=procedure_code,
        amount=amount,
        reason=reason.strip(),
        requested_by=viewer.username,
        requested_at=now,
    )
    rejected = _rejected(session, payment, transaction, procedure_code)
    if rejected is not None:
        refund.id = rejected.id
    refund = session.merge(refund)
    session.flush()
    data = {"refund": refund.id, "amount": amount}
    audit.record(session, viewer.username, "refund-requested", dossier.code, data, now)
    return refund


def _rejected(session: Session, payment: Payment, transaction: str, procedure_code: str) -> Refund | None:
    statement = select(Refund).where(
        Refund.payment_id == payment.id,
        Refund.transaction_id == transaction,
        Refund.procedure_code == procedure_code,
        Refund.state == RefundState.REJECTED,
    )
    return session.exec(statement).first()


def _owed(session: Session, payment: Payment, procedure_code: str, transaction_id: str) -> tuple[int, str]:
    """How much may be given back, and of which transaction; ``Conflict`` when it was asked for already."""
    on_top = {one.transaction_id: one.amount for one in surpluses(session) if one.payment_id == payment.id}
    if transaction_id and transaction_id != payment.transaction_id:
        if transaction_id not in on_top:
            raise Conflict("transaction", "Không có giao dịch thừa này.", "There is no such surplus transaction.")
        return on_top[transaction_id], transaction_id
    if payment.status not in (PaymentState.PAID, PaymentState.REFUNDED) or not payment.transaction_id:
        raise Conflict("unpaid", "Khoản này chưa được thanh toán.", "Nothing was paid that could be given back.")
    wanted = payment.amount
    if procedure_code:
        lines = session.exec(
            select(PaymentLine.amount).where(
                PaymentLine.payment_id == payment.id, PaymentLine.procedure_code == procedure_code
            )
        ).all()
        wanted = sum(lines)
    left = payment.amount - _given(session, payment)
    if not wanted or wanted > left or _asked(session, payment, procedure_code):
        raise Conflict("refunded", "Khoản này đã được hoàn hoặc đang chờ hoàn.", "It was given back, or is waiting.")
    return wanted, payment.transaction_id


def _asked(session: Session, payment: Payment, procedure_code: str) -> bool:
    statement = select(Refund.id).where(
        Refund.payment_id == payment.id,
        Refund.transaction_id == payment.transaction_id,
        Refund.procedure_code == procedure_code,
        col(Refund.state).in_(_ALIVE),
    )
    return session.exec(statement).first() is not None


def _given(session: Session, payment: Payment) -> int:
    """What of the payment's own money is given back or waits to be."""
    statement = select(func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.payment_id == payment.id,
        Refund.transaction_id == payment.transaction_id,
        col(Refund.state).in_(_ALIVE),
    )
    return int(session.exec(statement).one())


def get(session: Session, refund_id: str) -> Refund:
    """One refund, or ``NotFound``."""
    found = session.exec(locked(session, select(Refund).where(Refund.id == refund_id))).first()
    if found is None:
        raise NotFound("refund", "Không có yêu cầu hoàn tiền này.", "There is no such refund.")
    return found


def decide(session: Session, viewer: Viewer, refund_id: str, approved: bool, note: str, now: datetime) -> Refund:
    """The head of the desk, another person than who asked, approves or rejects."""
    refund, actor = get(session, refund_id), viewer.username
    finance.require_decider(viewer, finance.desk_of(dossier_of(session, refund)))
    if refund.state != RefundState.REQUESTED:
        raise Conflict("state", "Yêu cầu này đã được quyết định.", "The refund has been decided already.")
    if refund.requested_by == actor:
        raise Forbidden("two-persons", "Người khác phải duyệt hoàn tiền.", "Another person must decide.")
    refund.state = RefundState.APPROVED if approved else RefundState.REJECTED
    refund.decided_by, refund.decided_at, refund.note = actor, now, note.strip()
    session.add(refund)
    audit.record(session, actor, f"refund-{refund.state}", refund.id, {"amount": refund.amount}, now)
    return refund


def dossier_of(session: Session, refund: Refund) -> Dossier:
    """The dossier whose money it is."""
    return session.get_one(Dossier, session.get_one(Payment, refund.payment_id).dossier_id)


def done(session: Session, viewer: Viewer, refund_id: str, reference: str, now: datetime) -> Refund:
    """The money went back, with the reference of gateway or bank; the applicant's story says so, once."""
    refund, actor = get(session, refund_id), viewer.username
    finance.require_accountant(viewer, finance.desk_of(dossier_of(session, refund)))
    if refund.state == RefundState.DONE:
        return refund
    if refund.state != RefundState.APPROVED:
        raise Conflict("state", "Yêu cầu chưa được duyệt.", "The refund has not been approved.")
    if not reference.strip():
        raise Invalid("reference", "Cần mã giao dịch hoàn.", "The reference of the refund is needed.")
    refund.state, refund.reference, refund.done_at = RefundState.DONE, reference.strip(), now
    session.add(refund)
    session.flush()
    payment = session.get_one(Payment, refund.payment_id)
    dossier = session.get_one(Dossier, payment.dossier_id)
    if refund.transaction_id == payment.transaction_id and _returned(session, payment) == payment.amount:
        payment.status, dossier.payment_status = PaymentState.REFUNDED, PaymentStatus.REFUNDED
        session.add(payment)
        session.add(dossier)
    text = money(refund.amount)
    vi, en = f"Đã hoàn {text} ({refund.reason}).", f"{text} was given back ({refund.reason})."
    tracking.add(session, dossier.id, "refunded", vi, en, now, refund.procedure_code, actor, {"refund": refund.id})
    audit.record(session, actor, "refund-done", dossier.code, {"refund": refund.id, "amount": refund.amount}, now)
    return refund


def _returned(session: Session, payment: Payment) -> int:
    statement = select(func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.payment_id == payment.id,
        Refund.transaction_id == payment.transaction_id,
        Refund.state == RefundState.DONE,
    )
    return int(session.exec(statement).one())


def waiting(session: Session) -> list[Refund]:
    """Refunds that somebody has to decide or to carry out, oldest first."""
    statement = select(Refund).where(col(Refund.state).in_([RefundState.REQUESTED, RefundState.APPROVED]))
    return list(session.exec(statement.order_by(col(Refund.requested_at), col(Refund.id))).all())
