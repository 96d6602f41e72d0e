"""JSON in and out: numbers keep all their digits, dates become ISO texts."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from lienthong.engine.feel.numbers import is_whole, number_text
from lienthong.engine.feel.temporal import DaysTimeDuration, FeelDate, from_datetime
from lienthong.engine.feel.values import SCALARS, FeelFunction, Range


def from_json(value: Any) -> Any:
    """The FEEL value of JSON-able data; FEEL values inside stay as they are."""
    kind = type(value)
    if kind in SCALARS:
        return value
    if kind is dict:
        return {str(key): from_json(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        return [from_json(item) for item in value]
    return _other(value)


def _other(value: Any) -> Any:
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value)) if value == value and abs(value) != float("inf") else None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): from_json(item) for key, item in value.items()}
    if isinstance(value, datetime):
        return from_datetime(value)
    if isinstance(value, date):
        return FeelDate(value.year, value.month, value.day)
    if isinstance(value, timedelta):
        return DaysTimeDuration(value // timedelta(microseconds=1) * 1000)
    if isinstance(value, (set, frozenset)):
        return [from_json(item) for item in sorted(value, key=repr)]
    return None


def to_json(value: Any) -> Any:
    """JSON-able data of a FEEL value: whole numbers as int, others as float."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is Decimal:
        return number_to_json(value)
    if kind is dict:
        return {key: to_json(item) for key, item in value.items()}
    if kind is list:
        return [to_json(item) for item in value]
    if kind is Range:
        return {
            "start": to_json(value.start),
            "end": to_json(value.end),
            "startIncluded": value.start_included,
            "endIncluded": value.end_included,
        }
    if kind is FeelFunction:
        return None
    if kind in SCALARS:
        return str(value)
    return to_json(from_json(value))


def number_to_json(value: Decimal) -> int | float:
    """int when whole, else the nearest float; `json_text` keeps what a float would lose."""
    if not value.is_finite():
        return 0
    if is_whole(value) and value.adjusted() < 400:
        return int(value)
    return float(value)


def json_text(value: Any) -> str:
    """JSON text of a FEEL value with every digit of its numbers."""
    kind = type(value)
    if kind is Decimal:
        return number_text(value)
    if kind is dict:
        return "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{json_text(v)}" for key, v in value.items()) + "}"
    if kind is list:
        return "[" + ",".join(json_text(item) for item in value) + "]"
    if kind is Range:
        ends = f'"start":{json_text(value.start)},"end":{json_text(value.end)}'
        return f'{{{ends},"startIncluded":{_bool(value.start_included)},"endIncluded":{_bool(value.end_included)}}}'
    return json.dumps(to_json(value), ensure_ascii=False)


def _bool(value: bool) -> str:
    return "true" if value else "false"
