"""Expressions outside any process, and documents; both through the vendor's client where it has a call."""

import io
from pathlib import Path
from typing import Any

import httpx
import pytest
from camunda_orchestration_sdk import CamundaAsyncClient
from camunda_orchestration_sdk import models as sdk
from camunda_orchestration_sdk.types import File

from lienthong.engine.runtime.serve import running

START_MS = 1_800_000_000_000


@pytest.fixture
async def client(rest: Any) -> Any:
    """The vendor's client."""
    async with CamundaAsyncClient(configuration={"CAMUNDA_REST_ADDRESS": rest.address}) as made:
        yield made


async def test_an_expression_is_evaluated_with_its_variables(client: Any) -> None:
    asked = sdk.ExpressionEvaluationRequest.from_dict({"expression": "=x + y", "variables": {"x": 10, "y": 20}})
    result = await client.evaluate_expression(data=asked)
    assert (result.expression, result.result, result.warnings) == ("=x + y", 30, [])


async def test_an_expression_keeps_all_digits_warns_and_knows_the_engines_time(rest: Any) -> None:
    async def value(expression: str, **variables: object) -> dict[str, Any]:
        reply = await rest.http.post("/expression/evaluation", json={"expression": expression, "variables": variables})
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        return found

    text = (await rest.http.post("/expression/evaluation", json={"expression": "=0.1 + 0.2"})).text
    assert '"result":0.3' in text
    await rest.http.put("/clock", json={"timestamp": START_MS})
    assert (await value("=now().year"))["result"] == 2027
    odd = await value("=nothing.here + 1")
    assert odd["result"] is None
    assert odd["warnings"][0]["message"]


@pytest.mark.parametrize("body", [{"expression": "=1 +"}, {"variables": {}}, {"expression": "=1", "tenantId": "other"}])
async def test_an_expression_that_cannot_be_read_is_refused(rest: Any, body: Any) -> None:
    reply = await rest.http.post("/expression/evaluation", json=body)
    assert (reply.status_code, reply.json()["title"]) == (400, "INVALID_ARGUMENT")


async def test_a_document_is_kept_read_and_deleted(client: Any, rest: Any) -> None:
    file = File(payload=io.BytesIO("nội dung".encode()), file_name="đơn.txt", mime_type="text/plain")
    metadata = sdk.DocumentMetadata.from_dict({"customProperties": {"dossier": "H1"}})
    made = await client.create_document(data=sdk.CreateDocumentData(file=file, metadata=metadata))
    assert (made.metadata.file_name, made.metadata.size, made.metadata.content_type) == ("đơn.txt", 10, "text/plain")
    reply = await rest.http.get(f"/documents/{made.document_id}", params={"contentHash": made.content_hash})
    assert (reply.text, reply.headers["content-type"]) == ("nội dung", "text/plain; charset=utf-8")
    assert reply.headers["content-disposition"].startswith("attachment")
    wrong = await rest.http.get(f"/documents/{made.document_id}", params={"contentHash": "0"})
    assert wrong.status_code == 400
    assert (await rest.http.delete(f"/documents/{made.document_id}")).status_code == 204
    assert (await rest.http.get(f"/documents/{made.document_id}")).status_code == 404
    assert (await rest.http.delete(f"/documents/{made.document_id}")).status_code == 404


async def test_of_several_documents_each_is_kept_or_refused_by_itself(rest: Any) -> None:
    files = [("files", ("a.txt", b"a", "text/plain")), ("files", ("b.txt", b"b", "text/plain"))]
    parts = [
        ("metadataList", (None, b"{}", "application/json")),
        ("metadataList", (None, b'{"contentType":"bad\\ntype"}', "application/json")),
    ]
    reply = await rest.http.post("/documents/batch", files=[*files, *parts])
    assert reply.status_code == 207
    assert [each["metadata"]["fileName"] for each in reply.json()["createdDocuments"]] == ["a.txt"]
    assert [each["fileName"] for each in reply.json()["failedDocuments"]] == ["b.txt"]
    reply = await rest.http.post("/documents/batch", files=files)
    assert (reply.status_code, len(reply.json()["createdDocuments"])) == (201, 2)


async def test_a_document_expires_and_an_id_is_taken_once(rest: Any) -> None:
    await rest.http.put("/clock", json={"timestamp": START_MS})
    metadata = (None, b'{"expiresAt":"2027-01-15T09:00:00Z"}', "application/json")
    form = [("file", ("a.txt", b"a", "text/plain")), ("metadata", metadata)]
    assert (await rest.http.post("/documents?documentId=mine", files=form)).status_code == 201
    assert (await rest.http.post("/documents?documentId=mine", files=form)).status_code == 409
    assert (await rest.http.get("/documents/mine")).status_code == 200
    await rest.http.put("/clock", json={"timestamp": START_MS + 2 * 3_600_000})
    assert (await rest.http.get("/documents/mine")).status_code == 404
    for path in ("/documents?documentId=../x", "/documents?storeId=s3"):
        assert (await rest.http.post(path, files=form)).status_code == 400


async def test_documents_outlive_a_restart(tmp_path: Path) -> None:
    form = [("file", ("a.txt", b"kept", "text/plain"))]
    async with running(tmp_path) as served, httpx.AsyncClient() as http:
        made = await http.post(f"http://127.0.0.1:{served.rest_port}/v2/documents?documentId=kept", files=form)
        assert made.status_code == 201
    async with running(tmp_path) as served, httpx.AsyncClient() as http:
        reply = await http.get(f"http://127.0.0.1:{served.rest_port}/v2/documents/kept")
        assert reply.content == b"kept"
