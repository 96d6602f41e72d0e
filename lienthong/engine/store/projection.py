"""Events become rows: which columns of the read model an event changes.

One row a table and key is gathered for a whole batch of events before anything is written, so that
an instance that came and went within the batch costs one write. Nothing here touches a database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import orjson
from lxml import etree

from lienthong.engine.protocol.records import Event, Intent, Value, ValueType

RowKey = tuple[str, tuple[Any, ...]]
Columns = dict[str, Any]

KEYS: dict[str, tuple[str, ...]] = {
    "process_definition": ("processDefinitionKey",),
    "element": ("processDefinitionKey", "elementId"),
    "process_instance": ("processInstanceKey",),
    "element_instance": ("elementInstanceKey",),
    "sequence_flow": ("processInstanceKey", "elementId"),
    "variable": ("variableKey",),
    "user_task": ("userTaskKey",),
    "job": ("jobKey",),
    "incident": ("incidentKey",),
    "message_subscription": ("messageSubscriptionKey",),
    "correlated_message_subscription": ("messageKey", "subscriptionKey"),
    "decision_requirements": ("decisionRequirementsKey",),
    "decision_definition": ("decisionDefinitionKey",),
    "form": ("formKey",),
    "decision_instance": ("decisionEvaluationInstanceKey",),
}
PLACE = ("elementId", "elementInstanceKey", "processInstanceKey", "processDefinitionKey")
ENDED = {Intent.ELEMENT_COMPLETED: "COMPLETED", Intent.ELEMENT_TERMINATED: "TERMINATED"}


def as_json(value: Any) -> str:
    """JSON text of any value of a record."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return value if isinstance(value, str) else orjson.dumps(value).decode("utf-8")


def as_milliseconds(value: Any) -> int | None:
    """Epoch milliseconds of a record's date: a number already, or ISO text with a zone."""
    if value in (None, "", -1):
        return None
    if isinstance(value, int):
        return value
    try:
        return round(datetime.fromisoformat(str(value).split("[")[0]).timestamp() * 1000)
    except ValueError:
        return None


def _present(value: Value, names: Iterable[str]) -> Columns:
    return {name: value[name] for name in names if name in value}


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


class Projection:
    """The rows that a batch of events changes, until they are written."""

    def __init__(self, root_of: Callable[[int], int | None]) -> None:
        self.rows: dict[RowKey, Columns] = {}
        self._stored_root = root_of

    def put(self, table: str, key: tuple[Any, ...], columns: Columns) -> None:
        """Change columns of a row; later changes win."""
        row = self.rows.get((table, key))
        if row is None:
            self.rows[table, key] = columns
        else:
            row.update(columns)

    def follow(self, event: Event) -> None:
        """Take one event in."""
        handler = HANDLERS.get(event.value_type)
        if handler is not None:
            handler(self, event)

    def root_of(self, process_instance_key: int) -> int:
        """The instance at the top of the call hierarchy."""
        row = self.rows.get(("process_instance", (process_instance_key,)))
        if row is not None and "rootProcessInstanceKey" in row:
            return int(row["rootProcessInstanceKey"])
        return self._stored_root(process_instance_key) or process_instance_key


def _process_instance(rows: Projection, event: Event) -> None:
    value, intent = event.value, event.intent
    if intent is Intent.SEQUENCE_FLOW_TAKEN:
        key = (value["processInstanceKey"], value["elementId"])
        rows.put("sequence_flow", key, {"processDefinitionKey": value["processDefinitionKey"]})
        return
    if value.get("bpmnElementType") == "PROCESS":
        _root_scope(rows, event)
        return
    columns: Columns = {}
    if intent is Intent.ELEMENT_ACTIVATING:
        columns = _present(value, ("processInstanceKey", "processDefinitionKey", "elementId", "flowScopeKey"))
        columns |= {"type": value["bpmnElementType"], "state": "ACTIVE", "startDate": event.timestamp_ms}
    elif intent in ENDED:
        columns = {"state": ENDED[intent], "endDate": event.timestamp_ms}
    elif intent is Intent.ELEMENT_MIGRATED:
        columns = _present(value, ("processDefinitionKey", "elementId", "flowScopeKey"))
    if columns:
        rows.put("element_instance", (event.key,), columns)


def _root_scope(rows: Projection, event: Event) -> None:
    value, intent = event.value, event.intent
    if intent is Intent.ELEMENT_ACTIVATING:
        parent = value.get("parentProcessInstanceKey")
        parent = parent if parent and parent > 0 else None
        element = value.get("parentElementInstanceKey")
        columns: Columns = {
            "processDefinitionKey": value["processDefinitionKey"],
            "parentProcessInstanceKey": parent,
            "parentElementInstanceKey": element if element and element > 0 else None,
            "rootProcessInstanceKey": rows.root_of(parent) if parent else event.key,
            "state": "ACTIVE",
            "startDate": event.timestamp_ms,
            "tags": as_json(value.get("tags") or []),
        }
        rows.put("process_instance", (event.key,), columns)
    elif intent in ENDED:
        rows.put("process_instance", (event.key,), {"state": ENDED[intent], "endDate": event.timestamp_ms})
    elif intent is Intent.ELEMENT_MIGRATED:
        rows.put("process_instance", (event.key,), _present(value, ("processDefinitionKey",)))


def _creation(rows: Projection, event: Event) -> None:
    tags, key = event.value.get("tags"), event.value.get("processInstanceKey")
    if tags and key:
        rows.put("process_instance", (key,), {"tags": as_json(tags)})


def _variable(rows: Projection, event: Event) -> None:
    columns = _present(event.value, ("name", "scopeKey", "processInstanceKey"))
    if "value" in event.value:
        value = event.value["value"]
        columns["value"] = value if isinstance(value, str) else as_json(value)
    rows.put("variable", (event.key,), columns)


_TASK_TEXTS = ("assignee", "priority", "formKey", *PLACE)
_TASK_STATES = {Intent.COMPLETED: "COMPLETED", Intent.CANCELED: "CANCELED", Intent.FAILED: "FAILED"}


def _user_task(rows: Projection, event: Event) -> None:
    value = event.value
    columns = _present(value, _TASK_TEXTS)
    if "assignee" in columns:
        columns["assignee"] = columns["assignee"] or None
    if "formKey" in columns and (columns["formKey"] or -1) <= 0:
        columns["formKey"] = None
    for name in ("candidateGroups", "candidateUsers", "customHeaders", "tags"):
        if name in value:
            columns[name] = as_json(value[name] or ({} if name == "customHeaders" else []))
    for name in ("dueDate", "followUpDate"):
        if name in value:
            columns[name] = as_milliseconds(value[name])
    if "externalFormReference" in value:
        columns["externalFormReference"] = value["externalFormReference"] or None
    if event.intent is Intent.CREATED:
        columns["creationDate"] = event.timestamp_ms
        columns.setdefault("tags", "[]")
    if event.intent in _TASK_STATES:
        columns["completionDate"] = event.timestamp_ms
    columns["state"] = _TASK_STATES.get(event.intent, "CREATED")
    rows.put("user_task", (event.key,), columns)


_JOB_STATES = {
    Intent.CREATED: "CREATED",
    Intent.ACTIVATED: "CREATED",
    Intent.RECURRED: "CREATED",
    Intent.COMPLETED: "COMPLETED",
    Intent.FAILED: "FAILED",
    Intent.RETRIES_UPDATED: "RETRIES_UPDATED",
    Intent.TIMED_OUT: "TIMED_OUT",
    Intent.ERROR_THROWN: "ERROR_THROWN",
    Intent.CANCELED: "CANCELED",
    Intent.MIGRATED: "MIGRATED",
}
_JOB_COLUMNS = ("type", "retries", "worker", "errorCode", "errorMessage", *PLACE)


def _job(rows: Projection, event: Event) -> None:
    value, intent = event.value, event.intent
    columns = _present(value, _JOB_COLUMNS)
    if "deadline" in value:
        columns["deadline"] = as_milliseconds(value["deadline"])
    if "customHeaders" in value:
        columns["customHeaders"] = as_json(value["customHeaders"] or {})
    if intent in _JOB_STATES:
        columns["state"] = _JOB_STATES[intent]
    columns["lastUpdateTime"] = event.timestamp_ms
    if intent is Intent.CREATED:
        columns |= {"creationTime": event.timestamp_ms, "kind": value.get("jobKind") or "BPMN_ELEMENT"}
    elif intent is Intent.FAILED:
        columns["hasFailedWithRetriesLeft"] = int(value.get("retries", 0) > 0)
    elif intent in (Intent.COMPLETED, Intent.CANCELED):
        columns["endTime"] = event.timestamp_ms
    rows.put("job", (event.key,), columns)


def _incident(rows: Projection, event: Event) -> None:
    columns = _present(event.value, ("errorType", "errorMessage", "jobKey", *PLACE))
    if "jobKey" in columns and (columns["jobKey"] or -1) <= 0:
        columns["jobKey"] = None
    if event.intent is Intent.CREATED:
        columns |= {"state": "ACTIVE", "creationTime": event.timestamp_ms}
        columns["rootProcessInstanceKey"] = rows.root_of(event.value["processInstanceKey"])
    elif event.intent is Intent.RESOLVED:
        columns |= {"state": "RESOLVED", "endTime": event.timestamp_ms}
    rows.put("incident", (event.key,), columns)


def _message_subscription(rows: Projection, event: Event) -> None:
    value, intent = event.value, event.intent
    start = event.value_type is ValueType.MESSAGE_START_EVENT_SUBSCRIPTION
    columns = _present(value, ("messageName", "correlationKey", *PLACE))
    if "name" in value:
        columns.setdefault("messageName", value["name"])
    if start:
        columns.pop("correlationKey", None)
        columns.pop("elementInstanceKey", None)
        columns.pop("processInstanceKey", None)
        columns.setdefault("elementId", value.get("startEventId"))
    state = {Intent.CORRELATED: "CORRELATED", Intent.DELETED: "DELETED", Intent.MIGRATED: "MIGRATED"}.get(
        intent, "CREATED"
    )
    if start and intent is Intent.CORRELATED:
        state = "CREATED"
    columns |= {
        "messageSubscriptionType": "START_EVENT" if start else "PROCESS_EVENT",
        "messageSubscriptionState": state,
        "lastUpdatedDate": event.timestamp_ms,
    }
    rows.put("message_subscription", (event.key,), columns)
    if intent is Intent.CORRELATED and value.get("messageKey"):
        correlated = _present(value, ("correlationKey", *PLACE))
        correlated |= {"messageName": columns.get("messageName"), "correlationTime": event.timestamp_ms}
        if start:
            correlated["elementId"] = columns.get("elementId")
        rows.put("correlated_message_subscription", (value["messageKey"], event.key), correlated)


def _resource(value: Value) -> Columns:
    content = value.get("resource", value.get("content"))
    return {} if content is None else {"resource": content if isinstance(content, bytes) else str(content).encode()}


def _process(rows: Projection, event: Event) -> None:
    value = event.value
    key = value.get("processDefinitionKey", event.key)
    if event.intent is Intent.DELETED:
        rows.put("process_definition", (key,), {"deleted": 1})
        return
    columns = {"processDefinitionId": value["bpmnProcessId"], **_resource(value)}
    columns |= _present(value, ("version", "resourceName"))
    columns["versionTag"] = value.get("versionTag") or None
    names = element_names(columns["resource"], value["bpmnProcessId"]) if "resource" in columns else {}
    columns["name"] = names.get(value["bpmnProcessId"])
    columns["startFormId"] = value.get("startFormId") or value.get("formId") or None
    rows.put("process_definition", (key,), columns)
    for element_id, name in names.items():
        rows.put("element", (key, element_id), {"name": name})


def _decision_requirements(rows: Projection, event: Event) -> None:
    value = event.value
    key = value.get("decisionRequirementsKey", event.key)
    if event.intent is Intent.DELETED:
        rows.put("decision_requirements", (key,), {"deleted": 1})
        return
    columns = _present(value, ("decisionRequirementsId", "decisionRequirementsName", "resourceName"))
    columns["version"] = value.get("decisionRequirementsVersion", value.get("version"))
    rows.put("decision_requirements", (key,), columns | _resource(value))


def _decision(rows: Projection, event: Event) -> None:
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
    columns |= _present(value, ("decisionRequirementsId", "decisionRequirementsKey"))
    rows.put("decision_definition", (key,), columns)


def _form(rows: Projection, event: Event) -> None:
    key = event.value.get("formKey", event.key)
    if event.intent is Intent.DELETED:
        rows.put("form", (key,), {"deleted": 1})
        return
    rows.put("form", (key,), _present(event.value, ("formId", "version", "resourceName")) | _resource(event.value))


def _decision_evaluation(rows: Projection, event: Event) -> None:
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


HANDLERS: dict[ValueType, Callable[[Projection, Event], None]] = {
    ValueType.PROCESS_INSTANCE: _process_instance,
    ValueType.PROCESS_INSTANCE_CREATION: _creation,
    ValueType.VARIABLE: _variable,
    ValueType.USER_TASK: _user_task,
    ValueType.JOB: _job,
    ValueType.INCIDENT: _incident,
    ValueType.MESSAGE_SUBSCRIPTION: _message_subscription,
    ValueType.MESSAGE_START_EVENT_SUBSCRIPTION: _message_subscription,
    ValueType.PROCESS: _process,
    ValueType.DECISION_REQUIREMENTS: _decision_requirements,
    ValueType.DECISION: _decision,
    ValueType.FORM: _form,
    ValueType.DECISION_EVALUATION: _decision_evaluation,
}
