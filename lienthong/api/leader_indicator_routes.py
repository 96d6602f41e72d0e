"""The nine indicators and the five groups of what one heads, and one click away the dossiers behind each."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlmodel import Session

from lienthong.api.deps import Desk, DeskDep
from lienthong.dossiers import audit
from lienthong.dossiers.database import report_scope, session_scope
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.statistics import behind
from lienthong.dossiers.statistics.figure import Figure
from lienthong.dossiers.statistics.measures import measure
from lienthong.dossiers.statistics.records import PeriodKind, Scope, period
from lienthong.web.problems import Problem

router = APIRouter(prefix="/leader/indicators", tags=["leaders"])
Json = dict[str, Any]
PAGE = 100
YearQuery = Annotated[int, Query(ge=2000, le=2100)]


def _scope(session: Session, desk: Desk, authority: str) -> Scope:
    """The authority asked for if it is headed; all of them only for whoever oversees all."""
    viewer = desk.leader(session)
    chosen = authority or ("" if viewer.oversees_all else min(viewer.led))
    if not viewer.oversees_all and chosen not in viewer.led:
        raise Problem(403, "leader", "Bạn không lãnh đạo cơ quan này.", "You do not head this authority.")
    return Scope(authority_id=chosen)


@router.get("")
def read_indicators(desk: DeskDep, authority: str = "", year: YearQuery | None = None) -> Json:
    """All figures of a year (the present one when none is named) for one authority."""
    wanted = year or local(desk.now).year
    span = period(PeriodKind.YEAR, wanted)
    with report_scope(desk.database) as session:
        scope = _scope(session, desk, authority)
        measures = measure(session, wanted)
        nine = measures.nine(scope, span)
        five = measures.five(scope, span)
    return {
        "year": wanted,
        "authorityId": scope.authority_id,
        "total": str(nine.total),
        "complete": nine.complete,
        "nine": [_row(figure) for figure in nine.figures],
        "five": [_row(figure) for _, figure in five.parts],
    }


def _row(figure: Figure) -> Json:
    return {
        "name": figure.name,
        "title": {"vi": figure.title_vi, "en": figure.title_en},
        "formula": figure.formula,
        "mark": figure.mark,
        "value": None if figure.value is None else str(figure.value),
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "drillable": behind.known(figure.name),
    }


@router.get("/{name}")
def dossiers_behind(
    name: str,
    desk: DeskDep,
    authority: str = "",
    year: YearQuery | None = None,
    against: bool = False,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Json:
    """Codes of the dossiers that a figure counts, or only of those that lowered it; the view is audited."""
    span = period(PeriodKind.YEAR, year or local(desk.now).year)
    with report_scope(desk.database) as session:
        scope = _scope(session, desk, authority)
        found = behind.behind(session, name, scope, span, against, PAGE, offset)
    with session_scope(desk.database) as session:
        told = {"figure": name, "rows": len(found.codes)}
        audit.record(session, desk.user.username, "figure-drilled", "dossiers", told, desk.now)
    return {"total": found.total, "codes": found.codes}
