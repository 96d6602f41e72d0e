"""The legal calendar: working time of Viet Nam, forward and backward, exact to the second.

Working hours are half-open sessions of a day; public holidays come from the ``holidays`` package, and a table of
extra days off and swapped working days (law/calendar.yaml) corrects them. All results are in Asia/Ho_Chi_Minh.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
SATURDAY: Final = 5
_LONGEST_CLOSURE_DAYS: Final = 60
DEFAULT_SESSIONS: Final = ((time(7, 30), time(11, 30)), (time(13, 0), time(17, 0)))


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Sessions of a working day, with days off and swapped working days that override week and holidays."""

    sessions: tuple[tuple[time, time], ...] = DEFAULT_SESSIONS
    days_off: frozenset[date] = field(default_factory=frozenset)
    working_days: frozenset[date] = field(default_factory=frozenset)
    public_holidays: bool = True

    @property
    def minutes_a_day(self) -> int:
        """Working minutes of one whole day (480 with the usual hours)."""
        return sum(_minutes(end) - _minutes(begin) for begin, end in self.sessions)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def local(at: datetime) -> datetime:
    """The same instant on the clocks of Viet Nam."""
    if at.tzinfo is None:
        raise ValueError(f"Expected a time with its zone, but got the naive {at.isoformat()}.")
    return at.astimezone(ZONE)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """Public holidays of Viet Nam in a year, substitutes included."""
    return frozenset(holidays.country_holidays("VN", years=[year]))


def is_working_day(calendar: WorkingCalendar, day: date) -> bool:
    """Whether offices work on this day; a swapped working day wins over weekend and holiday."""
    if day in calendar.working_days:
        return True
    if day in calendar.days_off or day.weekday() >= SATURDAY:
        return False
    return not (calendar.public_holidays and day in public_holidays(day.year))


def is_working_time(calendar: WorkingCalendar, at: datetime) -> bool:
    """Whether offices work at this instant."""
    return any(begin <= at < end for begin, end in _sessions(calendar, local(at).date()))


def _sessions(calendar: WorkingCalendar, day: date) -> list[tuple[datetime, datetime]]:
    if not is_working_day(calendar, day):
        return []
    return [(datetime.combine(day, begin, ZONE), datetime.combine(day, end, ZONE)) for begin, end in calendar.sessions]


def _sessions_from(calendar: WorkingCalendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    idle = 0
    while idle <= _LONGEST_CLOSURE_DAYS:
        sessions = _sessions(calendar, day)
        idle = 0 if sessions else idle + 1
        yield from sessions
        day += timedelta(days=1)
    raise ValueError(f"Expected a working day within {_LONGEST_CLOSURE_DAYS} days before {day}, but found none.")


def _sessions_back_from(calendar: WorkingCalendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    idle = 0
    while idle <= _LONGEST_CLOSURE_DAYS:
        sessions = _sessions(calendar, day)
        idle = 0 if sessions else idle + 1
        yield from reversed(sessions)
        day -= timedelta(days=1)
    raise ValueError(f"Expected a working day within {_LONGEST_CLOSURE_DAYS} days after {day}, but found none.")


def add_working_minutes(calendar: WorkingCalendar, start: datetime, minutes: float) -> datetime:
    """The instant ``minutes`` of working time after ``start`` (before it, when negative).

    A whole day from 07:30 ends at 17:00 of the same day, not at 07:30 of the next.
    """
    cursor, rest = local(start), timedelta(minutes=abs(minutes))
    if minutes < 0:
        for begin, end in _sessions_back_from(calendar, cursor.date()):
            until = min(end, cursor)
            if until >= begin and rest <= until - begin:
                return until - rest
            rest -= max(until - begin, timedelta(0))
    for begin, end in _sessions_from(calendar, cursor.date()):
        since = max(begin, cursor)
        if since <= end and rest <= end - since:
            return since + rest
        rest -= max(end - since, timedelta(0))
    raise AssertionError("sessions never end")


def working_minutes_between(calendar: WorkingCalendar, start: datetime, end: datetime) -> int:
    """Whole working minutes from ``start`` to ``end``; negative when ``end`` lies before ``start``."""
    if end < start:
        return -working_minutes_between(calendar, end, start)
    first, last = local(start), local(end)
    total, day = timedelta(0), first.date()
    while day <= last.date():
        for begin, close in _sessions(calendar, day):
            total += max(min(close, last) - max(begin, first), timedelta(0))
        day += timedelta(days=1)
    return int(total.total_seconds() // 60)


def add_working_days(calendar: WorkingCalendar, day: date, count: int) -> date:
    """The working day ``count`` working days after ``day`` (before it, when negative); 0 gives ``day`` itself."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(calendar, day)
    return day


def next_working_day(calendar: WorkingCalendar, day: date) -> date:
    """``day`` when offices work on it, else the next day on which they do."""
    return day if is_working_day(calendar, day) else add_working_days(calendar, day, 1)


def end_of_day(calendar: WorkingCalendar, day: date) -> datetime:
    """The closing time of the working day ``day``, or of the next one."""
    return datetime.combine(next_working_day(calendar, day), calendar.sessions[-1][1], ZONE)
