"""The client against a real engine process: every method that the seams name."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "gateway"))
import edge_models
from edge_engines import engine_process, free_port
from pyzeebe.proto import gateway_pb2 as messages
from pyzeebe.proto.gateway_pb2_grpc import GatewayStub

from lienthong.orchestration.client import EngineRejected, EngineUnavailable, OrchestrationClient
from lienthong.orchestration.rest_transport import ATTEMPTS, RestTransport

START = datetime(2027, 1, 15, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def ports() -> Iterator[tuple[int, int]]:
    """One engine process for this module."""
    chosen = (free_port(), free_port())
    with engine_process(None, *chosen):
        yield chosen


@pytest.fixture(scope="module")
def client(ports: tuple[int, int]) -> Iterator[OrchestrationClient]:
    """A client of it, with every model deployed."""
    made = OrchestrationClient(f"127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}")
    made.deploy(
        [
            ("one.bpmn", edge_models.one_task()),
            ("user.bpmn", edge_models.user_task(form=True)),
            ("message.bpmn", edge_models.message()),
            ("timer.bpmn", edge_models.timer()),
            ("check.form", edge_models.FORM),
            ("fees.dmn", edge_models.DECISION),
        ]
    )
    yield made
    made.close()


def new_instance(client: OrchestrationClient, process_id: str, **variables: Any) -> str:
    return str(client.create_process_instance(process_id, variables)["processInstanceKey"])


def test_a_user_task_is_found_claimed_and_completed(client: OrchestrationClient) -> None:
    key = new_instance(client, "user-task", authority="bd-ca", dossierCode="H1")
    wanted = {"processInstanceKey": key, "state": "CREATED", "candidateGroup": "bd-ca/officer"}
    task = client.search_user_tasks(wanted)[0]["userTaskKey"]
    client.assign_user_task(task, "officer.one", allow_override=False)
    with pytest.raises(EngineRejected) as refused:
        client.assign_user_task(task, "officer.two", allow_override=False)
    assert refused.value.status == 409
    client.unassign_user_task(task)
    client.update_user_task(task, {"priority": 80})
    form = client.user_task_form(task)
    assert form is not None
    assert form["formId"] == "check"
    assert client.user_task_variables(task) == {"authority": "bd-ca", "dossierCode": "H1", "code": "H1"}
    client.complete_user_task(task, {"outcome": "approve"})
    found = client.user_task(task)
    assert found is not None
    assert (found["state"], found["priority"]) == ("COMPLETED", 80)
    instance = client.process_instance(key)
    assert instance is not None
    assert instance["state"] == "COMPLETED"
    assert client.process_instance(1) is None


def test_a_message_reaches_its_instance_and_may_be_repeated(client: OrchestrationClient) -> None:
    key = new_instance(client, "message", dossierCode="H2")
    assert client.search_message_subscriptions({"processInstanceKey": key})[0]["correlationKey"] == "H2"
    assert int(client.publish_message("payment-received", "H2", {"paid": True}, message_id="pay-1")) > 0
    with pytest.raises(EngineRejected) as again:
        client.publish_message("payment-received", "H2", {"paid": True}, message_id="pay-1")
    assert again.value.status == 409
    values = {item["name"]: item["value"] for item in client.search_variables({"processInstanceKey": key})}
    assert values == {"dossierCode": '"H2"', "paid": "true"}
    assert {item["elementId"] for item in client.sequence_flows(key)} == {"f1", "f2"}


def test_an_incident_is_found_and_resolved(client: OrchestrationClient, ports: tuple[int, int]) -> None:
    key = new_instance(client, "one-task")
    with grpc.insecure_channel(f"127.0.0.1:{ports[0]}") as channel:
        stub = GatewayStub(channel)
        wish = messages.ActivateJobsRequest(type="work", worker="w", timeout=60_000, maxJobsToActivate=1)
        job = next(iter(next(iter(stub.ActivateJobs(wish))).jobs))
        stub.FailJob(messages.FailJobRequest(jobKey=job.key, retries=0, errorMessage="down"))
    incident = client.search_incidents({"processInstanceKey": key, "state": "ACTIVE"})[0]
    assert (incident["errorType"], incident["errorMessage"]) == ("JOB_NO_RETRIES", "down")
    client.update_job_retries(incident["jobKey"], 3)
    client.resolve_incident(incident["incidentKey"])
    assert client.search_incidents({"processInstanceKey": key, "state": "ACTIVE"}) == []
    assert client.search_jobs({"jobKey": incident["jobKey"]})[0]["retries"] == 3
    client.cancel_process_instance(key)


def test_the_clock_is_moved(client: OrchestrationClient) -> None:
    client.pin_clock(START)
    key = new_instance(client, "timer")
    client.pin_clock(START.replace(hour=9))
    instance = client.process_instance(key)
    assert instance is not None
    assert (instance["state"], instance["endDate"]) == ("COMPLETED", "2027-01-15T09:00:00.000Z")
    client.reset_clock()


def test_definitions_are_read_counted_and_migrated_to(client: OrchestrationClient) -> None:
    key = new_instance(client, "one-task")
    old = client.search_process_definitions({"processDefinitionId": "one-task", "isLatestVersion": True})[0]
    assert client.process_definition_xml(old["processDefinitionKey"]).encode() == edge_models.one_task()
    assert client.resource_content(old["processDefinitionKey"]).encode() == edge_models.one_task()
    counts = {item["elementId"]: item["active"] for item in client.element_statistics(old["processDefinitionKey"])}
    assert counts["task"] >= 1
    client.deploy([("one.bpmn", edge_models.one_task().replace(b"The work", b"Renamed"))])
    new = client.search_process_definitions({"processDefinitionId": "one-task", "isLatestVersion": True})[0]
    client.migrate_process_instance(key, new["processDefinitionKey"], {"task": "task"})
    instance = client.process_instance(key)
    assert instance is not None
    assert instance["processDefinitionVersion"] == 2
    client.set_variables(key, {"note": "ghi chú"})
    client.modify_process_instance(key, terminate=[{"elementId": "task"}])
    found = client.search_element_instances({"processInstanceKey": key, "elementId": "task"})
    assert [item["state"] for item in found] == ["TERMINATED"]
    assert client.call_hierarchy(key)[0]["processInstanceKey"] == key
    decision = client.search_decision_definitions({"decisionDefinitionId": "fee"})[0]
    assert "decisionTable" in client.decision_definition_xml(decision["decisionDefinitionKey"])


def test_decisions_and_topology_answer(client: OrchestrationClient) -> None:
    assert client.evaluate_decision("fee", {"area": "city"})["output"] == "4000000"
    assert client.topology()["clusterSize"] == 1
    assert int(client.broadcast_signal("nothing-waits")) > 0


def test_a_search_without_a_page_follows_the_cursors(
    client: OrchestrationClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lienthong.orchestration.search_calls.PAGE_LIMIT", 2)
    keys = [new_instance(client, "timer") for _ in range(5)]
    wanted = {"processInstanceKey": {"$in": keys}}
    assert [item["processInstanceKey"] for item in client.search_process_instances(wanted)] == keys
    assert len(client.search_process_instances(wanted, {"limit": 3})) == 3
    assert client.count("process-instances", wanted) == 5


# what cannot be reached


def unreliable(answers: list[int | Exception]) -> tuple[RestTransport, list[float], list[str]]:
    pauses: list[float] = []
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        next_answer = answers.pop(0)
        if isinstance(next_answer, Exception):
            raise next_answer
        return httpx.Response(next_answer, json={"items": []})

    return RestTransport("http://engine", transport=httpx.MockTransport(answer), sleep=pauses.append), pauses, seen


def test_an_idempotent_call_is_repeated_with_growing_pauses() -> None:
    transport, pauses, seen = unreliable([httpx.ReadError("cut"), 503, httpx.ConnectError("refused"), 200])
    assert transport.json("GET", "/topology") == {"items": []}
    assert pauses == [0.1, 0.2, 0.4]
    assert seen == ["/v2/topology"] * 4


def test_another_call_is_repeated_only_when_it_surely_was_not_sent() -> None:
    transport, _, seen = unreliable([httpx.ConnectError("refused"), httpx.ReadError("cut"), 200])
    with pytest.raises(EngineUnavailable):
        transport.json("POST", "/process-instances", {}, idempotent=False)
    assert len(seen) == 2


def test_an_engine_that_stays_away_is_unavailable() -> None:
    transport, _, seen = unreliable([httpx.ConnectError("refused")] * ATTEMPTS)
    with pytest.raises(EngineUnavailable):
        transport.json("GET", "/topology")
    assert len(seen) == ATTEMPTS


def test_a_message_to_an_engine_that_stays_away_is_unavailable() -> None:
    from lienthong.orchestration.grpc_transport import GrpcTransport

    pauses: list[float] = []
    transport = GrpcTransport(f"127.0.0.1:{free_port()}", sleep=pauses.append)
    with pytest.raises(EngineUnavailable):
        transport.publish_message({"name": "m"}, idempotent=True)
    assert len(pauses) == 4
    transport.close()
