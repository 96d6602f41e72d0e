"""A decision table's XML into a DecisionTable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from lienthong.engine.dmn.decision_table import AGGREGATIONS, HIT_POLICIES, DecisionTable, Input, Output, Rule
from lienthong.engine.dmn.model import Closure
from lienthong.engine.dmn.xml import child, children, text, type_ref

if TYPE_CHECKING:
    from lienthong.engine.dmn.boxed import BoxedReader

XML = etree._Element


def read_table(reader: BoxedReader, element: XML) -> DecisionTable:
    """The table; what is wrong with it becomes a problem of the model."""
    element_id = element.get("id", "")
    policy = element.get("hitPolicy", "UNIQUE").strip().upper() or "UNIQUE"
    aggregation = element.get("aggregation", "").strip().upper()
    if policy not in HIT_POLICIES:
        reader.problem(element_id, "hit-policy-known", f"Expected a hit policy of DMN, but got '{policy}'")
    if aggregation and aggregation not in AGGREGATIONS:
        reader.problem(element_id, "aggregation-known", f"Expected SUM, COUNT, MIN or MAX, but got '{aggregation}'")
    table = DecisionTable(
        policy,
        aggregation if policy == "COLLECT" else "",
        [_input(reader, clause) for clause in children(element, "input")],
        [_output(reader, clause) for clause in children(element, "output")],
    )
    if not table.outputs:
        reader.problem(element_id, "output-there", "Expected a decision table with an output, but it has none")
    if policy == "COLLECT" and aggregation and len(table.outputs) > 1:
        reader.problem(element_id, "aggregation-single", "Expected one output to aggregate, but there are several")
    for rule in children(element, "rule"):
        _add_rule(reader, table, rule)
    return table


def _input(reader: BoxedReader, clause: XML) -> Input:
    expression = child(clause, "inputExpression")
    wanted = text(expression)
    closure: Closure = reader.feel(wanted, clause) if wanted and expression is not None else _null
    if not wanted:
        reader.problem(clause.get("id", ""), "input-expression", "Expected an input expression, but it is empty")
    allowed = text(child(clause, "inputValues"))
    return Input(
        clause.get("id", ""),
        clause.get("label") or wanted,
        closure,
        reader.types.named(type_ref(expression)),
        reader.types.tests(allowed, clause.get("id", "")) if allowed and allowed != "-" else None,
    )


def _null(scope: object) -> None:
    return None


def _output(reader: BoxedReader, clause: XML) -> Output:
    listed = text(child(clause, "outputValues"))
    default = text(child(clause, "defaultOutputEntry"))
    known = listed and listed != "-"
    return Output(
        clause.get("id", ""),
        clause.get("name", ""),
        clause.get("label") or clause.get("name") or "",
        reader.types.named(type_ref(clause)),
        reader.types.tests(listed, clause.get("id", "")) if known else None,
        reader.feel(f"[{listed}]", clause) if known else None,
        reader.feel(default, clause) if default else None,
    )


def _add_rule(reader: BoxedReader, table: DecisionTable, rule: XML) -> None:
    tests = [reader.tests(text(entry) or "-", entry) for entry in children(rule, "inputEntry")]
    outputs = [reader.feel(text(entry) or "null", entry) for entry in children(rule, "outputEntry")]
    if len(tests) != len(table.inputs) or len(outputs) != len(table.outputs):
        reader.problem(
            rule.get("id", ""),
            "rule-complete",
            f"Expected {len(table.inputs)} input and {len(table.outputs)} output entries, but the rule has "
            f"{len(tests)} and {len(outputs)}",
        )
        return
    table.rules.append(Rule(rule.get("id", ""), tests, outputs))
