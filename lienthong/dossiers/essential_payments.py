"""The gateway's word about bills of essential services: whatever is repeated, a bill is paid once."""

import json
from datetime import datetime

from pydantic import ValidationError
from sqlmodel import Session, select

from lienthong.dossiers import audit, essential
from lienthong.dossiers.payments import CallbackBody, CallbackOutcome, verify_signature
from lienthong.dossiers.tables import Callback
from lienthong.dossiers.tables.portal import EssentialBill


def receive_signed_callback(
    session: Session, secret: str, body: bytes, signature: str, now: datetime
) -> CallbackOutcome | None:
    """The gateway's word about a bill; None when the body is not about one (dossiers have their own receiver)."""
    try:
        raw = json.loads(body)
    except ValueError:
        return None
    if not isinstance(raw, dict) or not str(raw.get("orderId", "")).startswith(essential.ORDER_PREFIX):
        return None
    if not verify_signature(secret, body, signature):
        return CallbackOutcome.BAD_SIGNATURE
    try:
        told = CallbackBody.model_validate(raw)
    except ValidationError:
        return CallbackOutcome.MALFORMED
    if session.get(Callback, told.callback_id) is not None:
        return CallbackOutcome.REPEATED
    outcome = _settle(session, told, now)
    session.add(Callback(id=told.callback_id, received_at=now, body=body.decode(), outcome=outcome))
    audit.record(session, "payment-gateway", "callback-received", told.order_id, {"outcome": outcome}, now)
    session.flush()
    return outcome


def _settle(session: Session, told: CallbackBody, now: datetime) -> CallbackOutcome:
    bill = session.exec(select(EssentialBill).where(EssentialBill.code == told.order_id)).first()
    if bill is None:
        return CallbackOutcome.UNKNOWN_ORDER
    if told.status != "paid":
        return CallbackOutcome.NOT_PAID
    if bill.status == "paid":
        same = bill.transaction_id == told.transaction_id
        return CallbackOutcome.REPEATED if same else CallbackOutcome.ALREADY_PAID
    if bill.amount != told.amount:
        return CallbackOutcome.WRONG_AMOUNT
    if bill.status != "pending":
        return CallbackOutcome.LATE
    bill.status, bill.paid_at, bill.transaction_id = "paid", now, told.transaction_id
    session.add(bill)
    variables = {"paid": True, "transactionId": told.transaction_id}
    essential.publish(session, "bill-paid", bill.code, variables, now)
    return CallbackOutcome.PAID
