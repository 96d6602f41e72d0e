"""The yearly report: every figure of a year, by period, authority and officer, as plain JSON-able data."""

from collections import Counter
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy.engine import Engine
from sqlmodel import Session

from lienthong.dossiers.database import report_scope
from lienthong.dossiers.law import Law
from lienthong.dossiers.statistics import behind, facts, late_rows, repository
from lienthong.dossiers.statistics.component_review import ComponentCount, review
from lienthong.dossiers.statistics.five_groups import FiveGroups
from lienthong.dossiers.statistics.measures import Measures, measure
from lienthong.dossiers.statistics.nine_indicators import NineIndicators, agency_class, officer_class
from lienthong.dossiers.statistics.records import Period, PeriodKind, Scope, period

LISTED: Final = 20
_ALL: Final = Scope()


def periods_of(year: int) -> list[Period]:
    """The year, its quarters, its months."""
    quarters = [period(PeriodKind.QUARTER, year, number) for number in range(1, 5)]
    return [period(PeriodKind.YEAR, year), *quarters, *(period(PeriodKind.MONTH, year, one) for one in range(1, 13))]


def of_year(database: Engine, law: Law, year: int, now: datetime) -> dict[str, Any]:
    """The report of a year, counted by the database; behind each figure of the whole year stand its first codes."""
    whole = period(PeriodKind.YEAR, year)
    with report_scope(database) as session:
        measures = measure(session, year)
        late = late_rows.counts(session, whole, now)
        counts = repository.component_counts(session, whole)
        report = yearly_report(law, measures, counts, late, year)
        _name_first(session, report["periods"][whole.name], whole)
    return report


def yearly_report(
    law: Law, measures: Measures, components: list[ComponentCount], late: Counter[str], year: int
) -> dict[str, Any]:
    """All figures of the year from what was counted."""
    whole = period(PeriodKind.YEAR, year)
    reviewed = review(law, components, whole.first)
    return {
        "year": year,
        "periods": {span.name: _period(measures, span) for span in periods_of(year)},
        "authorities": {name: _agency(measures, Scope(name), year) for name in measures.authorities()},
        "officers": {name: _officer(measures, Scope("", name), year) for name in measures.officers()},
        "late": {
            "rows": sum(late.values()),
            "byAuthority": [list(one) for one in sorted(late.items(), key=lambda one: (-one[1], one[0]))],
        },
        "trips": _trips(measures, whole),
        "components": [asdict(row) for row in reviewed],
        "askedAgain": sum(row.asked_again for row in reviewed),
    }


def _period(measures: Measures, span: Period) -> dict[str, Any]:
    return {
        "timely": {kind.value: one.as_row() for kind, one in measures.timely(_ALL, span).items()},
        "online": measures.online(_ALL, span).as_row(),
        "nine": _nine(measures.nine(_ALL, span)),
        "five": _five(measures.five(_ALL, span)),
        "trips": _trips(measures, span),
    }


def _agency(measures: Measures, scope: Scope, year: int) -> dict[str, Any]:
    nine = measures.nine(scope, period(PeriodKind.YEAR, year))
    grade = agency_class(nine)
    return {
        "nine": _nine(nine),
        "class": None if grade is None else grade.value,
        "periods": {span.name: _short(measures, scope, span) for span in periods_of(year)},
    }


def _officer(measures: Measures, scope: Scope, year: int) -> dict[str, Any]:
    nine = measures.nine(scope, period(PeriodKind.YEAR, year))
    return {
        "nine": _nine(nine),
        "class": officer_class(nine.total).value if nine.complete else None,
        "periods": {span.name: _short(measures, scope, span) for span in periods_of(year)},
    }


def _short(measures: Measures, scope: Scope, span: Period) -> dict[str, Any]:
    """A period of one scope in three numbers: dossiers, points, percent late."""
    late = next(one for kind, one in measures.timely(scope, span).items() if kind.value == "late")
    value = None if late.value is None else str(late.value)
    return {
        "dossiers": measures.tally(scope, span).dossiers,
        "nine": str(measures.nine(scope, span).total),
        "late": value,
    }


def _nine(result: NineIndicators) -> dict[str, Any]:
    return {
        "figures": [one.as_row() for one in result.figures],
        "total": str(result.total),
        "complete": result.complete,
    }


def _five(result: FiveGroups) -> dict[str, Any]:
    parts = [{"group": part.group, "weight": part.weight, **one.as_row()} for part, one in result.parts]
    return {"parts": parts, "total": str(result.total), "unmeasured": result.unmeasured}


def _trips(measures: Measures, span: Period) -> dict[str, Any]:
    found = measures.trips(_ALL, span)
    return {**asdict(found), "average": None if found.average is None else str(found.average)}


def _name_first(session: Session, report: dict[str, Any], span: Period) -> None:
    """The first dossiers counted and against, for the figures of the whole year; the rest a page at a time."""
    facts.index(session)
    rows = [*report["timely"].values(), report["online"], *report["nine"]["figures"], *report["five"]["parts"]]
    for row in rows:
        if row["denominator"] and behind.known(row["name"]):
            row["dossiers"] = behind.first(session, row["name"], _ALL, span, False, LISTED)
            row["against"] = behind.first(session, row["name"], _ALL, span, True, LISTED)
