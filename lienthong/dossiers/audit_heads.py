"""Daily signed heads of the audit, and the export that anybody can verify without our database.

A head is the last entry at the end of a day with a signature over it: whoever rewrites the chain before it would have
to forge the signature too. The export is a text of JSON lines: a heading, each entry, each head, and a signed end.
"""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TextIO

from sqlmodel import Session, col, func, select

from lienthong.dossiers.audit import canonical
from lienthong.dossiers.papers.signing import SigningSettings, sign_bytes
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.tables import AuditEntry, AuditHead

FORMAT: Final = "lienthong-audit"
VERSION: Final = 1
_BATCH: Final = 1000


def head_bytes(day: str, seq: int, digest: str) -> bytes:
    """What is signed of a head: its day, the number of the last entry, and that entry's hash."""
    return json.dumps({"day": day, "seq": seq, "hash": digest}, sort_keys=True, separators=(",", ":")).encode()


def is_signed(session: Session, now: datetime) -> bool:
    """Whether the day that has ended has its head, or nothing is there to sign."""
    day = local(now).date() - timedelta(days=1)
    return session.get(AuditHead, day) is not None or session.exec(select(AuditEntry.seq).limit(1)).first() is None


def sign_head(session: Session, settings: SigningSettings, now: datetime) -> AuditHead | None:
    """Sign the chain as it stands for the day that has ended, once a day; None while there is nothing to sign."""
    day = local(now).date() - timedelta(days=1)
    known = session.get(AuditHead, day)
    if known is not None:
        return known
    last = session.exec(select(AuditEntry).order_by(col(AuditEntry.seq).desc()).limit(1)).first()
    if last is None:
        return None
    signature, certificate = sign_bytes(settings, head_bytes(day.isoformat(), last.seq, last.hash))
    head = AuditHead(
        day=day,
        seq=last.seq,
        hash=last.hash,
        signed_at=now,
        signature=base64.b64encode(signature).decode(),
        certificate=certificate,
    )
    session.add(head)
    session.flush()
    return head


def heads(session: Session) -> list[AuditHead]:
    """Every head, oldest first."""
    return list(session.exec(select(AuditHead).order_by(col(AuditHead.day))).all())


def export(session: Session, settings: SigningSettings, out: TextIO, now: datetime) -> int:
    """Write the whole audit as JSON lines; how many entries."""
    _line(out, {"format": FORMAT, "version": VERSION, "exportedAt": now.astimezone(UTC).isoformat()})
    written, last = 0, ""
    for entry in _entries(session):
        text = canonical(entry.seq, entry.at, entry.actor, entry.act, entry.subject, entry.data, entry.previous_hash)
        _line(out, {**json.loads(text), "hash": entry.hash})
        written, last = written + 1, entry.hash
    for head in heads(session):
        shown = {"day": head.day.isoformat(), "seq": head.seq, "hash": head.hash}
        _line(out, {"head": {**shown, "signature": head.signature, "certificate": head.certificate}})
    day = local(now).date().isoformat()
    signature, certificate = sign_bytes(settings, head_bytes(day, written, last))
    end = {"day": day, "seq": written, "hash": last, "signature": base64.b64encode(signature).decode()}
    _line(out, {"end": {**end, "certificate": certificate}})
    return written


def _entries(session: Session) -> Iterator[AuditEntry]:
    """All entries in order, some at a time, so that a long audit needs no memory."""
    after = 0
    while True:
        statement = select(AuditEntry).where(AuditEntry.seq > after).order_by(col(AuditEntry.seq)).limit(_BATCH)
        found = session.exec(statement).all()
        if not found:
            return
        yield from found
        after = found[-1].seq
        session.expunge_all()


def _line(out: TextIO, value: dict[str, Any]) -> None:
    out.write(json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n")


def count(session: Session) -> int:
    """How many entries the audit has."""
    return session.exec(select(func.count()).select_from(AuditEntry)).one()
