"""The calendar against a slow reference that walks day by day and minute by minute, 2022 to 2027.

Public holidays below are written out from the yearly announcements for the years before the seed's date and its own
[V*]; for the others the reference asks the same table of holidays, so that only the arithmetic is compared.
"""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.dossiers.rules.calendar import (
    ZONE,
    WorkingCalendar,
    add_working_days,
    add_working_minutes,
    is_working_day,
    public_holidays,
    working_minutes_between,
)

DAY = 480
SWAPPED_IN = frozenset({date(2026, 8, 22), date(2024, 5, 4), date(2022, 4, 23)})
DAYS_OFF = frozenset({date(2026, 8, 31), date(2024, 4, 29), date(2023, 1, 30)})
CALENDAR = WorkingCalendar(days_off=DAYS_OFF, working_days=SWAPPED_IN)
TET = {
    2022: ("2022-01-31", "2022-02-04"),
    2023: ("2023-01-20", "2023-01-26"),
    2024: ("2024-02-08", "2024-02-14"),
    2025: ("2025-01-27", "2025-01-31"),
}
MOMENTS = st.datetimes(datetime(2022, 1, 3), datetime(2027, 11, 30)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=ZONE)
)


def works(day: date) -> bool:
    if day in SWAPPED_IN:
        return True
    return day not in DAYS_OFF and day.weekday() < 5 and day not in public_holidays(day.year)


def minutes_of(day: date) -> list[datetime]:
    """Each minute that is worked on a day, by its beginning."""
    if not works(day):
        return []
    hours = [(7, 30 + at) for at in range(240)] + [(13, at) for at in range(240)]
    return [datetime(day.year, day.month, day.day, hour, tzinfo=ZONE) + timedelta(minutes=at) for hour, at in hours]


def slow_between(start: datetime, end: datetime) -> int:
    days = (end.date() - start.date()).days
    worked = [minute for ahead in range(days + 1) for minute in minutes_of(start.date() + timedelta(days=ahead))]
    return sum(start <= minute < end for minute in worked)


def slow_add(start: datetime, minutes: int) -> datetime:
    """The end of the last of ``minutes`` worked minutes that begin at or after ``start``."""
    day, left = start.date(), minutes
    while True:
        worked = [minute for minute in minutes_of(day) if minute >= start]
        if left <= len(worked):
            return worked[left - 1] + timedelta(minutes=1)
        left -= len(worked)
        day += timedelta(days=1)


def slow_add_days(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= works(day)
    return day


def test_every_day_of_six_years_agrees_with_the_reference() -> None:
    day = date(2022, 1, 1)
    while day <= date(2027, 12, 31):
        assert is_working_day(CALENDAR, day) == works(day), day
        day += timedelta(days=1)


@pytest.mark.parametrize("year", sorted(TET))
def test_offices_are_closed_over_tet_and_open_around_it(year: int) -> None:
    first, last = (date.fromisoformat(text) for text in TET[year])
    plain = WorkingCalendar()
    for ahead in range((last - first).days + 1):
        assert not is_working_day(plain, first + timedelta(days=ahead))
    assert any(is_working_day(plain, first - timedelta(days=back)) for back in (1, 2, 3))
    assert any(is_working_day(plain, last + timedelta(days=ahead)) for ahead in (1, 2, 3))


@pytest.mark.parametrize("year", range(2022, 2028))
def test_a_limit_over_tet_loses_at_least_five_weekdays(year: int) -> None:
    tet = max(day for day in public_holidays(year) if day < date(year, 3, 1))
    start = datetime(tet.year, tet.month, tet.day, 7, 30, tzinfo=ZONE) - timedelta(days=14)
    end = start + timedelta(days=28)
    weekdays = sum((start.date() + timedelta(days=ahead)).weekday() < 5 for ahead in range(28))
    assert working_minutes_between(WorkingCalendar(), start, end) <= (weekdays - 5) * DAY


def test_a_swapped_saturday_is_worked_and_its_monday_is_not() -> None:
    assert working_minutes_between(CALENDAR, *(datetime(2026, 8, day, tzinfo=ZONE) for day in (22, 23))) == DAY
    assert working_minutes_between(CALENDAR, *(datetime(2026, 8, 31, hour, tzinfo=ZONE) for hour in (0, 23))) == 0


@settings(max_examples=150, deadline=None)
@given(MOMENTS, st.integers(1, 25 * DAY))
def test_added_minutes_agree_with_the_reference(start: datetime, minutes: int) -> None:
    assert add_working_minutes(CALENDAR, start, minutes) == slow_add(start, minutes)


@settings(max_examples=150, deadline=None)
@given(MOMENTS, st.integers(0, 30 * 24 * 60))
def test_minutes_between_agree_with_the_reference(start: datetime, apart: int) -> None:
    end = start + timedelta(minutes=apart)
    assert working_minutes_between(CALENDAR, start, end) == slow_between(start, end)


@settings(max_examples=300, deadline=None)
@given(MOMENTS, st.integers(0, 150))
def test_added_days_agree_with_the_reference(start: datetime, count: int) -> None:
    assert add_working_days(CALENDAR, start.date(), count) == slow_add_days(start.date(), count)


@settings(max_examples=300, deadline=None)
@given(MOMENTS, st.integers(1, 130 * DAY))
def test_what_was_added_lies_between(start: datetime, minutes: int) -> None:
    end = add_working_minutes(CALENDAR, start, minutes)
    assert working_minutes_between(CALENDAR, start, end) == minutes
    back = add_working_minutes(CALENDAR, end, -minutes)
    assert working_minutes_between(CALENDAR, start, back) == 0  # closing time and the next opening are the same instant
