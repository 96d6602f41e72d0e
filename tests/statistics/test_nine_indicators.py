"""The nine indicators of TT 01/2018: points of each, means to one decimal, classes, and the dossiers behind them."""

from decimal import Decimal

import pytest

from lienthong.dossiers.statistics.figure import Figure
from lienthong.dossiers.statistics.nine_indicators import (
    AgencyClass,
    Judged,
    NineIndicators,
    OfficerClass,
    agency_class,
    of_agency,
    of_officer,
    officer_class,
)
from lienthong.dossiers.statistics.records import PeriodKind, PetitionRecord, Scope, period
from tests.statistics.conftest import Maker, at

MARCH = period(PeriodKind.MONTH, 2023, 3)
ALL = Scope()


def named(result: NineIndicators, name: str) -> Figure:
    return next(one for one in result.figures if one.name == name)


def petition(code: str, **changes: object) -> PetitionRecord:
    given = {
        "received_at": at("2023-03-09T08:00"),
        "due_at": at("2023-03-20T17:00"),
        "answered_at": at("2023-03-15T08:00"),
    }
    return PetitionRecord(**{"dossier_code": code, **given, "justified": False, "satisfied": True, **changes})  # type: ignore[arg-type]


def test_time_gives_two_one_or_no_points(dossier: Maker) -> None:
    found = of_agency([dossier("1"), dossier("2", "on_time"), dossier("3", "late")], (), ALL, MARCH)
    time = named(found, "total-time")
    assert (time.value, time.numerator, time.denominator) == (Decimal("1.0"), 3, 3)
    assert (time.codes, time.against) == (("1", "2", "3"), ("2", "3"))


def test_each_unit_answers_for_its_own_branch(dossier: Maker) -> None:
    mixed = dossier("1", "late", {"K4": ("bd-ca-huyen", "an", "early"), "K5": ("bd-svhtt", "binh", "late")})
    assert named(of_agency([mixed], (), Scope("bd-ca-huyen"), MARCH), "unit-time").value == Decimal("2.0")
    assert named(of_agency([mixed], (), Scope("bd-svhtt"), MARCH), "unit-time").value == Decimal("0.0")


@pytest.mark.parametrize(("supplements", "points"), [(0, 2), (1, 1), (2, 0), (5, 0)])
def test_each_request_to_supplement_costs_a_point(dossier: Maker, supplements: int, points: int) -> None:
    found = of_agency([dossier("1", supplements=supplements)], (), ALL, MARCH)
    assert named(found, "contacts").value == points


def test_a_visit_to_the_desk_costs_a_point(dossier: Maker) -> None:
    found = of_agency([dossier("1"), dossier("2", desk_visits=1)], (), ALL, MARCH)
    assert named(found, "bodies").value == Decimal("1.5")


def test_a_justified_complaint_takes_the_points_of_attitude(dossier: Maker) -> None:
    found = of_officer([dossier("1"), dossier("2")], [petition("2", justified=True)], Scope("", "an"), MARCH)
    assert named(found, "attitude").value == Decimal("1.0")
    assert named(found, "attitude").against == ("2",)


@pytest.mark.parametrize(("late", "points"), [(0, 2), (1, 1), (2, 0)])
def test_petitions_answered_in_time(dossier: Maker, late: int, points: int) -> None:
    dossiers = [dossier(str(number)) for number in range(10)]
    petitions = [petition(str(number), **({"answered_at": None} if number < late else {})) for number in range(10)]
    assert named(of_agency(dossiers, petitions, ALL, MARCH), "petitions").value == points


@pytest.mark.parametrize(
    ("online", "end", "points"), [(3, "early", 2), (3, "late", 1), (2, "early", 1), (1, "early", 0)]
)
def test_online_service_needs_thirty_percent_and_none_late(dossier: Maker, online: int, end: str, points: int) -> None:
    dossiers = [dossier(f"a{n}", end) for n in range(online)]
    dossiers += [dossier(f"b{n}", channel="counter") for n in range(10 - online)]
    assert named(of_agency(dossiers, (), ALL, MARCH), "online").value == points


def test_means_are_rounded_half_up_to_one_decimal(dossier: Maker) -> None:
    dossiers = [dossier(str(n), "on_time" if n < 3 else "early") for n in range(20)]  # 37 / 20 = 1.85
    assert named(of_agency(dossiers, (), ALL, MARCH), "total-time").value == Decimal("1.9")


def test_what_has_no_data_has_no_value_and_no_class(dossier: Maker) -> None:
    found = of_agency([dossier("1")], (), ALL, MARCH)
    assert [one.name for one in found.figures if one.value is None] == ["organisation", "publicity", "petitions"]
    assert agency_class(found) is None


def test_an_agency_with_all_nine_has_its_class(dossier: Maker) -> None:
    found = of_agency([dossier("1")], [petition("1")], ALL, MARCH, Judged(2, 2))
    assert found.total == 18
    assert agency_class(found) is AgencyClass.EXCELLENT


@pytest.mark.parametrize(
    ("points", "grade"),
    [("5", OfficerClass.FULL), ("4.9", OfficerClass.PARTLY), ("3.5", OfficerClass.PARTLY), ("3.4", OfficerClass.BELOW)],
)
def test_classes_of_officers(points: str, grade: OfficerClass) -> None:
    assert officer_class(Decimal(points)) is grade


def test_only_the_period_counts(dossier: Maker) -> None:
    assert named(of_agency([dossier("1")], (), ALL, period(PeriodKind.QUARTER, 2023, 2)), "total-time").value is None
    assert named(of_agency([dossier("1")], (), ALL, period(PeriodKind.QUARTER, 2023, 1)), "total-time").denominator == 1


def test_an_officer_has_five_indicators_over_own_dossiers(dossier: Maker) -> None:
    own = dossier("1", branches={"K4": ("bd-ca-huyen", "an", "early")})
    other = dossier("2", "late", {"K4": ("bd-ca-huyen", "chi", "late")})
    found = of_officer([own, other], (), Scope("", "an"), MARCH)
    assert [one.name for one in found.figures] == ["total-time", "unit-time", "contacts", "bodies", "attitude"]
    assert found.total == 10
    assert {code for one in found.figures for code in one.codes} == {"1"}


def test_points_are_nothing_but_nought_one_and_two(dossier: Maker) -> None:
    with pytest.raises(ValueError, match="Expected 0, 1 or 2"):
        of_agency([dossier("1")], (), ALL, MARCH, Judged(3, 0))
