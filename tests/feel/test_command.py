"""`lienthong feel`: one expression, or one a line."""

import io
import json

import pytest

from lienthong.engine.feel.command import run


def test_an_expression_with_its_context(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["=fee * 2", "--context", '{"fee": 0.15}']) == 0
    assert capsys.readouterr().out == "0.3\n"


def test_the_clock_can_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["today()", "--now", "2026-07-15T00:00:00+07:00"]) == 0
    assert capsys.readouterr().out == '"2026-07-15"\n'


def test_a_syntax_error_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["1 +"]) == 1
    assert "line 1, column 4" in capsys.readouterr().err


@pytest.mark.parametrize("args", [["1", "--context", "[]"], ["1", "--context", "{"], [], ["1", "--now", "later"]])
def test_wrong_arguments(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(args) == 2


def test_lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        '{"expression": "a + 1", "context": {"a": 1}}',
        '{"expression": "1 +"}',
        "nonsense",
        '{"expression": "< 3", "context": {"?": 2}, "unaryTests": true}',
        '{"expression": "missing"}',
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines) + "\n"))
    assert run(["--jsonl"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert answers[0] == {"result": 2, "warnings": []}
    assert answers[1]["error"]["column"] == 4
    assert "error" in answers[2]
    assert answers[3]["result"] is True
    assert answers[4]["result"] is None
    assert answers[4]["warnings"]
