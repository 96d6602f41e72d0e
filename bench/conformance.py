"""How much of the public DMN Technology Compatibility Kit passes: `DMN TCK: N of M`.

    python bench/conformance.py [--failures] [--only TEXT]

The kit's folder is `../shared/dmn-tck`, or what the variable TCK names; without it a message, and no failure.
Cases that call Java functions are no part of M and are listed.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lienthong.engine.dmn import DmnError, evaluate_service, evaluate_values, read_dmn
from lienthong.engine.dmn.evaluation import Session
from lienthong.engine.dmn.model import DecisionRequirementsGraph
from lienthong.engine.feel.numbers import number_of
from lienthong.engine.feel.operators import equal
from lienthong.engine.feel.parser_state import canonical_name
from lienthong.engine.feel.scope import Run
from lienthong.engine.feel.temporal_text import parse_date, parse_date_time, parse_duration, parse_time

DEFAULT_FOLDER = "../shared/dmn-tck"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
PRECISION = Decimal("0.00000001")
Case = tuple[Path, etree._Element]


@dataclass(slots=True)
class Report:
    passed: int = 0
    failed: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((found for found in element if _local(found) == name), None)


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (found for found in element if _local(found) == name)


def value_of(element: etree._Element) -> Any:
    """The FEEL value that the kit writes as value, component or list."""
    listed = _child(element, "list")
    if listed is not None:
        return None if listed.get(XSI + "nil") == "true" else [value_of(item) for item in _children(listed, "item")]
    components = list(_children(element, "component"))
    if components:
        return {canonical_name(part.get("name", "")): value_of(part) for part in components}
    value = _child(element, "value")
    if value is None or value.get(XSI + "nil") == "true":
        return None
    return _scalar((value.get(XSI + "type") or "xsd:string").rpartition(":")[2], value.text or "")


def _scalar(kind: str, text: str) -> Any:
    if kind == "string":
        return text
    if kind == "boolean":
        return text.strip() == "true"
    text = text.strip()
    if kind in ("decimal", "double", "integer", "float", "int", "long"):
        return number_of(text)
    readers = {"date": parse_date, "time": parse_time, "dateTime": parse_date_time}
    if kind in readers:
        return readers[kind](text)
    return parse_duration(text) if kind.lower().endswith("duration") else text


def same(actual: Any, expected: Any) -> bool:
    """Equal as the kit means it: numbers to eight places."""
    if type(actual) is Decimal and type(expected) is Decimal:
        difference = abs(actual - expected)
        return difference <= PRECISION or difference <= abs(expected) * PRECISION
    if type(actual) is list and type(expected) is list:
        return len(actual) == len(expected) and all(map(same, actual, expected))
    if type(actual) is dict and type(expected) is dict:
        return actual.keys() == expected.keys() and all(same(actual[key], expected[key]) for key in actual)
    if type(actual) is not type(expected):
        return False
    return actual == expected or equal(actual, expected) is True


def _graphs(folder: Path, model: str) -> DecisionRequirementsGraph:
    """The model of a test, the models beside it imported, innermost first."""
    contents = {path.name: path.read_bytes() for path in folder.glob("*.dmn")}
    imported: dict[str, DecisionRequirementsGraph] = {}
    for _ in range(len(contents) - 1):
        for name, content in contents.items():
            if name != model:
                other = read_dmn(content, name, imported)
                imported[other.namespace] = other
    return read_dmn(contents[model], model, imported)


def _uses_java(graph: DecisionRequirementsGraph, content: str) -> bool:
    return "java" in content and any("external" in problem.message for problem in graph.problems)


def run_case(graph: DecisionRequirementsGraph, case: etree._Element) -> Iterator[tuple[str, bool, str]]:
    """Name, outcome and detail of each expected result of a test case."""
    inputs = {canonical_name(node.get("name", "")): value_of(node) for node in _children(case, "inputNode")}
    service = graph.service(case.get("invocableName", "")) if case.get("type") == "decisionService" else None
    for node in _children(case, "resultNode"):
        name = node.get("name", "")
        expected_element = _child(node, "expected")
        expected = value_of(expected_element) if expected_element is not None else None
        decision = graph.decision(name)
        warnings: list[str] = []
        if service is not None:
            actual, warnings = evaluate_service(graph, service, inputs)
            several = service.outputs[1:] and type(actual) is dict and name in actual
            actual = actual[name] if several and type(expected) is not dict else actual
        elif decision is None:
            actual = f"no decision '{name}'"
        else:
            actual, session = evaluate_values(graph, decision, inputs, Session(inputs, Run(NOW)))
            warnings = session.run.warnings
        yield name, same(actual, expected), f"expected {expected!r}, got {actual!r} {warnings}"


NOW = datetime.now(UTC)


def run_folder(folder: Path, only: str, report: Report) -> None:
    """All test cases of a folder of the kit."""
    for test_file in sorted(folder.rglob("*-test-*.xml")):
        if only and only not in str(test_file):
            continue
        root = etree.parse(str(test_file)).getroot()
        model_name = _child(root, "modelName")
        model = (model_name.text or "").strip() if model_name is not None else ""
        content = (test_file.parent / model).read_text("utf-8")
        try:
            graph = _graphs(test_file.parent, model)
        except DmnError as error:
            graph = DecisionRequirementsGraph("", "", "", str(error))
        java = _uses_java(graph, content)
        for case in _children(root, "testCase"):
            for name, passed, detail in run_case(graph, case):
                label = f"{test_file.parent.name} {case.get('id')} {name}"
                if passed:
                    report.passed += 1
                elif java and "not supported" in detail:
                    report.excluded.append(label)
                else:
                    report.failed.append(f"{label}: {detail}")


def main(arguments: list[str]) -> int:
    """Print the count; 0 also when there is no kit or some cases fail."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failures", action="store_true", help="list the cases that fail")
    parser.add_argument("--only", default="", help="only test files with this in their path")
    given = parser.parse_args(arguments)
    folder = Path(os.environ.get("TCK", DEFAULT_FOLDER))
    if not folder.is_dir():
        print(f"No DMN TCK in '{folder}': set TCK to the folder of the kit to measure conformance.")
        return 0
    report = Report()
    run_folder(folder, given.only, report)
    failed, excluded = report.failed, report.excluded
    if given.failures:
        print("\n".join(failed))
    for label in excluded:
        print(f"left out (external Java): {label}")
    print(f"DMN TCK: {report.passed} of {report.passed + len(failed)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
