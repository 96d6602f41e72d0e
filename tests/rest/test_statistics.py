"""Statistics, usage and what is left out; the vendor's client reads every reply."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaAsyncClient
from camunda_orchestration_sdk import models as sdk

from lienthong.engine.rest import left_out

SPAN = {
    "from": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
    "to": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
}


@pytest.fixture
async def client(rest: Any) -> Any:
    """The vendor's client; three jobs: one done, one failed, one open."""
    await rest.deploy_all()
    for number in range(3):
        await rest.create("one-task", number=number)
    await rest.create("message", dossierCode="H1")
    wish = {"type": "work", "timeout": 60000, "maxJobsToActivate": 2, "worker": "w1"}
    first, second = (await rest.http.post("/jobs/activation", json=wish)).json()["jobs"]
    await rest.http.post(f"/jobs/{first['jobKey']}/completion", json={})
    await rest.http.post(f"/jobs/{second['jobKey']}/failure", json={"retries": 0, "errorMessage": "down"})
    decision = {"decisionDefinitionId": "fee", "variables": {"area": "city"}}
    await rest.http.post("/decision-definitions/evaluation", json=decision)
    async with CamundaAsyncClient(configuration={"CAMUNDA_REST_ADDRESS": rest.address}) as made:
        yield made


async def test_jobs_are_counted_by_type_worker_time_and_error(client: Any) -> None:
    whole = await client.get_global_job_statistics(
        from_=datetime.fromisoformat(SPAN["from"]), to=datetime.fromisoformat(SPAN["to"])
    )
    assert (whole.created.count, whole.completed.count, whole.failed.count) == (3, 1, 1)
    types = await client.get_job_type_statistics(data=sdk.JobTypeStatisticsQuery.from_dict({"filter": SPAN}))
    assert [(each.job_type, each.created.count, each.workers) for each in types.items] == [("work", 3, 1)]
    of_work = {"filter": {**SPAN, "jobType": "work"}}
    workers = await client.get_job_worker_statistics(data=sdk.JobWorkerStatisticsQuery.from_dict(of_work))
    assert {each.worker: each.failed.count for each in workers.items} == {"": 0, "w1": 1}
    times = await client.get_job_time_series_statistics(data=sdk.JobTimeSeriesStatisticsQuery.from_dict(of_work))
    assert sum(each.completed.count for each in times.items) == 1
    errors = await client.get_job_error_statistics(data=sdk.JobErrorStatisticsQuery.from_dict(of_work))
    assert [(each.error_message, each.workers) for each in errors.items] == [("down", 1)]


async def test_incidents_are_counted_by_error_and_then_by_definition(client: Any) -> None:
    found = (await client.get_process_instance_statistics_by_error()).items
    assert [(each.error_message, each.active_instances_with_error_count) for each in found] == [("down", 1)]
    query = {"filter": {"errorHashCode": found[0].error_hash_code}}
    data = sdk.IncidentProcessInstanceStatisticsByDefinitionQuery.from_dict(query)
    by_definition = (await client.get_process_instance_statistics_by_definition(data=data)).items
    assert [each.process_definition_id for each in by_definition] == ["one-task"]


async def test_waiting_messages_resources_and_usage_are_counted(client: Any) -> None:
    waiting = (await client.get_process_definition_message_subscription_statistics()).items
    assert [(each.process_definition_id, each.active_subscriptions) for each in waiting] == [("message", 1)]
    resources = (await client.search_resources()).items
    assert {each.resource_name for each in resources} >= {"one.bpmn", "check.form", "fees.dmn"}
    span = {"start_time": datetime.fromisoformat(SPAN["from"]), "end_time": datetime.fromisoformat(SPAN["to"])}
    used = await client.get_usage_metrics(**span, with_tenants=True)
    assert (used.process_instances, used.decision_instances, used.assignees) == (4, 1, 0)
    assert (await client.get_system_configuration()).job_metrics.enabled


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("users/search", "users"),
        ("audit-logs/search", "audit logs"),
        ("tenants", "tenants"),
        ("setup/user", "first user"),
    ],
)
async def test_what_is_left_out_says_so_by_name(rest: Any, path: str, name: str) -> None:
    reply = await rest.http.post(f"/{path}", json={})
    assert (reply.status_code, reply.headers["content-type"]) == (501, "application/problem+json")
    assert name in reply.json()["detail"]


@pytest.mark.parametrize("wanted", [{}, {"from": "yesterday", "to": "x"}, {**SPAN, "jobType": "w", "resolution": "1h"}])
async def test_a_span_that_is_none_is_refused(rest: Any, wanted: Any) -> None:
    reply = await rest.http.post("/jobs/statistics/time-series", json={"filter": wanted})
    assert (reply.status_code, reply.json()["title"]) == (400, "INVALID_ARGUMENT")


def test_the_reference_names_everything_that_is_left_out() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reference" / "engine-limits.md").read_text()
    missing = {path: name for path, name in left_out.NAMES.items() if f"| `{path}` | {name} |" not in text}
    assert missing == {}
