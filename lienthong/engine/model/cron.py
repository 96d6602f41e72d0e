"""Six-field cron (second minute hour day month weekday) and its macros, in UTC. Pure."""

from __future__ import annotations

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


@dataclass(slots=True, frozen=True)
class Cron:
    """Allowed numbers per field; weekdays count from Sunday = 0."""

    fields: tuple[frozenset[int], ...]

    def next_after(self, moment_ms: int) -> int | None:
        """The first match after `moment_ms`, or None when there is none for years."""
        seconds, minutes, hours, days, months, weekdays = self.fields
        now = datetime.fromtimestamp(moment_ms // 1000 + 1, UTC)
        day = now.replace(hour=0, minute=0, second=0)
        for _ in range(366 * _YEARS_AHEAD):
            if day.month in months and day.day in days and day.isoweekday() % 7 in weekdays:
                for hour in sorted(hours):
                    for minute in sorted(minutes):
                        for second in sorted(seconds):
                            found = day.replace(hour=hour, minute=minute, second=second)
                            if found >= now:
                                return round(found.timestamp() * 1000)
            day += timedelta(days=1)
        return None


def parse_cron(text: str) -> Cron:
    """Read a cron expression; raises ValueError."""
    parts = MACROS.get(text.strip().lower(), text).split()
    if len(parts) != 6:
        raise ValueError("it is neither R[n]/[start/]duration nor a six-field cron")
    fields = [_field(part, index) for index, part in enumerate(parts)]
    fields[5] = frozenset(day % 7 for day in fields[5])
    return Cron(tuple(fields))


def _field(text: str, index: int) -> frozenset[int]:
    low, high = _BOUNDS[index]
    found: set[int] = set()
    for part in text.split(","):
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
