"""May this file be deployed? BPMN by the engine's own rules, DMN by its parser, forms by their shape."""

import json
from dataclasses import dataclass

from lienthong.engine.dmn import check_dmn
from lienthong.engine.model.validation import check_bpmn

MODEL_SUFFIXES = (".bpmn", ".dmn", ".form")


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding; ``element_id`` is empty when it concerns the whole file."""

    element_id: str
    rule: str
    message: str


def check_model(name: str, content: bytes) -> list[Problem]:
    """All findings about one model file; empty when it may be deployed."""
    if name.endswith(".bpmn"):
        return [Problem(found.element_id, found.rule, found.message) for found in check_bpmn(content, name)]
    if name.endswith(".dmn"):
        return _check_dmn(name, content)
    if name.endswith(".form"):
        return _check_form(content)
    return [Problem("", "file-type", f"Expected a name ending in {', '.join(MODEL_SUFFIXES)}, but got {name}")]


def _check_dmn(name: str, content: bytes) -> list[Problem]:
    return [each for each, severity in _dmn_findings(name, content) if severity == "error"]


def warn_of_model(name: str, content: bytes) -> list[Problem]:
    """What may be deployed, yet would be decided otherwise by Camunda's DMN engine; nothing for other files."""
    if not name.endswith(".dmn"):
        return []
    return [each for each, severity in _dmn_findings(name, content) if severity == "warning"]


def _dmn_findings(name: str, content: bytes) -> list[tuple[Problem, str]]:
    try:
        found = check_dmn(content, name)
    except Exception as failure:  # the checker's own words are the finding; whatever it throws must not end the check
        return [(Problem("", "readable", str(failure) or type(failure).__name__), "error")]
    return [(Problem(each.element_id, each.rule, each.message), each.severity) for each in found]


def _check_form(content: bytes) -> list[Problem]:
    try:
        form = json.loads(content)
    except ValueError as failure:
        return [Problem("", "readable", f"Expected JSON, but {failure}")]
    if not isinstance(form, dict):
        return [Problem("", "readable", "Expected a JSON object, but got something else")]
    problems = []
    if not str(form.get("id") or "").strip():
        problems.append(Problem("", "form-id", "Expected the form to have an id, but it has none"))
    if not isinstance(form.get("components"), list):
        problems.append(Problem("", "form-components", "Expected a list of components, but there is none"))
    return problems
