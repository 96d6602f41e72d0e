"""Looking through the audit."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from lienthong.dossiers.tables import AuditEntry


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; empty fields do not filter. ``actor`` and ``subject`` are parts, ``act`` is whole."""

    actor: str = ""
    act: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def find(session: Session, wanted: Wanted, limit: int) -> list[AuditEntry]:
    """The entries that fit, newest first."""
    statement = select(AuditEntry).where(*_conditions(wanted)).order_by(col(AuditEntry.seq).desc()).limit(limit)
    return list(session.exec(statement).all())


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.actor.strip():
        found.append(col(AuditEntry.actor).icontains(wanted.actor.strip(), autoescape=True))
    if wanted.subject.strip():
        found.append(col(AuditEntry.subject).icontains(wanted.subject.strip(), autoescape=True))
    if wanted.act:
        found.append(col(AuditEntry.act) == wanted.act)
    if wanted.since is not None:
        found.append(col(AuditEntry.at) >= wanted.since)
    if wanted.until is not None:
        found.append(col(AuditEntry.at) <= wanted.until)
    if wanted.before is not None:
        found.append(col(AuditEntry.seq) < wanted.before)
    return found


def acts(session: Session) -> list[str]:
    """Every kind of act that there is."""
    return sorted(session.exec(select(AuditEntry.act).distinct()).all())
