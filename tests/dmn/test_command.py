"""`lienthong dmn`: a decision of a file, evaluated."""

import json
from pathlib import Path

import pytest

from lienthong.engine.dmn.command import run

from .models import definitions, literal, table


@pytest.fixture
def rates(tmp_path: Path) -> str:
    path = tmp_path / "rates.dmn"
    path.write_bytes(table([("> 1", "10.5"), ("> 2", "20")]))
    return str(path)


def test_the_only_decision_needs_no_name(rates: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([rates, "--context", '{"amount": 2}']) == 0
    assert capsys.readouterr().out == "10.5\n"


def test_the_trace_shows_the_rules(rates: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([rates, "--decision", "rate", "--context", '{"amount": 2}', "--trace"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["evaluatedDecisions"][0]["matchedRules"][0]["ruleId"] == "r1"


def test_a_failed_decision_says_why(rates: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([rates, "--context", '{"amount": 3}']) == 1
    assert "rate: Expected at most one rule" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"<a/>", definitions(literal("d", "1 +"))])
def test_a_file_that_is_no_dmn(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "broken.dmn"
    path.write_bytes(content)
    assert run([str(path)]) == 1
    assert "Expected" in capsys.readouterr().err


def test_wrong_arguments(rates: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([rates, "--context", "[]"]) == 2
    several = tmp_path / "several.dmn"
    several.write_bytes(definitions(literal("a", "1") + literal("b", "2")))
    assert run([str(several)]) == 2
    assert "a, b" in capsys.readouterr().err
