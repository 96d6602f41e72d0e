"""What a route asks for, made up from its own description: so that a refusal is about the person, not the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

TEXTS = {
    "date": "2026-11-25",
    "date-time": "2026-11-25T03:00:00Z",
    "binary": "x",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
NAMED: Mapping[str, Any] = {"confirmed": True, "truth": "yes", "sure": "yes", "reason": "Thử nghiệm", "ground": "Thử"}


class Asking:
    """The bodies and queries of the routes of one application."""

    def __init__(self, app: FastAPI) -> None:
        described = app.openapi()
        self._parts: Mapping[str, Any] = described.get("components", {}).get("schemas", {})
        self._paths: Mapping[str, Any] = described["paths"]

    def of(self, method: str, pattern: str) -> dict[str, Any]:
        """Arguments of a request that the route takes as well formed; empty when it asks for nothing."""
        found = self._paths.get(pattern, {}).get(method.lower(), {})
        asked: dict[str, Any] = {}
        query = {
            one["name"]: self._sample(one["schema"], one["name"])
            for one in found.get("parameters", [])
            if one["in"] == "query" and one.get("required")
        }
        if query:
            asked["params"] = query
        for kind, content in found.get("requestBody", {}).get("content", {}).items():
            asked |= self._body(kind, content["schema"])
            break
        return asked

    def _body(self, kind: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        value = self._sample(schema, "")
        if kind == "application/json":
            return {"json": value}
        whole = self._whole(schema)
        files = {
            name: (name, b"x", "image/png")
            for name, part in whole.get("properties", {}).items()
            if self._whole(part).get("format") == "binary" or "contentMediaType" in part
        }
        fields = {name: part for name, part in (value or {}).items() if name not in files}
        return {"data": fields, "files": files} if files else {"data": fields}

    def _whole(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" in schema:
            return self._whole(self._parts[schema["$ref"].rsplit("/", 1)[1]])
        if schema.get("anyOf"):
            return self._whole(schema["anyOf"][0])
        if schema.get("allOf"):
            return self._whole(schema["allOf"][0])
        return schema

    def _sample(self, schema: Mapping[str, Any], name: str) -> Any:
        whole = self._whole(schema)
        if name in NAMED and whole.get("type") != "array":
            return NAMED[name]
        if "enum" in whole or "const" in whole:
            return whole.get("const", whole.get("enum", [None])[0])
        match whole.get("type"):
            case "object":
                wanted = whole.get("required", [])
                return {
                    key: self._sample(part, key) for key, part in whole.get("properties", {}).items() if key in wanted
                }
            case "array":
                return [self._sample(whole["items"], name)] if whole.get("minItems", 1) else []
            case "integer" | "number":
                return max(1, int(whole.get("minimum", 1)))
            case "boolean":
                return True
            case _:
                text = TEXTS.get(str(whole.get("format", "")), "thu nghiem")
                return text.ljust(int(whole.get("minLength", 0)), "x")[: int(whole.get("maxLength", 1000))]
