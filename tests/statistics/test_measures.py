"""What the database counts is what the records say: every figure of every period and scope, to the digit."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from lienthong.dossiers import petitions
from lienthong.dossiers.database import create_database, report_scope, session_scope, upgrade
from lienthong.dossiers.errors import Invalid, NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.calendar import ZONE, working_minutes_between
from lienthong.dossiers.statistics import behind, late_rows, repository
from lienthong.dossiers.statistics.figure import Figure
from lienthong.dossiers.statistics.five_groups import five_groups
from lienthong.dossiers.statistics.late_list import compile_list
from lienthong.dossiers.statistics.measures import Measures, measure
from lienthong.dossiers.statistics.minutes import WorkingMinutes
from lienthong.dossiers.statistics.nine_indicators import Judged, of_agency, of_officer
from lienthong.dossiers.statistics.records import (
    DossierRecord,
    Period,
    PeriodKind,
    PetitionRecord,
    Scope,
    finished_in,
    period,
)
from lienthong.dossiers.statistics.scheme import change_since
from lienthong.dossiers.statistics.timely import around, online_share, timely
from lienthong.dossiers.statistics.trips import trips
from lienthong.dossiers.statistics.yearly import periods_of
from lienthong.dossiers.synthetic import write_year
from lienthong.dossiers.tables import Assessment, Branch, Dossier
from lienthong.dossiers.tables.portal import Petition, Rating

COUNT = 250
NOON = datetime(2023, 6, 1, 12, tzinfo=ZONE)
YEAR = period(PeriodKind.YEAR, 2023)
SCOPES = [Scope(), Scope("bd-ca-huyen"), Scope("bd-sldtbxh"), Scope("", "bd-ca-huyen-thu-1"), Scope("nobody")]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory, law: Law) -> Iterator[Engine]:
    """A made-up year with petitions, ratings, judged points, and the odd cases that real data have."""
    engine = create_database(f"sqlite:///{tmp_path_factory.mktemp('measures') / 'domain.sqlite3'}")
    upgrade(engine)
    with session_scope(engine) as session:
        write_year(session, law, COUNT, 2023)
        session.flush()
        _make_odd(session)
        _say(session)
    yield engine
    engine.dispose()


def _make_odd(session: Session) -> None:
    """An open dossier, one without due time, one without branches, one with parts of a second, one of another year."""
    rows = session.exec(select(Dossier).order_by(Dossier.code).limit(6)).all()
    rows[0].finished_at = None
    rows[1].due_at = None
    rows[2].finished_at = (rows[2].due_at or NOON) + timedelta(microseconds=999_500)
    rows[3].accepted_at = rows[3].filed_at + timedelta(microseconds=700_000)
    rows[4].finished_at = NOON + timedelta(days=400)
    for branch in session.exec(select(Branch).where(Branch.dossier_id == rows[5].id)):
        session.delete(branch)
    for row in rows:
        session.add(row)


def _say(session: Session) -> None:
    dossiers = session.exec(select(Dossier).order_by(col(Dossier.code).desc()).limit(12)).all()
    for number, dossier in enumerate(dossiers):
        petition = Petition(
            code=f"PA-{number}",
            kind="petition",
            subject="Thử nghiệm",
            body="Nội dung thử",
            dossier_id=dossier.id,
            authority_id="bd-ca-huyen",
            author_name="Nguyễn Văn Thử",
            received_at=dossier.filed_at,
            due_at=dossier.filed_at + timedelta(days=10),
            answered_at=None if number % 5 == 4 else dossier.filed_at + timedelta(days=5 + number),
            outcome="upheld" if number % 3 == 0 else "rejected",
            satisfied=None if number % 2 else number % 4 == 0,
        )
        session.add(petition)
        session.add(Rating(dossier_id=dossier.id, overall=1 + number % 5, attitude=3, speed=3, at=NOON))
    for indicator, points in ((5, 2), (6, 1)):
        session.add(
            Assessment(
                authority_id="bd-ca-huyen", period="2023", indicator=indicator, points=points, assessor="x", at=NOON
            )
        )


@pytest.fixture(scope="module")
def counted(year: Engine) -> Measures:
    with report_scope(year) as session:
        return measure(session, 2023)


@pytest.fixture(scope="module")
def records(year: Engine) -> list[DossierRecord]:
    with report_scope(year) as session:
        return repository.dossiers(session)


@pytest.fixture(scope="module")
def said(year: Engine) -> list[PetitionRecord]:
    with report_scope(year) as session:
        return petitions.records(session)


def plain(figure: Figure) -> tuple[object, ...]:
    return figure.name, figure.value, figure.numerator, figure.denominator, figure.formula


@pytest.mark.parametrize("scope", SCOPES, ids=str)
@pytest.mark.parametrize("span", periods_of(2023), ids=lambda span: str(span.name))
def test_every_figure_is_that_of_the_records(
    counted: Measures, records: list[DossierRecord], said: list[PetitionRecord], scope: Scope, span: Period
) -> None:
    judged = Judged(2, 1) if (scope.authority_id, span.name) == ("bd-ca-huyen", "2023") else Judged()
    nine = of_officer(records, said, scope, span) if scope.officer else of_agency(records, said, scope, span, judged)
    assert [plain(one) for one in counted.nine(scope, span).figures] == [plain(one) for one in nine.figures]
    marks = counted.said.marks
    handled = {one.code for one in finished_in(records, span, scope)}
    own = [one for one in marks if one.code in handled]
    survey = {"survey": (sum(one.satisfied for one in own), len(own))}
    five = five_groups(records, said, scope, span, survey)
    assert [plain(one) for _, one in counted.five(scope, span).parts] == [plain(one) for _, one in five.parts]
    assert counted.five(scope, span).unmeasured == five.unmeasured
    shares = timely(records, scope, span)
    assert {kind: plain(one) for kind, one in counted.timely(scope, span).items()} == {
        kind: plain(one) for kind, one in shares.items()
    }
    assert plain(counted.online(scope, span)) == plain(online_share(records, scope, span))
    assert counted.trips(scope, span) == trips(finished_in(records, span, scope))


@pytest.mark.parametrize("scope", SCOPES[:4], ids=str)
def test_the_dossiers_behind_a_figure_are_one_click_away(
    year: Engine, records: list[DossierRecord], said: list[PetitionRecord], scope: Scope
) -> None:
    span = period(PeriodKind.QUARTER, 2023, 2)
    nine = of_officer(records, said, scope, span) if scope.officer else of_agency(records, said, scope, span)
    parts = [one for _, one in five_groups(records, said, scope, span).parts]
    figures = [*nine.figures, *parts, *timely(records, scope, span).values(), online_share(records, scope, span)]
    compared = 0
    with report_scope(year) as session:
        for one in figures:
            if not behind.known(one.name) or one.name in ("survey", "petitions", "average"):
                continue
            all_of_it = behind.behind(session, one.name, scope, span, limit=10_000)
            lowered = behind.behind(session, one.name, scope, span, against=True, limit=10_000)
            assert all_of_it.codes == sorted(set(one.codes)) and all_of_it.total == len(all_of_it.codes), one.name
            assert lowered.codes == sorted(set(one.against)), one.name
            compared += 1
        page = behind.behind(session, "total-time", scope, span, limit=3, offset=2)
        assert page.codes == behind.behind(session, "total-time", scope, span, limit=10_000).codes[2:5]
        with pytest.raises(NotFound):
            behind.behind(session, "organisation", scope, span)
    assert compared >= 14


def test_the_late_list_is_that_of_the_records(year: Engine, records: list[DossierRecord], law: Law) -> None:
    now = NOON + timedelta(days=500)
    for span in (YEAR, period(PeriodKind.MONTH, 2023, 5)):
        with report_scope(year) as session:
            found = compile_list(late_rows.late_dossiers(session, span, now), span, law.calendar, now)
            counts = late_rows.counts(session, span, now)
        expected = compile_list(records, span, law.calendar, now)
        assert found.rows == expected.rows and len(found.rows) > 3
        assert sum(counts.values()) == len(found.rows)


def test_the_fast_minutes_are_those_of_the_calendar(law: Law) -> None:
    fast, start = WorkingMinutes(law.calendar), datetime(2022, 12, 28, 6, 13, 7, tzinfo=ZONE)
    for hours in range(0, 24 * 60, 7):
        for length in (0, 5, 29, 71, 500):
            first, last = start + timedelta(hours=hours), start + timedelta(hours=hours + length, seconds=length)
            assert fast(first, last) == working_minutes_between(law.calendar, first, last)


@pytest.mark.parametrize("days", [1, 30, 180])
def test_the_growth_since_a_scheme_is_that_of_the_records(year: Engine, days: int) -> None:
    start = date(2023, 6, 1)
    with report_scope(year) as session:
        counted = change_since(session, start, days)
        told = around(repository.dossiers(session), start, days)
    assert (counted.before, counted.after) == (told.before, told.after)
    assert counted.growth.value == told.growth.value


def test_a_span_of_no_day_is_refused(year: Engine) -> None:
    with report_scope(year) as session, pytest.raises(Invalid):
        change_since(session, date(2023, 6, 1), 0)
