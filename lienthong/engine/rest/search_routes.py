"""Searches and look-ups of the read model, made from a table; and the few that need more than a table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from lienthong.engine.rest.edge import Body, body_of, edge_of, json_reply, key_of
from lienthong.engine.rest.error_mapper import NotFound
from lienthong.engine.rest.response_mapper import json_text, matched_rule
from lienthong.engine.store.read_model import ReadModel

SEARCHES = {
    "process-instances": "process_instance",
    "element-instances": "element_instance",
    "user-tasks": "user_task",
    "jobs": "job",
    "incidents": "incident",
    "process-definitions": "process_definition",
    "decision-definitions": "decision_definition",
    "decision-requirements": "decision_requirements",
    "decision-instances": "decision_instance",
    "message-subscriptions": "message_subscription",
    "correlated-message-subscriptions": "correlated_message_subscription",
    "resources": "resource",
}
LOOK_UPS = {
    name: kind
    for name, kind in SEARCHES.items()
    if name not in ("jobs", "decision-instances", "resources") and "message" not in name
} | {"variables": "variable"}
STATISTICS = {
    "process-instances": "definition_statistics",
    "process-instances-by-version": "version_statistics",
}
LONGEST_VALUE = 8191
Route = Callable[..., Awaitable[Response]]
router = APIRouter()


def _search_route(kind: str) -> Route:
    async def search(request: Request) -> Response:
        page = await edge_of(request).search(kind, await body_of(request))
        return json_reply(page.as_json())

    return search


def _get_route(kind: str) -> Route:
    async def get(request: Request, key: str) -> Response:
        return json_reply(await edge_of(request).get(kind, key_of(key)))

    return get


for _path, _kind in SEARCHES.items():
    router.add_api_route(f"/{_path}/search", _search_route(_kind), methods=["POST"])
for _path, _kind in STATISTICS.items():
    router.add_api_route(f"/process-definitions/statistics/{_path}", _search_route(_kind), methods=["POST"])
for _path, _kind in LOOK_UPS.items():
    router.add_api_route(f"/{_path}/{{key}}", _get_route(_kind), methods=["GET"])


def _within(body: Body, wanted: Body) -> Body:
    return {**body, "filter": {**(body.get("filter") or {}), **wanted}}


@router.post("/process-instances/{key}/incidents/search")
async def incidents_of_instance(request: Request, key: str) -> Response:
    """Incidents of an instance and of all that it called."""
    found = {"$or": [{"processInstanceKey": key_of(key)}, {"rootProcessInstanceKey": key_of(key)}]}
    page = await edge_of(request).search("incident", _within(await body_of(request), found))
    return json_reply(page.as_json())


@router.post("/element-instances/{key}/incidents/search")
async def incidents_of_element(request: Request, key: str) -> Response:
    """Incidents of one element instance."""
    found = {"elementInstanceKey": key_of(key)}
    page = await edge_of(request).search("incident", _within(await body_of(request), found))
    return json_reply(page.as_json())


@router.get("/process-instances/{key}/sequence-flows")
async def sequence_flows(request: Request, key: str) -> Response:
    """Sequence flows that an instance took."""
    edge = edge_of(request)
    await edge.get("process_instance", key_of(key))
    body = {"filter": {"processInstanceKey": key_of(key)}, "page": {"limit": 10_000}}
    return json_reply({"items": (await edge.search("sequence_flow", body)).items})


@router.get("/process-instances/{key}/call-hierarchy")
async def call_hierarchy(request: Request, key: str) -> Response:
    """From the instance at the top down to this one."""
    edge, chain = edge_of(request), []
    current: str | None = str(key_of(key))
    while current is not None:
        item = await edge.get("process_instance", key_of(current))
        names = ("processInstanceKey", "processDefinitionKey", "processDefinitionName")
        chain.append({name: item[name] or item["processDefinitionId"] for name in names})
        current = item["parentProcessInstanceKey"]
    return json_reply(chain[::-1])


@router.get("/process-instances/{key}/statistics/element-instances")
async def statistics_of_instance(request: Request, key: str) -> Response:
    """Counts by element of one instance."""
    wanted = {"processInstanceKey": key_of(key)}
    return json_reply({"items": await edge_of(request).ask(lambda model: model.statistics(wanted))})


@router.post("/process-definitions/{key}/statistics/element-instances")
async def statistics_of_definition(request: Request, key: str) -> Response:
    """Counts by element of one definition."""
    wanted = {**((await body_of(request)).get("filter") or {}), "processDefinitionKey": key_of(key)}
    return json_reply({"items": await edge_of(request).ask(lambda model: model.statistics(wanted))})


# variables


def _shortened(item: Body, whole: bool) -> Body:
    value = item["value"] or "null"
    cut = not whole and len(value) > LONGEST_VALUE
    return {**item, "value": value[:LONGEST_VALUE] if cut else value, "isTruncated": cut}


def _whole(request: Request) -> bool:
    return request.query_params.get("truncateValues", "true").lower() == "false"


@router.post("/variables/search")
async def search_variables(request: Request) -> Response:
    """Variables of all scopes."""
    reply = (await edge_of(request).search("variable", await body_of(request))).as_json()
    reply["items"] = [_shortened(item, _whole(request)) for item in reply["items"]]
    return json_reply(reply)


async def visible_variables(request: Request, key: str) -> Response:
    """Variables that a user task sees: of each name the one of the nearest scope."""
    edge, body = edge_of(request), await body_of(request)
    task = await edge.get("user_task", key_of(key))
    scopes = await edge.ask(lambda model: model.scopes(int(task["elementInstanceKey"])))
    wanted = _within({"filter": body.get("filter"), "page": {"limit": 10_000}}, {"scopeKey": {"$in": scopes}})
    nearest: dict[str, Body] = {}
    for item in (await edge.search("variable", wanted)).items:
        known = nearest.get(item["name"])
        if known is None or scopes.index(int(item["scopeKey"])) < scopes.index(int(known["scopeKey"])):
            nearest[item["name"]] = item
    items = [_shortened(item, _whole(request)) for _, item in sorted(nearest.items())]
    page = body.get("page") or {}
    start = int(page.get("from", 0))
    shown = items[start : start + int(page.get("limit", 100))]
    ends = {"startCursor": None, "endCursor": None}
    return json_reply({"items": shown, "page": {"totalItems": len(items), "hasMoreTotalItems": False, **ends}})


router.add_api_route("/user-tasks/{key}/variables/search", visible_variables, methods=["POST"])
router.add_api_route("/user-tasks/{key}/effective-variables/search", visible_variables, methods=["POST"])


# resources


async def _rows(request: Request, statement: str, value: Any) -> list[tuple[Any, ...]]:
    def question(model: ReadModel) -> list[tuple[Any, ...]]:
        return model.rows(statement, (value,))

    return await edge_of(request).ask(question)


async def _content(request: Request, table: str, column: str, key: int) -> bytes | None:
    rows = await _rows(request, f"SELECT resource FROM {table} WHERE {column} = ?", key)
    return rows[0][0] if rows else None


@router.get("/process-definitions/{key}/xml")
async def process_xml(request: Request, key: str) -> Response:
    """The BPMN of a definition."""
    content = await _content(request, "process_definition", "processDefinitionKey", key_of(key))
    if content is None:
        raise NotFound(f"Expected to find process definition {key}, but there is none")
    return Response(content, media_type="text/xml")


@router.get("/decision-requirements/{key}/xml")
async def requirements_xml(request: Request, key: str) -> Response:
    """The DMN of decision requirements."""
    content = await _content(request, "decision_requirements", "decisionRequirementsKey", key_of(key))
    if content is None:
        raise NotFound(f"Expected to find decision requirements {key}, but there are none")
    return Response(content, media_type="text/xml")


@router.get("/decision-definitions/{key}/xml")
async def decision_xml(request: Request, key: str) -> Response:
    """The DMN of a decision."""
    item = await edge_of(request).get("decision_definition", key_of(key))
    return await requirements_xml(request, item["decisionRequirementsKey"])


async def _form(request: Request, where: str, value: Any) -> Response:
    columns = "formKey, formId, version, resource"
    rows = await _rows(request, f"SELECT {columns} FROM form WHERE {where} = ? ORDER BY version DESC LIMIT 1", value)
    if not rows:
        return Response(status_code=204)
    key, form_id, version, content = rows[0]
    schema = content.decode("utf-8")
    return json_reply(
        {"formKey": str(key), "formId": form_id, "version": version, "schema": schema, "tenantId": "<default>"}
    )


@router.get("/user-tasks/{key}/form")
async def form_of_task(request: Request, key: str) -> Response:
    """The linked form of a task; 204 when it has none."""
    task = await edge_of(request).get("user_task", key_of(key))
    return await _form(request, "formKey", int(task["formKey"] or 0))


@router.get("/process-definitions/{key}/form")
async def start_form(request: Request, key: str) -> Response:
    """The form of a start event; 204 when it has none."""
    edge = edge_of(request)
    await edge.get("process_definition", key_of(key))
    statement = "SELECT startFormId FROM process_definition WHERE processDefinitionKey = ?"
    rows = await _rows(request, statement, key_of(key))
    return await _form(request, "formId", rows[0][0])


RESOURCES = (
    ("process_definition", "processDefinitionKey", "processDefinitionId", "versionTag"),
    ("decision_requirements", "decisionRequirementsKey", "decisionRequirementsId", "NULL"),
    ("form", "formKey", "formId", "NULL"),
)


async def _resource(request: Request, key: int) -> tuple[Any, ...]:
    for table, column, identifier, tag in RESOURCES:
        columns = f"{identifier}, resourceName, version, {tag}, resource"
        statement = f"SELECT {columns} FROM {table} WHERE {column} = ? AND deleted = 0"
        rows = await _rows(request, statement, key)
        if rows:
            return rows[0]
    raise NotFound(f"Expected to find resource {key}, but there is none")


@router.get("/resources/{key}")
async def resource(request: Request, key: str) -> Response:
    """Name and version of a deployed resource."""
    identifier, name, version, tag, _ = await _resource(request, key_of(key))
    names = {"resourceId": identifier, "resourceName": name, "version": version, "versionTag": tag}
    return JSONResponse({**names, "resourceKey": str(key_of(key)), "tenantId": "<default>"})


@router.get("/resources/{key}/content")
async def resource_content(request: Request, key: str) -> Response:
    """The text of a deployed resource."""
    return PlainTextResponse((await _resource(request, key_of(key)))[4])


@router.get("/decision-instances/{key}")
async def decision_instance(request: Request, key: str) -> Response:
    """One evaluation with its inputs and the rules that fitted."""
    edge = edge_of(request)
    item = await edge.get("decision_instance", key)
    statement = "SELECT evaluatedInputs, matchedRules FROM decision_instance WHERE decisionEvaluationInstanceKey = ?"
    inputs, rules = (await _rows(request, statement, key))[0]
    return json_reply(
        {**item, "evaluatedInputs": _texts(orjson.loads(inputs)), "matchedRules": _rules(orjson.loads(rules))}
    )


def _texts(inputs: list[Body]) -> list[Body]:
    return [{**each, "inputValue": json_text(each.get("inputValue"))} for each in inputs]


def _rules(rules: list[Body]) -> list[Body]:
    return [matched_rule(rule) for rule in rules]
