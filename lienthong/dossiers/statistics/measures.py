"""Every figure of a period and scope from tallies: the same formulas as over records, without reading a dossier.

A figure here has no list of dossiers: ``behind`` gives them, a page at a time, for the figure that somebody opens.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, select

from lienthong.dossiers.statistics import facts, tally, voices
from lienthong.dossiers.statistics.figure import Figure, figure
from lienthong.dossiers.statistics.five_groups import PARTS, FiveGroups, part_points
from lienthong.dossiers.statistics.nine_indicators import (
    MEANINGS,
    OFFICER_INDICATORS,
    Judged,
    NineIndicators,
    judged_figure,
)
from lienthong.dossiers.statistics.records import Period, PeriodKind, Scope, Timeliness, period
from lienthong.dossiers.statistics.tally import Tallies, Tally, total
from lienthong.dossiers.statistics.timely import KINDS, ONLINE
from lienthong.dossiers.statistics.trips import Trips, trips_of
from lienthong.dossiers.statistics.voices import Complaint, Voices
from lienthong.dossiers.tables import Assessment


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of one year, by any of its periods and scopes."""

    year: int
    tallies: Tallies
    said: Voices
    judged: Mapping[tuple[str, str], Judged]

    def tally(self, scope: Scope, span: Period) -> Tally:
        """What was counted of the dossiers that ended in a period and in which the scope had work."""
        months = self.tallies.ended.get((scope.authority_id, scope.officer), {})
        return total(months[name] for name in months_of(span) if name in months)

    def authorities(self) -> list[str]:
        """Every authority that had work in the year."""
        return sorted({authority for authority, _ in self.tallies.ended if authority})

    def officers(self) -> list[str]:
        """Every officer who had work in the year."""
        return sorted({officer for _, officer in self.tallies.ended if officer})

    def nine(self, scope: Scope, span: Period) -> NineIndicators:
        """All nine indicators of an authority (or of all), the five of an officer."""
        counted, complaints = self.tally(scope, span), self._complaints(scope, span)
        found = _indicators(counted, complaints)
        if scope.officer:
            return NineIndicators(scope, span, tuple(found[number] for number in OFFICER_INDICATORS))
        judged = self.judged.get((scope.authority_id, span.name), Judged())
        found[5] = judged_figure(5, judged.organisation)
        found[6] = judged_figure(6, judged.publicity)
        found[8] = _petitions([one for one in complaints if span.covers(one.record.received_at)])
        found[9] = _online(counted)
        return NineIndicators(scope, span, tuple(found[number] for number in sorted(found)))

    def five(self, scope: Scope, span: Period) -> FiveGroups:
        """The points of the five groups; what nobody measured has none."""
        counted, complaints = self.tally(scope, span), self._complaints(scope, span)
        shares = _shares(counted) | _answers(complaints)
        marks = [one for one in self.said.marks if self._own(one.ended_month, one.scopes, scope, span)]
        shares["survey"] = (sum(one.satisfied for one in marks), len(marks))
        return FiveGroups(tuple((part, part_points(part, *shares.get(part.meaning.name, (0, 0)))) for part in PARTS))

    def timely(self, scope: Scope, span: Period) -> dict[Timeliness, Figure]:
        """The shares of early, on time and late."""
        counted = self.tally(scope, span)
        numbers = {Timeliness.EARLY: counted.early, Timeliness.ON_TIME: counted.on_time, Timeliness.LATE: counted.late}
        return {kind: figure(meaning, 100 * numbers[kind], counted.ended) for kind, meaning in KINDS.items()}

    def online(self, scope: Scope, span: Period) -> Figure:
        """The share of dossiers filed online."""
        months = self.tallies.filed.get((scope.authority_id, scope.officer), {})
        counts = [months[name] for name in months_of(span) if name in months]
        return figure(ONLINE, 100 * sum(online for _, online in counts), sum(filed for filed, _ in counts))

    def trips(self, scope: Scope, span: Period) -> Trips:
        """Visits to the desk of the dossiers that ended in the period."""
        counted = self.tally(scope, span)
        return trips_of(counted.dossiers, counted.visits, counted.without_visit)

    def _complaints(self, scope: Scope, span: Period) -> list[Complaint]:
        return [one for one in self.said.complaints if self._own(one.ended_month, one.scopes, scope, span)]

    @staticmethod
    def _own(month: str | None, scopes: frozenset[tuple[str, str]], scope: Scope, span: Period) -> bool:
        return month is not None and month in months_of(span) and (scope.authority_id, scope.officer) in scopes


def measure(session: Session, year: int) -> Measures:
    """Count a year where it lies; call it in a ``report_scope``."""
    facts.lay_out(session, period(PeriodKind.YEAR, year))
    return Measures(year, tally.read(session), voices.read(session), _judged(session, year))


def _judged(session: Session, year: int) -> dict[tuple[str, str], Judged]:
    found: dict[tuple[str, str], Judged] = {}
    for one in session.exec(select(Assessment).where(col(Assessment.period).startswith(f"{year}"))):
        known = found.get((one.authority_id, one.period), Judged())
        given = {"organisation": known.organisation, "publicity": known.publicity}
        given["organisation" if one.indicator == 5 else "publicity"] = one.points
        found[one.authority_id, one.period] = Judged(**given)
    return found


def months_of(span: Period) -> list[str]:
    """The months of a period by name; periods are whole months."""
    names, day = [], span.first
    while day <= span.last:
        names.append(f"{day:%Y-%m}")
        day = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return names


def _indicators(counted: Tally, complaints: Iterable[Complaint]) -> dict[int, Figure]:
    complained = {one.record.dossier_code: one.points or 0 for one in complaints if one.record.justified}
    return {
        1: figure(MEANINGS[1], counted.time_points, counted.ended),
        2: figure(MEANINGS[2], counted.branch_points, counted.branches),
        3: figure(MEANINGS[3], counted.contact_points, counted.dossiers),
        4: figure(MEANINGS[4], counted.dossiers + counted.without_visit, counted.dossiers),
        7: figure(MEANINGS[7], counted.time_points - sum(complained.values()), counted.ended),
    }


def _petitions(own: list[Complaint]) -> Figure:
    in_time = sum(one.record.in_time for one in own)
    points = 2 if in_time == len(own) else 1 if in_time * 10 >= len(own) * 9 else 0
    return figure(MEANINGS[8], points, 1 if own else 0)


def _online(counted: Tally) -> Figure:
    enough = len(counted.online_procedures) * 5 >= len(counted.procedures) and counted.online * 10 >= (
        counted.dossiers * 3
    )
    some = counted.online * 100 >= counted.dossiers * 15
    points = 2 if enough and not counted.online_late else 1 if some else 0
    return figure(MEANINGS[9], points, 1 if counted.dossiers else 0)


def _shares(counted: Tally) -> dict[str, tuple[int, int]]:
    return {
        "synced": (counted.synced, counted.dossiers),
        "in-time": (counted.ended - counted.late, counted.ended),
        "average": (counted.allowed, counted.taken),
        "digital": (counted.digital, counted.components),
        "reused": (counted.with_reuse, counted.dossiers),
        "service": (counted.online, counted.dossiers),
        "payment": (counted.paid_online, counted.paid),
    }


def _answers(complaints: list[Complaint]) -> dict[str, tuple[int, int]]:
    records = [one.record for one in complaints]
    in_time = sum(one.in_time for one in records)
    content = sum(one.in_time and one.satisfied for one in records)
    return {"answered": (in_time, len(records)), "content-with": (content, len(records))}
