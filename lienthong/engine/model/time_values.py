"""ISO 8601 dates, durations and cycles, and six-field cron, as epoch milliseconds. Pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lienthong.engine.model.cron import Cron, parse_cron

_DURATION = re.compile(
    r"(?P<sign>[-+])?P(?=.)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?\Z"
)
_CYCLE = re.compile(r"R(?P<count>-?\d*)/(?:(?P<start>[^/]+)/)?(?P<duration>[^/]+)\Z")
_NAMED_ZONE = re.compile(r"(?P<local>.*?)(?P<offset>Z|[-+]\d\d:?\d\d)?(?:\[(?P<zone>[^\]]+)\]|@(?P<at>.+))\Z")
FOREVER = -1


@dataclass(slots=True, frozen=True)
class Duration:
    """Months and milliseconds, both signed."""

    months: int
    ms: int


@dataclass(slots=True, frozen=True)
class Cycle:
    """`count` times (FOREVER: without end) every `duration`, or by `cron`; `start_ms` may fix the first."""

    count: int
    duration: Duration | None
    start_ms: int | None = None
    cron: Cron | None = None


def parse_date(text: str) -> int:
    """A zoned ISO date-time as epoch milliseconds; raises ValueError."""
    named = _NAMED_ZONE.match(text)
    if named is None:
        value = datetime.fromisoformat(text)
        if value.tzinfo is None:
            raise ValueError("it has no zone")
    else:
        local = datetime.fromisoformat(named["local"] + (named["offset"] or ""))
        try:
            zone = ZoneInfo(named["zone"] or named["at"])
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("its zone is unknown") from error
        value = local if local.tzinfo is not None else local.replace(tzinfo=zone)
    return round(value.timestamp() * 1000)


def parse_duration(text: str) -> Duration:
    """An ISO duration; raises ValueError."""
    match = _DURATION.match(text)
    if match is None:
        raise ValueError("it is no ISO 8601 duration")
    part = {name: float(value or 0) for name, value in match.groupdict().items() if name != "sign"}
    sign = -1 if match["sign"] == "-" else 1
    days = part["weeks"] * 7 + part["days"]
    seconds = ((days * 24 + part["hours"]) * 60 + part["minutes"]) * 60 + part["seconds"]
    return Duration(sign * int(part["years"] * 12 + part["months"]), sign * round(seconds * 1000))


def parse_cycle(text: str) -> Cycle:
    """`R[n]/[start/]duration` or a six-field cron; raises ValueError."""
    match = _CYCLE.match(text)
    if match is None:
        return Cycle(FOREVER, None, None, parse_cron(text))
    count = int(match["count"]) if match["count"] else FOREVER
    start = parse_date(match["start"]) if match["start"] else None
    return Cycle(count, parse_duration(match["duration"]), start)


def add(moment_ms: int, duration: Duration) -> int:
    """The time after a duration; months are counted in UTC, the day is cut to the month's length."""
    if duration.months:
        moment = datetime.fromtimestamp(moment_ms / 1000, UTC)
        years, month = divmod(moment.year * 12 + moment.month - 1 + duration.months, 12)
        day = min(moment.day, calendar.monthrange(years, month + 1)[1])
        moment = moment.replace(year=years, month=month + 1, day=day)
        moment_ms = round(moment.timestamp() * 1000)
    return moment_ms + duration.ms


def iso(moment_ms: int) -> str:
    """The ISO form of a time, in UTC."""
    return (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=moment_ms)).isoformat()
