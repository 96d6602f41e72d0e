"""Requests made from our own OpenAPI document, whole and broken: never a 5xx that is a bug, never a hang."""

import asyncio
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import edge_models
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.engine.rest.openapi import document
from lienthong.engine.runtime.serve import running

SECONDS = 10
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=12)
    | st.sampled_from(["$eq", "", "\x00", "<default>", "=1/0", "9" * 400, "2026-11-24T00:00:00Z"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=6) | st.sampled_from(["$in", "$like", "$or", "name", "value"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


class Subject:
    """A served engine, one HTTP client and the loop that both live in."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.loop.run_until_complete(self._start())

    async def _start(self) -> None:
        self._running = running(None)
        served = await self._running.__aenter__()
        self.http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{served.rest_port}", timeout=SECONDS)
        self.document: dict[str, Any] = (await self.http.get("/v2/openapi.json")).json()
        models = {"one": edge_models.one_task(), "user": edge_models.user_task(), "message": edge_models.message()}
        files = [("resources", (f"{name}.bpmn", content)) for name, content in models.items()]
        await self.http.post("/v2/deployments", files=[*files, ("resources", ("f.dmn", edge_models.DECISION))])
        for name in ("one-task", "message"):
            body = {"processDefinitionId": name, "variables": {"dossierCode": "H1"}}
            await self.http.post("/v2/process-instances", json=body)

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request."""
        return self.loop.run_until_complete(self.http.request(method, path, **more))

    def close(self) -> None:
        """Stop it all."""
        self.loop.run_until_complete(self.http.aclose())
        self.loop.run_until_complete(self._running.__aexit__(None, None, None))
        self.loop.close()


@pytest.fixture(scope="module")
def subject() -> Iterator[Subject]:
    """One engine for all examples: it must outlive them."""
    made = Subject()
    yield made
    made.close()


def fitting(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of a schema, with junk in some places."""
    if "oneOf" in schema:
        return st.one_of(*(fitting(each) for each in schema["oneOf"])) | JUNK
    kind = schema.get("type")
    if kind == "object" and schema.get("properties"):
        fields = {name: fitting(each) for name, each in schema["properties"].items()}
        needed = {name: fields.pop(name) for name in schema.get("required", ())}
        some = st.dictionaries(st.sampled_from(sorted(fields)), st.none(), max_size=4) if fields else st.just({})
        optional = some.flatmap(lambda names: st.fixed_dictionaries({name: fields[name] for name in names}))
        return st.tuples(st.fixed_dictionaries(needed), optional).map(lambda both: {**both[0], **both[1]}) | JUNK
    if kind == "array":
        return st.lists(fitting(schema.get("items", {})), max_size=3) | JUNK
    plain: dict[Any, st.SearchStrategy[Any]] = {
        "string": st.sampled_from(["one-task", "task", "work", "fee", "2251799813685249", "ACTIVE"])
        | st.integers(2**51, 2**51 + 60).map(str)
        | st.text(max_size=8),
        "integer": st.integers(-2, 200) | st.sampled_from([2**31, -(2**63), 2**63]),
        "boolean": st.booleans(),
    }
    return plain.get(kind, JUNK) | JUNK


def calm(path: str, body: Any) -> Any:
    """No request asks the engine to wait, and time goes on."""
    if isinstance(body, dict) and path in ("/v2/jobs/activation", "/v2/process-instances"):
        return {**body, "requestTimeout": -1 if path.endswith("activation") else 50}
    return body


def _operations() -> list[tuple[str, str]]:
    from lienthong.engine.rest.app import create_app

    routes = create_app(None, batches=object()).state.operations  # type: ignore[arg-type]
    paths = document(routes)["paths"]
    return [(method.upper(), path) for path, each in paths.items() for method in each if path != "/v2/deployments"]


@pytest.mark.parametrize(("method", "path"), _operations())
@given(data=st.data())
def test_no_request_breaks_the_engine(subject: Subject, method: str, path: str, data: st.DataObject) -> None:
    operation = subject.document["paths"][path][method.lower()]
    keys = st.integers(2**51, 2**51 + 60).map(str) | st.sampled_from(["0", "-1", "x", "9" * 30, "suspension", "%00"])
    for each in operation["parameters"]:
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", quote(data.draw(keys), safe=""))
    more: dict[str, Any] = {}
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content:
        more["json"] = calm(path, data.draw(fitting(content["schema"])))
    names = [each["name"] for each in operation["parameters"] if each["in"] == "query"]
    more["params"] = {name: data.draw(st.sampled_from(["true", "1", "", "2026-11-24T00:00:00Z"])) for name in names}
    reply = subject.call(method, path, **more)
    detail = f"{method} {path} {more}: {reply.status_code} {reply.text}"
    allowed = reply.status_code < 500 or reply.status_code == 504
    assert allowed, detail
    if reply.status_code >= 400:
        assert reply.headers["content-type"] == "application/problem+json", detail
        assert reply.json()["status"] == reply.status_code


@given(content=st.binary(max_size=200), name=st.sampled_from(["a.bpmn", "a.dmn", "a.form", "a.txt", "", "é.bpmn"]))
def test_no_deployment_breaks_the_engine(subject: Subject, content: bytes, name: str) -> None:
    reply = subject.call("POST", "/v2/deployments", files=[("resources", (name, content))])
    assert reply.status_code in (200, 400), reply.text


def test_the_engine_is_well_after_all_that(subject: Subject) -> None:
    assert subject.call("GET", "/health").json()["status"] == "UP"
