"""The built-in functions, DMN's and Camunda's."""

from datetime import UTC, datetime

import pytest

from lienthong.engine.feel import json_text, parse_expression

NOW = datetime(2026, 7, 15, 8, 30, tzinfo=UTC)

CASES = [
    ('substring("foobar", 3)', '"obar"'),
    ('substring("foobar", -2, 1)', '"a"'),
    ('substring(string: "foobar", start position: 3, length: 2)', '"ob"'),
    ('substring("foobar", 0)', "null"),
    ('upper case("đơn")', '"ĐƠN"'),
    ('substring before("a/b", "/")', '"a"'),
    ('substring after("a/b", "/")', '"b"'),
    ('replace("2026-01", "(\\d+)-(\\d+)", "$2/$1")', '"01/2026"'),
    ('matches("AbC", "abc", "i")', "true"),
    ('matches("a", "[")', "null"),
    ('split("a;b;;c", ";")', '["a","b","","c"]'),
    ('extract("a1b22", "[0-9]+")', '["1","22"]'),
    ('string join(["a", null, "b"], ", ")', '"a, b"'),
    ('trim("  a ")', '"a"'),
    ('is blank(" ")', "true"),
    ('contains("abc", 1)', "null"),
    ('number("1 234,5", " ", ",")', "1234.5"),
    ('number("abc")', "null"),
    ("string(1.10)", '"1.1"'),
    ('string([1, "a", {b: null}])', '"[1, \\"a\\", {b: null}]"'),
    ('string(@"2026-01-01")', '"2026-01-01"'),
    ("decimal(1/3, 2)", "0.33"),
    ("decimal(2.5, 0)", "2"),
    ("floor(-1.5)", "-2"),
    ("ceiling(1.55, 1)", "1.6"),
    ("round half up(2.5, 0)", "3"),
    ("round half down(2.5, 0)", "2"),
    ("round up(-1.1, 0)", "-2"),
    ("round down(1.19, 1)", "1.1"),
    ("abs(-3)", "3"),
    ('abs(@"-PT5H")', '"PT5H"'),
    ("modulo(-12, 5)", "3"),
    ("sqrt(16)", "4"),
    ("odd(5) and even(2)", "true"),
    ("min(3, 1, 2)", "1"),
    ("max([])", "null"),
    ("sum([1, 2.5])", "3.5"),
    ("mean(1, 2, 3)", "2"),
    ("median([8, 2, 5, 3, 4])", "4"),
    ("mode([6, 3, 9, 6, 6])", "[6]"),
    ("stddev([2, 4, 7, 5])", "2.081665999466132735282297706979931"),
    ("product([2, 3])", "6"),
    ("all([true, null])", "null"),
    ("any([true, null])", "true"),
    ("count([1, null])", "2"),
    ("list contains([1, null], null)", "true"),
    ("sublist([1, 2, 3], 2)", "[2,3]"),
    ("append([1], 2, 3)", "[1,2,3]"),
    ("concatenate([1], [2, 3])", "[1,2,3]"),
    ("insert before([1, 3], 2, 2)", "[1,2,3]"),
    ("remove([1, 2, 3], 2)", "[1,3]"),
    ("list replace([1, 2, 3], 2, 9)", "[1,9,3]"),
    ("list replace([1, 2, 3], function(old, new) old > 1, 0)", "[1,0,0]"),
    ("reverse([1, 2])", "[2,1]"),
    ("index of([1, 2, 1], 1)", "[1,3]"),
    ("union([1, 2], [2, 3])", "[1,2,3]"),
    ("distinct values([1, 2, 1.0])", "[1,2]"),
    ("duplicate values([1, 2, 1, 3, 3])", "[1,3]"),
    ("flatten([1, [2, [3]]])", "[1,2,3]"),
    ("sort([3, 1, 2], function(a, b) a > b)", "[3,2,1]"),
    ("sort([3, 1, 2])", "[1,2,3]"),
    ("partition([1, 2, 3], 2)", "[[1,2],[3]]"),
    ("is empty([])", "true"),
    ('get value({a: 1}, "a")', "1"),
    ('get value({a: {b: 2}}, ["a", "b"])', "2"),
    ("get value({a: 1}, {})", "null"),
    ("get value({a: 1}, [[1]])", "null"),
    ("get entries({a: 1})", '[{"key":"a","value":1}]'),
    ('context put({a: 1}, "b", 2)', '{"a":1,"b":2}'),
    ('context put({a: {b: 1}}, ["a", "c"], 2)', '{"a":{"b":1,"c":2}}'),
    ("context merge([{a: 1}, {a: 2, b: 3}])", '{"a":2,"b":3}'),
    ('context([{key: "a", value: 1}])', '{"a":1}'),
    ("get or else(null, 3)", "3"),
    ("get or else(missing, 3)", "3"),
    ("is defined(missing)", "false"),
    ("assert(5, 5 > 3)", "5"),
    ('date and time(@"2026-01-01", @"10:00:00")', '"2026-01-01T10:00:00"'),
    ('date and time(@"2026-01-01T10:00:00Z", "Asia/Ho_Chi_Minh")', '"2026-01-01T17:00:00@Asia/Ho_Chi_Minh"'),
    ('time(10, 5, 0, @"PT7H")', '"10:05:00+07:00"'),
    ('years and months duration(@"2025-12-22", @"2028-02-01")', '"P2Y1M"'),
    ('day of year(@"2026-02-01")', "32"),
    ('day of week(@"2026-01-05")', '"Monday"'),
    ('month of year(@"2026-01-05")', '"January"'),
    ('week of year(@"2027-01-01")', "53"),
    ('last day of month(@"2028-02-10")', '"2028-02-29"'),
    ("now()", '"2026-07-15T08:30:00Z"'),
    ("today()", '"2026-07-15"'),
    ('cycle(3, duration("PT1H"))', '"R3/PT1H"'),
    ('cycle(duration("P1D"))', '"R/P1D"'),
    ("before([1..5], [6..9])", "true"),
    ("overlaps([1..5], [5..9])", "true"),
    ("overlaps([1..5), [5..9])", "false"),
    ("during(3, [1..5])", "true"),
    ("meets([1..5], [5..9])", "true"),
    ("coincides([1..5], [1..5])", "true"),
    ('range("[1..3]") = [1..3]', "true"),
    ('is(@"2026-01-01", @"2026-01-01")', "true"),
    ('to base64("FEEL")', '"RkVFTA=="'),
    ('from json("{\\"a\\": 1.5}").a', "1.5"),
    ("to json({a: [1, true]})", '"{\\"a\\":[1,true]}"'),
]


@pytest.mark.parametrize(("expression", "expected"), CASES)
def test_built_in(expression: str, expected: str) -> None:
    assert json_text(parse_expression(expression).evaluate({}, NOW).value) == expected


@pytest.mark.parametrize("expression", ["random number()", "uuid()", "fromAi(a)", "now()", "today()"])
def test_what_is_not_pure_is_null_and_says_so(expression: str) -> None:
    result = parse_expression(expression).evaluate({"a": 1})
    assert result.value is None
    assert any("Expected" in warning for warning in result.warnings)
