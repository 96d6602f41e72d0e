"""Counts that add up: of a month and a scope each, read by SQL; sums of them are the counts of any longer period."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Final

from sqlalchemy import text
from sqlmodel import Session

from lienthong.dossiers.statistics.facts import BRANCHES, DOSSIERS

EVERYTHING: Final = ("", "")
_SUMS: Final = """
  count(*) AS dossiers, count(f.points) AS ended, sum(f.early), sum(f.on_time), sum(f.late), sum(f.contact_points),
  sum(f.without_visit), sum(f.visits), sum(f.online), sum(f.online_late), sum(f.synced), sum(f.with_reuse),
  sum(f.components), sum(f.digital), sum(f.paid), sum(f.paid_online), sum(f.allowed), sum(f.taken)
"""


@dataclass(slots=True)
class Tally:
    """What was counted of the dossiers that ended in a month; all numbers add up."""

    dossiers: int = 0
    ended: int = 0
    early: int = 0
    on_time: int = 0
    late: int = 0
    contact_points: int = 0
    without_visit: int = 0
    visits: int = 0
    online: int = 0
    online_late: int = 0
    synced: int = 0
    with_reuse: int = 0
    components: int = 0
    digital: int = 0
    paid: int = 0
    paid_online: int = 0
    allowed: int = 0
    taken: int = 0
    branches: int = 0
    branch_points: int = 0
    procedures: frozenset[str] = frozenset()
    online_procedures: frozenset[str] = frozenset()

    @property
    def time_points(self) -> int:
        """2 for each early dossier, 1 for each on time."""
        return 2 * self.early + self.on_time


_NUMBERS: Final = [one.name for one in fields(Tally) if one.name not in ("procedures", "online_procedures")]
_COUNTED: Final = _NUMBERS[:-2]


def total(parts: Iterable[Tally]) -> Tally:
    """The sum of tallies."""
    result = Tally()
    for part in parts:
        for name in _NUMBERS:
            setattr(result, name, getattr(result, name) + getattr(part, name))
        result.procedures |= part.procedures
        result.online_procedures |= part.online_procedures
    return result


@dataclass(slots=True)
class Tallies:
    """Tallies by scope (authority, officer) and month of the end, and dossiers filed by scope and month."""

    ended: dict[tuple[str, str], dict[str, Tally]] = field(default_factory=lambda: defaultdict(dict))
    filed: dict[tuple[str, str], dict[str, tuple[int, int]]] = field(default_factory=lambda: defaultdict(dict))


def read(session: Session) -> Tallies:
    """Every tally of the period that was laid out."""
    found = Tallies()
    _read_scope(session, found, "'' AS authority_id, '' AS officer", "")
    _read_scope(session, found, "b.authority_id AS authority_id, '' AS officer", "")
    _read_scope(session, found, "'' AS authority_id, b.officer AS officer", "WHERE b.officer <> ''")
    _read_procedures(session, found)
    return found


def _read_scope(session: Session, found: Tallies, names: str, where: str) -> None:
    """One scope: a dossier counts once in it, however many of its branches fall into it."""
    statement = f"""
SELECT own.authority_id, own.officer, f.ended_month, f.filed_month, {_SUMS},
  sum(own.branches) AS branches, sum(own.branch_points) AS branch_points
FROM (
  SELECT {names}, b.number AS number, count(b.points) AS branches, coalesce(sum(b.points), 0) AS branch_points
  FROM {BRANCHES} b {where} GROUP BY 1, 2, b.number
) own JOIN {DOSSIERS} f ON f.number = own.number
GROUP BY 1, 2, 3, 4
"""
    for authority, officer, ended_month, filed_month, *numbers in session.connection().execute(text(statement)):
        tally = Tally()
        for name, number in zip((*_COUNTED, "branches", "branch_points"), numbers, strict=True):
            setattr(tally, name, int(number))
        filed = found.filed[authority, officer]
        count, online = filed.get(filed_month, (0, 0))
        filed[filed_month] = (count + tally.dossiers, online + tally.online)
        if ended_month is not None:
            ended = found.ended[authority, officer]
            ended[ended_month] = total([ended.get(ended_month, Tally()), tally])


def _read_procedures(session: Session, found: Tallies) -> None:
    """Which procedures each scope had in a month, and which of them online."""
    statement = f"""
SELECT b.authority_id, b.officer, f.ended_month, b.procedure_code, max(f.online)
FROM {BRANCHES} b JOIN {DOSSIERS} f ON f.number = b.number
WHERE f.ended_month IS NOT NULL GROUP BY 1, 2, 3, 4
"""
    for authority, officer, month, procedure, online in session.connection().execute(text(statement)):
        for scope in (EVERYTHING, (authority, ""), *([("", officer)] if officer else [])):
            tally = found.ended[scope][month]
            tally.procedures |= {procedure}
            tally.online_procedures |= {procedure} if online else frozenset()
