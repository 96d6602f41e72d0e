"""Events of deployed resources and evaluated decisions as rows."""

from __future__ import annotations

import orjson
from lxml import etree

from lienthong.engine.protocol.records import Event, Intent, Value
from lienthong.engine.store.projected_rows import Columns, Projection, as_json, present


def element_names(resource: bytes, process_id: str) -> dict[str, str]:
    """Element id to name, of the elements of one process that have a name."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    root = etree.fromstring(resource, parser)
    process = next((node for node in root.iter("{*}process") if node.get("id") == process_id), None)
    if process is None:
        return {}
    return {
        node.get("id", ""): node.get("name", "") for node in process.iter("{*}*") if node.get("id") and node.get("name")
    }


def _resource(value: Value) -> Columns:
    content = value.get("resource", value.get("content"))
    return {} if content is None else {"resource": content if isinstance(content, bytes) else str(content).encode()}


def process(rows: Projection, event: Event) -> None:
    value = event.value
    key = value.get("processDefinitionKey", event.key)
    if event.intent is Intent.DELETED:
        rows.put("process_definition", (key,), {"deleted": 1})
        return
    columns = {"processDefinitionId": value["bpmnProcessId"], **_resource(value)}
    columns |= present(value, ("version", "resourceName"))
    columns["versionTag"] = value.get("versionTag") or None
    names = element_names(columns["resource"], value["bpmnProcessId"]) if "resource" in columns else {}
    columns["name"] = names.get(value["bpmnProcessId"])
    columns["startFormId"] = value.get("startFormId") or value.get("formId") or None
    rows.put("process_definition", (key,), columns)
    for element_id, name in names.items():
        rows.put("element", (key, element_id), {"name": name})


def decision_requirements(rows: Projection, event: Event) -> None:
    value = event.value
    key = value.get("decisionRequirementsKey", event.key)
    if event.intent is Intent.DELETED:
        rows.put("decision_requirements", (key,), {"deleted": 1})
        return
    columns = present(value, ("decisionRequirementsId", "decisionRequirementsName", "resourceName"))
    columns["version"] = value.get("decisionRequirementsVersion", value.get("version"))
    rows.put("decision_requirements", (key,), columns | _resource(value))


def decision(rows: Projection, event: Event) -> None:
    value = event.value
    key = value.get("decisionKey", event.key)
    if event.intent is Intent.DELETED:
        rows.put("decision_definition", (key,), {"deleted": 1})
        return
    columns: Columns = {
        "decisionDefinitionId": value["decisionId"],
        "name": value.get("decisionName"),
        "version": value.get("version", value.get("decisionVersion")),
    }
    columns |= present(value, ("decisionRequirementsId", "decisionRequirementsKey"))
    rows.put("decision_definition", (key,), columns)


def form(rows: Projection, event: Event) -> None:
    key = event.value.get("formKey", event.key)
    if event.intent is Intent.DELETED:
        rows.put("form", (key,), {"deleted": 1})
        return
    rows.put("form", (key,), present(event.value, ("formId", "version", "resourceName")) | _resource(event.value))


def decision_evaluation(rows: Projection, event: Event) -> None:
    value = event.value
    evaluated = value.get("evaluatedDecisions") or []
    for index, decision in enumerate(evaluated, start=1):
        failed = event.intent is Intent.FAILED and index == len(evaluated)
        columns: Columns = {
            "decisionEvaluationKey": event.key,
            "decisionDefinitionId": decision.get("decisionId"),
            "decisionDefinitionKey": decision.get("decisionKey"),
            "decisionDefinitionName": decision.get("decisionName"),
            "decisionDefinitionType": decision.get("decisionType"),
            "decisionDefinitionVersion": decision.get("decisionVersion"),
            "rootDecisionDefinitionKey": value.get("decisionKey"),
            "decisionRequirementsKey": value.get("decisionRequirementsKey"),
            "state": "FAILED" if failed else "EVALUATED",
            "result": orjson.dumps(decision.get("decisionOutput")).decode("utf-8"),
            "evaluationFailure": value.get("evaluationFailureMessage", value.get("failureMessage")) if failed else None,
            "evaluationDate": event.timestamp_ms,
            "evaluatedInputs": as_json(decision.get("evaluatedInputs") or []),
            "matchedRules": as_json(decision.get("matchedRules") or []),
        }
        for name in ("processDefinitionKey", "processInstanceKey", "elementInstanceKey"):
            columns[name] = value.get(name) if (value.get(name) or -1) > 0 else None
        rows.put("decision_instance", (f"{event.key}-{index}",), columns)
