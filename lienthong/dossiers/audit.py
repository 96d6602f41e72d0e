"""The audit: every act is chained to the one before by SHA-256, so that a change of the past shows.

The chain grows inside the transaction of the act, as the last thing before its commit: so that two acts cannot take
the same place, a transaction holds the chain from there to its end (SQLite's one write lock; a lock of its own on
PostgreSQL), and never while a paper is made.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import event, text
from sqlmodel import Session, col, select

from lienthong.dossiers.database import reads_only
from lienthong.dossiers.tables import AuditEntry

FIRST_HASH: Final = "0" * 64
_WAITING: Final = "lienthong_audit_waiting"
_CHAIN_LOCK: Final = 7_401_021  # the key of PostgreSQL's advisory lock on the end of the chain


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a check of the chain found; ``broken_at`` is the first entry that does not fit."""

    entries: int
    ok: bool
    broken_at: int | None = None


def canonical(seq: int, at: datetime, actor: str, act: str, subject: str, data: dict[str, Any], previous: str) -> bytes:
    """The one JSON text of an entry that is hashed: sorted keys, no spaces, UTC."""
    value = {
        "seq": seq,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": actor,
        "act": act,
        "subject": subject,
        "data": data,
        "previousHash": previous,
    }
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class _Act:
    """One act that waits for its place in the chain."""

    at: datetime
    actor: str
    act: str
    subject: str
    data: dict[str, Any]


def record(session: Session, actor: str, act: str, subject: str, data: dict[str, Any], now: datetime) -> None:
    """Append one act of ``actor`` on ``subject`` when ``session`` commits; ``data`` is JSON without personal data."""
    if reads_only(session):
        raise ValueError(f"Expected a session that writes for the act “{act}”, but nothing of this one is kept.")
    plain: dict[str, Any] = json.loads(json.dumps(data))
    session.connection()  # begins the transaction, so that its end is heard of
    session.info.setdefault(_WAITING, []).append(_Act(now, actor, act, subject, plain))


@event.listens_for(Session, "before_commit")
def chain(session: Session) -> None:
    """Give every waiting act of the transaction its place at the end of the chain."""
    waiting: list[_Act] = session.info.pop(_WAITING, [])
    if not waiting:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    last = session.exec(select(AuditEntry).order_by(col(AuditEntry.seq).desc()).limit(1)).first()
    seq, previous = (0, FIRST_HASH) if last is None else (last.seq, last.hash)
    for act in waiting:
        seq += 1
        content = canonical(seq, act.at, act.actor, act.act, act.subject, act.data, previous)
        digest = hashlib.sha256(content).hexdigest()
        entry = AuditEntry(
            seq=seq,
            at=act.at,
            actor=act.actor,
            act=act.act,
            subject=act.subject,
            data=act.data,
            previous_hash=previous,
            hash=digest,
        )
        session.add(entry)
        previous = digest
    session.flush()


@event.listens_for(Session, "after_soft_rollback")
def forget(session: Session, _previous: object) -> None:
    """What was rolled back never happened."""
    session.info.pop(_WAITING, None)


def verify(session: Session) -> AuditReport:
    """Recompute the whole chain: a changed, removed or inserted entry breaks it."""
    previous, count = FIRST_HASH, 0
    for entry in session.exec(select(AuditEntry).order_by(col(AuditEntry.seq))):
        count += 1
        content = canonical(entry.seq, entry.at, entry.actor, entry.act, entry.subject, entry.data, previous)
        fits = entry.seq == count and entry.previous_hash == previous
        if not fits or entry.hash != hashlib.sha256(content).hexdigest():
            return AuditReport(count, False, entry.seq)
        previous = entry.hash
    return AuditReport(count, True)
