"""Texts into dates, times and durations: ISO 8601 as XML Schema has it, plus FEEL's @zone. None where it is none."""

import re
from zoneinfo import ZoneInfoNotFoundError

from lienthong.engine.feel.temporal import (
    DAY,
    HOUR,
    MAX_YEAR,
    MINUTE,
    SECOND,
    DaysTimeDuration,
    Duration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    Temporal,
    YearsMonthsDuration,
    Zone,
    days_in_month,
    zone_info,
)

_DATE = re.compile(r"(-?)(\d{4,9})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,20}))?(?:(Z|z)|([+-])(\d\d):(\d\d)(?::(\d\d))?|@([A-Za-z0-9_+\-/]{1,60}))?",
    re.ASCII,
)
_SHORT_TIME = re.compile(r"(\d\d):(\d\d)(?=$|[Zz+\-@])", re.ASCII)
_DAYS_TIME = re.compile(
    r"(-?)P(?:(\d{1,18})D)?(?:T(?:(\d{1,18})H)?(?:(\d{1,18})M)?(?:(\d{1,18})(?:\.(\d{0,20}))?S)?)?", re.ASCII
)
_YEARS_MONTHS = re.compile(r"(-?)P(?:(\d{1,18})Y)?(?:(\d{1,18})M)?", re.ASCII)
_WEEKS = re.compile(r"(-?)P(\d{1,9})W", re.ASCII)
MAX_OFFSET_SECONDS = 18 * 3600


def make_date(year: int, month: int, day: int) -> FeelDate | None:
    """The date, or None when there is no such day."""
    if abs(year) > MAX_YEAR or not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        return None
    return FeelDate(year, month, day)


def parse_date(text: str) -> FeelDate | None:
    """2026-01-31."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    sign, year, month, day = found.groups()
    if len(year) > 4 and year[0] == "0":
        return None
    return make_date(-int(year) if sign else int(year), int(month), int(day))


def _zone_of(groups: tuple[str | None, ...]) -> Zone | bool | None:
    utc, sign, hours, minutes, seconds, name = groups
    if utc:
        return Zone(0)
    if sign:
        offset = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
        if offset > MAX_OFFSET_SECONDS or int(minutes or 0) > 59 or int(seconds or 0) > 59:
            return False
        return Zone(-offset if sign == "-" else offset)
    return named_zone(name) if name else None


def named_zone(name: str) -> Zone | bool:
    """The zone of the tz database, False when there is none."""
    try:
        zone_info(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return Zone(None, name)


def parse_time(text: str) -> FeelTime | None:
    """10:15:00, 10:15:00.5+07:00, 10:15:00@Asia/Ho_Chi_Minh; seconds may be left out, as Camunda allows."""
    text = text.removeprefix("T")
    if _SHORT_TIME.match(text):
        text = f"{text[:5]}:00{text[5:]}"
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour, minute, second, fraction = found.groups()[:4]
    zone = _zone_of(found.groups()[4:])
    if zone is False or zone is True or int(hour) > 24 or int(minute) > 59 or int(second) > 59:
        return None
    nanoseconds = int(hour) * HOUR + int(minute) * MINUTE + int(second) * SECOND
    nanoseconds += int((fraction or "0").ljust(9, "0")[:9])
    if nanoseconds > DAY:
        return None
    return FeelTime(nanoseconds % DAY, zone)


def parse_date_time(text: str) -> FeelDateTime | None:
    """2026-01-31T10:15:00+07:00; a date alone is its midnight."""
    day, separator, clock = text.partition("T")
    date = parse_date(day)
    if date is None:
        return None
    if not separator:
        return FeelDateTime(date, 0)
    time = parse_time(clock) if not clock.startswith("T") else None
    if time is None:
        return None
    if clock.startswith("24:"):
        date = FeelDate.from_days(date.days() + 1)
    return FeelDateTime(date, time.nanoseconds, time.zone)


def parse_duration(text: str) -> Duration | None:
    """P1Y2M, P1DT2H3M4.5S, P2W."""
    weeks = _WEEKS.fullmatch(text)
    if weeks:
        return DaysTimeDuration(int(weeks.group(2)) * 7 * DAY * (-1 if weeks.group(1) else 1))
    found = _YEARS_MONTHS.fullmatch(text)
    if found and (found.group(2) or found.group(3)):
        months = int(found.group(2) or 0) * 12 + int(found.group(3) or 0)
        return YearsMonthsDuration(-months if found.group(1) else months)
    found = _DAYS_TIME.fullmatch(text)
    if found is None or text.endswith(("T", "P")) or not any(found.groups()[1:]):
        return None
    sign, days, hours, minutes, seconds, fraction = found.groups()
    total = int(days or 0) * DAY + int(hours or 0) * HOUR + int(minutes or 0) * MINUTE + int(seconds or 0) * SECOND
    total += int((fraction or "0").ljust(9, "0")[:9])
    return DaysTimeDuration(-total if sign else total)


def parse_temporal(text: str) -> Temporal | None:
    """Whatever a literal @"…" says."""
    if "P" in text[:2]:
        return parse_duration(text)
    if "T" in text[1:]:
        return parse_date_time(text)
    return parse_date(text) if parse_date(text) is not None else parse_time(text)
