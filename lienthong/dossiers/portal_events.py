"""What follows from the story of dossiers: messages to applicants, statuses for the National Portal, deliveries.

Read by a cursor over the timeline, so that whoever writes an event need not know who wants to hear of it. A few
entries before the cursor are read again each time: concurrent transactions may commit out of order, and every step
is written once whatever is repeated.
"""

from datetime import datetime
from typing import Final

from sqlmodel import Session, col, func, select

from lienthong.dossiers import deliveries, national_portal, portal_notices
from lienthong.dossiers.tables import Counter, Dossier, TimelineEntry

CURSOR: Final = "portal-events"
OVERLAP: Final = 100
BATCH: Final = 500
TOLD: Final = frozenset({"paid"})
READY: Final = "notice-result-ready"


def waiting(session: Session) -> bool:
    """Whether the timeline has grown since the last pass: a cheap look without a write lock."""
    newest = session.exec(select(func.max(TimelineEntry.id))).one() or 0
    cursor = session.get(Counter, CURSOR)
    return cursor is None or newest > cursor.value


def consume(session: Session, now: datetime) -> int:
    """One pass; how many entries were new. The very first pass starts at the present end."""
    cursor = session.get(Counter, CURSOR)
    if cursor is None:
        newest = session.exec(select(func.max(TimelineEntry.id))).one() or 0
        session.add(Counter(name=CURSOR, value=newest))
        return 0
    statement = (
        select(TimelineEntry, Dossier)
        .join(Dossier, col(Dossier.id) == col(TimelineEntry.dossier_id))
        .where(col(TimelineEntry.id) > cursor.value - OVERLAP)
        .order_by(col(TimelineEntry.id))
        .limit(BATCH + OVERLAP)
    )
    found = session.exec(statement).all()
    for entry, dossier in found:
        if entry.kind.startswith("notice-") or entry.kind in TOLD:
            source = f"timeline:{entry.id}"
            portal_notices.tell_applicant(session, dossier, source, entry.text_vi, entry.text_en, now)
        if entry.kind == READY:
            deliveries.plan(session, dossier, now)
    for dossier in {dossier.id: dossier for _, dossier in found}.values():
        national_portal.note_change(session, dossier, now)
    last = found[-1][0].id if found else None
    new = sum((entry.id or 0) > cursor.value for entry, _ in found)
    if last is not None and last > cursor.value:
        cursor.value = last
        session.add(cursor)
    session.flush()
    return new
