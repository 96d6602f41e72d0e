"""Bad input through both edges: refused or bounded with a clear message, and the engine stays up."""

import json
from collections.abc import AsyncIterator

import edge_models
import grpc
import httpx
import pytest
from edge_engines import create, deploy
from pyzeebe.proto.gateway_pb2_grpc import GatewayStub

from lienthong.engine.runtime.serve import Served

MEGABYTE = 1024 * 1024
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL">&j;</bpmn:definitions>'
)
FILE_ENTITY = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><definitions>&x;</definitions>'
DEEP_XML = edge_models.HEAD.encode() + b"<bpmn:a>" * 5_000 + b"</bpmn:a>" * 5_000 + edge_models.TAIL.encode()


def deep_json(levels: int) -> str:
    """A list in a list in a list."""
    return '{"a": ' + "[" * levels + "]" * levels + "}"


def endless() -> bytes:
    """Two gateways that send the token round for ever, with no wait state between."""
    body = (
        '<bpmn:startEvent id="start"/><bpmn:exclusiveGateway id="a"/><bpmn:exclusiveGateway id="b"/>'
        + edge_models.flow("f1", "start", "a")
        + edge_models.flow("f2", "a", "b")
        + edge_models.flow("f3", "b", "a")
    )
    return edge_models.process("endless", body)


def for_each() -> bytes:
    """One task at once for every item of a collection."""
    model = edge_models.one_task("for-each").decode()
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics "
        'inputCollection="=items" inputElement="item"/></bpmn:extensionElements>'
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:serviceTask>"
    )
    return model.replace("</bpmn:serviceTask>", loop).encode()


@pytest.fixture
async def http(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    """Plain HTTP to the same engine."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{served.rest_port}/v2", timeout=60) as made:
        yield made


async def refused_deployment(stub: GatewayStub, http: httpx.AsyncClient, name: str, content: bytes) -> str:
    """The message with which both edges refuse a file."""
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.DeployResource(deploy((name, content)))
    assert refused.value.code() in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.RESOURCE_EXHAUSTED)
    reply = await http.post("/deployments", files=[("resources", (name, content))])
    assert (reply.status_code, reply.headers["content-type"]) == (400, "application/problem+json"), reply.text[:300]
    await still_well(stub, http)
    return str(reply.json()["detail"])


async def still_well(stub: GatewayStub, http: httpx.AsyncClient) -> None:
    """The engine takes and finishes work."""
    await stub.DeployResource(deploy(("well.bpmn", edge_models.no_task("well"))))
    await stub.CreateProcessInstance(create("well"))
    reply = await http.post("/process-instances", json={"processDefinitionId": "well", "awaitCompletion": True})
    assert reply.status_code == 200, reply.text


@pytest.mark.parametrize("name", ["model.bpmn", "model.dmn"])
@pytest.mark.parametrize("content", [BOMB, FILE_ENTITY, DEEP_XML, b"\xff\xfe\x00", b"", b"{" * 10_000])
async def test_a_file_that_is_no_model_is_refused(
    served: Served, stub: GatewayStub, http: httpx.AsyncClient, name: str, content: bytes
) -> None:
    detail = await refused_deployment(stub, http, name, content)
    assert len(detail) < 4_000
    assert "hostname" not in detail


async def test_a_model_of_ten_megabytes_is_refused(served: Served, stub: GatewayStub, http: httpx.AsyncClient) -> None:
    padding = "<bpmn:documentation>" + "x" * 10 * MEGABYTE + "</bpmn:documentation>"
    detail = await refused_deployment(stub, http, "large.bpmn", edge_models.process("large", padding))
    assert "bytes" in detail


async def test_a_form_that_is_a_deep_json_is_refused(
    served: Served, stub: GatewayStub, http: httpx.AsyncClient
) -> None:
    await refused_deployment(stub, http, "deep.form", deep_json(100_000).encode())


async def test_a_collection_of_a_hundred_thousand_is_bounded_by_an_incident(
    served: Served, stub: GatewayStub, http: httpx.AsyncClient
) -> None:
    await stub.DeployResource(deploy(("each.bpmn", for_each())))
    made = await stub.CreateProcessInstance(create("for-each", json.dumps({"items": list(range(100_000))})))
    wanted = {"filter": {"processInstanceKey": str(made.processInstanceKey)}}
    incident = (await http.post("/incidents/search", json=wanted)).json()["items"][0]
    assert "at most" in incident["errorMessage"]
    await still_well(stub, http)


async def test_a_loop_without_wait_state_stops_that_instance_alone(
    served: Served, stub: GatewayStub, http: httpx.AsyncClient
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.DeployResource(deploy(("endless.bpmn", endless())))
        await stub.CreateProcessInstance(create("endless"))
        raise AssertionError("the loop was neither refused nor stopped")
    assert refused.value.code() is not grpc.StatusCode.UNAVAILABLE
    await still_well(stub, http)


@pytest.mark.parametrize("levels", [300, 900, 100_000])
async def test_deep_variables_are_taken_or_refused_and_never_lost(
    served: Served, stub: GatewayStub, http: httpx.AsyncClient, levels: int
) -> None:
    await stub.DeployResource(deploy(("one.bpmn", edge_models.one_task())))
    try:
        made = await stub.CreateProcessInstance(create("one-task", deep_json(levels)))
    except grpc.aio.AioRpcError as error:
        assert error.code() is grpc.StatusCode.INVALID_ARGUMENT, error.details()
    else:
        wanted = {"filter": {"processInstanceKey": str(made.processInstanceKey)}}
        found = (await http.post("/variables/search", json=wanted)).json()["items"]
        assert found[0]["value"].count("[") == levels
    content = f'{{"processDefinitionId": "one-task", "variables": {deep_json(levels)}}}'
    reply = await http.post("/process-instances", content=content, headers={"content-type": "application/json"})
    assert reply.status_code in (200, 400), reply.text[:300]
    await still_well(stub, http)


async def test_more_than_four_megabytes_are_refused(served: Served, stub: GatewayStub, http: httpx.AsyncClient) -> None:
    await stub.DeployResource(deploy(("one.bpmn", edge_models.one_task())))
    text = json.dumps({"a": "x" * 5 * MEGABYTE})
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.CreateProcessInstance(create("one-task", text))
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    reply = await http.post(
        "/process-instances", json={"processDefinitionId": "one-task", "variables": json.loads(text)}
    )
    assert (reply.status_code, "bytes" in reply.json()["detail"]) == (400, True)
    await still_well(stub, http)


@pytest.mark.parametrize("text", ["{", "[]", "1", '{"a": NaN}', '{"a": "\ud800"}'.encode("utf-8", "surrogatepass")])
async def test_variables_that_are_no_json_object_are_refused(
    served: Served, stub: GatewayStub, http: httpx.AsyncClient, text: str | bytes
) -> None:
    content = b'{"processDefinitionId": "x", "variables": ' + (text.encode() if isinstance(text, str) else text) + b"}"
    reply = await http.post("/process-instances", content=content, headers={"content-type": "application/json"})
    assert (reply.status_code, reply.json()["title"]) == (400, "INVALID_ARGUMENT")
    if isinstance(text, str):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await stub.CreateProcessInstance(create("x", text))
        assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    await still_well(stub, http)
