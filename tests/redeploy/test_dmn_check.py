"""`check_model` refuses a DMN file by the rules of the engine; `warn_of_model` says where Camunda would differ."""

from pathlib import Path

import pytest

from lienthong.commands.check import run
from lienthong.redeploy.check import check_model, warn_of_model

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="g" name="g" namespace="n">'


def decision(expression: str) -> bytes:
    logic = f"<literalExpression><text>{expression}</text></literalExpression>"
    return f'{HEAD}<decision id="d" name="d">{logic}</decision></definitions>'.encode()


def test_a_decision_that_does_not_parse_is_refused_with_its_element() -> None:
    (problem,) = check_model("a.dmn", decision("1 +"))
    assert problem.rule == "expression-parses" and problem.element_id == "d"


def test_what_only_camunda_does_otherwise_is_a_warning() -> None:
    content = decision("range(a)")
    assert check_model("a.dmn", content) == []
    assert [warning.rule for warning in warn_of_model("a.dmn", content)] == ["camunda-function"]


def test_other_files_get_no_such_warning() -> None:
    assert warn_of_model("a.bpmn", b"<a/>") == []


def test_the_command_prints_the_warning_and_still_says_yes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.dmn"
    file.write_bytes(decision("range(a)"))
    assert run([str(file)]) == 0
    assert "[camunda-function, warning]" in capsys.readouterr().out
