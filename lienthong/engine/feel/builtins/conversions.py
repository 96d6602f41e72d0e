"""Built-ins that turn one kind of value into another. DMN 1.5 §10.3.4.1."""

import json
import re
from decimal import Decimal
from typing import Any

from lienthong.engine.feel.builtins.registry import NullResult, builtin
from lienthong.engine.feel.json_values import from_json, json_text
from lienthong.engine.feel.numbers import number_of
from lienthong.engine.feel.temporal import (
    HOUR,
    MINUTE,
    SECOND,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonthsDuration,
    Zone,
    at_instant,
)
from lienthong.engine.feel.temporal_text import (
    make_date,
    named_zone,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
)
from lienthong.engine.feel.texts import text_of
from lienthong.engine.feel.values import ABSENT, kind_of

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def _found(value: Any, text: str, wanted: str) -> Any:
    if value is None:
        raise NullResult(f"Expected a text with a {wanted}, but got '{text}'")
    return value


@builtin("date(from: Any)")
def date_from(value: Any) -> FeelDate:
    value = _one(value)
    if type(value) is str:
        found: FeelDate = _found(parse_date(value), value, "date")
        return found
    if type(value) is FeelDateTime:
        return value.date
    if type(value) is FeelDate:
        return value
    raise NullResult(f"Expected a text or a date, but got {kind_of(value)}")


def _one(value: Any) -> Any:
    return value[0] if type(value) is list and len(value) == 1 else value


@builtin("date(year: number, month: number, day: number)")
def date_of(year: Decimal, month: Decimal, day: Decimal) -> FeelDate:
    made = make_date(int(year), int(month), int(day))
    if made is None:
        raise NullResult(f"Expected a day there is, but got {year}-{month}-{day}")
    return made


@builtin("date and time(from: Any)")
def date_time_from(value: Any) -> FeelDateTime:
    value = _one(value)
    if type(value) is str:
        found: FeelDateTime = _found(parse_date_time(value), value, "date and time")
        return found
    if type(value) is FeelDateTime:
        return value
    if type(value) is FeelDate:
        return FeelDateTime(value, 0, Zone(0))
    raise NullResult(f"Expected a text or a date and time, but got {kind_of(value)}")


@builtin("date and time(date: Any, time: time)")
def date_time_of(date: Any, time: FeelTime) -> FeelDateTime:
    day = date.date if type(date) is FeelDateTime else date
    if type(day) is not FeelDate:
        raise NullResult(f"Expected a date and a time, but got {kind_of(date)}")
    return FeelDateTime(day, time.nanoseconds, time.zone)


@builtin("date and time(date: date and time, timezone: string)")
def date_time_in_zone(moment: FeelDateTime, timezone: str) -> FeelDateTime:
    zone = named_zone(timezone)
    if not isinstance(zone, Zone):
        raise NullResult(f"Expected a zone there is, but got '{timezone}'")
    if moment.zone is None:
        return FeelDateTime(moment.date, moment.nanoseconds, zone)
    return at_instant(moment.instant(), zone)


@builtin("time(from: Any)")
def time_from(value: Any) -> FeelTime:
    value = _one(value)
    if type(value) is str:
        found: FeelTime = _found(parse_time(value), value, "time")
        return found
    if type(value) is FeelDateTime:
        return FeelTime(value.nanoseconds, value.zone)
    if type(value) is FeelDate:
        return FeelTime(0, Zone(0))
    if type(value) is FeelTime:
        return value
    raise NullResult(f"Expected a text or a time, but got {kind_of(value)}")


@builtin("time(hour: number, minute: number, second: number, offset?: days and time duration|null)")
def time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: Any = ABSENT) -> FeelTime:
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        raise NullResult(f"Expected a time of day, but got {hour}:{minute}:{second}")
    nanoseconds = int(hour) * HOUR + int(minute) * MINUTE + int(second * SECOND)
    if offset is ABSENT or offset is None:
        return FeelTime(nanoseconds)
    seconds = offset.nanoseconds // SECOND
    if abs(seconds) > 18 * 3600:
        raise NullResult(f"Expected an offset of at most 18 hours, but got {offset}")
    return FeelTime(nanoseconds, Zone(seconds))


@builtin("duration(from: string)")
def duration_from(text: str) -> Any:
    return _found(parse_duration(text), text, "duration")


@builtin("years and months duration(from: Any, to: Any)")
def years_and_months_between(start: Any, end: Any) -> YearsMonthsDuration:
    first, last = _day(start), _day(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonthsDuration(months)


def _day(value: Any) -> FeelDate:
    value = _one(value)
    if type(value) is FeelDateTime:
        return value.date
    if type(value) is FeelDate:
        return value
    raise NullResult(f"Expected two dates, but got {kind_of(value)}")


@builtin("number(from: string)")
def number_from(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise NullResult(f"Expected a text with a number, but got '{text}'")
    return number_of(text)


@builtin("number(from: number)")
def number_from_number(value: Decimal) -> Decimal:
    return value


@builtin("number(from: string, grouping separator: string|null, decimal separator?: string|null)")
def number_with_separators(text: str, grouping: str | None, point: Any = None) -> Decimal:
    point = point or None
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        raise NullResult("Expected separators among space, comma and period")
    if grouping is not None and grouping == point:
        raise NullResult("Expected two different separators")
    plain = text.replace(grouping, "") if grouping else text
    if point and point != ".":
        if "." in plain:
            raise NullResult(f"Expected a text with a number, but got '{text}'")
        plain = plain.replace(point, ".")
    return number_from(plain)


@builtin("string(from: Any)")
def string_from(value: Any) -> str | None:
    return None if value is None else text_of(value)


@builtin("boolean(from: Any)")
def boolean_from(value: Any) -> bool:
    if type(value) is bool:
        return value
    text = value.strip().lower() if type(value) is str else ""
    if text not in ("true", "false"):
        raise NullResult(f"Expected true or false, but got {kind_of(value)}")
    return text == "true"


@builtin("to json(value: Any)")
def to_json_text(value: Any) -> str:
    return json_text(value)


@builtin("from json(value: string)")
def from_json_text(text: str) -> Any:
    try:
        return from_json(json.loads(text, parse_float=number_of))
    except (ValueError, RecursionError):
        raise NullResult("Expected a text with JSON") from None
