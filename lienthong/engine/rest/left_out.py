"""Parts of the API that this engine leaves out: each says so by name, with 501."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from lienthong.engine.rest.error_mapper import NotOffered

NAMES = {
    "users": "users",
    "groups": "groups",
    "roles": "roles",
    "tenants": "tenants",
    "authorizations": "authorizations",
    "mapping-rules": "mapping rules",
    "setup": "the first user",
    "audit-logs": "audit logs",
    "cluster-variables": "cluster variables",
    "global-task-listeners": "global task listeners",
    "conditionals": "conditional start events",
    "element-instances/ad-hoc-activities": "ad-hoc sub-processes",
    "user-tasks/{key}/audit-logs": "audit logs",
}
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
router = APIRouter()


def _refuse(path: str, name: str) -> None:
    async def refuse(request: Request) -> Response:
        raise NotOffered(f"Expected a part of the API that this engine has, but it has no {name}")

    for each in (f"/{path}", f"/{path}/{{rest:path}}"):
        router.add_api_route(each, refuse, methods=METHODS, include_in_schema=False)


for _path, _name in NAMES.items():
    _refuse(_path, _name)
