"""Moves of running dossiers that need two persons: one asks, another one agrees or refuses. Audited."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from lienthong.dossiers import audit
from lienthong.dossiers.errors import Conflict, Forbidden, NotFound
from lienthong.dossiers.tables import MoveOrder, OrderState


def ask(session: Session, request: dict[str, Any], instances: int, by: str, now: datetime) -> MoveOrder:
    """Write down what somebody wants to move."""
    row = MoveOrder(asked_by=by, asked_at=now, request=request, instances=instances)
    session.add(row)
    session.flush()
    audit.record(session, by, "move-asked", row.id, {"instances": instances}, now)
    return row


def get(session: Session, order_id: str) -> MoveOrder:
    """One order, or ``NotFound``."""
    row = session.get(MoveOrder, order_id)
    if row is None:
        raise NotFound("move-order", "Không có đề nghị này.", "There is no such order.")
    return row


def require_decidable(session: Session, order_id: str, by: str) -> MoveOrder:
    """The order, if it still waits and ``by`` is not who asked."""
    row = _waiting(session, order_id)
    if row.asked_by == by:
        raise Forbidden(
            "two-persons", "Cần một quản trị viên khác phê duyệt.", "Another administrator has to approve this."
        )
    return row


def _waiting(session: Session, order_id: str) -> MoveOrder:
    row = get(session, order_id)
    if row.state != OrderState.WAITING:
        raise Conflict("move-order", "Đề nghị này đã được quyết định.", "This order has been decided already.")
    return row


def decide(session: Session, order_id: str, approved: bool, by: str, note: str, now: datetime) -> MoveOrder:
    """Agree or refuse; who asked may take the order back by refusing it, but never agree to it."""
    row = require_decidable(session, order_id, by) if approved else _waiting(session, order_id)
    row.state = OrderState.APPROVED if approved else OrderState.REFUSED
    row.decided_by, row.decided_at, row.note = by, now, note.strip()
    session.add(row)
    audit.record(session, by, f"move-{row.state}", row.id, {"askedBy": row.asked_by}, now)
    return row


def note_job(session: Session, order_id: str, job_id: str) -> None:
    """Which batch does what was approved."""
    row = get(session, order_id)
    row.job_id = job_id
    session.add(row)


def latest(session: Session, limit: int = 20) -> list[MoveOrder]:
    """The newest orders, those that wait first."""
    statement = select(MoveOrder).order_by(col(MoveOrder.asked_at).desc()).limit(limit)
    return sorted(session.exec(statement).all(), key=lambda row: row.state != OrderState.WAITING)
