"""The other models beside the one that is drawn: who calls whom, forms, decisions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lienthong.engine.model.elements import ElementType, ExecutableProcess, FlowNode
from lienthong.engine.model.parser import parse_bpmn

Json = dict[str, Any]


@dataclass(slots=True)
class Form:
    """A form's fields: key → the values it offers (empty: free)."""

    fields: dict[str, list[str]]


@dataclass(slots=True)
class Shelf:
    """All models of the working copies, read once."""

    processes: dict[str, ExecutableProcess] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    callers: dict[str, list[tuple[ExecutableProcess, FlowNode]]] = field(default_factory=dict)
    decisions: dict[str, set[str]] = field(default_factory=dict)  # id → the variables it reads
    job_types: frozenset[str] = frozenset()  # those that have an element template

    def form_of(self, node: FlowNode) -> Form | None:
        """The form of a user task, when it is known."""
        form = node.user_task.form if node.user_task else None
        return self.forms.get(form.id.source) if form else None


def shelf_of(files: Mapping[str, bytes], job_types: frozenset[str] = frozenset()) -> Shelf:
    """Read every readable model; what cannot be read is left out."""
    shelf = Shelf(job_types=job_types)
    for path, content in files.items():
        if path.endswith(".bpmn"):
            for process in parse_bpmn(content).processes:
                shelf.processes[process.id] = process
        elif path.endswith(".form"):
            _add_form(shelf, content)
        elif path.endswith(".dmn"):
            _add_decisions(shelf, content)
    for process in shelf.processes.values():
        for node in process.elements.values():
            if node.type is ElementType.CALL_ACTIVITY and node.call:
                shelf.callers.setdefault(node.call.called.id.source, []).append((process, node))
    return shelf


def _add_form(shelf: Shelf, content: bytes) -> None:
    try:
        form = json.loads(content)
        shelf.forms[str(form["id"])] = Form(dict(_fields(form)))
    except (ValueError, KeyError, TypeError):
        return


def _fields(form: Json) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for part in form.get("components", []):
        if part.get("key"):
            single = part.get("type") in ("radio", "select")
            values = [str(each["value"]) for each in part.get("values", [])] if single else []
            found.append((str(part["key"]).split(".")[0], values))
        found += _fields(part)
    return found


def _add_decisions(shelf: Shelf, content: bytes) -> None:
    from lxml import etree

    from lienthong.engine.feel import FeelSyntaxError, parse_expression
    from lienthong.redeploy.advice.names import free_names

    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return
    results = {each.get("name") for each in root.iter("{*}decision", "{*}variable") if each.get("name")}
    for decision in root.iter("{*}decision"):
        names: set[str] = set()
        for expression in decision.iter("{*}inputExpression"):
            text = expression.findtext("{*}text") or ""
            try:
                names |= free_names(parse_expression(text).tree)
            except FeelSyntaxError:
                continue
        shelf.decisions[str(decision.get("id"))] = {name for name in names if name not in results}
