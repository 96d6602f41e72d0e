"""Trips: one recorded visit of an applicant to a one-stop desk is one trip.

Filing at the counter is a visit, collecting at the desk is one, and so is each supplement of a dossier that was filed
at the counter (its papers are brought) [I].
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from lienthong.dossiers.statistics.figure import rounded
from lienthong.dossiers.statistics.records import DossierRecord


@dataclass(frozen=True, slots=True)
class Trips:
    """Visits of some dossiers: how many in all, a dossier, and in how many dossiers nobody had to come."""

    dossiers: int
    visits: int
    without_visit: int
    average: Decimal | None


def desk_visits(channel: str, delivery: str, handed_over: bool, supplements: int) -> int:
    """The visits that the acts of one dossier record."""
    filing = 1 + supplements if channel == "counter" else 0
    return filing + (1 if delivery == "desk" and handed_over else 0)


def trips(dossiers: Sequence[DossierRecord]) -> Trips:
    """The visits of these dossiers together."""
    visits = sum(one.desk_visits for one in dossiers)
    return trips_of(len(dossiers), visits, sum(one.desk_visits == 0 for one in dossiers))


def trips_of(dossiers: int, visits: int, without_visit: int) -> Trips:
    """The visits of so many dossiers, with their mean."""
    average = rounded(Fraction(visits, dossiers), 2) if dossiers else None
    return Trips(dossiers, visits, without_visit, average)
