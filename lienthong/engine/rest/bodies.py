"""What every request body must look like: one table, which both checks requests and is served as OpenAPI."""

from __future__ import annotations

import re
from typing import Any

from lienthong.engine.store.read_kinds import KINDS, Form

Schema = dict[str, Any]
KEY: Schema = {"type": ["string", "integer"], "pattern": "-?[0-9]{1,18}|[0-8][0-9]{18}"}
TEXT: Schema = {"type": "string", "maxLength": 1_000_000}
LONG: Schema = {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1}
WHOLE: Schema = {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}
TRUTH: Schema = {"type": "boolean"}
FREE: Schema = {"type": "object"}
MOMENT: Schema = {"type": "integer", "minimum": 0, "maximum": 253_402_300_799_000}  # epoch ms, to the year 9999
MOST_CHOICES = 1_000
DEEPEST_FILTER = 8
_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
    "array": list,
}


def many(of: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "items": of}


def thing(needed: str = "", **fields: Schema) -> Schema:
    """An object; `needed` names the fields that must be there."""
    return {"type": "object", "properties": fields, "required": needed.split()}


_VARIABLES = many(thing(variables=FREE, scopeId=TEXT))
_ACTIVATE = many(thing("elementId", elementId=TEXT, variableInstructions=_VARIABLES, ancestorElementInstanceKey=KEY))
_MOVE = many(
    thing(
        "sourceElementInstruction targetElementId",
        sourceElementInstruction=thing(sourceElementId=TEXT, sourceElementInstanceKey=KEY),
        targetElementId=TEXT,
        ancestorScopeInstruction=thing(ancestorElementInstanceKey=KEY),
        variableInstructions=_VARIABLES,
    )
)
_MAPPING = many(thing("sourceElementId targetElementId", sourceElementId=TEXT, targetElementId=TEXT))
_PLAN = thing("targetProcessDefinitionKey", targetProcessDefinitionKey=KEY, mappingInstructions=_MAPPING)
_PAGE = thing("", **{"from": WHOLE, "limit": WHOLE, "after": TEXT, "before": TEXT})
_SPAN = {"from": TEXT, "to": TEXT, "jobType": {}, "resolution": TEXT}
_CREATE = thing(
    processDefinitionId=TEXT,
    processDefinitionKey=KEY,
    processDefinitionVersion=WHOLE,
    variables=FREE,
    tenantId=TEXT,
    startInstructions=many(thing("elementId", elementId=TEXT)),
    awaitCompletion=TRUTH,
    fetchVariables=many(TEXT),
    requestTimeout=LONG,
    tags=many(TEXT),
)
_CHANGES = thing(
    assignee=TEXT,
    candidateGroups=many(TEXT),
    candidateUsers=many(TEXT),
    dueDate=TEXT,
    followUpDate=TEXT,
    priority=WHOLE,
)
_MESSAGE = {"name": TEXT, "correlationKey": TEXT, "variables": FREE, "tenantId": TEXT}
_INSTANCE = "/v2/process-instances/{key}"
_BODIES: dict[tuple[str, str], Schema] = {
    ("POST", "/v2/process-instances"): _CREATE,
    ("POST", f"{_INSTANCE}/migration"): _PLAN,
    ("POST", f"{_INSTANCE}/modification"): thing(
        activateInstructions=_ACTIVATE,
        moveInstructions=_MOVE,
        terminateInstructions=many(thing(elementInstanceKey=KEY, elementId=TEXT)),
    ),
    ("PUT", "/v2/element-instances/{key}/variables"): thing("variables", variables=FREE, local=TRUTH),
    ("POST", "/v2/jobs/activation"): thing(
        "type timeout maxJobsToActivate",
        type=TEXT,
        worker=TEXT,
        timeout=LONG,
        maxJobsToActivate=WHOLE,
        fetchVariable=many(TEXT),
        requestTimeout=LONG,
        tenantIds=many(TEXT),
    ),
    ("POST", "/v2/jobs/{key}/completion"): thing(variables=FREE),
    ("POST", "/v2/jobs/{key}/failure"): thing(retries=WHOLE, errorMessage=TEXT, retryBackOff=LONG, variables=FREE),
    ("POST", "/v2/jobs/{key}/error"): thing("errorCode", errorCode=TEXT, errorMessage=TEXT, variables=FREE),
    ("PATCH", "/v2/jobs/{key}"): thing("changeset", changeset=thing(retries=WHOLE, timeout=LONG)),
    ("POST", "/v2/user-tasks/{key}/assignment"): thing("assignee", assignee=TEXT, allowOverride=TRUTH, action=TEXT),
    ("PATCH", "/v2/user-tasks/{key}"): thing(changeset=_CHANGES, action=TEXT),
    ("POST", "/v2/user-tasks/{key}/completion"): thing(variables=FREE, action=TEXT),
    ("POST", "/v2/messages/publication"): thing("name", **_MESSAGE, timeToLive=LONG, messageId=TEXT),
    ("POST", "/v2/messages/correlation"): thing("name", **_MESSAGE),
    ("POST", "/v2/signals/broadcast"): thing("signalName", signalName=TEXT, variables=FREE, tenantId=TEXT),
    ("POST", "/v2/decision-definitions/evaluation"): thing(
        decisionDefinitionId=TEXT, decisionDefinitionKey=KEY, variables=FREE, tenantId=TEXT
    ),
    ("PUT", "/v2/clock"): thing("timestamp", timestamp=MOMENT),
    ("POST", "/v2/process-instances/cancellation"): thing("filter", filter={"filter": "process_instance"}),
    ("POST", "/v2/process-instances/incident-resolution"): thing("filter", filter={"filter": "process_instance"}),
    ("POST", "/v2/process-instances/deletion"): thing("filter", filter={"filter": "process_instance"}),
    ("POST", "/v2/decision-instances/deletion"): thing("filter", filter={"filter": "decision_instance"}),
    ("POST", "/v2/expression/evaluation"): thing("expression", expression=TEXT, variables=FREE, tenantId=TEXT),
    ("POST", "/v2/process-instances/migration"): thing(
        "filter migrationPlan", filter={"filter": "process_instance"}, migrationPlan=_PLAN
    ),
    ("POST", "/v2/process-instances/modification"): thing(
        "filter moveInstructions",
        filter={"filter": "process_instance"},
        moveInstructions=many(thing("sourceElementId targetElementId", sourceElementId=TEXT, targetElementId=TEXT)),
    ),
} | {
    ("POST", f"/v2/jobs/statistics/{name}"): thing("filter", filter=thing("from to", **_SPAN), page=_PAGE)
    for name in ("by-types", "by-workers", "errors", "time-series")
}


def search_schema(kind: str) -> Schema:
    """A search over a kind of thing."""
    sort = many(thing("field", field=TEXT, order={"type": "string", "enum": ["ASC", "DESC", "asc", "desc"]}))
    return thing(filter={"filter": kind}, sort=sort, page=_PAGE)


_ANY_SEARCH = search_schema("")


def body_schema(method: str, path: str) -> Schema:
    """The schema of the body of an operation; what is in no table is a search, or has no body that matters."""
    return _BODIES.get((method, path)) or (
        _ANY_SEARCH
        if path.endswith(
            (
                "/search",
                "/process-instances",
                "/process-instances-by-version",
                "/element-instances",
                "-by-error",
                "-by-definition",
                "subscriptions",
            )
        )
        else FREE
    )


def problem_of(schema: Schema, value: Any, where: str) -> str | None:
    """What is wrong with a value, as one sentence; None when it fits. A field that is null counts as absent."""
    if "filter" in schema:
        return _filter_problem(value, where, 0)
    wanted = schema.get("type")
    names = wanted if isinstance(wanted, list) else [wanted] if wanted else []
    if names and not any(_is(value, name) for name in names):
        return f"Expected {' or '.join(names)} in '{where or 'body'}', but got {str(value)[:100]!r}"
    if isinstance(value, str | int) and not isinstance(value, bool):
        return _scalar_problem(schema, value, where)
    if isinstance(value, list) and "items" in schema:
        found = (problem_of(schema["items"], each, f"{where}[{place}]") for place, each in enumerate(value))
        return next((each for each in found if each), None)
    return _object_problem(schema, value, where) if isinstance(value, dict) else None


def _is(value: Any, name: str) -> bool:
    return isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _scalar_problem(schema: Schema, value: str | int, where: str) -> str | None:
    if "pattern" in schema and not re.fullmatch(schema["pattern"], str(value), re.ASCII):
        return f"Expected a key of decimal digits in '{where}', but got '{str(value)[:100]}'"
    if isinstance(value, str):
        if len(value) > schema.get("maxLength", len(value)):
            return f"Expected at most {schema['maxLength']} characters in '{where}', but got {len(value)}"
        if value not in schema.get("enum", (value,)):
            return f"Expected one of {schema['enum']} in '{where}', but got '{value[:100]}'"
        return None
    if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        return f"Expected a number from {schema['minimum']} to {schema['maximum']} in '{where}', but got {value}"
    return None


def _object_problem(schema: Schema, value: dict[str, Any], where: str) -> str | None:
    for name in schema.get("required", ()):
        if value.get(name) is None:
            return f"Expected '{name}'{f' in {where!r}' if where else ''}, but it is missing"
    for name, field in schema.get("properties", {}).items():
        if value.get(name) is not None:
            found = problem_of(field, value[name], f"{where}.{name}" if where else name)
            if found:
                return found
    return None


def _filter_problem(value: Any, where: str, depth: int) -> str | None:
    """A filter is an object; below it are plain values, operators, and lists of these."""
    if depth == 0 and not isinstance(value, dict):
        return f"Expected '{where}' to be a JSON object, but got {str(value)[:100]!r}"
    if depth > DEEPEST_FILTER:
        return f"Expected at most {DEEPEST_FILTER} levels in '{where}', but there are more"
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if len(inner) > MOST_CHOICES:
        return f"Expected at most {MOST_CHOICES} choices in '{where}', but there are {len(inner)}"
    if isinstance(value, dict):
        for name in ("$or", "variables", "localVariables", "processInstanceVariables"):
            listed = value.get(name)
            if listed is not None and not (isinstance(listed, list) and all(isinstance(e, dict) for e in listed)):
                return f"Expected a list of JSON objects in '{where}.{name}', but got {str(listed)[:100]!r}"
    found = (_filter_problem(each, where, depth + 1) for each in inner)
    return next((each for each in found if each), None)


def public(schema: Schema) -> Schema:
    """A schema as OpenAPI has it: filters spelled out by the fields of their kind."""
    if "filter" in schema:
        kind = KINDS.get(schema["filter"])
        fields = {name: _field(form) for name, form in (kind.fields | kind.hidden).items()} if kind else {}
        return {"type": "object", "properties": fields}
    shown = dict(schema)
    if "pattern" in shown:
        shown = {"type": "string", "pattern": f"^({shown['pattern']})$"}
    if "items" in shown:
        shown["items"] = public(shown["items"])
    if "properties" in shown:
        shown["properties"] = {name: public(each) for name, each in shown["properties"].items()}
    if not shown.get("required", True):
        del shown["required"]
    return shown


def _field(form: Form) -> Schema:
    plain = {Form.INTEGER: {"type": "integer"}, Form.BOOLEAN: {"type": "boolean"}}.get(form, {"type": "string"})
    return {"oneOf": [plain, {"type": "object", "description": "$eq, $neq, $in, $notIn, $exists, $like, $gt, …"}]}
