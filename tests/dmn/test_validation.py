"""check_dmn: errors that keep a file out, warnings where Camunda's engine would decide otherwise."""

import pytest

from lienthong.engine.dmn import check_dmn

from .models import definitions, literal, needs, table

DMN_15 = "https://www.omg.org/spec/DMN/20230324/MODEL/"
NO_ID = '<decision name="d"><literalExpression><text>1</text></literalExpression></decision>'
UNNAMED = (
    '<decision id="d" name="d"><decisionTable id="t"><input id="i"><inputExpression id="e"><text>a</text>'
    '</inputExpression></input><output id="a"/><output id="b"/></decisionTable></decision>'
)
INPUT = '<inputData id="i" name="n"><variable name="n"/></inputData>'
FILTER = (
    '<decision id="d" name="d"><filter><in><literalExpression><text>[1]</text></literalExpression></in><match>'
    "<literalExpression><text>true</text></literalExpression></match></filter></decision>"
)
SPACED = '<inputData id="i" name="applicant age"><variable name="applicant age"/></inputData>'


def typed(input_type: str, output_type: str, test: str, value: str) -> bytes:
    """A table of one rule whose columns say their types; `test` and `value` are strings."""
    quoted = test if test == "-" else f'"{test}"'
    return definitions(
        '<decision id="d" name="d"><decisionTable id="t"><input id="i">'
        f'<inputExpression id="e" typeRef="{input_type}"><text>a</text></inputExpression></input>'
        f'<output id="o" name="o" typeRef="{output_type}"/><rule id="r"><inputEntry id="ie"><text>{quoted}</text>'
        f'</inputEntry><outputEntry id="oe"><text>"{value}"</text></outputEntry></rule></decisionTable></decision>'
    )


ALLOWED = (
    '<itemDefinition name="t" id="t"><typeRef>string</typeRef><allowedValues><text>"a"</text></allowedValues>'
    "</itemDefinition>"
)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"<a>", "readable"),
        (definitions(""), "decision-there"),
        (definitions(NO_ID), "id-there"),
        (definitions(UNNAMED), "output-named"),
        (definitions(literal("d", "(1")), "expression-parses"),
        (table([("< ", "1")]), "expression-parses"),
        (table([("-", "1")], policy="SOMETIMES"), "hit-policy-known"),
        (definitions(literal("d", "1") + literal("d", "2")), "id-unique"),
    ],
)
def test_errors(content: bytes, rule: str) -> None:
    assert rule in [problem.rule for problem in check_dmn(content, "t.dmn") if problem.severity == "error"]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (definitions(literal("d", "1"), DMN_15), "camunda-version"),
        (definitions(FILTER), "camunda-boxed"),
        (definitions(ALLOWED + literal("d", "1")), "camunda-types"),
        (definitions(INPUT + literal("d", "n")), "camunda-scope"),
        (table([("-", "1")], "COLLECT", 'aggregation="COUNT"'), "camunda-count"),
        (table([("-", "1")], "PRIORITY"), "output-values"),
        (definitions('<decision id="d" name="d"/>'), "decision-logic"),
        (definitions(literal("d", "list replace([1], 1, 2)")), "camunda-function"),
        (definitions(literal("d", 'range("[1..3]")')), "camunda-function"),
        (definitions(literal("d", "round half even(2.5, 0)")), "camunda-function"),
        (definitions(SPACED + literal("d", "applicant age + 1", needs("Input", "i"))), "camunda-name"),
        (typed("string", "number", "-", "high"), "camunda-types"),
        (typed("number", "string", "x", "high"), "camunda-types"),
        (definitions(literal("d", "1", variable='typeRef="string"')), "camunda-types"),
        (definitions(literal("d", "1", variable='typeRef="tNowhere"')), "type-known"),
    ],
)
def test_warnings(content: bytes, rule: str) -> None:
    problems = check_dmn(content, "t.dmn")
    assert rule in [problem.rule for problem in problems if problem.severity == "warning"]
    assert [problem for problem in problems if problem.severity == "error"] == []


def test_a_plain_table_has_no_findings() -> None:
    assert check_dmn(table([("> 1", "1"), ("<= 1", "2")]), "t.dmn") == []


@pytest.mark.parametrize(
    "content",
    [
        typed("string", "string", "x", "high"),
        definitions(literal("d", '"list replace(1)"')),
        definitions(SPACED + literal("d", "`applicant age` + 1", needs("Input", "i"))),
        definitions(literal("d", "1", variable='typeRef="number"')),
    ],
)
def test_what_camunda_decides_alike_gets_no_warning(content: bytes) -> None:
    assert [problem.rule for problem in check_dmn(content, "t.dmn") if problem.rule.startswith("camunda")] == []
