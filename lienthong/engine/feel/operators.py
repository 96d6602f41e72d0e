"""Equality, order, membership and arithmetic of FEEL values. None means: has no answer. DMN 1.5 §10.3.2.13-15."""

from decimal import Decimal
from typing import Any

from lienthong.engine.feel.numbers import DecimalException, add, divide, multiply, power, subtract
from lienthong.engine.feel.temporal import (
    DAY,
    MAX_YEAR,
    SECOND,
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonthsDuration,
    Zone,
)
from lienthong.engine.feel.values import FeelFunction, Range, kind_of

MAX_TEXT = 10_000_000
UTC_ZONE = Zone(0)


def equal(left: Any, right: Any) -> bool | None:
    """FEEL's `=`: null equals null only; different kinds have no answer."""
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        return None
    if kind is list:
        return len(left) == len(right) and all(equal(a, b) is True for a, b in zip(left, right, strict=True))
    if kind is dict:
        return left.keys() == right.keys() and all(equal(value, right[key]) is True for key, value in left.items())
    if kind is FeelDateTime or kind is FeelTime:
        return _same_moment(left, right)
    if kind is Range:
        return _same_range(left, right)
    if kind is FeelFunction:
        return left is right or None
    return bool(left == right)


def _same_moment(left: Any, right: Any) -> bool | None:
    if (left.zone is None) != (right.zone is None):
        return False
    # Equality looks at the properties only, which have whole seconds.
    return bool(left.instant() // SECOND == right.instant() // SECOND)


def _same_range(left: Range, right: Range) -> bool:
    return (
        left.unary == right.unary
        and left.start_included == right.start_included
        and left.end_included == right.end_included
        and equal(left.start, right.start) is True
        and equal(left.end, right.end) is True
    )


def order_of(left: Any, right: Any) -> int | None:
    """-1, 0, 1 for values that have an order among themselves, else None."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind is Decimal or kind is str:
        return int(left > right) - int(left < right)
    if kind is FeelDate:
        a, b = (left.year, left.month, left.day), (right.year, right.month, right.day)
        return int(a > b) - int(a < b)
    if kind is FeelTime or kind is FeelDateTime:
        if (left.zone is None) != (right.zone is None):
            return None
        first, second = left.instant(), right.instant()
        return int(first > second) - int(first < second)
    if kind is DaysTimeDuration:
        return int(left.nanoseconds > right.nanoseconds) - int(left.nanoseconds < right.nanoseconds)
    if kind is YearsMonthsDuration:
        return int(left.months > right.months) - int(left.months < right.months)
    return None


def compare(operator: str, left: Any, right: Any) -> bool | None:
    """One of = != < <= > >= between two values."""
    if operator == "=":
        return equal(left, right)
    if operator == "!=":
        same = equal(left, right)
        return None if same is None else not same
    order = order_of(left, right)
    if order is None:
        return None
    if operator == "<":
        return order < 0
    if operator == "<=":
        return order <= 0
    return order > 0 if operator == ">" else order >= 0


def in_range(value: Any, interval: Range) -> bool | None:
    """Whether a value lies in an interval."""
    if not interval.unary and (interval.start is None or interval.end is None):
        return None
    if interval.start is not None:
        order = order_of(value, interval.start)
        if order is None:
            return None
        if order < 0 or (order == 0 and not interval.start_included):
            return False
    if interval.end is not None:
        order = order_of(value, interval.end)
        if order is None:
            return None
        return order < 0 or (order == 0 and interval.end_included)
    return True


def matches(value: Any, candidate: Any) -> bool | None:
    """Whether a value meets what a unary test gave: in the range, in the list, or equal."""
    if type(candidate) is Range and type(value) is not Range:
        return in_range(value, candidate)
    if type(candidate) is list:
        if type(value) is list and equal(value, candidate):
            return True
        return any(equal(value, item) or (type(item) in (Range, list) and matches(value, item)) for item in candidate)
    return equal(value, candidate)


def add_values(left: Any, right: Any) -> Any:
    """left + right, None when there is no such sum."""
    if type(left) is Decimal and type(right) is Decimal:
        return add(left, right)
    if type(left) is str and type(right) is str:
        return left + right if len(left) + len(right) <= MAX_TEXT else None
    if type(left) in (DaysTimeDuration, YearsMonthsDuration):
        if type(left) is type(right):
            return _sum_of_durations(left, right)
        return _shift(right, left, 1)
    if type(right) in (DaysTimeDuration, YearsMonthsDuration):
        return _shift(left, right, 1)
    return None


def _sum_of_durations(left: Any, right: Any) -> Any:
    if type(left) is DaysTimeDuration:
        return DaysTimeDuration(left.nanoseconds + right.nanoseconds)
    return YearsMonthsDuration(left.months + right.months)


def _shift(moment: Any, duration: Any, sign: int) -> Any:
    """A date, time or date and time, later or earlier by a duration."""
    kind = type(moment)
    shifted: Any = None
    if type(duration) is YearsMonthsDuration:
        if kind is FeelDate:
            shifted = moment.plus_months(sign * duration.months)
        elif kind is FeelDateTime:
            date = moment.date.plus_months(sign * duration.months)
            shifted = FeelDateTime(date, moment.nanoseconds, moment.zone)
    elif kind is FeelDate:
        shifted = FeelDate.from_days(moment.days() + sign * duration.nanoseconds // DAY)
    elif kind is FeelDateTime:
        shifted = moment.plus(sign * duration.nanoseconds)
    elif kind is FeelTime:
        return FeelTime((moment.nanoseconds + sign * duration.nanoseconds) % DAY, moment.zone)
    if shifted is None:
        return None
    year = shifted.year if type(shifted) is FeelDate else shifted.date.year
    return shifted if abs(year) <= MAX_YEAR else None


def subtract_values(left: Any, right: Any) -> Any:
    """left - right, None when there is no such difference."""
    if type(left) is Decimal and type(right) is Decimal:
        return subtract(left, right)
    if type(right) is DaysTimeDuration:
        if type(left) is DaysTimeDuration:
            return DaysTimeDuration(left.nanoseconds - right.nanoseconds)
        return _shift(left, right, -1)
    if type(right) is YearsMonthsDuration:
        if type(left) is YearsMonthsDuration:
            return YearsMonthsDuration(left.months - right.months)
        return _shift(left, right, -1)
    return _time_between(left, right)


def _time_between(left: Any, right: Any) -> DaysTimeDuration | None:
    if type(left) is FeelTime and type(right) is FeelTime:
        if (left.zone is None) != (right.zone is None):
            return None
        return DaysTimeDuration(left.instant() - right.instant())
    first, second = as_date_time(left), as_date_time(right)
    if first is None or second is None or (first.zone is None) != (second.zone is None):
        return None
    return DaysTimeDuration(first.instant() - second.instant())


def as_date_time(value: Any) -> FeelDateTime | None:
    """A date as its midnight UTC, a date and time as it is."""
    if type(value) is FeelDate:
        return FeelDateTime(value, 0, UTC_ZONE)
    return value if type(value) is FeelDateTime else None


def multiply_values(left: Any, right: Any) -> Any:
    """left * right, None when there is no such product."""
    if type(left) is Decimal and type(right) is Decimal:
        return multiply(left, right)
    if type(left) is Decimal:
        left, right = right, left
    if type(right) is not Decimal:
        return None
    if type(left) is DaysTimeDuration:
        return DaysTimeDuration(int(multiply(Decimal(left.nanoseconds), right)))
    if type(left) is YearsMonthsDuration:
        return YearsMonthsDuration(int(multiply(Decimal(left.months), right)))
    return None


def divide_values(left: Any, right: Any) -> Any:
    """left / right, None when there is no such quotient."""
    if type(left) is Decimal and type(right) is Decimal:
        return divide(left, right)
    if type(left) is DaysTimeDuration:
        if type(right) is Decimal:
            return DaysTimeDuration(int(divide(Decimal(left.nanoseconds), right)))
        if type(right) is DaysTimeDuration:
            return divide(Decimal(left.nanoseconds), Decimal(right.nanoseconds))
    if type(left) is YearsMonthsDuration:
        if type(right) is Decimal:
            return YearsMonthsDuration(int(divide(Decimal(left.months), right)))
        if type(right) is YearsMonthsDuration:
            return divide(Decimal(left.months), Decimal(right.months))
    return None


def power_values(left: Any, right: Any) -> Any:
    """left ** right of numbers."""
    if type(left) is Decimal and type(right) is Decimal:
        return power(left, right)
    return None


ARITHMETIC = {
    "+": add_values,
    "-": subtract_values,
    "*": multiply_values,
    "/": divide_values,
    "**": power_values,
}


def calculate(operator: str, left: Any, right: Any) -> tuple[Any, str | None]:
    """The value of an operation and, where it is null, why."""
    try:
        value = ARITHMETIC[operator](left, right)
    except (DecimalException, OverflowError) as error:
        reason = "division by zero" if operator == "/" and right == 0 else type(error).__name__
        return None, f"Expected a value of '{operator}', but there is none: {reason}"
    if value is None:
        return None, f"Expected operands '{operator}' is defined for, but got {kind_of(left)} and {kind_of(right)}"
    return value, None
