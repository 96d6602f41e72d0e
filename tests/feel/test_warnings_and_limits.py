"""Null-friendly: a warning says why. And no expression eats the machine."""

import time
from decimal import Decimal

import pytest

from lienthong.engine.feel import FeelLimitError, FeelTime, from_json, json_text, parse_expression, to_json


@pytest.mark.parametrize(
    ("expression", "warning"),
    [
        ("missing", "No variable found with name 'missing'"),
        ("a.b", "No entry found with name 'b' in a context"),
        ('1 + "a"', "Expected operands '+' is defined for, but got number and string"),
        ("1 / 0", "division by zero"),
        ("missing(1)", "Expected a function to call, but 'missing' is Null"),
        ("count(1, 2)", "Expected count to be called with other arguments, but got 2"),
        ("substring(1, 2)", "substring: Expected 'string' to be a string, but got number"),
        ("[1][2]", "Expected an index between 1 and 1, but got 2"),
        ("if 1 then 2 else 3", "Expected a condition to be true or false, but got number"),
    ],
)
def test_a_warning_says_why(expression: str, warning: str) -> None:
    warnings = parse_expression(expression).evaluate({"a": {}}).warnings
    assert any(warning in found for found in warnings), warnings


@pytest.mark.parametrize(
    "expression",
    [
        "for i in 1..10**9 return i",
        "count(for i in 1..2000, j in 1..2000 return 1)",
        "{f: function(n) f(n + 1), r: f(1)}.r",
        "assert(1, 1 > 2)",
        "some i in 1..10**12 satisfies i < 0",
    ],
)
def test_what_would_take_too_much_is_stopped(expression: str) -> None:
    began = time.perf_counter()
    with pytest.raises(FeelLimitError):
        parse_expression(expression).evaluate()
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "(a*)*b", "((a+)(a+))+b", ".*.*.*.*.*.*b"])
def test_a_pattern_that_may_explode_is_refused(pattern: str) -> None:
    result = parse_expression(f'matches(t, "{pattern}")').evaluate({"t": "a" * 5000})
    assert result.value is None
    assert "Expected a pattern" in result.warnings[0]


def test_numbers_keep_their_digits() -> None:
    value = from_json({"n": 12345678901234567890123, "f": 0.1})
    assert value == {"n": Decimal("12345678901234567890123"), "f": Decimal("0.1")}
    assert to_json(value) == {"n": 12345678901234567890123, "f": 0.1}
    assert json_text(Decimal("0.1000000000000000000000000000000001")) == "0.1000000000000000000000000000000001"


def test_whole_numbers_come_out_as_int() -> None:
    value = to_json(parse_expression("1.5 * 2").evaluate().value)
    assert value == 3
    assert type(value) is int


def test_feel_values_in_a_context_stay_what_they_are() -> None:
    assert parse_expression("t.hour").evaluate({"t": FeelTime(3_600_000_000_000)}).value == 1
