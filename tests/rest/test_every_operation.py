"""Every operation of the vendor's published client has an answer of ours: done, refused, or left out by name."""

import re
from pathlib import Path
from typing import Any

import camunda_orchestration_sdk
import pytest

METHOD = re.compile(r"""["']method["']: ["'](\w+)["']""")
ADDRESS = re.compile(r"""["']url["']: ["']([^"']+)["']""")


def _operations() -> list[tuple[str, str]]:
    found = []
    for path in sorted((Path(camunda_orchestration_sdk.__file__).parent / "api").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        method, address = METHOD.search(text), ADDRESS.search(text)
        address = address or re.search(r"""["']url["']: ["']([^"']+)["']\.format""", text)
        if method and address:
            found.append((method[1].upper(), re.sub(r"\{\w+\}", "2251799813685249", address[1])))
    return found


def test_the_client_has_the_operations_that_we_look_for() -> None:
    operations = _operations()
    assert len(operations) > 150
    assert ("POST", "/process-instances/cancellation") in operations


async def test_no_operation_is_unknown(rest: Any) -> None:
    unknown = []
    for method, address in _operations():
        if address in ("/jobs/activation", "/clock", "/clock/reset"):
            continue  # they wait, or stop the clock; their own tests call them
        reply = await rest.http.request(method, address, json=None if method == "GET" else {})
        refused = reply.status_code >= 400
        if refused and reply.headers["content-type"] != "application/problem+json":
            unknown.append((method, address, reply.text))
        if reply.status_code == 405 or (reply.status_code == 404 and reply.json()["detail"] == "Not Found"):
            unknown.append((method, address, "no such route"))
        if reply.status_code in (500, 502):
            unknown.append((method, address, reply.text))
    assert unknown == []


async def test_the_openapi_document_names_the_operations_and_checks_their_bodies(rest: Any) -> None:
    document = (await rest.http.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert "post" in document["paths"]["/v2/process-instances/{key}/migration"]
    assert "processInstanceKey" in document["components"]["schemas"]["process_instance"]["required"]
    for body in (
        {"variables": []},
        {"processDefinitionId": 5},
        {"processDefinitionId": "a", "startInstructions": [{}]},
    ):
        reply = await rest.http.post("/process-instances", json=body)
        assert (reply.status_code, reply.json()["title"]) == (400, "INVALID_ARGUMENT"), body


@pytest.mark.parametrize(
    "body",
    [
        {"filter": []},
        {"filter": {"$or": 1}},
        {"filter": {"processInstanceKey": 2**70}},
        {"filter": {"processInstanceKey": {"$in": list(range(2_000))}}},
        {"sort": [1]},
        {"sort": [{"field": "nothing"}]},
        {"page": {"limit": "x"}},
        {"page": {"after": "é"}},
        {"page": {"limit": 100_000}},
    ],
)
async def test_a_search_that_cannot_be_understood_is_refused(rest: Any, body: Any) -> None:
    reply = await rest.http.post("/process-instances/search", json=body)
    assert (reply.status_code, reply.json()["title"]) == (400, "INVALID_ARGUMENT")
