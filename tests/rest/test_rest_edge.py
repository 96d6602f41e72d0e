"""What the REST edge promises beyond the published models: filters, pages, problems, clock, token, metrics."""

from typing import Any

import edge_models
import httpx
import pytest

from lienthong.engine.runtime.serve import CannotServe, running

START_MS = 1_800_000_000_000
HOUR_MS = 3_600_000


async def test_filters_say_what_the_api_says(rest: Any) -> None:
    await rest.deploy_all()
    keys = [await rest.create("one-task", n=n, code=f"H{n}") for n in range(4)]
    await rest.http.post(f"/process-instances/{keys[3]}/cancellation")

    async def found(**filter: object) -> list[str]:
        return [str(item["processInstanceKey"]) for item in await rest.search("process-instances", filter=filter)]

    assert await found(processInstanceKey=keys[0]) == [keys[0]]
    assert await found(processInstanceKey={"$in": keys[:2]}) == keys[:2]
    assert await found(processInstanceKey={"$notIn": keys[:2]}) == keys[2:]
    assert await found(state={"$neq": "ACTIVE"}) == [keys[3]]
    assert await found(endDate={"$exists": False}) == keys[:3]
    assert await found(processDefinitionId={"$like": "one-*"}) == keys
    assert await found(processDefinitionId={"$like": "one_*"}) == []
    assert await found(variables=[{"name": "code", "value": '"H1"'}]) == [keys[1]]
    assert await found(elementId="task", elementInstanceState="TERMINATED") == [keys[3]]
    assert await found(startDate={"$gt": "2020-01-01T00:00:00Z"}, hasIncident=False) == keys
    assert await found(**{"$or": [{"processInstanceKey": keys[0]}, {"state": "TERMINATED"}]}) == [keys[0], keys[3]]
    assert await found(parentProcessInstanceKey=keys[0]) == []


async def test_cursors_walk_through_everything_once_in_both_directions(rest: Any) -> None:
    await rest.deploy_all()
    keys = [await rest.create("one-task") for _ in range(7)]
    sort = [{"field": "processDefinitionVersionTag", "order": "DESC"}, {"field": "processInstanceKey", "order": "DESC"}]
    pages, page = [], {"limit": 3}
    while True:
        reply = (await rest.http.post("/process-instances/search", json={"sort": sort, "page": page})).json()
        assert reply["page"]["totalItems"] == 7
        if not reply["items"]:
            break
        pages.append([item["processInstanceKey"] for item in reply["items"]])
        last = reply["page"]
        page = {"limit": 3, "after": last["endCursor"]}
    assert [key for each in pages for key in each] == keys[::-1]
    body = {"sort": sort, "page": {"limit": 3, "before": last["startCursor"]}}
    reply = (await rest.http.post("/process-instances/search", json=body)).json()
    assert [item["processInstanceKey"] for item in reply["items"]] == pages[1]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/process-instances/search", {"filter": {"nonsense": 1}}, 400),
        ("/process-instances/search", {"filter": {"state": {"$almost": "ACTIVE"}}}, 400),
        ("/process-instances/search", {"sort": [{"field": "x; DROP TABLE job"}]}, 400),
        ("/process-instances/search", {"page": {"after": "no cursor"}}, 400),
        ("/process-instances/search", {"page": {"limit": -1}}, 400),
        ("/process-instances", {}, 400),
        ("/process-instances", {"processDefinitionId": "nowhere"}, 404),
        ("/process-instances", {"processDefinitionId": "one-task", "tenantId": "other"}, 400),
        ("/process-instances/12/cancellation", {}, 404),
        ("/process-instances/twelve/cancellation", {}, 400),
        ("/messages/correlation", {"name": "nobody"}, 404),
        ("/user-tasks/1/completion", {}, 404),
        ("/no-such-thing/search", {}, 404),
    ],
)
async def test_a_refusal_is_a_problem_document(rest: Any, path: str, body: dict[str, Any], status: int) -> None:
    reply = await rest.http.post(path, json=body)
    assert reply.status_code == status
    assert reply.headers["content-type"].startswith("application/problem+json")
    problem = reply.json()
    assert problem["status"] == status
    assert problem["instance"] == f"/v2{path}"
    assert problem["detail"]


async def test_a_body_that_is_no_json_object_is_a_problem(rest: Any) -> None:
    headers = {"content-type": "application/json"}
    for content in (b"{", b"[]"):
        assert (await rest.http.post("/process-instances", content=content, headers=headers)).status_code == 400


async def test_a_repeated_message_id_is_a_conflict(rest: Any) -> None:
    body = {"name": "m", "correlationKey": "k", "messageId": "1", "timeToLive": HOUR_MS}
    assert (await rest.http.post("/messages/publication", json=body)).status_code == 200
    assert (await rest.http.post("/messages/publication", json=body)).status_code == 409


async def test_await_completion_answers_with_the_variables(rest: Any) -> None:
    await rest.deploy(("no.bpmn", edge_models.no_task()), ("one.bpmn", edge_models.one_task()))
    body: dict[str, Any] = {"processDefinitionId": "no-task", "variables": {"a": 1, "b": 2}, "awaitCompletion": True}
    assert (await rest.http.post("/process-instances", json=body)).json()["variables"] == {"a": 1, "b": 2}
    body = {"processDefinitionId": "one-task", "awaitCompletion": True, "requestTimeout": 20}
    assert (await rest.http.post("/process-instances", json=body)).status_code == 504


async def test_the_pinned_clock_moves_timers(rest: Any) -> None:
    await rest.http.put("/clock", json={"timestamp": START_MS})
    await rest.deploy_all()
    key = await rest.create("timer")
    item = (await rest.http.get(f"/process-instances/{key}")).json()
    assert (item["state"], item["startDate"]) == ("ACTIVE", "2027-01-15T08:00:00.000Z")
    assert (await rest.http.put("/clock", json={"timestamp": START_MS + HOUR_MS})).status_code == 204
    item = (await rest.http.get(f"/process-instances/{key}")).json()
    assert (item["state"], item["endDate"]) == ("COMPLETED", "2027-01-15T09:00:00.000Z")
    assert (await rest.http.post("/clock/reset")).status_code == 204
    assert rest.served.engine.clock.pinned_ms is None


async def test_variables_are_shortened_unless_wanted_whole(rest: Any) -> None:
    await rest.deploy_all()
    await rest.create("one-task", text="x" * 10_000)
    short = (await rest.search("variables"))[0]
    assert short["isTruncated"] is True
    assert len(str(short["value"])) == 8191
    whole = (await rest.http.post("/variables/search?truncateValues=false", json={})).json()["items"][0]
    assert (whole["isTruncated"], len(whole["value"])) == (False, 10_002)


async def test_elements_are_moved_by_their_ids(rest: Any) -> None:
    await rest.deploy_all()
    key = await rest.create("one-task")
    move = {"sourceElementInstruction": {"sourceType": "byId", "sourceElementId": "task"}, "targetElementId": "task"}
    reply = await rest.http.post(f"/process-instances/{key}/modification", json={"moveInstructions": [move]})
    assert reply.status_code == 204, reply.text
    found = await rest.search("element-instances", filter={"processInstanceKey": key, "elementId": "task"})
    assert [item["state"] for item in found] == ["TERMINATED", "ACTIVE"]
    body = {"terminateInstructions": [{"elementId": "task"}]}
    assert (await rest.http.post(f"/process-instances/{key}/modification", json=body)).status_code == 204
    assert (await rest.http.get(f"/process-instances/{key}")).json()["state"] == "TERMINATED"


async def test_instances_are_migrated_and_definitions_counted(rest: Any) -> None:
    await rest.deploy_all()
    key = await rest.create("one-task")
    new = await rest.deploy(("one.bpmn", edge_models.one_task().replace(b"The work", b"Renamed")))
    target = new["deployments"][0]["processDefinition"]["processDefinitionKey"]  # type: ignore[index]
    body = {
        "targetProcessDefinitionKey": target,
        "mappingInstructions": [{"sourceElementId": "task", "targetElementId": "task"}],
    }
    assert (await rest.http.post(f"/process-instances/{key}/migration", json=body)).status_code == 204
    assert (await rest.http.get(f"/process-instances/{key}")).json()["processDefinitionVersion"] == 2
    task = (await rest.search("element-instances", filter={"processInstanceKey": key, "elementId": "task"}))[0]
    assert task["elementName"] == "Renamed"
    latest = await rest.search(
        "process-definitions", filter={"processDefinitionId": "one-task", "isLatestVersion": True}
    )
    assert [item["version"] for item in latest] == [2]


async def test_resources_are_read_and_deleted(rest: Any) -> None:
    reply = await rest.deploy(("one.bpmn", edge_models.one_task()))
    key = reply["deployments"][0]["processDefinition"]["processDefinitionKey"]  # type: ignore[index]
    assert (await rest.http.get(f"/resources/{key}")).json()["resourceId"] == "one-task"
    assert (await rest.http.get(f"/resources/{key}/content")).content == edge_models.one_task()
    assert (await rest.http.post(f"/resources/{key}/deletion", json={})).json()["resourceKey"] == key
    assert (await rest.http.get(f"/process-definitions/{key}")).status_code == 404
    assert await rest.search("process-definitions") == []


async def test_health_and_metrics_answer(rest: Any) -> None:
    await rest.deploy_all()
    await rest.create("one-task")
    async with httpx.AsyncClient(base_url=rest.address) as http:
        assert (await http.get("/health")).json()["status"] == "UP"
        text = (await http.get("/metrics")).text
    wanted = (
        'lienthong_engine_commands_total{intent="CREATE",outcome="accepted",value_type="PROCESS_INSTANCE_CREATION"} 1.0'
    )
    assert wanted in text
    assert 'lienthong_engine_held{kind="jobs"} 1.0' in text


async def test_a_page_of_another_origin_is_kept_out(rest: Any) -> None:
    files = [("resources", ("one.bpmn", edge_models.one_task()))]
    reply = await rest.http.post("/deployments", files=files, headers={"Origin": "http://evil.example"})
    assert reply.status_code == 403
    assert await rest.search("process-definitions") == []


async def test_a_token_guards_everything_but_health_and_metrics() -> None:
    async with (
        running(None, token="secret") as served,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{served.rest_port}") as http,
    ):
        assert (await http.get("/v2/topology")).status_code == 401
        assert (await http.get("/v2/topology", headers={"Authorization": "Bearer wrong"})).status_code == 401
        assert (await http.get("/v2/topology", headers={"Authorization": "Bearer secret"})).status_code == 200
        assert (await http.get("/health")).status_code == 200


async def test_beyond_loopback_a_token_is_required() -> None:
    with pytest.raises(CannotServe, match="token"):
        async with running(None, host="0.0.0.0"):
            pass


async def test_a_read_lag_on_purpose_delays_searches_only() -> None:
    async with (
        running(None, read_lag_seconds=3600) as served,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{served.rest_port}/v2") as http,
    ):
        files = [("resources", ("one.bpmn", edge_models.one_task()))]
        assert (await http.post("/deployments", files=files)).status_code == 200
        assert (await http.post("/process-instances", json={"processDefinitionId": "one-task"})).status_code == 200
        assert (await http.post("/process-instances/search", json={})).json()["items"] == []
