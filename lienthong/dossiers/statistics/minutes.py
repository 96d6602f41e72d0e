"""Working minutes between many pairs of instants: a sum up to each day is kept, so that no pair walks over its days."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from lienthong.dossiers.rules.calendar import ZONE, WorkingCalendar, local, working_minutes_between

_FIRST = date(2015, 1, 1)


class WorkingMinutes:
    """``working_minutes_between`` for instants from 2015 on that lie in order, fast."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self._calendar = calendar
        self._until: list[int] = [0]
        self._within = lru_cache(maxsize=100_000)(self._of_day)

    def __call__(self, start: datetime, end: datetime) -> int:
        """Whole working minutes from one instant to a later one."""
        return int(self._seconds(end) - self._seconds(start)) // 60

    def _seconds(self, at: datetime) -> float:
        moment = local(at)
        return self._before(moment.date()) + self._within(moment)

    def _before(self, day: date) -> int:
        """Working seconds from the first day up to the beginning of ``day``."""
        number = (day - _FIRST).days
        while len(self._until) <= number:
            done = _FIRST + timedelta(days=len(self._until) - 1)
            whole = working_minutes_between(self._calendar, _midnight(done), _midnight(done + timedelta(days=1)))
            self._until.append(self._until[-1] + 60 * whole)
        return self._until[number]

    def _of_day(self, moment: datetime) -> float:
        day = moment.date()
        total = timedelta(0)
        for begin, close in self._sessions(day):
            total += max(min(close, moment) - begin, timedelta(0))
        return total.total_seconds()

    def _sessions(self, day: date) -> list[tuple[datetime, datetime]]:
        if self._before(day + timedelta(days=1)) == self._before(day):
            return []
        sessions = self._calendar.sessions
        return [(datetime.combine(day, begin, ZONE), datetime.combine(day, end, ZONE)) for begin, end in sessions]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
