"""Payments: one a dossier with a line an authority; the signed server callback decides, whatever is repeated.

A callback is kept by its own id whatever comes of it. Exactly one transaction can pay a payment: a second one, or a
late one, is recorded and changes nothing but the timeline that a clerk must look at.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlmodel import Session, col, select

from lienthong.dossiers import audit, documents, letters, outbox, tracking
from lienthong.dossiers.database import locked
from lienthong.dossiers.errors import Invalid, NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.papers import money
from lienthong.dossiers.rules import fee
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.rules.status import PaymentStatus
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables import Callback, Document, DocumentRole, Dossier, Payment, PaymentLine, PaymentState


class CallbackOutcome(StrEnum):
    """What came of a callback."""

    PAID = "paid"
    REPEATED = "repeated"
    ALREADY_PAID = "already_paid"
    WRONG_AMOUNT = "wrong_amount"
    UNKNOWN_ORDER = "unknown_order"
    NOT_PAID = "not_paid"
    LATE = "late"
    MALFORMED = "malformed"
    BAD_SIGNATURE = "bad_signature"


class CallbackBody(BaseModel):
    """The body of a payment callback."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)
    callback_id: str = Field(alias="callbackId", min_length=1, max_length=128)
    order_id: str = Field(alias="orderId", min_length=1, max_length=64)
    transaction_id: str = Field(alias="transactionId", min_length=1, max_length=128)
    amount: int = Field(strict=True)
    status: str


_KEPT_BODY: Final = 8192


def create_payment(
    session: Session, law: Law, dossier_code: str, fee_rules: Sequence[Mapping[str, Any]], now: datetime
) -> Payment:
    """The one payment of a dossier with its lines; nothing owed is paid at once. Repeating it changes nothing."""
    dossier = tracking.require(session, dossier_code)
    existing = of_dossier(session, dossier.id)
    if existing is not None:
        return existing
    lines = _lines(law, dossier, fee_rules, now)
    payment = Payment(
        dossier_id=dossier.id,
        amount=sum(line.amount for line in lines),
        order_id=f"{dossier.code}-{local(now):%Y%m%d%H%M%S}",
        created_at=now,
    )
    if payment.amount == 0:
        payment.status, payment.paid_at = PaymentState.PAID, now
    dossier.payment_status = PaymentStatus.PENDING if payment.amount else PaymentStatus.NONE
    session.add(payment)
    session.add(dossier)
    session.flush()
    for line in lines:
        line.payment_id = payment.id
        session.add(line)
    session.flush()
    if payment.amount:
        text = money(payment.amount)
        vi, en = f"Cần nộp phí, lệ phí: {text}.", f"Fees to be paid: {text}."
        tracking.add(session, dossier.id, "payment-due", vi, en, now, data={"payment": payment.id})
    audit.record(session, "system", "payment-created", dossier.code, {"amount": payment.amount}, now)
    return payment


def _lines(law: Law, dossier: Dossier, fee_rules: Sequence[Mapping[str, Any]], now: datetime) -> list[PaymentLine]:
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    facts = {**dossier.options, "area": bundle.area_of(dossier.options)}
    lines: dict[tuple[str, str], PaymentLine] = {}
    for rule in fee_rules:
        code, name = str(rule.get("procedureCode", "")), str(rule.get("feeItem", ""))
        if code not in dossier.authorities:
            raise Invalid("fee", f"Không có thủ tục {code} để thu phí.", f"There is no procedure {code} to charge for.")
        item = law.under(dossier).fee_item(name, local(now).date())
        lines[code, name] = PaymentLine(
            payment_id="",
            procedure_code=code,
            fee_item=name,
            authority_id=dossier.authorities[code],
            name=item.name_vi,
            amount=fee.amount(item, facts),
            mark=item.mark,
        )
    return list(lines.values())


def set_pay_url(session: Session, payment_id: str, pay_url: str) -> None:
    """Where the applicant pays."""
    payment = get(session, payment_id)
    payment.pay_url = pay_url
    session.add(payment)


def get(session: Session, payment_id: str) -> Payment:
    """One payment, or ``NotFound``."""
    found = session.get(Payment, payment_id)
    if found is None:
        raise NotFound("payment", "Không có khoản thu này.", "There is no such payment.")
    return found


def of_dossier(session: Session, dossier_id: str) -> Payment | None:
    """The payment of a dossier."""
    return session.exec(select(Payment).where(Payment.dossier_id == dossier_id)).first()


def lines(session: Session, payment_id: str) -> list[PaymentLine]:
    """The lines of a payment by procedure."""
    statement = select(PaymentLine).where(PaymentLine.payment_id == payment_id)
    return list(session.exec(statement.order_by(col(PaymentLine.procedure_code), col(PaymentLine.fee_item))).all())


def sign(secret: str, body: bytes) -> str:
    """HMAC-SHA256 of the raw body, in hex."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verify_signature(secret: str, body: bytes, signature: str) -> bool:
    """Whether a signature fits the raw body; compared in constant time."""
    return hmac.compare_digest(sign(secret, body).encode(), signature.strip().lower().encode())


def receive_signed_callback(
    session: Session, secret: str, body: bytes, signature: str, now: datetime
) -> CallbackOutcome:
    """Check the signature over the raw body, then receive; a wrong signature is recorded and changes nothing."""
    text = body.decode("utf-8", "replace")
    if not verify_signature(secret, body, signature):
        # Only the hash is kept: anybody can send an unsigned body, and must not fill the database with it.
        _keep(session, f"unsigned:{hashlib.sha256(body).hexdigest()}", "", CallbackOutcome.BAD_SIGNATURE, now)
        return CallbackOutcome.BAD_SIGNATURE
    try:
        raw = json.loads(text)
    except ValueError:
        raw = None
    return receive_callback(session, raw if isinstance(raw, dict) else {}, now)


def receive_callback(session: Session, raw: dict[str, Any], now: datetime) -> CallbackOutcome:
    """Receive a callback whose signature was checked; idempotent by callback id and by transaction."""
    text = json.dumps(raw, sort_keys=True, ensure_ascii=False)
    try:
        body = CallbackBody.model_validate(raw)
    except ValidationError:
        _keep(session, f"malformed:{hashlib.sha256(text.encode()).hexdigest()}", text, CallbackOutcome.MALFORMED, now)
        return CallbackOutcome.MALFORMED
    if session.get(Callback, body.callback_id) is not None:
        return CallbackOutcome.REPEATED
    outcome = _settle(session, body, now)
    _keep(session, body.callback_id, text, outcome, now)
    audit.record(session, "payment-gateway", "callback-received", body.order_id, {"outcome": outcome}, now)
    return outcome


def _keep(session: Session, callback_id: str, body: str, outcome: CallbackOutcome, now: datetime) -> None:
    if session.get(Callback, callback_id) is None:
        session.add(Callback(id=callback_id, received_at=now, body=body[:_KEPT_BODY], outcome=outcome))
        session.flush()


def _settle(session: Session, body: CallbackBody, now: datetime) -> CallbackOutcome:
    known = session.exec(select(Payment).where(Payment.order_id == body.order_id)).first()
    if known is None:
        return CallbackOutcome.UNKNOWN_ORDER
    dossier = session.exec(locked(session, select(Dossier).where(Dossier.id == known.dossier_id))).one()
    payment = session.exec(locked(session, select(Payment).where(Payment.id == known.id))).one()
    if payment.transaction_id == body.transaction_id and payment.status == PaymentState.PAID:
        return CallbackOutcome.REPEATED
    if body.status != "paid":
        return CallbackOutcome.NOT_PAID
    if payment.status == PaymentState.PAID:
        _warn(session, dossier, "Nhận thêm một giao dịch cho khoản đã thu; cần hoàn tiền.", "paid twice", body, now)
        return CallbackOutcome.ALREADY_PAID
    if body.amount != payment.amount:
        _warn(session, dossier, "Số tiền thanh toán không khớp; cần đối soát.", "wrong amount", body, now)
        return CallbackOutcome.WRONG_AMOUNT
    if payment.status != PaymentState.PENDING or dossier.finished_at is not None:
        _warn(session, dossier, "Thanh toán đến sau khi hồ sơ đã kết thúc; cần hoàn tiền.", "late payment", body, now)
        return CallbackOutcome.LATE
    _pay(session, dossier, payment, body.transaction_id, now)
    return CallbackOutcome.PAID


def _pay(session: Session, dossier: Dossier, payment: Payment, transaction_id: str, now: datetime) -> None:
    payment.status, payment.transaction_id, payment.paid_at = PaymentState.PAID, transaction_id, now
    dossier.payment_status = PaymentStatus.PAID
    session.add(payment)
    session.add(dossier)
    variables = {"paid": True, "paymentId": payment.id, "amount": payment.amount}
    outbox.add_message(session, "payment-received", dossier.code, variables, now)
    text = money(payment.amount)
    tracking.add(session, dossier.id, "paid", f"Đã thanh toán {text}.", f"{text} was paid.", now)


def settle_in_cash(session: Session, dossier: Dossier, payment: Payment, cashier: str, now: datetime) -> None:
    """Cash was taken at the desk for a pending payment; the process is told as of any payment."""
    _pay(session, dossier, payment, f"cash:{payment.id}", now)
    tracking.add(
        session, dossier.id, "paid-in-cash", "Thu tiền mặt tại Bộ phận Một cửa.", "Cash was taken.", now, actor=cashier
    )


def _warn(session: Session, dossier: Dossier, text_vi: str, what: str, body: CallbackBody, now: datetime) -> None:
    data = {"transaction": body.transaction_id, "amount": body.amount}
    tracking.add(session, dossier.id, "payment-warning", text_vi, f"Payment to be reconciled: {what}.", now, data=data)


def ensure_receipt(session: Session, store: Store, law: Law, dossier: Dossier, now: datetime) -> Document | None:
    """The receipt of a dossier that paid something; None when there is nothing to confirm."""
    payment = of_dossier(session, dossier.id)
    if payment is None or payment.amount == 0 or payment.status != PaymentState.PAID:
        return None
    return make_receipt(session, store, law, payment.id, now)


def make_receipt(session: Session, store: Store, law: Law, payment_id: str, now: datetime) -> Document:
    """The receipt of a paid payment, made once."""
    payment = get(session, payment_id)
    if payment.status != PaymentState.PAID:
        raise Invalid("unpaid", "Chưa thanh toán nên chưa có biên lai.", "There is no receipt before the payment.")
    existing = documents.of_dossier(session, payment.dossier_id, DocumentRole.RECEIPT)
    if existing:
        return existing[0]
    dossier = session.get_one(Dossier, payment.dossier_id)
    return letters.payment_receipt(session, store, law, dossier, payment, now)
