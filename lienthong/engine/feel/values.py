"""The values FEEL computes with, beside None, bool, str, Decimal, list, dict and the temporal ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lienthong.engine.feel.temporal import (
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonthsDuration,
)


@dataclass(slots=True)
class Range:
    """An interval; `unary` when written with one comparison (`< 5`): a missing end is then infinity."""

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
    unary: bool = False


@dataclass(slots=True)
class FeelFunction:
    """Something that can be called: a built-in, a function definition, a business knowledge model."""

    name: str
    parameters: list[str]
    call: Callable[[Any, list[Any]], Any]
    """(run, arguments) → value"""
    call_named: Callable[[Any, dict[str, Any]], Any] | None = None
    parameter_types: list[Any] = field(default_factory=list)
    result_type: Any = None


class _Absent:
    """An optional argument nobody gave; unlike null."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


ABSENT = _Absent()


def kind_of(value: Any) -> str:
    """The name of a value's type as the FEEL specification has it."""
    return _KINDS.get(type(value), "Any")


_KINDS: dict[type, str] = {
    type(None): "Null",
    bool: "boolean",
    str: "string",
    Decimal: "number",
    FeelDate: "date",
    FeelTime: "time",
    FeelDateTime: "date and time",
    DaysTimeDuration: "days and time duration",
    YearsMonthsDuration: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    FeelFunction: "function",
}
SCALARS: frozenset[type] = frozenset(t for t in _KINDS if t not in (list, dict))
