"""The legal calendar: sessions, weekends, holidays, swapped days, forward and backward."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.dossiers.rules.calendar import (
    ZONE,
    WorkingCalendar,
    add_working_days,
    add_working_minutes,
    end_of_day,
    is_working_day,
    is_working_time,
    local,
    next_working_day,
    working_minutes_between,
)

CALENDAR = WorkingCalendar()
DAY = 480


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


MOMENTS = st.datetimes(datetime(2022, 12, 1), datetime(2023, 12, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=ZONE)
)


def test_a_day_has_eight_hours() -> None:
    assert CALENDAR.minutes_a_day == DAY


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        ("2023-01-03T07:30", DAY, "2023-01-03T17:00"),  # a whole day ends with the day
        ("2023-01-03T07:30", DAY + 1, "2023-01-04T07:31"),
        ("2023-01-03T11:00", 60, "2023-01-03T13:30"),  # over the lunch break
        ("2023-01-03T12:00", 1, "2023-01-03T13:01"),
        ("2023-01-03T17:00", 1, "2023-01-04T07:31"),
        ("2023-01-03T20:00", 0, "2023-01-04T07:30"),  # nothing added: the next working moment
        ("2023-01-06T16:00", 120, "2023-01-09T08:30"),  # over the weekend
        ("2023-01-19T16:00", 120, "2023-01-27T08:30"),  # over Tết 2023
        ("2023-04-28T16:00", 120, "2023-05-04T08:30"),  # over 30 April and 1 May with their substitutes
        ("2023-01-03T17:00", -DAY, "2023-01-03T07:30"),
        ("2023-01-09T08:30", -120, "2023-01-06T16:00"),
        ("2023-01-04T06:00", -1, "2023-01-03T16:59"),
    ],
)
def test_working_minutes_are_added_both_ways(start: str, minutes: int, expected: str) -> None:
    assert add_working_minutes(CALENDAR, at(start), minutes) == at(expected)


@given(MOMENTS, st.integers(0, 40 * DAY))
def test_what_was_added_lies_between(start: datetime, minutes: int) -> None:
    end = add_working_minutes(CALENDAR, start, minutes)
    assert working_minutes_between(CALENDAR, start, end) == minutes
    assert working_minutes_between(CALENDAR, end, start) == -minutes


@given(MOMENTS, st.integers(1, 40 * DAY))
def test_going_back_undoes_going_on_from_a_working_moment(start: datetime, minutes: int) -> None:
    end = add_working_minutes(CALENDAR, start, minutes)
    back = add_working_minutes(CALENDAR, end, -minutes)
    assert working_minutes_between(CALENDAR, back, start) == 0


@given(MOMENTS, st.integers(0, 5 * DAY), st.integers(0, 5 * DAY))
def test_adding_in_two_steps_is_adding_at_once(start: datetime, first: int, second: int) -> None:
    steps = add_working_minutes(CALENDAR, add_working_minutes(CALENDAR, start, first), second)
    assert working_minutes_between(CALENDAR, start, steps) == first + second


@given(MOMENTS, st.integers(1, 20 * DAY))
def test_a_due_time_never_falls_outside_working_hours(start: datetime, minutes: int) -> None:
    end = add_working_minutes(CALENDAR, start, minutes)
    assert is_working_time(CALENDAR, end - timedelta(seconds=1))


def test_a_swapped_working_day_wins_over_the_weekend_and_a_day_off_over_the_week() -> None:
    saturday, monday = date(2023, 1, 7), date(2023, 1, 9)
    calendar = WorkingCalendar(days_off=frozenset({monday}), working_days=frozenset({saturday}))
    assert is_working_day(calendar, saturday) and not is_working_day(calendar, monday)
    assert add_working_minutes(calendar, at("2023-01-06T16:00"), 120) == at("2023-01-07T08:30")


def test_holidays_are_off() -> None:
    assert not is_working_day(CALENDAR, date(2023, 1, 24))
    assert not is_working_day(CALENDAR, date(2023, 9, 4))
    assert is_working_day(CALENDAR, date(2023, 9, 5))


def test_a_period_without_any_working_day_is_refused() -> None:
    closed = WorkingCalendar(days_off=frozenset(date(2023, 1, 1) + timedelta(days=day) for day in range(200)))
    with pytest.raises(ValueError, match="working day"):
        add_working_minutes(closed, at("2023-02-01T08:00"), 1)
    with pytest.raises(ValueError, match="working day"):
        add_working_minutes(closed, at("2023-04-01T08:00"), -1)


def test_working_days_count_days() -> None:
    friday = date(2023, 1, 6)
    assert add_working_days(CALENDAR, friday, 1) == date(2023, 1, 9)
    assert add_working_days(CALENDAR, date(2023, 1, 9), -1) == friday
    assert add_working_days(CALENDAR, friday, 0) == friday
    assert next_working_day(CALENDAR, date(2023, 1, 7)) == date(2023, 1, 9)
    assert end_of_day(CALENDAR, date(2023, 1, 7)) == datetime.combine(date(2023, 1, 9), time(17), ZONE)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        local(datetime(2023, 1, 3))
