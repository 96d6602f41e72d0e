"""Built-ins for numbers."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from typing import Any

from lienthong.engine.feel.builtins.registry import NullResult, builtin
from lienthong.engine.feel.numbers import CONTEXT, is_whole, minus
from lienthong.engine.feel.temporal import DaysTimeDuration, YearsMonthsDuration
from lienthong.engine.feel.values import ABSENT

MIN_SCALE, MAX_SCALE = -6111, 6176


def _rounded(value: Decimal, scale: Decimal, rounding: str) -> Decimal:
    if not is_whole(scale):
        scale = Decimal(int(scale))
    if not MIN_SCALE <= scale <= MAX_SCALE:
        raise NullResult(f"Expected a scale between {MIN_SCALE} and {MAX_SCALE}, but got {scale}")
    places = int(scale)
    if value and -value.as_tuple().exponent <= places:  # type: ignore[operator]
        return value
    context = CONTEXT.copy()
    context.prec = 7000
    return CONTEXT.plus(value.quantize(Decimal((0, (1,), -places)), rounding=rounding, context=context))


@builtin("decimal(n: number, scale: number)")
def decimal(value: Decimal, scale: Decimal) -> Decimal:
    return _rounded(value, scale, ROUND_HALF_EVEN)


@builtin("floor(n: number, scale?: number)")
def floor(value: Decimal, scale: Any = ABSENT) -> Decimal:
    return _rounded(value, Decimal(0) if scale is ABSENT else scale, ROUND_FLOOR)


@builtin("ceiling(n: number, scale?: number)")
def ceiling(value: Decimal, scale: Any = ABSENT) -> Decimal:
    return _rounded(value, Decimal(0) if scale is ABSENT else scale, ROUND_CEILING)


@builtin("round up(n: number, scale: number)")
def round_up(value: Decimal, scale: Decimal) -> Decimal:
    return _rounded(value, scale, ROUND_UP)


@builtin("round down(n: number, scale: number)")
def round_down(value: Decimal, scale: Decimal) -> Decimal:
    return _rounded(value, scale, ROUND_DOWN)


@builtin("round half up(n: number, scale: number)")
def round_half_up(value: Decimal, scale: Decimal) -> Decimal:
    return _rounded(value, scale, ROUND_HALF_UP)


@builtin("round half down(n: number, scale: number)")
def round_half_down(value: Decimal, scale: Decimal) -> Decimal:
    return _rounded(value, scale, ROUND_HALF_DOWN)


@builtin("round half even(n: number, scale: number)")
def round_half_even(value: Decimal, scale: Decimal) -> Decimal:
    return _rounded(value, scale, ROUND_HALF_EVEN)


@builtin("abs(n: Any)")
def absolute(value: Any) -> Any:
    if type(value) is list and len(value) == 1:
        value = value[0]
    if type(value) is Decimal:
        return minus(value) if value < 0 else value
    if type(value) is DaysTimeDuration:
        return DaysTimeDuration(abs(value.nanoseconds))
    if type(value) is YearsMonthsDuration:
        return YearsMonthsDuration(abs(value.months))
    raise NullResult("Expected a number or a duration")


@builtin("modulo(dividend: number, divisor: number)")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        raise NullResult("Expected a divisor other than 0")
    remainder = CONTEXT.remainder(dividend, divisor)
    if remainder and (remainder < 0) != (divisor < 0):
        remainder = CONTEXT.add(remainder, divisor)
    return remainder


@builtin("sqrt(number: number)")
def sqrt(value: Decimal) -> Decimal:
    if value < 0:
        raise NullResult("Expected a number of at least 0")
    return CONTEXT.sqrt(value)


@builtin("log(number: number)")
def log(value: Decimal) -> Decimal:
    if value <= 0:
        raise NullResult("Expected a number above 0")
    return CONTEXT.ln(value)


@builtin("exp(number: number)")
def exp(value: Decimal) -> Decimal:
    return CONTEXT.exp(value)


@builtin("odd(number: number)")
def odd(value: Decimal) -> bool:
    return is_whole(value) and abs(CONTEXT.remainder(value, Decimal(2))) == 1


@builtin("even(number: number)")
def even(value: Decimal) -> bool:
    return is_whole(value) and CONTEXT.remainder(value, Decimal(2)) == 0


@builtin("random number()")
def random_number() -> Decimal:
    raise NullResult("Expected a function that answers the same for the same arguments; chance is not supported")


@builtin("uuid()")
def uuid() -> str:
    raise NullResult("Expected a function that answers the same for the same arguments; chance is not supported")
