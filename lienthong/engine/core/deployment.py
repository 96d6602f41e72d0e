"""Deploying models, decisions and forms together: all or nothing, versions counted per id.

A resource is unchanged when the latest version of its id has the same bytes (MD5) and the same
name: then its key and version are answered and nothing is written. A deployment remembers all its
resources, unchanged ones too: they are what `bindingType="deployment"` finds.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

from lienthong.engine import dmn
from lienthong.engine.core import decisions, start_events
from lienthong.engine.core.entities import Resource
from lienthong.engine.core.step import Step, invalid
from lienthong.engine.model.elements import ExecutableProcess
from lienthong.engine.model.parser import parse_bpmn
from lienthong.engine.model.validation import check_bpmn
from lienthong.engine.protocol.records import Command, Intent, Value, ValueType

LARGEST_FORM = 4 * 1024 * 1024


@dataclass(slots=True)
class File:
    """One file of a deployment."""

    name: str
    content: bytes
    checksum: str


@dataclass(slots=True)
class Parsed:
    """What the files of a deployment hold."""

    processes: list[tuple[File, ExecutableProcess, start_events.Prepared]] = field(default_factory=list)
    graphs: list[tuple[File, dmn.DecisionRequirementsGraph]] = field(default_factory=list)
    forms: list[tuple[File, str, str | None]] = field(default_factory=list)  # id, version tag


def deploy(step: Step, command: Command) -> None:
    """Check every file, then store what is new and open its start events."""
    given = command.value.get("resources") or []
    if not given:
        invalid("Expected at least one resource, but there is none")
    parsed = _parse(step, [(str(each["name"]), bytes(each["content"])) for each in given])
    key = step.next_key()
    step.state.last_key = key  # the deployment's own event comes last: it names all its resources
    reply: Value = {
        "key": key,
        "processes": [_process(step, key, *each) for each in parsed.processes],
        "decisions": [],
        "decisionRequirements": [],
        "forms": [],
        "resources": [],
    }
    for file, graph in parsed.graphs:
        reply["decisionRequirements"].append(_graph(step, key, file, graph, reply["decisions"]))
    reply["forms"] = [_form(step, key, *each) for each in parsed.forms]
    keys = [entry["processDefinitionKey"] for entry in reply["processes"]]
    keys += [entry["decisionKey"] for entry in reply["decisions"]]
    keys += [entry["decisionRequirementsKey"] for entry in reply["decisionRequirements"]]
    keys += [entry["formKey"] for entry in reply["forms"]]
    step.emit(ValueType.DEPLOYMENT, Intent.CREATED, key, {**reply, "resourceKeys": keys})
    step.reply = reply


def _parse(step: Step, files: list[tuple[str, bytes]]) -> Parsed:
    parsed, findings = Parsed(), []
    for name, content in files:
        file = File(name, content, hashlib.md5(content, usedforsecurity=False).hexdigest())
        suffix = name.rpartition(".")[2].lower()
        if suffix in ("bpmn", "xml"):
            problems = check_bpmn(content, name)
            findings += [f"{name}: {each.element_id or '-'} [{each.rule}] {each.message}" for each in problems]
            if not problems:
                for process in parse_bpmn(content).processes:
                    parsed.processes.append((file, process, start_events.prepare(step, process)))
        elif suffix == "dmn":
            try:
                parsed.graphs.append((file, decisions.graph_of(content, name)))
            except Exception as error:  # whatever is wrong with a DMN file is the caller's to mend
                findings.append(f"{name}: {error}")
        elif suffix == "form":
            findings += _read_form(parsed, file)
        else:
            findings.append(f"{name}: Expected .bpmn, .xml, .dmn or .form, but it is another kind of file")
    if findings:
        invalid("Expected resources that can be deployed, but:\n" + "\n".join(findings))
    _check_unique(parsed)
    return parsed


def _read_form(parsed: Parsed, file: File) -> list[str]:
    if len(file.content) > LARGEST_FORM:
        return [f"{file.name}: Expected at most {LARGEST_FORM} bytes, but it has {len(file.content)}"]
    try:
        form = json.loads(file.content)
    except (ValueError, RecursionError) as error:
        return [f"{file.name}: Expected JSON, but {error}"]
    identifier = form.get("id") if isinstance(form, dict) else None
    if not isinstance(identifier, str) or not identifier.strip():
        return [f"{file.name}: Expected a form with an id, but it has none"]
    parsed.forms.append((file, identifier, form.get("versionTag")))
    return []


def _check_unique(parsed: Parsed) -> None:
    ids = [("process", process.id) for _, process, _ in parsed.processes]
    for _, graph in parsed.graphs:
        ids.append(("decision requirements", graph.id))
        ids += [("decision", identifier) for identifier, _ in decisions.named_in(graph)]
    ids += [("form", identifier) for _, identifier, _ in parsed.forms]
    twice = sorted({place for place in ids if ids.count(place) > 1})
    if twice:
        invalid(f"Expected ids to be unique in a deployment, but {twice[0][0]} {twice[0][1]} occurs twice")


def _unchanged(step: Step, kind: str, identifier: str, file: File) -> Resource | None:
    latest = step.state.latest(kind, identifier)
    same = latest is not None and latest.checksum == file.checksum and latest.name == file.name
    return latest if same else None


def _record(step: Step, key: int, kind: str, identifier: str, file: File, tag: str | None) -> Value:
    return {
        "version": step.state.last_versions.get((kind, identifier), 0) + 1,
        "versionTag": tag,
        "deploymentKey": key,
        "checksum": file.checksum,
        "resourceName": file.name,
    }


def _process(step: Step, key: int, file: File, process: ExecutableProcess, prepared: start_events.Prepared) -> Value:
    state = step.state
    found = _unchanged(step, "PROCESS", process.id, file)
    if found is None:
        before = state.latest("PROCESS", process.id)
        new = step.next_key()
        record = _record(step, key, "PROCESS", process.id, file, process.version_tag)
        record.update(bpmnProcessId=process.id, processDefinitionKey=new, name=process.name, resource=file.content)
        step.emit(ValueType.PROCESS, Intent.CREATED, new, record)
        if before is not None:
            start_events.close(step, before.key)
        start_events.open_(step, state.definition(new), prepared)
        found = state.resources[new]
    return {
        "bpmnProcessId": process.id,
        "version": found.version,
        "versionTag": found.version_tag,
        "processDefinitionKey": found.key,
        "resourceName": file.name,
    }


def _graph(step: Step, key: int, file: File, graph: dmn.DecisionRequirementsGraph, listed: list[Value]) -> Value:
    state = step.state
    found = _unchanged(step, "DECISION_REQUIREMENTS", graph.id, file)
    named = decisions.named_in(graph)
    if found is not None:
        latest = [state.latest("DECISION", identifier) for identifier, _ in named]
        if any(each is None or each.value["decisionRequirementsKey"] != found.key for each in latest):
            found = None
    if found is None:
        new = step.next_key()
        record = _record(step, key, "DECISION_REQUIREMENTS", graph.id, file, None)
        record.update(decisionRequirementsId=graph.id, decisionRequirementsName=graph.name)
        record.update(decisionRequirementsKey=new, resource=file.content)
        step.emit(ValueType.DECISION_REQUIREMENTS, Intent.CREATED, new, record)
        found = state.resources[new]
        for identifier, name in named:
            _decision(step, key, file, found, identifier, name, decisions.version_tag(graph, identifier))
    for identifier, name in named:
        decision = state.latest("DECISION", identifier)
        if decision is not None:
            listed.append(_decision_entry(decision, name, found))
    return {
        "dmnDecisionRequirementsId": graph.id,
        "dmnDecisionRequirementsName": graph.name,
        "version": found.version,
        "decisionRequirementsKey": found.key,
        "resourceName": file.name,
    }


def _decision(
    step: Step, key: int, file: File, requirements: Resource, identifier: str, name: str, tag: str | None
) -> None:
    new = step.next_key()
    record = _record(step, key, "DECISION", identifier, file, tag)
    record.update(decisionId=identifier, decisionName=name, decisionKey=new)
    record.update(decisionRequirementsId=requirements.id, decisionRequirementsKey=requirements.key)
    step.emit(ValueType.DECISION, Intent.CREATED, new, record)


def _decision_entry(decision: Resource, name: str, requirements: Resource) -> Value:
    return {
        "dmnDecisionId": decision.id,
        "dmnDecisionName": name,
        "version": decision.version,
        "decisionKey": decision.key,
        "dmnDecisionRequirementsId": requirements.id,
        "decisionRequirementsKey": requirements.key,
    }


def _form(step: Step, key: int, file: File, identifier: str, tag: str | None) -> Value:
    found = _unchanged(step, "FORM", identifier, file)
    if found is None:
        new = step.next_key()
        record = _record(step, key, "FORM", identifier, file, tag)
        record.update(formId=identifier, formKey=new, resource=file.content)
        step.emit(ValueType.FORM, Intent.CREATED, new, record)
        found = step.state.resources[new]
    return {"formId": identifier, "version": found.version, "formKey": found.key, "resourceName": file.name}
