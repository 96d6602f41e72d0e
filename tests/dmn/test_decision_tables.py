"""Every hit policy, and what an evaluation reports of a table."""

import pytest

from lienthong.engine.dmn import evaluate_decision, parse_dmn

from .models import definitions, table

OVERLAPPING = [("> 1", "10"), ("> 2", "20"), ("> 3", "10")]
ORDER = "<outputValues><text>20, 10</text></outputValues>"


@pytest.mark.parametrize(
    ("policy", "attributes", "output", "amount", "expected"),
    [
        ("UNIQUE", "", "", 2, 10),
        ("UNIQUE", "", "", 0, None),
        ("FIRST", "", "", 5, 10),
        ("PRIORITY", "", ORDER, 5, 20),
        ("COLLECT", "", "", 5, [10, 20, 10]),
        ("COLLECT", "", "", 0, []),
        ("RULE ORDER", "", "", 5, [10, 20, 10]),
        ("OUTPUT ORDER", "", ORDER, 5, [20, 10, 10]),
        ("COLLECT", 'aggregation="SUM"', "", 5, 40),
        ("COLLECT", 'aggregation="MIN"', "", 5, 10),
        ("COLLECT", 'aggregation="MAX"', "", 5, 20),
        ("COLLECT", 'aggregation="COUNT"', "", 5, 2),
        ("COLLECT", 'aggregation="SUM"', "", 0, None),
        ("UNIQUE", "", "<defaultOutputEntry><text>7</text></defaultOutputEntry>", 0, 7),
    ],
)
def test_hit_policy(policy: str, attributes: str, output: str, amount: int, expected: object) -> None:
    graph = parse_dmn(table(OVERLAPPING, policy, attributes, output), "t.dmn")
    result = evaluate_decision(graph, "rate", {"amount": amount})
    assert result.failure is None
    assert result.output == expected


@pytest.mark.parametrize(("policy", "word"), [("UNIQUE", "UNIQUE"), ("ANY", "ANY")])
def test_a_broken_hit_policy_fails(policy: str, word: str) -> None:
    result = evaluate_decision(parse_dmn(table(OVERLAPPING, policy), "t.dmn"), "rate", {"amount": 3})
    assert result.output is None
    assert result.failure is not None
    assert result.failure.decision_id == "rate"
    assert word in result.failure.message


def test_any_with_equal_outputs() -> None:
    graph = parse_dmn(table([("> 1", "10"), ("> 2", "10")], "ANY"), "t.dmn")
    assert evaluate_decision(graph, "rate", {"amount": 3}).output == 10


def test_the_record_of_an_evaluation() -> None:
    result = evaluate_decision(parse_dmn(table(OVERLAPPING, "COLLECT"), "t.dmn"), "rate", {"amount": 3})
    assert result.evaluated_decisions == [
        {
            "decisionId": "rate",
            "decisionName": "Rate",
            "decisionType": "DECISION_TABLE",
            "decisionOutput": [10, 20],
            "evaluatedInputs": [{"inputId": "in", "inputName": "Amount", "inputValue": 3}],
            "matchedRules": [
                {"ruleId": "r1", "ruleIndex": 1, "evaluatedOutputs": [_output(10)]},
                {"ruleId": "r2", "ruleIndex": 2, "evaluatedOutputs": [_output(20)]},
            ],
        }
    ]


def _output(value: int) -> dict[str, object]:
    return {"outputId": "out", "outputName": "rate", "outputValue": value}


def test_several_outputs_are_a_context() -> None:
    content = definitions(
        '<decision id="d" name="D"><decisionTable id="t" hitPolicy="FIRST"><input id="i"><inputExpression id="e">'
        '<text>kind</text></inputExpression></input><output id="a" name="fee"/><output id="b" name="days"/>'
        '<rule id="r"><inputEntry id="x"><text>"karaoke", "bar"</text></inputEntry><outputEntry id="y"><text>100</text>'
        '</outputEntry><outputEntry id="z"><text>amount + 1</text></outputEntry></rule></decisionTable></decision>'
    )
    result = evaluate_decision(parse_dmn(content, "t.dmn"), "d", {"kind": "bar", "amount": 4})
    assert result.output == {"fee": 100, "days": 5}


def test_input_values_are_checked() -> None:
    content = table([("-", "1")]).replace(
        b"</inputExpression></input>", b"</inputExpression><inputValues><text>[0..10]</text></inputValues></input>"
    )
    graph = parse_dmn(content, "t.dmn")
    assert evaluate_decision(graph, "rate", {"amount": 5}).output == 1
    failure = evaluate_decision(graph, "rate", {"amount": 50}).failure
    assert failure is not None
    assert "input values" in failure.message
