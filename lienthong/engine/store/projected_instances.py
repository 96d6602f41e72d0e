"""Events of process instances, their elements, variables, jobs, tasks, incidents and subscriptions as rows."""

from __future__ import annotations

from lienthong.engine.protocol.records import Event, Intent, ValueType
from lienthong.engine.store.projected_rows import ENDED, PLACE, Columns, Projection, as_json, as_milliseconds, present


def process_instance(rows: Projection, event: Event) -> None:
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
        columns = present(value, ("processInstanceKey", "processDefinitionKey", "elementId", "flowScopeKey"))
        columns |= {"type": value["bpmnElementType"], "state": "ACTIVE", "startDate": event.timestamp_ms}
    elif intent in ENDED:
        columns = {"state": ENDED[intent], "endDate": event.timestamp_ms}
    elif intent is Intent.ELEMENT_MIGRATED:
        columns = present(value, ("processDefinitionKey", "elementId", "flowScopeKey"))
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
        rows.put("process_instance", (event.key,), present(value, ("processDefinitionKey",)))


def creation(rows: Projection, event: Event) -> None:
    tags, key = event.value.get("tags"), event.value.get("processInstanceKey")
    if tags and key:
        rows.put("process_instance", (key,), {"tags": as_json(tags)})


def variable(rows: Projection, event: Event) -> None:
    columns = present(event.value, ("processInstanceKey",))
    if event.intent is Intent.CREATED:  # a change has a key of its own in the log; the variable keeps its first one
        columns["variableKey"] = event.key
    if "value" in event.value:
        value = event.value["value"]
        columns["value"] = value if isinstance(value, str) else as_json(value)
    rows.put("variable", (event.value["scopeKey"], event.value["name"]), columns)


_TASK_TEXTS = ("assignee", "priority", "formKey", *PLACE)
_TASK_STATES = {Intent.COMPLETED: "COMPLETED", Intent.CANCELED: "CANCELED", Intent.FAILED: "FAILED"}


def user_task(rows: Projection, event: Event) -> None:
    value = event.value
    columns = present(value, _TASK_TEXTS)
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


def job(rows: Projection, event: Event) -> None:
    value, intent = event.value, event.intent
    columns = present(value, _JOB_COLUMNS)
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


def incident(rows: Projection, event: Event) -> None:
    columns = present(event.value, ("errorType", "errorMessage", "jobKey", *PLACE))
    if "jobKey" in columns and (columns["jobKey"] or -1) <= 0:
        columns["jobKey"] = None
    if event.intent is Intent.CREATED:
        columns |= {"state": "ACTIVE", "creationTime": event.timestamp_ms}
        columns["rootProcessInstanceKey"] = rows.root_of(event.value["processInstanceKey"])
    elif event.intent is Intent.RESOLVED:
        columns |= {"state": "RESOLVED", "endTime": event.timestamp_ms}
    rows.put("incident", (event.key,), columns)


def message_subscription(rows: Projection, event: Event) -> None:
    value, intent = event.value, event.intent
    start = event.value_type is ValueType.MESSAGE_START_EVENT_SUBSCRIPTION
    columns = present(value, ("messageName", "correlationKey", *PLACE))
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
        correlated = present(value, ("correlationKey", *PLACE))
        correlated |= {"messageName": columns.get("messageName"), "correlationTime": event.timestamp_ms}
        if start:
            correlated["elementId"] = columns.get("elementId")
        rows.put("correlated_message_subscription", (value["messageKey"], event.key), correlated)
