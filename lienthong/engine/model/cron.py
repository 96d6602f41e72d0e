"""Six-field cron (second minute hour day month weekday) and its macros, in UTC. Pure.

Days may also be said from the month's end: `L` the last, `L-3` three before it, `LW` the last weekday,
`15W` the weekday nearest to the 15th. Weekdays: `5L` or `FRIL` the last Friday, `MON#2` the second Monday.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MACROS = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
_BOUNDS = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_YEARS_AHEAD = 8  # the longest wait of a plain cron: 29 February over a century
_DAY, _WEEKDAY = 3, 5
_FROM_END = re.compile(r"L(?:-(\d{1,2}))?\Z")
_NEAREST = re.compile(r"(\d{1,2})W\Z")
_LAST_WEEKDAY = re.compile(r"(\w+)L\Z")
_NTH_WEEKDAY = re.compile(r"(\w+)#([1-5])\Z")

DayOfMonth = Callable[[datetime], int]  # the day of that month which is meant; 0 when the month has none


@dataclass(slots=True, frozen=True)
class Cron:
    """Allowed numbers per field, weekdays from Sunday = 0; `days` and `weekdays` are further days, found per month."""

    fields: tuple[frozenset[int], ...]
    days: tuple[DayOfMonth, ...] = ()
    weekdays: tuple[DayOfMonth, ...] = ()

    def next_after(self, moment_ms: int) -> int | None:
        """The first match after `moment_ms`, or None when there is none for years."""
        seconds, minutes, hours = self.fields[:3]
        now = datetime.fromtimestamp(moment_ms // 1000 + 1, UTC)
        day = now.replace(hour=0, minute=0, second=0)
        for _ in range(366 * _YEARS_AHEAD):
            if self._falls_on(day):
                for hour in sorted(hours):
                    for minute in sorted(minutes):
                        for second in sorted(seconds):
                            found = day.replace(hour=hour, minute=minute, second=second)
                            if found >= now:
                                return round(found.timestamp() * 1000)
            day += timedelta(days=1)
        return None

    def _falls_on(self, day: datetime) -> bool:
        _, _, _, days, months, weekdays = self.fields
        return (
            day.month in months
            and (day.day in days or any(computed(day) == day.day for computed in self.days))
            and (_weekday(day) in weekdays or any(computed(day) == day.day for computed in self.weekdays))
        )


def parse_cron(text: str) -> Cron:
    """Read a cron expression; raises ValueError."""
    parts = MACROS.get(text.strip().lower(), text).split()
    if len(parts) != 6:
        raise ValueError("it is neither R[n]/[start/]duration nor a six-field cron")
    computed: dict[int, list[DayOfMonth]] = {_DAY: [], _WEEKDAY: []}
    fields = []
    for index, part in enumerate(parts):
        plain = []
        for each in part.upper().split(","):
            special = _special(each, index)
            if special is None:
                plain.append(each)
            else:
                computed[index].append(special)
        fields.append(_field(plain, index))
    fields[_WEEKDAY] = frozenset(day % 7 for day in fields[_WEEKDAY])
    return Cron(tuple(fields), tuple(computed[_DAY]), tuple(computed[_WEEKDAY]))


def _special(text: str, index: int) -> DayOfMonth | None:
    """A day that depends on the month; None when the text is a plain number, name or range."""
    if index == _DAY:
        return _special_day(text)
    if index != _WEEKDAY:
        return None
    nth = _NTH_WEEKDAY.match(text)
    if nth is not None:
        weekday, count = _weekday_number(nth[1]), int(nth[2])
        return lambda day: _nth_weekday(day, weekday, count)
    last = _LAST_WEEKDAY.match(text)
    if last is not None and text not in _DAYS:
        weekday = _weekday_number(last[1])
        return lambda day: _nth_weekday(day, weekday, 5) or _nth_weekday(day, weekday, 4)
    return None


def _special_day(text: str) -> DayOfMonth | None:
    if text == "LW":
        return lambda day: _nearest_weekday(day, _length(day))
    from_end = _FROM_END.match(text)
    if from_end is not None:
        before = int(from_end[1] or 0)
        return lambda day: max(_length(day) - before, 0)
    nearest = _NEAREST.match(text)
    if nearest is None:
        return None
    wanted = int(nearest[1])
    if not 1 <= wanted <= 31:
        raise ValueError(f'"{text}" is out of bounds')
    return lambda day: _nearest_weekday(day, wanted) if wanted <= _length(day) else 0


def _length(day: datetime) -> int:
    return monthrange(day.year, day.month)[1]


def _weekday(day: datetime) -> int:
    return day.isoweekday() % 7


def _nearest_weekday(day: datetime, wanted: int) -> int:
    """The day from Monday to Friday nearest to `wanted`, in the same month."""
    weekday = _weekday(day.replace(day=wanted))
    if weekday == 6:
        return wanted - 1 if wanted > 1 else wanted + 2
    if weekday == 0:
        return wanted + 1 if wanted < _length(day) else wanted - 2
    return wanted


def _nth_weekday(day: datetime, weekday: int, count: int) -> int:
    first = (weekday - _weekday(day.replace(day=1))) % 7 + 1
    found = first + 7 * (count - 1)
    return found if found <= _length(day) else 0


def _weekday_number(text: str) -> int:
    number = _number(text, _WEEKDAY)
    if not 0 <= number <= 7:
        raise ValueError(f'"{text}" is out of bounds')
    return number % 7


def _field(parts: list[str], index: int) -> frozenset[int]:
    low, high = _BOUNDS[index]
    found: set[int] = set()
    for part in parts:
        span, _, stride = part.partition("/")
        if span in ("*", "?"):
            first, last = low, high
        else:
            begin, _, end = span.partition("-")
            first = _number(begin, index)
            last = _number(end, index) if end else (high if stride else first)
        if not low <= first <= last <= high or (stride and int(stride) < 1):
            raise ValueError(f'"{part}" is out of bounds')
        found.update(range(first, last + 1, int(stride) if stride else 1))
    return frozenset(found)


def _number(text: str, index: int) -> int:
    names = {4: _MONTHS, 5: _DAYS}.get(index, [])
    if text.upper() in names:
        return names.index(text.upper()) + (index == 4)
    return int(text)
