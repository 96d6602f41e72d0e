"""FEEL numbers: decimals of 34 digits (IEEE 754 decimal128), half-even. DMN 1.5 §10.3.2.3.1."""

from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

DIGITS = 34
CONTEXT = Context(
    prec=DIGITS,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
MAX_PLAIN_EXPONENT = 1000
"""Digits a number may be written out to; beyond, the scientific form is used."""

add = CONTEXT.add
subtract = CONTEXT.subtract
multiply = CONTEXT.multiply
divide = CONTEXT.divide
minus = CONTEXT.minus


def number_of(text: str) -> Decimal:
    """The number written in a text, rounded to 34 digits; raises DecimalException."""
    return CONTEXT.create_decimal(text)


def power(left: Decimal, right: Decimal) -> Decimal:
    """left ** right within decimal128; raises DecimalException where that has no value."""
    if not left and not right:
        return Decimal(1)
    return CONTEXT.power(left, right)


def is_whole(value: Decimal) -> bool:
    """Whether the number has no fraction."""
    if value.adjusted() > DIGITS:
        return True
    return value == value.to_integral_value()


def number_text(value: Decimal) -> str:
    """The shortest plain form: 1.50 → 1.5, 1E+2 → 100."""
    if not value:
        return "0"
    if abs(value.adjusted()) > MAX_PLAIN_EXPONENT:
        return str(value)
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text


__all__ = [
    "CONTEXT",
    "DecimalException",
    "add",
    "divide",
    "is_whole",
    "minus",
    "multiply",
    "number_of",
    "number_text",
    "power",
    "subtract",
]
