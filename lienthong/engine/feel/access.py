"""Reaching into values: `source.name` and `source[condition]`. DMN 1.5 §10.3.2.5, §10.3.2.8."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lienthong.engine.feel.numbers import is_whole
from lienthong.engine.feel.scope import Run, Scope
from lienthong.engine.feel.temporal import (
    HOUR,
    MINUTE,
    SECOND,
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonthsDuration,
)
from lienthong.engine.feel.values import Range, kind_of


def path_value(value: Any, name: str, run: Run) -> Any:
    """The entry or property of a value; over a list, of each of its items."""
    if type(value) is list:
        run.spend(len(value))
        return [path_value(item, name, run) for item in value]
    if type(value) is dict and name in value:
        return value[name]
    properties = _PROPERTIES.get(type(value), {})
    if name in properties:
        return properties[name](value)
    if value is None:
        run.warn(f"Expected a context to read '{name}' of, but it is null")
    else:
        run.warn(f"No {'entry' if type(value) is dict else 'property'} found with name '{name}' in a {kind_of(value)}")
    return None


def _whole(value: int) -> Decimal:
    return Decimal(value)


def _seconds(nanoseconds: int) -> Decimal:
    return Decimal(nanoseconds // SECOND % 60)


def _part(nanoseconds: int, unit: int, size: int) -> Decimal:
    sign = -1 if nanoseconds < 0 else 1
    return Decimal(sign * (abs(nanoseconds) // unit % size if size else abs(nanoseconds) // unit))


def _offset(value: FeelTime | FeelDateTime) -> DaysTimeDuration | None:
    offset = value.offset()
    return None if offset is None else DaysTimeDuration(offset * SECOND)


def _zone_name(value: FeelTime | FeelDateTime) -> str | None:
    return value.zone.name if value.zone is not None else None


_CLOCK: dict[str, Callable[[Any], Any]] = {
    "hour": lambda v: _whole(v.nanoseconds // HOUR),
    "minute": lambda v: _whole(v.nanoseconds // MINUTE % 60),
    "second": lambda v: _seconds(v.nanoseconds),
    "time offset": _offset,
    "timezone": _zone_name,
}
_PROPERTIES: dict[type, dict[str, Callable[[Any], Any]]] = {
    FeelDate: {
        "year": lambda v: _whole(v.year),
        "month": lambda v: _whole(v.month),
        "day": lambda v: _whole(v.day),
        "weekday": lambda v: _whole(v.weekday()),
    },
    FeelTime: _CLOCK,
    FeelDateTime: {
        "year": lambda v: _whole(v.date.year),
        "month": lambda v: _whole(v.date.month),
        "day": lambda v: _whole(v.date.day),
        "weekday": lambda v: _whole(v.date.weekday()),
        **_CLOCK,
    },
    DaysTimeDuration: {
        "days": lambda v: _part(v.nanoseconds, 24 * HOUR, 0),
        "hours": lambda v: _part(v.nanoseconds, HOUR, 24),
        "minutes": lambda v: _part(v.nanoseconds, MINUTE, 60),
        "seconds": lambda v: _part(v.nanoseconds, SECOND, 60),
    },
    YearsMonthsDuration: {
        "years": lambda v: _part(v.months, 12, 0),
        "months": lambda v: _part(v.months, 1, 12),
    },
    Range: {
        "start": lambda v: v.start,
        "end": lambda v: v.end,
        "start included": lambda v: v.start_included,
        "end included": lambda v: v.end_included,
    },
}


def filter_value(source: Any, condition: Callable[[Scope], Any], fixed: bool, scope: Scope) -> Any:
    """The item at an index, or the items a condition holds for."""
    items = source if type(source) is list else ([] if source is None else [source])
    if fixed:
        return _by_literal(items, condition(scope), scope.run)
    run = scope.run
    run.spend(len(items) + 1)
    kept = []
    for position, item in enumerate(items):
        inner = Scope({"item": item}, scope, run)
        if type(item) is dict:
            inner = Scope(item, inner, run)
        answer = condition(inner)
        if position == 0 and type(answer) is Decimal:
            return item_at(items, answer, run)
        if answer is True:
            kept.append(item)
        elif answer is not False and answer is not None:
            run.warn(f"Expected a filter to be true, false or a number, but got {kind_of(answer)}")
            return None
    return kept


def _by_literal(items: list[Any], literal: Any, run: Run) -> Any:
    if type(literal) is Decimal:
        return item_at(items, literal, run)
    if literal is None or literal is False:
        return []
    if literal is True:
        return list(items)
    run.warn(f"Expected a filter to be true, false or a number, but got {kind_of(literal)}")
    return None


def item_at(items: list[Any], index: Decimal, run: Run) -> Any:
    """The item at a 1-based index; a negative one counts from the end."""
    if is_whole(index) and 1 <= abs(index) <= len(items):
        place = int(index)
        return items[place - 1] if place > 0 else items[place]
    run.warn(f"Expected an index between 1 and {len(items)}, but got {index}")
    return None
