"""Queue tickets of the one-stop desk: a number, called in order of coming; whoever has priority goes first.

Numbers begin at 1 each day at each desk. Priority is for those whom the law lets go first (the old, the disabled,
pregnant women, small children) [I: the desk decides by sight, nothing about the person is kept].
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Table, update
from sqlmodel import Session, SQLModel, and_, col, func, select

from lienthong.dossiers.errors import Conflict, NotFound
from lienthong.dossiers.numbering import next_serial
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.tables import QueueTicket, TicketState

_ROWS: Table = SQLModel.metadata.tables["queue_ticket"]


@dataclass(frozen=True, slots=True)
class Line:
    """The waiting room now: who was called to which window, and how many still wait."""

    called: list[QueueTicket]
    waiting: list[QueueTicket]


def issue(session: Session, desk_id: str, now: datetime, essential: bool = False) -> QueueTicket:
    """The next number of the day."""
    day = local(now).date()
    number = next_serial(session, f"ticket:{desk_id}:{day.isoformat()}")
    ticket = QueueTicket(desk_id=desk_id, day=day, number=number, essential=essential, issued_at=now)
    session.add(ticket)
    session.flush()
    return ticket


def call_next(session: Session, desk_id: str, window: str, username: str, now: datetime) -> QueueTicket | None:
    """Call who is next to a window, ending whoever was there; None when nobody waits. Two windows never share one."""
    day = local(now).date()
    for before in _of_day(session, desk_id, day, TicketState.CALLED):
        if before.window == window:
            before.state, before.ended_at = TicketState.SERVED, now
            session.add(before)
    session.flush()
    for ticket in _of_day(session, desk_id, day, TicketState.WAITING):
        wanted = and_(_ROWS.c.id == ticket.id, _ROWS.c.state == TicketState.WAITING)
        values = {"state": TicketState.CALLED, "called_at": now, "window": window, "called_by": username}
        if session.connection().execute(update(_ROWS).where(wanted).values(values)).rowcount == 1:
            session.refresh(ticket)
            return ticket
    return None


def end(session: Session, ticket_id: str, absent: bool, now: datetime) -> QueueTicket:
    """Whoever was called has been served, or did not come."""
    ticket = session.get(QueueTicket, ticket_id)
    if ticket is None:
        raise NotFound("ticket", "Không có số này.", "There is no such ticket.")
    if ticket.state != TicketState.CALLED:
        raise Conflict("ticket", "Số này chưa được gọi hoặc đã xong.", "This number is not at a window.")
    ticket.state, ticket.ended_at = (TicketState.ABSENT if absent else TicketState.SERVED), now
    session.add(ticket)
    return ticket


def line(session: Session, desk_id: str, now: datetime) -> Line:
    """What the display shows."""
    day = local(now).date()
    called = sorted(_of_day(session, desk_id, day, TicketState.CALLED), key=lambda one: one.called_at or now)
    return Line(called[::-1], _of_day(session, desk_id, day, TicketState.WAITING))


def _of_day(session: Session, desk_id: str, day: date, state: TicketState) -> list[QueueTicket]:
    statement = select(QueueTicket).where(
        QueueTicket.desk_id == desk_id, QueueTicket.day == day, QueueTicket.state == state
    )
    return list(session.exec(statement.order_by(col(QueueTicket.essential).desc(), col(QueueTicket.number))).all())


def served_today(session: Session, desk_id: str, now: datetime) -> int:
    """How many were served today."""
    statement = select(func.count()).where(
        QueueTicket.desk_id == desk_id,
        QueueTicket.day == local(now).date(),
        QueueTicket.state == TicketState.SERVED,
    )
    return session.exec(statement).one()
