"""Whatever the text: a value, or one of FEEL's two errors. Nothing else ever comes out."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.engine.feel import (
    FeelLimitError,
    FeelSyntaxError,
    from_json,
    json_text,
    parse_expression,
    parse_unary_tests,
    to_json,
)
from lienthong.engine.feel.builtins import BUILT_INS

WORDS = [
    "1",
    "0.5",
    "1e6000",
    "-",
    "+",
    "*",
    "/",
    "**",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ".",
    "..",
    "=",
    "!=",
    "<",
    ">=",
    "and",
    "or",
    "not",
    "if",
    "then",
    "else",
    "for",
    "in",
    "return",
    "some",
    "every",
    "satisfies",
    "between",
    "instance",
    "of",
    "number",
    "function",
    "null",
    "true",
    "?",
    "a",
    "b",
    '"t"',
    '@"P1D"',
    '@"2026-01-31"',
    '@"10:00:00@Asia/Ho_Chi_Minh"',
    '@"2026-01-01T00:00:00Z"',
    '@"P1Y"',
    "date and time",
    "item",
    "partial",
    "context",
    "list",
    "range",
    "->",
]
VALUES = [
    "null",
    "true",
    "0",
    "-1",
    "2.5",
    "1e6144",
    '""',
    '"a"',
    '"("',
    '"2026-01-01"',
    '"P1D"',
    "[]",
    "[1, 2]",
    '["a", null]',
    "{}",
    "{a: 1}",
    "[1..5]",
    "(< 3)",
    '@"2026-01-31"',
    '@"10:00:00"',
    '@"2026-01-01T00:00:00@Europe/Paris"',
    '@"P1D"',
    '@"P999999999Y"',
    "function(x) x",
    "function(x, y) x < y",
    'date("999999999-12-31")',
]
CONTEXT = {"a": {"b": [1, "x", None]}, "b": 3, "?": 4}
NOW = datetime(2026, 7, 15, tzinfo=UTC)


def _survives(text: str, tests: bool) -> None:
    try:
        compiled = parse_unary_tests(text) if tests else parse_expression(text)
        value = compiled.evaluate(CONTEXT, NOW).value
    except (FeelSyntaxError, FeelLimitError):
        return
    json_text(value)
    from_json(to_json(value))


@given(st.lists(st.sampled_from(WORDS), max_size=14), st.booleans())
@settings(max_examples=400, deadline=None)
def test_any_words(words: list[str], tests: bool) -> None:
    _survives(" ".join(words), tests)


@given(st.text(max_size=40), st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_characters(text: str, tests: bool) -> None:
    _survives(text, tests)


@given(st.sampled_from(sorted(BUILT_INS)), st.lists(st.sampled_from(VALUES), max_size=4))
@settings(max_examples=1000, deadline=None)
def test_any_call(name: str, arguments: list[str]) -> None:
    _survives(f"{name}({', '.join(arguments)})", False)


@given(
    st.sampled_from(VALUES), st.sampled_from(["+", "-", "*", "/", "**", "=", "<", ">=", "in"]), st.sampled_from(VALUES)
)
@settings(max_examples=600, deadline=None)
def test_any_operation(left: str, operator: str, right: str) -> None:
    _survives(f"({left}) {operator} ({right})", False)
