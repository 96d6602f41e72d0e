"""What people said of dossiers that were laid out: petitions with their answers, and ratings; few, so read as rows."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlmodel import Session, col, select

from lienthong.dossiers.statistics.facts import BRANCHES, DOSSIERS
from lienthong.dossiers.statistics.records import PetitionRecord
from lienthong.dossiers.tables.portal import Petition, Rating

SATISFIED_FROM: Final = 4  # of 5 marks [I]
_JUSTIFIED: Final = ("upheld", "partly")


@dataclass(frozen=True, slots=True)
class Complaint:
    """A petition about a dossier: its month of end, its points for time, and the scopes that worked on it."""

    record: PetitionRecord
    ended_month: str | None
    points: int | None
    scopes: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Mark:
    """A rating of a dossier: whether its applicant is satisfied."""

    code: str
    ended_month: str | None
    satisfied: bool
    scopes: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Voices:
    """All of them."""

    complaints: tuple[Complaint, ...] = ()
    marks: tuple[Mark, ...] = ()


def read(session: Session) -> Voices:
    """Petitions and ratings of the dossiers that were laid out."""
    scopes = _scopes(session)
    rows = session.connection().execute(
        text(
            f"SELECT f.dossier_id, f.code, f.ended_month, f.points FROM {DOSSIERS} f WHERE f.dossier_id IN"
            " (SELECT dossier_id FROM petition UNION SELECT dossier_id FROM rating)"
        )
    )
    around = {key: (str(code), month, points) for key, code, month, points in rows}
    known: tuple[Any, ...] = (around, scopes)
    return Voices(_complaints(session, *known), _marks(session, *known))


def _scopes(session: Session) -> dict[str, frozenset[tuple[str, str]]]:
    rows = session.connection().execute(
        text(
            f"SELECT f.dossier_id, b.authority_id, b.officer FROM {BRANCHES} b JOIN {DOSSIERS} f ON f.number = b.number"
            " WHERE f.dossier_id IN (SELECT dossier_id FROM petition UNION SELECT dossier_id FROM rating)"
        )
    )
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for key, authority, officer in rows:
        found[key] |= {("", ""), (authority, "")} | ({("", officer)} if officer else set())
    return {key: frozenset(names) for key, names in found.items()}


def _complaints(
    session: Session, around: dict[str, tuple[str, Any, Any]], scopes: dict[str, frozenset[tuple[str, str]]]
) -> tuple[Complaint, ...]:
    found = []
    for one in session.exec(select(Petition).where(col(Petition.dossier_id).is_not(None)).order_by(Petition.code)):
        if one.dossier_id in around:
            code, month, points = around[one.dossier_id]
            justified, satisfied = one.outcome in _JUSTIFIED, one.satisfied is not False
            record = PetitionRecord(code, one.received_at, one.due_at, one.answered_at, justified, satisfied)
            found.append(Complaint(record, month, points, scopes.get(one.dossier_id, frozenset())))
    return tuple(found)


def _marks(
    session: Session, around: dict[str, tuple[str, Any, Any]], scopes: dict[str, frozenset[tuple[str, str]]]
) -> tuple[Mark, ...]:
    return tuple(
        Mark(
            around[one.dossier_id][0],
            around[one.dossier_id][1],
            one.overall >= SATISFIED_FROM,
            scopes.get(one.dossier_id, frozenset()),
        )
        for one in session.exec(select(Rating).order_by(Rating.dossier_id))
        if one.dossier_id in around
    )
