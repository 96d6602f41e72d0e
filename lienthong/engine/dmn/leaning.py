"""Where the texts of a DMN model lean on what Camunda's engine does otherwise: functions, names, types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from lienthong.engine.dmn.xml import NAMESPACES, child, children, local, namespace_of, text

XML = etree._Element
Finding = tuple[XML, str, str]  # element, rule, message

UNKNOWN_FUNCTIONS = ("list replace", "range", "round half even")  # of DMN, or ours, that Camunda's FEEL does not have
_CALLS = {name: re.compile(rf"(?<![\w ]){re.escape(name)}\s*\(") for name in UNKNOWN_FUNCTIONS}
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`')
_PLAIN_NAME = re.compile(r"[^\W\d]\w*\Z")
_LITERALS = {
    "string": re.compile(r'"(?:[^"\\]|\\.)*"\Z'),
    "number": re.compile(r"-?\d+(?:\.\d+)?\Z"),
    "boolean": re.compile(r"(?:true|false)\Z"),
}
_NAMED = ("inputData", "decision", "businessKnowledgeModel", "variable", "formalParameter", "itemComponent")


def leanings(root: XML) -> Iterator[Finding]:
    """All of them, in the order of the rules."""
    yield from _functions(root)
    yield from _names(root)
    yield from _literals(root)


def _all(root: XML, *names: str) -> list[XML]:
    return [element for element in root.iter() if local(element) in names and namespace_of(element) in NAMESPACES]


def _expressions(root: XML) -> Iterator[tuple[XML, str]]:
    for element in _all(root, "text"):
        yield element, _QUOTED.sub('""', element.text or "")


def _functions(root: XML) -> Iterator[Finding]:
    for element, source in _expressions(root):
        for name, pattern in _CALLS.items():
            if pattern.search(source):
                yield element, "camunda-function", f"Camunda's FEEL has no function '{name}': it gives null there"


def _names(root: XML) -> Iterator[Finding]:
    """Camunda reads `applicant age` as two names unless it stands between backticks."""
    spaced = {str(element.get("name")) for element in _all(root, *_NAMED) if element.get("name")}
    spaced = {name for name in spaced if not _PLAIN_NAME.match(name)}
    for element, source in _expressions(root):
        for name in sorted(spaced):
            if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", source):
                message = f"Camunda reads the name '{name}' only between backticks"
                yield element, "camunda-name", message


def _literals(root: XML) -> Iterator[Finding]:
    """A value of another type than declared is null here; Camunda does not look."""
    for table in _all(root, "decisionTable"):
        columns = [output.get("typeRef") or "" for output in children(table, "output")]
        inputs = [_input_type(each) for each in children(table, "input")]
        for rule in children(table, "rule"):
            yield from _mismatches(zip(children(rule, "outputEntry"), columns, strict=False))
            yield from _mismatches(zip(children(rule, "inputEntry"), inputs, strict=False))
    for expression in _all(root, "literalExpression"):
        yield from _mismatches([(expression, expression.get("typeRef") or "")])
    for decision in children(root, "decision"):
        variable, literal = child(decision, "variable"), child(decision, "literalExpression")
        if variable is not None and literal is not None and not literal.get("typeRef"):
            yield from _mismatches([(literal, variable.get("typeRef") or "")])


def _input_type(column: XML) -> str:
    expression = child(column, "inputExpression")
    return (expression.get("typeRef") if expression is not None else None) or ""


def _mismatches(cells: Iterable[tuple[XML, str]]) -> Iterator[Finding]:
    for element, declared in cells:
        source = text(element).strip()
        kinds = [kind for kind, pattern in _LITERALS.items() if pattern.match(source)]
        if declared in _LITERALS and kinds and declared not in kinds:
            message = f"{source} is no {declared}: it is null (or never matches) here, and passes on Camunda"
            yield element, "camunda-types", message
