"""Money after the payment, for the accountant and the head of a one-stop desk: refunds, differences, the split."""

import csv
import io
from datetime import date
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlmodel import Session

from lienthong.api.deps import Desk, DeskDep
from lienthong.api.dossier_view import authority_name, iso
from lienthong.dossiers import audit, finance, payments, reconciliation, refunds, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.errors import Forbidden, Invalid
from lienthong.dossiers.reconciliation import Record
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.tables import Dossier, Payment, Refund
from lienthong.dossiers.viewers import Viewer

router = APIRouter(prefix="/finance", tags=["finance"])
Json = dict[str, Any]
LARGEST_STATEMENT = 2_000_000  # characters
COLUMNS = ("order_id", "transaction_id", "amount")


class Wanted(BaseModel):
    """What is to be given back, and why: the whole payment, one procedure of it, or a surplus transaction."""

    paymentId: str = Field(min_length=1, max_length=36)
    procedureCode: str = Field("", max_length=16)
    transactionId: str = Field("", max_length=100)
    reason: str = Field(min_length=1, max_length=1000)


class Decision(BaseModel):
    """Approved or not, with a note."""

    approved: bool
    note: str = Field("", max_length=1000)


class Done(BaseModel):
    """The reference under which the money went back."""

    reference: str = Field(min_length=1, max_length=100)


class Statement(BaseModel):
    """A day's transactions at the bank as CSV with the columns order_id, transaction_id, amount (whole VND)."""

    day: date
    content: str = Field(min_length=1, max_length=LARGEST_STATEMENT)


class Note(BaseModel):
    """How a difference was settled."""

    note: str = Field(min_length=1, max_length=1000)


@router.get("")
def overview(desk: DeskDep, first: date | None = None, last: date | None = None) -> Json:
    """Refunds that wait, money on top, differences, comparisons, and the split of a period (this month when unsaid)."""
    with read_scope(desk.database) as session:
        viewer = _viewer(desk, session)
        today = local(desk.now).date()
        begin, end = first or today.replace(day=1), last or today
        return {
            "first": begin.isoformat(),
            "last": end.isoformat(),
            "refunds": [
                _refund(session, viewer, one) for one in refunds.waiting(session) if _sees(session, viewer, one)
            ],
            "surpluses": [
                {
                    "paymentId": one.payment_id,
                    "dossierCode": one.dossier_code,
                    "transactionId": one.transaction_id,
                    "amount": one.amount,
                    "outcome": one.outcome,
                    "at": iso(one.received_at),
                }
                for one in refunds.surpluses(session)
                if _may_see(viewer, tracking.require(session, one.dossier_code))
            ],
            **_books(session, viewer),
            "shares": _shares(desk, session, viewer, begin, end),
        }


def _viewer(desk: Desk, session: Session) -> Viewer:
    viewer = desk.viewer(session)
    held = finance.desks(viewer)
    if held is not None and not held:
        raise Forbidden("finance", "Trang này dành cho kế toán và lãnh đạo.", "This page is for accountants and heads.")
    return viewer


def _may_see(viewer: Viewer, dossier: Dossier) -> bool:
    held = finance.desks(viewer)
    return held is None or finance.desk_of(dossier) in held


def _sees(session: Session, viewer: Viewer, refund: Refund) -> bool:
    return _may_see(viewer, refunds.dossier_of(session, refund))


def _refund(session: Session, viewer: Viewer, refund: Refund) -> Json:
    dossier = refunds.dossier_of(session, refund)
    desk_id = finance.desk_of(dossier)
    return {
        "id": refund.id,
        "dossierCode": dossier.code,
        "procedureCode": refund.procedure_code,
        "amount": refund.amount,
        "reason": refund.reason,
        "state": refund.state,
        "requestedBy": refund.requested_by,
        "requestedAt": iso(refund.requested_at),
        "note": refund.note,
        "mayDecide": finance.may_decide(viewer, desk_id) and refund.requested_by != viewer.username,
        "mayCarryOut": finance.may_handle(viewer, desk_id),
    }


def _books(session: Session, viewer: Viewer) -> Json:
    """Comparisons and their open differences: of the whole province, so for accountants and the Office alone."""
    if not finance.sees_books(viewer):
        return {"accountant": False, "books": False, "comparisons": [], "differences": []}
    return {
        "accountant": finance.keeps_books(viewer),
        "books": True,
        "comparisons": [
            {
                "id": one.id,
                "source": one.source,
                "day": one.day.isoformat(),
                "matched": one.matched,
                "ours": one.ours_total,
                "theirs": one.theirs_total,
                "madeAt": iso(one.made_at),
            }
            for one in reconciliation.latest(session)
        ],
        "differences": [
            {
                "id": one.id,
                "difference": one.difference,
                "orderId": one.order_id,
                "transactionId": one.transaction_id,
                "dossierCode": one.dossier_code,
                "ours": one.ours,
                "theirs": one.theirs,
            }
            for one in reconciliation.open_items(session)
        ],
    }


def _shares(desk: Desk, session: Session, viewer: Viewer, first: date, last: date) -> list[Json]:
    """What each authority got; for those who see the books of the province."""
    if not finance.sees_books(viewer):
        return []
    return [
        {
            "authorityId": share.authority_id,
            "name": authority_name(desk.law, share.authority_id),
            "procedureCode": share.procedure_code,
            "feeItem": share.fee_item,
            "payments": share.payments,
            "collected": share.collected,
            "refunded": share.refunded,
            "due": share.due,
        }
        for share in reconciliation.split(session, first, last)
    ]


@router.get("/payments/{code}")
def read_payment(code: str, desk: DeskDep) -> Json:
    """What was paid in a dossier of an own desk, by procedure; the view is audited."""
    with session_scope(desk.database) as session:
        viewer = _viewer(desk, session)
        dossier = desk.dossier(session, code)
        if not _may_see(viewer, dossier):
            raise Forbidden("finance", "Hồ sơ của Bộ phận Một cửa khác.", "The dossier is of another one-stop desk.")
        audit.record(session, viewer.username, "payment-viewed", code, {}, desk.now)
        payment = payments.of_dossier(session, dossier.id)
        return {"dossierCode": code, "payment": _payment(session, payment) if payment else None}


def _payment(session: Session, payment: Payment) -> Json:
    return {
        "id": payment.id,
        "amount": payment.amount,
        "status": payment.status,
        "paidAt": iso(payment.paid_at),
        "lines": [
            {"procedureCode": line.procedure_code, "feeItem": line.fee_item, "amount": line.amount}
            for line in payments.lines(session, payment.id)
        ],
    }


@router.post("/refunds")
def request(wanted: Wanted, desk: DeskDep) -> Json:
    """Ask to give money back."""
    with session_scope(desk.database) as session:
        viewer = desk.viewer(session)
        found = refunds.request(
            session, viewer, wanted.paymentId, wanted.reason, desk.now, wanted.procedureCode, wanted.transactionId
        )
        return _refund(session, viewer, found)


@router.post("/refunds/{refund_id}/decision")
def decide(refund_id: str, given: Decision, desk: DeskDep) -> Json:
    """Approve or reject; another person than who asked."""
    with session_scope(desk.database) as session:
        viewer = desk.viewer(session)
        found = refunds.decide(session, viewer, refund_id, given.approved, given.note, desk.now)
        return _refund(session, viewer, found)


@router.post("/refunds/{refund_id}/done")
def done(refund_id: str, given: Done, desk: DeskDep) -> Json:
    """The money went back."""
    with session_scope(desk.database) as session:
        viewer = desk.viewer(session)
        return _refund(session, viewer, refunds.done(session, viewer, refund_id, given.reference, desk.now))


@router.post("/statements")
def compare(statement: Statement, desk: DeskDep) -> Json:
    """Compare a day with the bank's statement; every difference stays open until somebody settles it."""
    with session_scope(desk.database) as session:
        viewer = desk.viewer(session)
        finance.require_accountant(viewer)
        records = _records(statement.content)
        made = reconciliation.reconcile(session, "bank", statement.day, records, viewer.username, desk.now)
        return {"matched": made.matched, "differences": len(reconciliation.items(session, made.id))}


def _records(content: str) -> list[Record]:
    rows = csv.DictReader(io.StringIO(content.lstrip("\ufeff")))
    if not rows.fieldnames or not set(COLUMNS) <= {name.strip() for name in rows.fieldnames if name}:
        raise _wrong(f"cần các cột {', '.join(COLUMNS)}", f"the columns {', '.join(COLUMNS)} are needed")
    found = []
    for number, row in enumerate(rows, 2):
        given = {str(name).strip(): str(value or "").strip() for name, value in row.items()}
        amount = given["amount"].replace(".", "").replace(",", "")
        if not amount.isdecimal() or not given["order_id"]:
            raise _wrong(f"dòng {number} thiếu mã đơn hoặc số tiền", f"line {number} has no order or no amount")
        found.append(Record(given["order_id"], given["transaction_id"], int(amount)))
    return found


def _wrong(vi: str, en: str) -> Invalid:
    return Invalid("statement", f"Sao kê không đọc được: {vi}.", f"The statement cannot be read: {en}.")


@router.post("/differences/{item_id}/resolution", status_code=204)
def resolve(item_id: str, given: Note, desk: DeskDep) -> None:
    """Say how a difference was settled."""
    with session_scope(desk.database) as session:
        reconciliation.resolve(session, desk.viewer(session), item_id, given.note, desk.now)
