"""Names hold spaces, signs and keywords; what does not parse says where."""

import pytest

from lienthong.engine.feel import FeelSyntaxError, json_text, parse_expression, parse_unary_tests


@pytest.mark.parametrize(
    ("expression", "names", "context", "expected"),
    [
        ("Monthly Salary * 12", (), {"Monthly Salary": 10}, "120"),
        ("{first part: 2, second: first part + 1}.second", (), {}, "3"),
        ("a-b + 1", ("a-b",), {"a-b": 5, "a": 1, "b": 2}, "6"),
        ("a - b", (), {"a": 5, "b": 2}, "3"),
        ("a-b", (), {"a": 5, "b": 2}, "3"),
        ("`a-b` + 1", (), {"a-b": 5}, "6"),
        ("profit and loss > 1", ("profit and loss",), {"profit and loss": 2}, "true"),
        ('date and time("2026-01-02T03:04:05Z").hour', (), {}, "3"),
        ("tuổi nhỏ nhất + 1", (), {"tuổi nhỏ nhất": 17}, "18"),
        ("người nộp.họ tên", (), {"người nộp": {"họ tên": "Nguyễn Văn Thử"}}, '"Nguyễn Văn Thử"'),
        ("resolve A 2.1", (), {"resolve A 2.1": 1}, "1"),
        ("for loop count in [1, 2] return loop count * 2", (), {}, "[2,4]"),
        ("1 /* one */ + // and\n 2", (), {}, "3"),
        ('{"a b": 1}.a b', (), {}, "1"),
    ],
)
def test_names(expression: str, names: tuple[str, ...], context: dict[str, object], expected: str) -> None:
    assert json_text(parse_expression(expression, names).evaluate(context).value) == expected


@pytest.mark.parametrize(
    ("expression", "line", "column"),
    [
        ("1 +", 1, 4),
        ("if a then\n b", 2, 3),
        ('"open', 1, 1),
        ("[1, 2", 1, 6),
        ("a b)", 1, 4),
        ("for x in [1]", 1, 13),
        ("1..2", 1, 2),
        ("{a 1}", 1, 5),
        ("f(a: 1, 2)", 1, 9),
        ("", 1, 1),
        ("x = = 2", 1, 5),
        ("1e99999999", 1, 1),
    ],
)
def test_what_does_not_parse_says_where(expression: str, line: int, column: int) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        parse_expression(expression)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.message.startswith("Expected")


@pytest.mark.parametrize("opening", ["(", "[", "-", "{a:", "f(", "if "])
def test_deep_nesting_is_refused(opening: str) -> None:
    with pytest.raises(FeelSyntaxError, match="too deep"):
        parse_expression(opening * 5000 + "1")


def test_a_parsed_expression_is_kept() -> None:
    assert parse_expression("kept + 1") is parse_expression("kept + 1")


@pytest.mark.parametrize(
    ("tests", "value", "expected"),
    [
        ("-", 1, True),
        ("5", 5, True),
        ("5", 6, False),
        ("< 5, > 10", 11, True),
        ("< 5, > 10", 7, False),
        ("[5..10)", 10, False),
        ("]5..10]", 5, False),
        ('"a", "b"', "b", True),
        ("not(1, 2)", 3, True),
        ("not(1, 2)", 2, False),
        ("? * 2 > 9", 5, True),
        ("? * 2 > 9", 4, False),
        ("null", None, True),
        ("true", False, False),
        ("limit", 3, True),
        ("[1, 2, 3]", 3, True),
        ("!= 3", 3, False),
        ("< 5", None, None),
        ('not(contains(?, "x"))', "abc", True),
    ],
)
def test_unary_tests(tests: str, value: object, expected: bool | None) -> None:
    assert parse_unary_tests(tests).evaluate({"?": value, "limit": 3}).value is expected
