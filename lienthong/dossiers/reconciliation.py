"""Reconciliation: a day of the gateway's or bank's records against our payments, and the split to the authorities.

Every difference is named and stays open until somebody says how it was settled. Amounts are whole VND.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from lienthong.dossiers import audit, finance
from lienthong.dossiers.errors import Conflict, Invalid, NotFound
from lienthong.dossiers.rules.calendar import ZONE
from lienthong.dossiers.tables import (
    Difference,
    Dossier,
    Payment,
    PaymentLine,
    PaymentState,
    Reconciliation,
    ReconciliationItem,
    Refund,
    RefundState,
)
from lienthong.dossiers.viewers import Viewer


@dataclass(frozen=True, slots=True)
class Record:
    """One transaction as the gateway or bank has it; only ``paid`` ones count."""

    order_id: str
    transaction_id: str
    amount: int
    paid: bool = True


@dataclass(frozen=True, slots=True)
class Share:
    """What one authority got through one fee item in a period: collected, given back, left."""

    authority_id: str
    procedure_code: str
    fee_item: str
    payments: int
    collected: int
    refunded: int

    @property
    def due(self) -> int:
        """What is to be handed to the authority."""
        return self.collected - self.refunded


@dataclass(frozen=True, slots=True)
class _Ours:
    order_id: str
    transaction_id: str
    amount: int
    code: str


def reconcile(
    session: Session, source: str, day: date, records: Iterable[Record], actor: str, now: datetime
) -> Reconciliation:
    """Compare a day; every difference becomes an open item."""
    theirs = [one for one in records if one.paid]
    ours = _ours(session, day)
    items, matched = _differences(ours, theirs, _known(session, {one.order_id for one in theirs}))
    made = Reconciliation(
        source=source,
        day=day,
        made_at=now,
        made_by=actor,
        matched=matched,
        ours_total=sum(one.amount for one in ours),
        theirs_total=sum(one.amount for one in theirs),
    )
    session.add(made)
    session.flush()
    for item in items:
        item.reconciliation_id = made.id
        session.add(item)
    session.flush()
    audit.record(session, actor, "reconciled", f"{source} {day}", {"matched": matched, "open": len(items)}, now)
    return made


def _ours(session: Session, day: date) -> list[_Ours]:
    """Payments that a gateway settled on a day (those in cash have no record there)."""
    first = datetime.combine(day, time(), ZONE)
    statement = (
        select(Payment.order_id, Payment.transaction_id, Payment.amount, Dossier.code)
        .join(Dossier, col(Dossier.id) == col(Payment.dossier_id))
        .where(
            col(Payment.paid_at) >= first,
            col(Payment.paid_at) < first + timedelta(days=1),
            col(Payment.transaction_id).is_not(None),
            col(Payment.transaction_id).not_like("cash:%"),
        )
        .order_by(col(Payment.order_id))
    )
    return [
        _Ours(order, str(transaction), amount, code) for order, transaction, amount, code in session.exec(statement)
    ]


def _known(session: Session, orders: set[str]) -> dict[str, tuple[str, str | None, str]]:
    """Order → state, transaction that paid it, dossier; of whatever day."""
    statement = (
        select(Payment.order_id, Payment.status, Payment.transaction_id, Dossier.code)
        .join(Dossier, col(Dossier.id) == col(Payment.dossier_id))
        .where(col(Payment.order_id).in_(orders))
    )
    return {order: (status, transaction, code) for order, status, transaction, code in session.exec(statement)}


def _differences(
    ours: list[_Ours], theirs: list[Record], known: dict[str, tuple[str, str | None, str]]
) -> tuple[list[ReconciliationItem], int]:
    left = {one.transaction_id: one for one in ours}
    items: list[ReconciliationItem] = []
    matched = 0
    for record in sorted(theirs, key=lambda one: (one.order_id, one.transaction_id)):
        own = left.pop(record.transaction_id, None)
        if own is not None and own.amount == record.amount and own.order_id == record.order_id:
            matched += 1
            continue
        code = own.code if own else known.get(record.order_id, ("", None, ""))[2]
        kind = Difference.AMOUNT if own else _why_not_ours(known.get(record.order_id))
        items.append(
            ReconciliationItem(
                reconciliation_id="",
                difference=kind,
                order_id=record.order_id,
                transaction_id=record.transaction_id,
                dossier_code=code,
                ours=own.amount if own else None,
                theirs=record.amount,
            )
        )
    for own in left.values():
        items.append(
            ReconciliationItem(
                reconciliation_id="",
                difference=Difference.MISSING_THERE,
                order_id=own.order_id,
                transaction_id=own.transaction_id,
                dossier_code=own.code,
                ours=own.amount,
            )
        )
    return items, matched


def _why_not_ours(known: tuple[str, str | None, str] | None) -> Difference:
    """A record without our transaction: an unknown order, one we still wait for, or money on top."""
    if known is None:
        return Difference.MISSING_HERE
    return Difference.UNSETTLED if known[0] == PaymentState.PENDING else Difference.SURPLUS


def made_of(session: Session, source: str, day: date) -> Reconciliation | None:
    """The latest comparison of a day with a source, if there was one."""
    statement = select(Reconciliation).where(Reconciliation.source == source, Reconciliation.day == day)
    return session.exec(statement.order_by(col(Reconciliation.made_at).desc())).first()


def latest(session: Session, limit: int = 30) -> list[Reconciliation]:
    """The comparisons made, the newest first."""
    return list(session.exec(select(Reconciliation).order_by(col(Reconciliation.made_at).desc()).limit(limit)).all())


def open_items(session: Session) -> list[ReconciliationItem]:
    """Differences that nobody has settled yet."""
    statement = select(ReconciliationItem).where(col(ReconciliationItem.resolved_at).is_(None))
    return list(session.exec(statement.order_by(col(ReconciliationItem.order_id))).all())


def items(session: Session, reconciliation_id: str) -> list[ReconciliationItem]:
    """The differences that one comparison found."""
    statement = select(ReconciliationItem).where(ReconciliationItem.reconciliation_id == reconciliation_id)
    return list(session.exec(statement.order_by(col(ReconciliationItem.order_id))).all())


def resolve(session: Session, viewer: Viewer, item_id: str, note: str, now: datetime) -> ReconciliationItem:
    """An accountant says how a difference was settled."""
    finance.require_accountant(viewer)
    item = session.get(ReconciliationItem, item_id)
    if item is None:
        raise NotFound("item", "Không có khoản chênh lệch này.", "There is no such difference.")
    if item.resolved_at is not None:
        raise Conflict("resolved", "Chênh lệch đã được xử lý.", "The difference has been settled already.")
    if not note.strip():
        raise Invalid("note", "Cần ghi cách xử lý.", "How it was settled is needed.")
    item.resolved_by, item.resolved_at, item.note = viewer.username, now, note.strip()
    session.add(item)
    audit.record(session, viewer.username, "difference-resolved", item.order_id, {"item": item.id}, now)
    return item


def split(session: Session, first: date, last: date) -> list[Share]:
    """What each authority collected and gave back in a period, by fee item; its sum is all the money there was."""
    begin = datetime.combine(first, time(), ZONE)
    after = datetime.combine(last + timedelta(days=1), time(), ZONE)
    lines = (col(PaymentLine.authority_id), col(PaymentLine.procedure_code), col(PaymentLine.fee_item))
    columns: tuple[Any, ...] = (*lines, func.count(), func.sum(PaymentLine.amount))
    collected = session.exec(
        select(*columns)
        .join(Payment, col(Payment.id) == col(PaymentLine.payment_id))
        .where(col(Payment.paid_at) >= begin, col(Payment.paid_at) < after, PaymentLine.amount > 0)
        .group_by(*lines)
    ).all()
    back = _given_back(session, begin, after)
    keys = {(str(a), str(p), str(i)): (int(count), int(total)) for a, p, i, count, total in collected}
    return [Share(*key, *keys.get(key, (0, 0)), back.get(key, 0)) for key in sorted({*keys, *back})]


def _given_back(session: Session, begin: datetime, after: datetime) -> dict[tuple[str, str, str], int]:
    """Refunds of the payments' own money by the lines they concern; a whole refund concerns every line."""
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    statement = (
        select(PaymentLine, Refund.procedure_code)
        .join(Refund, col(Refund.payment_id) == col(PaymentLine.payment_id))
        .join(Payment, col(Payment.id) == col(Refund.payment_id))
        .where(
            Refund.state == RefundState.DONE,
            col(Refund.done_at) >= begin,
            col(Refund.done_at) < after,
            Refund.transaction_id == Payment.transaction_id,
            PaymentLine.amount > 0,
        )
    )
    for line, procedure in session.exec(statement):
        if procedure in ("", line.procedure_code):
            found[line.authority_id, line.procedure_code, line.fee_item] += line.amount
    return found
