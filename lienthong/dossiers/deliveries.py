"""Results that travel by post: one delivery a dossier, registered when the result is ready, followed to its end."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from lienthong.dossiers import audit, portal_notices, tracking
from lienthong.dossiers.outbox import back_off
from lienthong.dossiers.tables import Dossier
from lienthong.dossiers.tables.portal import PostalDelivery

REGISTERED, COLLECTING, DELIVERED, CANCELED = 1, 2, 3, 4
ENDED: Final = (DELIVERED, CANCELED)
LOOK_AGAIN: Final = timedelta(minutes=10)
TEXTS: Final = {
    REGISTERED: ("Bưu điện đã nhận yêu cầu trả kết quả, vận đơn {number}.", "The post has the request, no. {number}."),
    COLLECTING: ("Bưu điện đang lấy và chuyển kết quả, vận đơn {number}.", "The result is on its way, no. {number}."),
    DELIVERED: ("Bưu điện đã phát kết quả, vận đơn {number}.", "The post has delivered the result, no. {number}."),
    CANCELED: (
        "Bưu điện không phát được, kết quả chờ tại Bộ phận Một cửa (vận đơn {number}).",
        "The post could not deliver; the result waits at the desk (no. {number}).",
    ),
}


def plan(session: Session, dossier: Dossier, now: datetime) -> PostalDelivery | None:
    """The delivery of a dossier whose result goes by post, made once; None for another way of receiving."""
    if dossier.delivery != "post":
        return None
    existing = of_dossier(session, dossier.id)
    if existing is not None:
        return existing
    delivery = PostalDelivery(
        dossier_id=dossier.id,
        order_number=f"{dossier.code}-KQ",
        address=dossier.applicant_address,
        created_at=now,
        updated_at=now,
        next_attempt_at=now,
    )
    session.add(delivery)
    session.flush()
    return delivery


def of_dossier(session: Session, dossier_id: str) -> PostalDelivery | None:
    """The delivery of a dossier."""
    return session.exec(select(PostalDelivery).where(PostalDelivery.dossier_id == dossier_id)).first()


def due(session: Session, now: datetime, limit: int = 50) -> list[tuple[PostalDelivery, Dossier]]:
    """Deliveries to register or to ask about, with their dossiers."""
    statement = (
        select(PostalDelivery, Dossier)
        .join(Dossier, col(Dossier.id) == col(PostalDelivery.dossier_id))
        .where(col(PostalDelivery.next_attempt_at) <= now)
        .order_by(col(PostalDelivery.next_attempt_at))
        .limit(limit)
    )
    return [(delivery, dossier) for delivery, dossier in session.exec(statement).all()]


def moved(session: Session, order_number: str, tracking_number: str, state: int, now: datetime) -> PostalDelivery:
    """What the post says; a new state goes into the dossier's story and to the applicant."""
    delivery = session.exec(select(PostalDelivery).where(PostalDelivery.order_number == order_number)).one()
    changed = state != delivery.state
    delivery.tracking_number, delivery.state, delivery.updated_at = tracking_number, state, now
    delivery.attempts, delivery.last_error = 0, ""
    delivery.next_attempt_at = None if state in ENDED else now + LOOK_AGAIN
    session.add(delivery)
    if changed and state in TEXTS:
        vi, en = (text.format(number=tracking_number) for text in TEXTS[state])
        dossier = session.get_one(Dossier, delivery.dossier_id)
        tracking.add(session, dossier.id, "post", vi, en, now, data={"state": state})
        portal_notices.tell_applicant(session, dossier, f"post:{delivery.id}:{state}", vi, en, now)
        audit.record(session, "post", "delivery-moved", dossier.code, {"state": state}, now)
    session.flush()
    return delivery


def failed(session: Session, order_number: str, error: str, now: datetime) -> None:
    """The post did not answer: again later."""
    delivery = session.exec(select(PostalDelivery).where(PostalDelivery.order_number == order_number)).one()
    delivery.attempts += 1
    delivery.last_error = error[:500]
    delivery.next_attempt_at = now + back_off(delivery.attempts)
    session.add(delivery)


def to_return(session: Session, limit: int = 50) -> list[tuple[PostalDelivery, Dossier]]:
    """Deliveries on their way, for the clerk whose duty it is to return results."""
    statement = (
        select(PostalDelivery, Dossier)
        .join(Dossier, col(Dossier.id) == col(PostalDelivery.dossier_id))
        .where(col(PostalDelivery.state).not_in(ENDED))
        .order_by(col(PostalDelivery.created_at))
        .limit(limit)
    )
    return [(delivery, dossier) for delivery, dossier in session.exec(statement).all()]


def returned(session: Session, order_number: str, by: str, receiver: str, now: datetime) -> PostalDelivery:
    """A clerk has handed the result over; ``receiver`` signed for it."""
    delivery = session.exec(select(PostalDelivery).where(PostalDelivery.order_number == order_number)).one()
    delivery.returned_by = by
    session.add(delivery)
    found = moved(session, order_number, delivery.tracking_number or order_number, DELIVERED, now)
    dossier = session.get_one(Dossier, found.dossier_id)
    vi, en = f"{tracking.masked(receiver)} đã ký nhận kết quả.", f"{tracking.masked(receiver)} signed for the result."
    tracking.add(session, dossier.id, "post-signed", vi, en, now, actor=by)
    return found
