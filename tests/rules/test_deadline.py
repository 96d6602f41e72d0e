"""Deadlines on graphs: longest paths, the start of the clock, the rungs of escalation; and the known totals."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.dossiers.law import Law, load_law
from lienthong.dossiers.rules.calendar import ZONE, WorkingCalendar, add_working_minutes, working_minutes_between
from lienthong.dossiers.rules.deadline import (
    EscalationStage,
    Limit,
    LimitUnit,
    StartRule,
    bundle_deadlines,
    clock_start,
    due,
    escalation_times,
    stage_of_next,
)

ROOT = Path(__file__).parents[2]
CALENDAR = WorkingCalendar()
DAY = 480
START = datetime(2023, 6, 1, 7, 30, tzinfo=ZONE)


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law(ROOT / "law", ROOT / "bpmn")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def days(value: float) -> Limit:
    return Limit(value=value)


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (Limit(value=5), "2023-06-07T17:00"),
        (Limit(value=0.5), "2023-06-01T11:30"),
        (Limit(value=2, unit=LimitUnit.WORKING_HOURS), "2023-06-01T09:30"),
        (Limit(value=1, unit=LimitUnit.CALENDAR_DAYS), "2023-06-02T17:00"),
        (Limit(value=2, unit=LimitUnit.CALENDAR_DAYS), "2023-06-05T17:00"),  # Saturday: on to Monday
    ],
)
def test_a_limit_ends_by_its_unit(limit: Limit, expected: str) -> None:
    assert due(CALENDAR, START, limit) == at(expected)


RULE = StartRule.model_validate({"cutoff": "15:00", "resume": "07:30"})
NATIONAL = StartRule.model_validate({"cutoff": "17:00", "resume": "08:00"})


@pytest.mark.parametrize(
    ("received", "rule", "start"),
    [
        ("2023-06-01T15:00", RULE, "2023-06-01T15:00"),
        ("2023-06-01T15:01", RULE, "2023-06-02T07:30"),
        ("2023-06-02T15:01", RULE, "2023-06-05T07:30"),
        ("2023-06-03T09:00", RULE, "2023-06-05T07:30"),
        ("2023-06-01T17:01", NATIONAL, "2023-06-02T08:00"),
        ("2023-06-03T09:00", NATIONAL, "2023-06-05T08:00"),
        ("2023-06-01T12:00", StartRule(), "2023-06-01T13:00"),
        ("2023-06-01T18:00", StartRule(), "2023-06-02T07:30"),
    ],
)
def test_the_clock_starts_by_the_rule_of_the_version(received: str, rule: StartRule, start: str) -> None:
    assert clock_start(CALENDAR, at(received), rule) == at(start)


def test_each_procedure_waits_for_its_longest_path() -> None:
    graph = {"A": (), "B": ("A",), "C": ("A",), "D": ("B", "C")}
    limits = {"A": days(1), "B": days(2), "C": days(5), "D": days(1)}
    dates = bundle_deadlines(graph, limits, START, CALENDAR)
    counted = {code: working_minutes_between(CALENDAR, START, date) // DAY for code, date in dates.items()}
    assert counted == {"A": 1, "B": 3, "C": 6, "D": 7}


def test_a_procedure_that_does_not_apply_holds_nothing_up() -> None:
    assert bundle_deadlines({"D": ("B",)}, {"D": days(1)}, START, CALENDAR) == {"D": at("2023-06-01T17:00")}


def test_a_ring_is_refused() -> None:
    with pytest.raises(ValueError, match="ring"):
        bundle_deadlines({"A": ("B",), "B": ("A",)}, {"A": days(1), "B": days(1)}, START, CALENDAR)


LIMITS = st.lists(st.integers(1, 10), min_size=1, max_size=6)


@given(LIMITS)
def test_a_chain_takes_the_sum_and_branches_side_by_side_the_maximum(values: list[int]) -> None:
    limits = {str(index): days(value) for index, value in enumerate(values)}
    chain = {str(index): (str(index - 1),) if index else () for index in range(len(values))}
    last = max(bundle_deadlines(chain, limits, START, CALENDAR).values())
    assert working_minutes_between(CALENDAR, START, last) == sum(values) * DAY
    beside = bundle_deadlines(dict.fromkeys(limits, ()), limits, START, CALENDAR)
    assert working_minutes_between(CALENDAR, START, max(beside.values())) == max(values) * DAY


@pytest.mark.parametrize(("inside", "price", "total"), [(True, "table", 60), (False, "consultant", 118)])
def test_the_investment_fixture_has_the_published_totals(law: Law, inside: bool, price: str, total: int) -> None:
    bundle = law.bundle("investment", "2023")
    options = {**bundle.defaults(), "insideZone": inside, "landPriceCase": price}
    dates = bundle_deadlines(law.graph(bundle, options), law.limits(bundle, options), START, law.calendar)
    assert working_minutes_between(law.calendar, START, dates["V9"]) == total * DAY


def test_site_clearance_must_end_before_the_land_is_handed_over(law: Law) -> None:
    bundle = law.bundle("investment", "2023")
    options = {**bundle.defaults(), "needsClearance": True}
    dates = bundle_deadlines(law.graph(bundle, options), law.limits(bundle, options), START, law.calendar)
    assert working_minutes_between(law.calendar, START, dates["V5a"]) == (25 + 98) * DAY
    assert dates["V5"] > dates["V5a"]


def test_linked_justice_takes_the_longer_of_two_and_then_five_days(law: Law) -> None:
    bundle = law.bundle("justice-employment", "2023")
    options = bundle.defaults()
    dates = bundle_deadlines(law.graph(bundle, options), law.limits(bundle, options), START, law.calendar)
    assert dates["J2"] == at("2023-06-16T17:00") and dates["J1"] == at("2023-06-14T17:00")
    assert dates["J3"] == at("2023-06-23T17:00")


def test_the_rungs_are_the_warning_share_one_day_before_and_due() -> None:
    end = add_working_minutes(CALENDAR, START, 10 * DAY)
    rungs = escalation_times(CALENDAR, START, end, 0.8)
    assert [stage for stage, _ in rungs] == list(EscalationStage)
    assert [working_minutes_between(CALENDAR, START, rung) // DAY for _, rung in rungs] == [8, 9, 10]


def test_a_short_limit_has_no_rung_before_its_start() -> None:
    end = add_working_minutes(CALENDAR, START, DAY // 2)
    assert [stage for stage, _ in escalation_times(CALENDAR, START, end)] == ["warning", "due"]


@given(st.integers(60, 40 * DAY), st.floats(0.1, 0.95))
def test_every_rung_is_told_apart_from_the_times_alone(minutes: int, share: float) -> None:
    end = add_working_minutes(CALENDAR, START, minutes)
    rungs = escalation_times(CALENDAR, START, end, share)
    times = [rung for _, rung in rungs]
    assert times == sorted(times) and times[-1] == end
    told = [stage_of_next(CALENDAR, times[index:], end) for index in range(len(times))]
    assert told == [stage for stage, _ in rungs]
