"""Locking a user name after repeated failed sign-ins: known and unknown names alike, so that a lock tells nothing."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from lienthong.dossiers import audit
from lienthong.dossiers.errors import TooManyTries
from lienthong.dossiers.tables import SignInLock

FAILURES_ALLOWED: Final = 5
WINDOW: Final = timedelta(minutes=15)  # failures further apart than this are counted anew
LOCKED_FOR: Final = timedelta(minutes=15)
LONGEST_NAME: Final = 64
MINUTE_S: Final = 60


def _key(username: str) -> str:
    return username.strip()[:LONGEST_NAME]


def refuse_locked(session: Session, username: str, now: datetime) -> None:
    """``TooManyTries`` with the minutes still to wait; the try itself is not counted."""
    row = session.get(SignInLock, _key(username))
    if row is None or row.locked_until is None or row.locked_until <= now:
        return
    minutes = int((row.locked_until - now).total_seconds() // MINUTE_S) + 1
    raise TooManyTries(
        "locked",
        f"Đăng nhập sai quá nhiều lần. Hãy thử lại sau {minutes} phút, hoặc nhờ quản trị viên mở khóa.",
        f"Too many failed sign-ins. Try again in {minutes} minutes, or ask an administrator to unlock the account.",
    )


def failed(session: Session, username: str, now: datetime) -> None:
    """Count a failure; the last one allowed within the window locks the name."""
    key = _key(username)
    row = session.get(SignInLock, key)
    over = row is not None and (now - row.first_failed_at > WINDOW or row.locked_until is not None)
    if row is None:
        row = SignInLock(username=key, first_failed_at=now)
    elif over:
        row.failures, row.first_failed_at, row.locked_until = 0, now, None
    row.failures += 1
    if row.failures >= FAILURES_ALLOWED:
        row.locked_until = now + LOCKED_FOR
        audit.record(session, "anonymous", "sign-in-locked", "account", {"failures": row.failures}, now)
    session.add(row)


def forget(session: Session, username: str) -> None:
    """After a sign-in, or by an administrator: no failure is remembered."""
    row = session.get(SignInLock, _key(username))
    if row is not None:
        session.delete(row)


def locked_until(session: Session, now: datetime) -> dict[str, datetime]:
    """The names that are locked now, and until when."""
    rows = session.exec(select(SignInLock).where(col(SignInLock.locked_until) > now)).all()
    return {row.username: row.locked_until for row in rows if row.locked_until is not None}
