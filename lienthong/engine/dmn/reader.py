"""DMN content into a decision requirements graph."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from lienthong.engine.dmn.boxed import EXPRESSIONS, BoxedReader, fitted, function_closure
from lienthong.engine.dmn.item_types import ItemTypes
from lienthong.engine.dmn.model import (
    NO_IMPORTS,
    Decision,
    DecisionRequirementsGraph,
    DecisionService,
    DmnError,
    InputData,
    KnowledgeModel,
)
from lienthong.engine.dmn.xml import child, children, local, read_definitions, type_ref, version_tag
from lienthong.engine.feel.parser_state import KEYWORDS, canonical_name

XML = etree._Element
MAX_ELEMENTS = 5000
_PLAIN_NAME = re.compile(r"[\w? ]*")
_KINDS = {
    "decisionTable": "DECISION_TABLE",
    "literalExpression": "LITERAL_EXPRESSION",
    "context": "CONTEXT",
    "invocation": "INVOCATION",
    "list": "LIST",
    "relation": "RELATION",
}


def parse_dmn(content: bytes, name: str) -> DecisionRequirementsGraph:
    """The graph of a DMN file; raises DmnError when it is no DMN or one of its expressions does not parse."""
    graph = read_dmn(content, name)
    if not graph.decisions:
        raise DmnError(f"Expected '{name}' to hold a decision, but it holds none")
    errors = [problem for problem in graph.problems if problem.severity == "error"]
    if errors:
        raise DmnError("; ".join(f"{problem.element_id}: {problem.message}" for problem in errors[:10]))
    return graph


def read_dmn(
    content: bytes, name: str, imported: Mapping[str, DecisionRequirementsGraph] = NO_IMPORTS
) -> DecisionRequirementsGraph:
    """The same, but what does not parse is only noted; imported models are given by namespace."""
    root = read_definitions(content, name)
    graph = DecisionRequirementsGraph(
        root.get("id", ""), root.get("name", ""), root.get("namespace", ""), name, version_tag=version_tag(root)
    )
    for import_element in children(root, "import"):
        namespace = import_element.get("namespace", "")
        if namespace in imported:
            graph.imports[namespace] = (canonical_name(import_element.get("name", "")), imported[namespace])
    graph.names = _names_with_signs(root, graph)
    reader = BoxedReader(graph, ItemTypes(root, graph))
    elements = list(children(root, "inputData", "decision", "businessKnowledgeModel", "decisionService"))
    if len(elements) > MAX_ELEMENTS:
        raise DmnError(f"Expected at most {MAX_ELEMENTS} elements in '{name}', but it has {len(elements)}")
    for element in elements:
        _add(reader, element)
    _check_references(reader)
    return graph


def _names_with_signs(root: XML, graph: DecisionRequirementsGraph) -> tuple[str, ...]:
    """The names of the model that only a parser that knows them can read: with signs or keywords inside."""
    names = set()
    for element in root.iter():
        for name in (element.get("name"), element.get("iteratorVariable")):
            if name and (not _PLAIN_NAME.fullmatch(name) or KEYWORDS & set(name.split())):
                names.add(" ".join(name.split()))
    for _, imported in graph.imports.values():
        names.update(imported.names)
    return tuple(sorted(names))


def _add(reader: BoxedReader, element: XML) -> None:
    graph = reader.graph
    element_id = element.get("id") or f"#{local(element)}-{len(graph.elements)}"
    name = " ".join(element.get("name", "").split())
    if element_id in graph.elements:
        reader.problem(element_id, "id-unique", f"Expected each id once, but '{element_id}' is there twice")
    variable = child(element, "variable")
    named = canonical_name((variable.get("name") if variable is not None else None) or name)
    kind = local(element)
    if kind == "inputData":
        graph.elements[element_id] = InputData(element_id, named, reader.types.named(type_ref(variable)))
    elif kind == "decision":
        decision = _decision(reader, element, element_id, named)
        decision.name = name
        graph.elements[element_id] = decision
        graph.decisions[element_id] = decision
    elif kind == "businessKnowledgeModel":
        graph.elements[element_id] = _knowledge(reader, element, element_id, named)
    else:
        wanted = reader.types.named(type_ref(variable))
        result = wanted.element if wanted is not None and wanted.kind == "function" else wanted
        graph.elements[element_id] = DecisionService(
            element_id,
            name,
            named,
            result,
            _hrefs(element, "outputDecision"),
            _hrefs(element, "inputDecision"),
            _hrefs(element, "inputData"),
        )


def _hrefs(element: XML, *tags: str) -> list[str]:
    return [reference.get("href", "") for reference in children(element, *tags)]


def _requirements(element: XML) -> list[str]:
    found = []
    for requirement in children(element, "informationRequirement", "knowledgeRequirement"):
        found += _hrefs(requirement, "requiredDecision", "requiredInput", "requiredKnowledge")
    return found


def _decision(reader: BoxedReader, element: XML, element_id: str, named: str) -> Decision:
    expression = child(element, *EXPRESSIONS)
    variable = child(element, "variable")
    wanted = reader.types.named(type_ref(variable))
    logic = None
    kind = "UNKNOWN"
    if expression is not None:
        logic = fitted(reader.expression(expression), wanted)
        kind = _KINDS.get(local(expression), "UNKNOWN")
    return Decision(
        element_id, named, named, wanted, type_ref(variable), kind, logic, _requirements(element), version_tag(element)
    )


def _knowledge(reader: BoxedReader, element: XML, element_id: str, named: str) -> KnowledgeModel:
    encapsulated = child(element, "encapsulatedLogic")
    wanted = reader.types.named(type_ref(child(element, "variable")))
    result = wanted.element if wanted is not None and wanted.kind == "function" else wanted
    logic = function_closure(reader, encapsulated, result) if encapsulated is not None else None
    return KnowledgeModel(element_id, element.get("name", ""), named, logic, _requirements(element))


def _check_references(reader: BoxedReader) -> None:
    graph = reader.graph
    for element in graph.elements.values():
        if not isinstance(element, (Decision, KnowledgeModel)):
            continue
        for href in element.requirements:
            if graph.find(href)[2] is None:
                reader.problem(element.id, "reference-known", f"Expected an element '{href}', but there is none")
    _check_cycles(reader)


def _check_cycles(reader: BoxedReader) -> None:
    """Requirements must not come back to where they started."""
    graph = reader.graph
    done: set[str] = set()
    for start in graph.elements:
        path: list[tuple[str, int]] = [(start, 0)]
        while path:
            current, place = path.pop()
            element = graph.elements.get(current)
            needs = element.requirements if isinstance(element, Decision) else []
            if current in done or place >= len(needs):
                done.add(current)
                continue
            path.append((current, place + 1))
            following = needs[place].rpartition("#")[2]
            if any(following == seen for seen, _ in path):
                reader.problem(
                    current, "acyclic", f"Expected requirements without a cycle, but '{following}' is in one"
                )
                return
            if following not in done:
                path.append((following, 0))
