"""Decisions require others; functions, services, types and boxed expressions."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from lienthong.engine.dmn import DmnError, evaluate_decision, evaluate_service, parse_dmn, read_dmn

from .models import definitions, literal, needs, table


def _value(inner: str, decision: str = "d", **variables: object) -> object:
    result = evaluate_decision(parse_dmn(definitions(inner), "t.dmn"), decision, variables)
    assert result.failure is None
    return result.output


def test_required_decisions_come_first_and_once() -> None:
    content = definitions(
        literal("top", "left + right", needs("Decision", "left") + needs("Decision", "right"))
        + literal("left", "leaf * 2", needs("Decision", "leaf"))
        + literal("right", "leaf + 1", needs("Decision", "leaf"))
        + literal("leaf", "amount")
    )
    result = evaluate_decision(parse_dmn(content, "t.dmn"), "top", {"amount": 5})
    assert result.output == 16
    assert [record["decisionId"] for record in result.evaluated_decisions] == ["leaf", "left", "right", "top"]


def test_a_failure_below_fails_the_decision_asked_for() -> None:
    inner = literal("top", "Rate", needs("Decision", "rate"))
    content = table([("-", "1"), ("-", "2")], before=inner)
    failure = evaluate_decision(parse_dmn(content, "t.dmn"), "top", {"amount": 1}).failure
    assert failure is not None
    assert failure.decision_id == "rate"


def test_an_unknown_decision_is_a_failure() -> None:
    failure = evaluate_decision(parse_dmn(definitions(literal("d", "1")), "t.dmn"), "other", {}).failure
    assert failure is not None
    assert "no decision found" in failure.message


def test_names_with_signs_are_read_where_the_model_has_them() -> None:
    inner = '<inputData id="i" name="pre-bureau score"><variable name="pre-bureau score"/></inputData>'
    assert _value(inner + literal("d", "pre-bureau score - 1", needs("Input", "i")), **{"pre-bureau score": 5}) == 4


def test_input_data_reads_texts_as_the_dates_it_wants() -> None:
    inner = '<inputData id="i" name="born"><variable name="born" typeRef="date"/></inputData>'
    assert _value(inner + literal("d", "born.year", needs("Input", "i")), born="1990-05-01") == 1990


def test_input_data_of_another_type_is_null() -> None:
    inner = '<inputData id="i" name="n"><variable name="n" typeRef="number"/></inputData>'
    assert _value(inner + literal("d", "n = null", needs("Input", "i")), n="text") is True


def test_declared_input_data_is_seen_only_where_it_is_required() -> None:
    inner = '<inputData id="i" name="n"><variable name="n"/></inputData>'
    assert _value(inner + literal("d", "n"), n=1) is None


def test_a_business_knowledge_model_is_a_function() -> None:
    model = (
        '<businessKnowledgeModel id="b" name="late fee"><variable name="late fee"/><encapsulatedLogic>'
        '<formalParameter name="days" typeRef="number"/><literalExpression><text>days * 1000</text></literalExpression>'
        "</encapsulatedLogic></businessKnowledgeModel>"
    )
    assert _value(model + literal("d", "late fee(3)", needs("Knowledge", "b"))) == 3000
    assert _value(model + literal("d", 'late fee("x")', needs("Knowledge", "b"))) is None


def test_a_decision_service_computes_its_outputs_from_its_inputs() -> None:
    content = definitions(
        literal("out", "inner + 1", needs("Decision", "inner"))
        + literal("inner", "n * 2", needs("Input", "i"))
        + '<inputData id="i" name="n"><variable name="n" typeRef="number"/></inputData>'
        '<decisionService id="s" name="service"><variable name="service"/><outputDecision href="#out"/>'
        '<encapsulatedDecision href="#inner"/><inputData href="#i"/></decisionService>'
    )
    graph = parse_dmn(content, "t.dmn")
    service = graph.service("service")
    assert service is not None
    assert evaluate_service(graph, service, {"n": Decimal(4)})[0] == 9


BOXED = [
    ("<conditional><if>{n > 1}</if><then>{1}</then><else>{2}</else></conditional>", 1),
    ("<filter><in>{[1, 2, 3]}</in><match>{item > 1}</match></filter>", [2, 3]),
    ('<for iteratorVariable="i"><in>{[1, 2]}</in><return>{i * 2}</return></for>', [2, 4]),
    ('<some iteratorVariable="i"><in>{[1, 2]}</in><satisfies>{i > 1}</satisfies></some>', True),
    ('<every iteratorVariable="i"><in>{[1, 2]}</in><satisfies>{i > 1}</satisfies></every>', False),
    ("<list>{1}{n}</list>", [1, 5]),
    ('<relation><column name="a"/><column name="b"/><row>{1}{2}</row></relation>', [{"a": 1, "b": 2}]),
    (
        '<context><contextEntry><variable name="a"/>{n + 1}</contextEntry>'
        '<contextEntry><variable name="b"/>{a + 1}</contextEntry></context>',
        {"a": 6, "b": 7},
    ),
    (
        '<context><contextEntry><variable name="a"/>{n + 1}</contextEntry>'
        "<contextEntry>{a * 2}</contextEntry></context>",
        12,
    ),
    ('<invocation>{abs}<binding><parameter name="n"/>{-3}</binding></invocation>', 3),
    (
        '<context><contextEntry><variable name="f"/><functionDefinition><formalParameter name="x"/>{x + 1}'
        "</functionDefinition></contextEntry><contextEntry>{f(1)}</contextEntry></context>",
        2,
    ),
]


@pytest.mark.parametrize(("boxed", "expected"), BOXED)
def test_boxed_expression(boxed: str, expected: object) -> None:
    marked = boxed.replace("{", "<literalExpression><text>").replace("}", "</text></literalExpression>")
    assert _value(f'<decision id="d" name="d"><variable name="d"/>{_legal(marked)}</decision>', n=5) == expected


def _legal(xml: str) -> str:
    return xml.replace("> 1<", "&gt; 1<")


TYPES = (
    '<itemDefinition name="tRank"><typeRef>string</typeRef><allowedValues><text>"low", "high"</text></allowedValues>'
    '</itemDefinition><itemDefinition name="tRanks" isCollection="true"><typeRef>tRank</typeRef></itemDefinition>'
    '<itemDefinition name="tPerson"><itemComponent name="name"><typeRef>string</typeRef></itemComponent>'
    '<itemComponent name="rank"><typeRef>tRank</typeRef></itemComponent></itemDefinition>'
)


@pytest.mark.parametrize(
    ("expression", "wanted", "expected"),
    [
        ('"low"', "tRank", "low"),
        ('"middle"', "tRank", None),
        ('["low"]', "tRank", "low"),
        ('"low"', "tRanks", ["low"]),
        ('["low", "other"]', "tRanks", None),
        ('{name: "An", rank: "high"}', "tPerson", {"name": "An", "rank": "high"}),
        ('{name: "An", rank: 1}', "tPerson", None),
        ('{name: "An"}', "tPerson", None),
        ("1", "string", None),
    ],
)
def test_a_value_is_fitted_to_the_type_of_the_decision(expression: str, wanted: str, expected: object) -> None:
    assert _value(TYPES + literal("d", expression, variable=f'typeRef="{wanted}"')) == expected


def test_an_imported_model_is_seen_under_its_name() -> None:
    library = definitions(literal("base", "40")).replace(b"http://test", b"http://library")
    importing = definitions(
        '<import name="lib" namespace="http://library" importType="DMN"/>'
        '<decision id="d" name="d"><variable name="d"/><informationRequirement>'
        '<requiredDecision href="http://library#base"/></informationRequirement>'
        "<literalExpression><text>lib.base + 2</text></literalExpression></decision>"
    )
    graph = read_dmn(importing, "t.dmn", {"http://library": read_dmn(library, "l.dmn")})
    assert evaluate_decision(graph, "d", {}).output == 42


def test_now_is_the_time_passed() -> None:
    graph = parse_dmn(definitions(literal("d", "today()")), "t.dmn")
    assert evaluate_decision(graph, "d", {}, datetime(2026, 7, 15, tzinfo=UTC)).output == "2026-07-15"


def test_version_tags() -> None:
    tag = '<extensionElements><zeebe:versionTag value="v2023"/></extensionElements>'
    logic = "<literalExpression><text>1</text></literalExpression>"
    content = definitions(f'<decision id="d" name="d">{tag}{logic}</decision>')
    assert parse_dmn(content, "t.dmn").decisions["d"].version_tag == "v2023"


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_all_versions_are_read(namespace: str) -> None:
    assert evaluate_decision(parse_dmn(definitions(literal("d", "1"), namespace), "t.dmn"), "d", {}).output == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<a>", "well-formed"),
        (b"<a/>", "its root is"),
        (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "document type"),
        (definitions(""), "holds none"),
        (definitions(literal("d", "1 +")), "d: Expected an expression"),
        (definitions(literal("d", "1", needs("Decision", "nowhere"))), "nowhere"),
        (definitions(literal("a", "b", needs("Decision", "b")) + literal("b", "a", needs("Decision", "a"))), "cycle"),
        (b" " * 5_000_001, "at most"),
    ],
)
def test_what_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(DmnError, match=reason):
        parse_dmn(content, "t.dmn")
