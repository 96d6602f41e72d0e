"""The OpenAPI document of the REST edge, made from its routes, the table of bodies and the table of kinds."""

from __future__ import annotations

import re
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute

from lienthong.engine.rest import bodies
from lienthong.engine.rest.search_routes import SEARCHES
from lienthong.engine.store.read_kinds import KINDS, Form

Body = dict[str, Any]
KINDS_OF_PATHS = {f"/v2/{name}/search": kind for name, kind in SEARCHES.items()} | {
    "/v2/variables/search": "variable",
    "/v2/batch-operations/search": "batch_operation",
    "/v2/batch-operation-items/search": "batch_operation_item",
}
QUERIES = {
    "/v2/system/usage-metrics": ("startTime", "endTime", "withTenants"),
    "/v2/jobs/statistics/global": ("from", "to", "jobType"),
    "/v2/variables/search": ("truncateValues",),
} | {
    f"/v2/process-instances/{act}": ("dryRun",)
    for act in ("cancellation", "incident-resolution", "migration", "modification")
}
_FORMS = {Form.INTEGER: "integer", Form.BOOLEAN: "boolean"}
_PROBLEM = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("type", "title", "detail", "instance")}
    | {"status": {"type": "integer"}},
}


def _item(kind: str) -> Body:
    fields = KINDS[kind].fields
    properties: Body = {name: {"type": [_FORMS.get(form, "string"), "null"]} for name, form in fields.items()}
    properties |= {name: {} for name, form in fields.items() if form is Form.JSON}
    return {"type": "object", "required": list(fields), "properties": properties}


def _reply(path: str) -> Body:
    kind = KINDS_OF_PATHS.get(path)
    if kind is None:
        return {"type": "object"}
    items = {"type": "array", "items": {"$ref": f"#/components/schemas/{kind}"}}
    return {"type": "object", "required": ["items", "page"], "properties": {"items": items, "page": {"type": "object"}}}


def _operation(route: APIRoute, path: str, method: str) -> Body:
    named = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)", path)
    ]
    asked = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in QUERIES.get(path, ())]
    answers = {
        "default": {
            "description": "A problem (RFC 9457)",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}},
        },
        "200": {"description": "Done", "content": {"application/json": {"schema": _reply(path)}}},
        "204": {"description": "Done; nothing to say"},
    }
    about = (route.endpoint.__doc__ or "").strip()
    identifier = f"{method.lower()}_{re.sub(r'[^a-z]+', '_', path.removeprefix('/v2/').lower()).strip('_')}"
    made: Body = {"operationId": identifier, "summary": about, "parameters": named + asked, "responses": answers}
    if path == "/v2/deployments":
        files = {"type": "array", "items": {"type": "string", "format": "binary"}}
        form = {"type": "object", "required": ["resources"], "properties": {"resources": files}}
        made["requestBody"] = {"content": {"multipart/form-data": {"schema": form}}}
    elif method in ("POST", "PUT", "PATCH"):
        kind = KINDS_OF_PATHS.get(path)
        schema = bodies.search_schema(kind) if kind else bodies.body_schema(method, path)
        made["requestBody"] = {"content": {"application/json": {"schema": bodies.public(schema)}}}
    return made


def document(routes: list[Any]) -> Body:
    """The whole document, of the routes below `/v2`."""
    paths: dict[str, Body] = {}
    for route in routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in sorted(route.methods or ()):
                paths.setdefault(f"/v2{route.path}", {})[method.lower()] = _operation(route, f"/v2{route.path}", method)
    schemas = {kind: _item(kind) for kind in sorted(set(KINDS_OF_PATHS.values()))} | {"problem": _PROBLEM}
    info = {"title": "Liên Thông engine: Orchestration Cluster API v2", "version": "8.9"}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}}


async def openapi(request: Request) -> Response:
    """The document as JSON."""
    return JSONResponse(document(request.app.state.operations))
