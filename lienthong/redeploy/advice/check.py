"""All own rules over one BPMN file, seen beside the other models."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from lienthong.engine.model.elements import ExecutableProcess
from lienthong.engine.model.parser import parse_bpmn
from lienthong.redeploy.advice.finding import Finding
from lienthong.redeploy.advice.rules_data import form_fields, unset_variables
from lienthong.redeploy.advice.rules_ways import missing_deadlines, starving_joins, uncaught_errors, unreachable_steps
from lienthong.redeploy.advice.rules_words import documentation, templates
from lienthong.redeploy.advice.shelf import Shelf, shelf_of
from lienthong.redeploy.source_tree import NotXml, read_source

TYPE_BINDINGS = {("zeebe:taskDefinition", "type"), ("zeebe:taskDefinition:type", "type")}
WAY_RULES = (starving_joins, unreachable_steps, uncaught_errors, missing_deadlines, form_fields, unset_variables)


def advise(path: str, content: bytes, files: Mapping[str, bytes], job_types: Iterable[str] = ()) -> list[Finding]:
    """Every finding about one BPMN file; ``files`` are the other models by path. Other kinds have no own rules."""
    if not path.endswith(".bpmn"):
        return []
    shelf = shelf_of({**files, path: content}, frozenset(job_types))
    try:
        drawn = read_source(content).ids()
    except NotXml:
        return []
    return [finding for process in parse_bpmn(content).processes for finding in _of(process, shelf, drawn)]


def _of(process: ExecutableProcess, shelf: Shelf, drawn: dict[str, Any]) -> list[Finding]:
    if any(
        flow.source not in process.elements or flow.target not in process.elements for flow in process.flows.values()
    ):
        return []  # the engine's own rules speak first: there are no ways to look at
    findings = [finding for rule in WAY_RULES for finding in rule(process, shelf)]
    findings += [*documentation(process, drawn), *templates(process, drawn, shelf)]
    return sorted(_once(findings), key=lambda each: each.severity.value)


def _once(findings: list[Finding]) -> list[Finding]:
    seen: set[tuple[str, str, str]] = set()
    kept = []
    for each in findings:
        mark = (each.element_id, each.rule, each.text["en"])
        if mark not in seen:
            seen.add(mark)
            kept.append(each)
    return kept


def template_job_types(templates_found: Iterable[Any]) -> frozenset[str]:
    """The job types that element templates stand for."""
    found = set()
    for template in templates_found:
        for prop in template.get("properties", []):
            binding = prop.get("binding", {})
            is_type = (binding.get("type"), binding.get("property", "type")) in TYPE_BINDINGS
            if is_type and prop.get("value"):
                found.add(str(prop["value"]))
    return frozenset(found)


def read_templates(contents: Iterable[bytes]) -> list[Any]:
    """Element templates out of their files (one, or a list of them, a file)."""
    found: list[Any] = []
    for content in contents:
        said = json.loads(content)
        found += said if isinstance(said, list) else [said]
    return found
