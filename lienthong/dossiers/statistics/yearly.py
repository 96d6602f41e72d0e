"""The yearly report: every figure of a year, by period, authority and officer, as plain JSON-able data."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.statistics.component_review import ComponentCount, review
from lienthong.dossiers.statistics.figure import Figure
from lienthong.dossiers.statistics.five_groups import FiveGroups, five_groups
from lienthong.dossiers.statistics.late_list import by_authority, compile_list
from lienthong.dossiers.statistics.nine_indicators import (
    NineIndicators,
    agency_class,
    of_agency,
    of_officer,
    officer_class,
)
from lienthong.dossiers.statistics.records import DossierRecord, Period, PeriodKind, Scope, period
from lienthong.dossiers.statistics.timely import online_share, timely
from lienthong.dossiers.statistics.trips import trips

_LISTED: Final = 20


def periods_of(year: int) -> list[Period]:
    """The year, its quarters, its months."""
    quarters = [period(PeriodKind.QUARTER, year, number) for number in range(1, 5)]
    return [period(PeriodKind.YEAR, year), *quarters, *(period(PeriodKind.MONTH, year, one) for one in range(1, 13))]


def yearly_report(
    law: Law, dossiers: Sequence[DossierRecord], components: Sequence[ComponentCount], year: int, now: datetime
) -> dict[str, Any]:
    """All figures of the year; behind each stand at most twenty codes here, the figure itself holds all."""
    whole = period(PeriodKind.YEAR, year)
    ended, filed = _by_month(dossiers, lambda one: one.finished_at), _by_month(dossiers, lambda one: one.filed_at)
    late = compile_list(dossiers, whole, law.calendar, now)
    return {
        "year": year,
        "periods": {span.name: _period(_within(ended, span), _within(filed, span), span) for span in periods_of(year)},
        "authorities": {name: _agency(found, Scope(name), whole) for name, found in _by_authority(dossiers).items()},
        "officers": {name: _officer(found, Scope("", name), whole) for name, found in _by_officer(dossiers).items()},
        "late": {"rows": len(late.rows), "byAuthority": by_authority(late.rows)},
        "trips": _trips(dossiers),
        "components": [asdict(row) for row in review(law, components, whole.first)],
    }


def _by_month(
    dossiers: Sequence[DossierRecord], at: Callable[[DossierRecord], datetime | None]
) -> dict[date, list[DossierRecord]]:
    """Dossiers by the first day of the month of an event, so that each period reads only its own."""
    found: dict[date, list[DossierRecord]] = defaultdict(list)
    for one in dossiers:
        moment = at(one)
        if moment is not None:
            found[local(moment).date().replace(day=1)].append(one)
    return found


def _within(months: dict[date, list[DossierRecord]], span: Period) -> list[DossierRecord]:
    return [one for first, found in months.items() if span.first <= first <= span.last for one in found]


def _period(ended: Sequence[DossierRecord], filed: Sequence[DossierRecord], span: Period) -> dict[str, Any]:
    everything = Scope()
    shares = timely(ended, everything, span)
    return {
        "timely": {kind.value: _shown(one) for kind, one in shares.items()},
        "online": _shown(online_share(filed, everything, span)),
        "nine": _nine(of_agency(ended, (), everything, span)),
        "five": _five(five_groups(ended, (), everything, span)),
    }


def _agency(dossiers: Sequence[DossierRecord], scope: Scope, span: Period) -> dict[str, Any]:
    nine = of_agency(dossiers, (), scope, span)
    grade = agency_class(nine)
    return {"nine": _nine(nine), "class": None if grade is None else grade.value}


def _officer(dossiers: Sequence[DossierRecord], scope: Scope, span: Period) -> dict[str, Any]:
    nine = of_officer(dossiers, (), scope, span)
    return {"nine": _nine(nine), "class": officer_class(nine.total).value if nine.complete else None}


def _nine(result: NineIndicators) -> dict[str, Any]:
    return {
        "figures": [_shown(one) for one in result.figures],
        "total": str(result.total),
        "complete": result.complete,
    }


def _five(result: FiveGroups) -> dict[str, Any]:
    parts = [{"group": part.group, "weight": part.weight, **_shown(one)} for part, one in result.parts]
    return {"parts": parts, "total": str(result.total), "unmeasured": result.unmeasured}


def _shown(one: Figure) -> dict[str, Any]:
    row = one.as_row()
    return {**row, "dossiers": row["dossiers"][:_LISTED], "against": row["against"][:_LISTED]}


def _trips(dossiers: Sequence[DossierRecord]) -> dict[str, Any]:
    found = trips(dossiers)
    return {**asdict(found), "average": None if found.average is None else str(found.average)}


def _by_authority(dossiers: Sequence[DossierRecord]) -> dict[str, list[DossierRecord]]:
    found: dict[str, list[DossierRecord]] = defaultdict(list)
    for one in dossiers:
        for name in {branch.authority_id for branch in one.branches}:
            found[name].append(one)
    return dict(sorted(found.items()))


def _by_officer(dossiers: Sequence[DossierRecord]) -> dict[str, list[DossierRecord]]:
    found: dict[str, list[DossierRecord]] = defaultdict(list)
    for one in dossiers:
        for name in {branch.officer for branch in one.branches if branch.officer}:
            found[name].append(one)
    return dict(sorted(found.items()))
