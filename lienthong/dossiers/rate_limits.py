"""How often something may be tried: a window that starts with the first try and forgets when it has passed."""

from datetime import datetime, timedelta

from sqlmodel import Session

from lienthong.dossiers.tables.portal import RateWindow


def take(session: Session, name: str, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one try under ``name``; False when more than ``limit`` were made within ``window``."""
    row = session.get(RateWindow, name[:160], with_for_update=True)
    if row is None or now - row.started_at >= window or now < row.started_at:
        row = session.merge(RateWindow(name=name[:160], started_at=now, count=0))
    row.count += 1
    session.add(row)
    session.flush()
    return row.count <= limit


def forget(session: Session, name: str) -> None:
    """The tries of ``name`` count no more: what was wanted has succeeded."""
    row = session.get(RateWindow, name[:160])
    if row is not None:
        session.delete(row)
