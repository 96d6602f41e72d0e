"""Loops of the portal: dossiers' stories, messages and statuses out, deliveries, reminders, clock, books, successors.

Each pass reads in a transaction of its own, speaks to the outward system outside of any, and writes what came of it.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Final

from connectors.errors import ConnectorFailure, Refused
from connectors.messaging.call import Message
from connectors.national_portal.messages import DossierStatus
from connectors.post.call import Delivery, Party
from lienthong.dossiers import (
    clock,
    deliveries,
    national_portal,
    portal_events,
    portal_notices,
    reconciliation,
    reminders,
    succession,
)
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.portal_rules import load_portal_rules
from lienthong.dossiers.reconciliation import Record
from lienthong.dossiers.rules.calendar import ZONE, local
from lienthong.dossiers.tables import Dossier
from lienthong.dossiers.tables.portal import PostalDelivery
from workers.context import Services
from workers.engine_time import EngineTime
from workers.logging import logger_of

logger = logger_of("workers.portal_loops")
CUSTOMER: Final = "LIENTHONG"
GATEWAY: Final = "gateway"
CLOCKS_AGREE: Final = timedelta(hours=1)
REMINDERS_EVERY: Final = timedelta(hours=1)


def follow_stories(services: Services, now: datetime) -> int:
    """Queue what follows from new entries of the timeline; how many there were."""
    with read_scope(services.database) as session:
        if not portal_events.waiting(session):
            return 0
    with session_scope(services.database) as session:
        return portal_events.consume(session, now)


def send_messages(services: Services, now: datetime) -> int:
    """Hand waiting messages to the gateway; how many left."""
    gateway, sent = services.required_partners().messaging, 0
    with read_scope(services.database) as session:
        waiting = [
            Message(row.id, row.channel, row.address, row.subject, row.text) for row in portal_notices.due(session, now)
        ]
    for message in waiting:
        failure = _tried(lambda message=message: gateway.send(message))  # type: ignore[misc]
        with session_scope(services.database) as session:
            if failure is None:
                portal_notices.sent(session, message.message_id, now)
                sent += 1
            else:
                final = isinstance(failure, Refused)
                portal_notices.failed(session, message.message_id, str(failure), now, final)
    return sent


def tell_national_portal(services: Services, now: datetime) -> int:
    """Tell waiting statuses in order; how many were taken."""
    portal, told = services.required_partners().national_portal, 0
    with read_scope(services.database) as session:
        waiting = national_portal.due(session, services.law, now)
    for row in waiting:
        status = DossierStatus(
            dossier_code=row.dossier_code,
            code=int(row.code),
            handler=row.unit,
            unit=row.unit,
            content=national_portal.WORDS[row.code],
            at=row.at,
            started_at=row.started_at,
            due_at=row.due_at,
        )
        body = row.dossier
        failure = _tried(lambda body=body: portal.tell_dossier(body) if body else None)  # type: ignore[misc]
        failure = failure or _tried(lambda status=status: portal.tell_status(status))  # type: ignore[misc]
        with session_scope(services.database) as session:
            if failure is None:
                national_portal.told(session, row.row_id, now)
                told += 1
            else:
                national_portal.not_told(session, row.row_id, str(failure), now)
    return told


def follow_deliveries(services: Services, now: datetime) -> int:
    """Register new deliveries and ask how the others stand; how many were answered."""
    answered = 0
    with read_scope(services.database) as session:
        waiting = [
            (delivery.order_number, delivery.state, _delivery(services, delivery, dossier))
            for delivery, dossier in deliveries.due(session, now)
        ]
    post = services.required_partners().post
    for order_number, state, asked in waiting:
        try:
            found = post.register(asked, CUSTOMER) if state == 0 else post.state(order_number)
        except ConnectorFailure as failure:
            with session_scope(services.database) as session:
                deliveries.failed(session, order_number, str(failure), now)
            continue
        with session_scope(services.database) as session:
            deliveries.moved(session, order_number, found.tracking_number, int(found.state), now)
        answered += 1
    return answered


def _delivery(services: Services, delivery: PostalDelivery, dossier: Dossier) -> Delivery:
    desk = services.law.authority(services.law.desk(dossier))
    sender = Party(desk.name_vi, "1022", desk.name_vi, province="Bình Định")
    address = delivery.address or "Nhận tại bưu cục"
    receiver = Party(dossier.applicant_name, dossier.applicant_phone, address, dossier.applicant_email)
    return Delivery(delivery.order_number, sender, receiver, f"Kết quả hồ sơ {dossier.code}", delivery.cod_amount)


def remind_of_expiry(services: Services, now: datetime) -> int:
    """Remind of papers that expire soon; how many reminders were written."""
    rules = load_portal_rules(services.settings.law_dir)
    with session_scope(services.database) as session:
        return len(reminders.remind(session, rules, now))


def compare_yesterday(services: Services, now: datetime, wall: datetime) -> bool:
    """Compare yesterday's payments with the gateway's books, once; True when it was done now.

    The gateway keeps its books by the clock on the wall: while ours is moved (a rehearsal) there is nothing to compare.
    """
    if abs(now - wall) > CLOCKS_AGREE:
        return False
    day = local(now).date() - timedelta(days=1)
    with read_scope(services.database) as session:
        if reconciliation.made_of(session, GATEWAY, day):
            return False
    begin = datetime.combine(day, time(), ZONE)
    try:
        theirs = services.payment.records(begin, begin + timedelta(days=1))
    except ConnectorFailure as failure:  # the next pass asks again: a gateway that is away makes no worker unwell
        logger.warning("no books of the gateway", error_type=type(failure).__name__)
        return False
    records = [Record(one.order_id, one.transaction_id, one.amount, one.paid) for one in theirs]
    with session_scope(services.database) as session:
        reconciliation.reconcile(session, GATEWAY, day, records, "system", now)
    return True


def move_to_successors(services: Services, now: datetime) -> int:
    """Move open dossiers from bodies that have ended, by the law with its edits of today; how many moved."""
    source = services.law_source
    law = source.current(now) if source else services.law
    with session_scope(services.database) as session:
        return len(succession.move_open_dossiers(session, law, now))


def publish_clock(services: Services, engine_time: EngineTime, wall: Callable[[], datetime]) -> bool:
    """Leave the engine's clock for the web; True when it changed."""
    difference = engine_time.now() - wall()
    milliseconds = round(difference.total_seconds() * 1000)
    known = 0 if abs(milliseconds) < clock.SMALLEST_MS else milliseconds
    with read_scope(services.database) as session:
        if clock.difference_ms(session) == known:
            return False
    with session_scope(services.database) as session:
        return clock.publish(session, known)


class EveryHour:
    """Does a piece of work at most once an hour of the loop's clock, however often the loop passes."""

    def __init__(self, work: Callable[[datetime], object]) -> None:
        self._work = work
        self._last: datetime | None = None

    def __call__(self, now: datetime) -> None:
        """Do it when an hour has passed, or the clock was set back."""
        if self._last is not None and timedelta(0) <= now - self._last < REMINDERS_EVERY:
            return
        self._work(now)
        self._last = now


def _tried(call: Callable[[], object]) -> ConnectorFailure | None:
    try:
        call()
    except ConnectorFailure as failure:
        return failure
    return None
