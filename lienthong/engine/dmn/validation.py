"""May this DMN file be deployed, and does it lean on what Camunda's engine does otherwise?

Errors keep a file from being deployed. Warnings say where a model, though it runs here as the DMN specification has it,
would give another result on Camunda's engine, which knows DMN tables, literals, contexts, invocations, lists and
relations, and checks no types.
"""

from __future__ import annotations

from lxml import etree

from lienthong.engine.dmn.boxed import EXPRESSIONS
from lienthong.engine.dmn.leaning import leanings
from lienthong.engine.dmn.model import Decision, DecisionRequirementsGraph, DmnError, InputData, KnowledgeModel, Problem
from lienthong.engine.dmn.reader import read_dmn
from lienthong.engine.dmn.xml import NAMESPACES, child, children, local, namespace_of, read_definitions, text

XML = etree._Element
CAMUNDA_VERSION = "1.3"
_NEWER_EXPRESSIONS = ("conditional", "filter", "for", "some", "every")


def check_dmn(content: bytes, name: str) -> list[Problem]:
    """All errors and warnings of a file, in the order of the rules."""
    try:
        root = read_definitions(content, name)
        graph = read_dmn(content, name)
    except DmnError as error:
        return [Problem("", "readable", str(error))]
    problems = list(graph.problems)
    if not graph.decisions:
        problems.append(Problem(graph.id, "decision-there", "Expected a decision, but there is none"))
    problems += _ids(root)
    problems += _outputs(root)
    problems += [Problem(i, rule, message, "warning") for i, rule, message in (*_differences(root), *_unseen(graph))]
    return problems


def _ids(root: XML) -> list[Problem]:
    """Zeebe finds decisions by id, and the file by the id of its definitions."""
    found = []
    for element in (root, *children(root, "decision")):
        if not element.get("id"):
            what = f"{local(element)} '{element.get('name', '')}'"
            found.append(Problem("", "id-there", f"Expected an id of {what}, but it has none"))
        if not element.get("name"):
            message = f"Expected a name of {local(element)}, but it has none"
            found.append(Problem(element.get("id", ""), "name-there", message))
    return found


def _outputs(root: XML) -> list[Problem]:
    """Several outputs are a context, so each needs a name of its own."""
    found = []
    for table in _all(root, "decisionTable"):
        names = [output.get("name") for output in children(table, "output")]
        if len(names) > 1 and (not all(names) or len(set(names)) < len(names)):
            message = "Expected each of several outputs to have a name of its own, but one has not"
            found.append(Problem(_id_of(table), "output-named", message))
    return found


def _all(root: XML, *names: str) -> list[XML]:
    return [element for element in root.iter() if local(element) in names and namespace_of(element) in NAMESPACES]


def _id_of(element: XML) -> str:
    """The id of the element or of what it is in."""
    owner: XML | None = element
    while owner is not None and not owner.get("id"):
        owner = owner.getparent()
    return owner.get("id", "") if owner is not None else ""


def _differences(root: XML) -> list[tuple[str, str, str]]:
    found = []
    version = NAMESPACES[namespace_of(root)]
    if version != CAMUNDA_VERSION:
        message = f"Camunda reads DMN {CAMUNDA_VERSION}, but this is DMN {version}"
        found.append((root.get("id", ""), "camunda-version", message))
    for element in _all(root, *_NEWER_EXPRESSIONS):
        message = f"Camunda does not evaluate the boxed expression '{local(element)}'"
        found.append((_id_of(element), "camunda-boxed", message))
    for element in _all(root, "decisionService", "import"):
        found.append((_id_of(element), "camunda-element", f"Camunda does not evaluate '{local(element)}'"))
    for element in _all(root, "allowedValues", "typeConstraint", "inputValues"):
        message = f"Camunda does not check '{local(element)}': a value outside gives null here, and passes there"
        found.append((_id_of(element), "camunda-types", message))
    for table in _all(root, "decisionTable"):
        found += _table_differences(table)
    found += [(_id_of(element), rule, message) for element, rule, message in leanings(root)]
    for decision in children(root, "decision"):
        if child(decision, *EXPRESSIONS) is None:
            found.append((decision.get("id", ""), "decision-logic", "The decision has no logic: its value is null"))
    return found


def _table_differences(table: XML) -> list[tuple[str, str, str]]:
    found = []
    if table.get("aggregation") == "COUNT":
        message = "COLLECT with COUNT counts different outputs here, as DMN has it; Camunda counts all"
        found.append((_id_of(table), "camunda-count", message))
    if table.get("hitPolicy") in ("PRIORITY", "OUTPUT ORDER"):
        for output in children(table, "output"):
            if not text(child(output, "outputValues")):
                message = "The hit policy goes by the output values, but there are none: the order of rules decides"
                found.append((_id_of(output), "output-values", message))
    return found


def _unseen(graph: DecisionRequirementsGraph) -> list[tuple[str, str, str]]:
    """Input data nobody requires: here no decision sees it, on Camunda all do."""
    required = {
        href.rpartition("#")[2]
        for element in graph.elements.values()
        if isinstance(element, (Decision, KnowledgeModel))
        for href in element.requirements
    }
    return [
        (
            element.id,
            "camunda-scope",
            f"No decision requires input data '{element.name}', so none sees it; on Camunda every variable is visible",
        )
        for element in graph.elements.values()
        if isinstance(element, InputData) and element.id not in required
    ]
