"""What expressions give: numbers, logic, dates, ranges, lists, contexts, functions."""

import pytest

from lienthong.engine.feel import FeelFunction, Range, json_text, parse_expression

CONTEXT = {"x": 5, "name": "An", "items": [{"price": 3, "sold": True}, {"price": 10, "sold": False}], "nothing": None}

CASES = [
    # numbers: decimals of 34 digits, half even
    ("0.1 + 0.2", "0.3"),
    ("1 / 3", "0.3333333333333333333333333333333333"),
    ("2 ** 10", "1024"),
    ("-2 ** 2", "4"),
    ("2 ** -1", "0.5"),
    ("10 - 3 - 2", "5"),
    ("2 + 3 * 4", "14"),
    ("1 / 0", "null"),
    ("10 ** 1000000", "null"),
    ("12345678901234567890 + 1", "12345678901234567891"),
    ("1.50", "1.5"),
    ("1e3", "1000"),
    # three-valued logic
    ("true and null", "null"),
    ("false and null", "false"),
    ("true or null", "true"),
    ("false or 1", "null"),
    ("not(null)", "null"),
    ("null = null", "true"),
    ("1 = null", "false"),
    ('1 = "1"', "null"),
    ('1 < "1"', "null"),
    # texts
    ('"a" + "b"', '"ab"'),
    ('"a" + 1', "null"),
    (r'"\u0041\n"', '"A\\n"'),
    ('"🐎" + string length("🐎")', "null"),
    # ranges and in
    ("5 in [1..5]", "true"),
    ("5 in [1..5[", "false"),
    ("5 in (<3, >4)", "true"),
    ("x in [1, 5]", "true"),
    ("x between 1 and 5", "true"),
    ("[1..5].start included", "true"),
    ("null in [1..5]", "null"),
    ("(< 10) = (< 10)", "true"),
    # dates, times, durations
    ('@"2026-03-31" + @"P1M"', '"2026-04-30"'),
    ('@"2026-03-01" - @"2026-02-01"', '"P28D"'),
    ('@"2026-01-01T00:00:00+07:00" = @"2025-12-31T17:00:00Z"', "true"),
    ('@"2026-01-01T00:00:00" < @"2026-01-01T00:00:00Z"', "null"),
    ('@"23:00:00" + @"PT2H"', '"01:00:00"'),
    ('@"P1Y2M".months', "2"),
    ('@"P1DT2H3M4.5S"', '"P1DT2H3M4.5S"'),
    ('@"PT36H"', '"P1DT12H"'),
    ('@"P2W"', '"P14D"'),
    ('@"P1Y" > @"P1D"', "null"),
    ('@"P1D" / @"PT12H"', "2"),
    ('@"PT1H" * 2.5', '"PT2H30M"'),
    ('@"2026-06-01T12:00:00@Asia/Ho_Chi_Minh".time offset', '"PT7H"'),
    ('@"2026-06-01T12:00:00@Europe/Paris" = @"2026-06-01T10:00:00Z"', "true"),
    ('date("999999999-12-31") + @"P1D"', "null"),
    ('date("2025-02-29")', "null"),
    ('@"2026-01-05".weekday', "1"),
    # lists, filters, paths
    ("items.price", "[3,10]"),
    ("items[price > 5].price", "[10]"),
    ("items[sold][1].price", "3"),
    ("items[-1].price", "10"),
    ("items[3]", "null"),
    ("[1, 2, 3][item >= 2]", "[2,3]"),
    ("x[1]", "5"),
    ("nothing.a.b", "null"),
    ("{a: 1, b: a + 1}", '{"a":1,"b":2}'),
    ("{a: 1, a: 2}", "null"),
    # iteration
    ("for i in 1..3 return i * 2", "[2,4,6]"),
    ("for i in 3..1 return i", "[3,2,1]"),
    ("for i in 1..2, j in 1..i return i * j", "[1,2,4]"),
    ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1,1,2,6,24]"),
    ('for d in @"2026-01-31"..@"2026-02-01" return d', '["2026-01-31","2026-02-01"]'),
    ("some i in [1, 2] satisfies i > 1", "true"),
    ("every i in [1, 2] satisfies i > 1", "false"),
    ("every i in [1, null] satisfies i > 0", "null"),
    ("some i in [] satisfies true", "false"),
    # choice, functions, types
    ('if x > 3 then "a" else "b"', '"a"'),
    ("if null then 1 else 2", "2"),
    ("{double: function(n: number) n * 2, r: double(4)}.r", "8"),
    ("{f: function(a, b) a - b, r: f(b: 1, a: 5)}.r", "4"),
    ('{f: function(n: number) n, r: f("a")}.r', "null"),
    ("{fact: function(n) if n < 2 then 1 else n * fact(n - 1), r: fact(10)}.r", "3628800"),
    ("x instance of number", "true"),
    ("[1, 2] instance of list<number>", "true"),
    ('{a: "1"} instance of context<a: number>', "false"),
    ("null instance of number", "false"),
    ("null instance of Null", "true"),
    ("function(a) a instance of number", "null"),
]


@pytest.mark.parametrize(("expression", "expected"), CASES)
def test_value(expression: str, expected: str) -> None:
    assert json_text(parse_expression(expression).evaluate(CONTEXT).value) == expected


def test_the_value_of_a_definition_is_a_function() -> None:
    assert type(parse_expression("function(a) a").evaluate().value) is FeelFunction


def test_a_range_is_a_value() -> None:
    value = parse_expression("]1..5]").evaluate().value
    assert type(value) is Range
    assert (value.start_included, value.end_included) == (False, True)
