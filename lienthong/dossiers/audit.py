"""The audit: every act is chained to the one before by SHA-256, so that a change of the past shows.

The chain grows inside the transaction of the act; transactions that write hold the database's one write lock, so
two acts cannot take the same place.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from lienthong.dossiers.tables import AuditEntry

FIRST_HASH: Final = "0" * 64


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


def record(session: Session, actor: str, act: str, subject: str, data: dict[str, Any], now: datetime) -> AuditEntry:
    """Append one act of ``actor`` on ``subject``; ``data`` is JSON and holds no personal data."""
    plain: dict[str, Any] = json.loads(json.dumps(data))
    last = session.exec(select(AuditEntry).order_by(col(AuditEntry.seq).desc()).limit(1)).first()
    seq, previous = (1, FIRST_HASH) if last is None else (last.seq + 1, last.hash)
    digest = hashlib.sha256(canonical(seq, now, actor, act, subject, plain, previous)).hexdigest()
    entry = AuditEntry(
        seq=seq, at=now, actor=actor, act=act, subject=subject, data=plain, previous_hash=previous, hash=digest
    )
    session.add(entry)
    session.flush()
    return entry


def verify(session: Session) -> AuditReport:
    """Recompute the whole chain: a changed, removed or inserted entry breaks it."""
    previous, count = FIRST_HASH, 0
    for entry in session.exec(select(AuditEntry).order_by(col(AuditEntry.seq))):
        count += 1
        text = canonical(entry.seq, entry.at, entry.actor, entry.act, entry.subject, entry.data, previous)
        fits = entry.seq == count and entry.previous_hash == previous
        if not fits or entry.hash != hashlib.sha256(text).hexdigest():
            return AuditReport(count, False, entry.seq)
        previous = entry.hash
    return AuditReport(count, True)
