"""The vendor's published client reads our REST: its models refuse a reply that lacks a required field."""

import json
from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaAsyncClient
from camunda_orchestration_sdk import models as sdk
from camunda_orchestration_sdk.errors import ConflictError, NotFoundError

LIST = ["search_process_instances", "search_element_instances", "search_user_tasks", "search_jobs", "search_incidents"]
LIST += [
    "search_variables",
    "search_process_definitions",
    "search_decision_definitions",
    "search_decision_requirements",
]
LIST += ["get_process_definition_instance_statistics"]
LIST += ["search_decision_instances", "search_message_subscriptions", "search_correlated_message_subscriptions"]


@pytest.fixture
async def busy(rest: Any) -> Any:
    """An engine in which one of everything has happened."""
    await rest.deploy_all()
    failed = await rest.create("one-task", amount=1)
    jobs = (
        await rest.http.post("/jobs/activation", json={"type": "work", "timeout": 60000, "maxJobsToActivate": 1})
    ).json()
    key = jobs["jobs"][0]["jobKey"]
    assert jobs["jobs"][0]["processInstanceKey"] == failed
    body = {"retries": 0, "errorMessage": "the population service is down"}
    assert (await rest.http.post(f"/jobs/{key}/failure", json=body)).status_code == 204
    await rest.create("user-task", authority="bd-ca", dossierCode="H1")
    await rest.create("message", dossierCode="H2")
    await rest.create("message", dossierCode="H3")
    message = {"name": "payment-received", "correlationKey": "H3"}
    assert (await rest.http.post("/messages/correlation", json=message)).status_code == 200
    decision = {"decisionDefinitionId": "fee", "variables": {"area": "city"}}
    assert (await rest.http.post("/decision-definitions/evaluation", json=decision)).status_code == 200
    return rest


@pytest.fixture
async def client(busy: Any) -> Any:
    """The vendor's client."""
    async with CamundaAsyncClient(configuration={"CAMUNDA_REST_ADDRESS": busy.address}) as made:
        yield made


@pytest.mark.parametrize("call", LIST)
async def test_every_search_is_read(client: Any, call: str) -> None:
    result = await getattr(client, call)()
    assert result.items, f"Expected something to be found by {call}"
    assert result.page.total_items == len(result.items)


async def test_every_look_up_is_read(client: Any) -> None:
    instance = (await client.search_process_instances()).items[0]
    assert (await client.get_process_instance(process_instance_key=instance.process_instance_key)).state == "ACTIVE"
    element = (await client.search_element_instances()).items[0]
    await client.get_element_instance(element_instance_key=element.element_instance_key)
    variable = (await client.search_variables()).items[0]
    await client.get_variable(variable_key=variable.variable_key)
    incident = (await client.search_incidents()).items[0]
    found = await client.get_incident(incident_key=incident.incident_key)
    assert (found.error_type, found.error_message) == ("JOB_NO_RETRIES", "the population service is down")
    definition = (await client.search_process_definitions()).items[0]
    await client.get_process_definition(process_definition_key=definition.process_definition_key)
    xml = await client.get_process_definition_xml(process_definition_key=definition.process_definition_key)
    assert "bpmn:process" in str(xml)
    decision = (await client.search_decision_definitions()).items[0]
    await client.get_decision_definition(decision_definition_key=decision.decision_definition_key)
    evaluation = (await client.search_decision_instances()).items[0]
    key = evaluation.decision_evaluation_instance_key
    whole = await client.get_decision_instance(decision_evaluation_instance_key=key)
    assert json.loads(whole.result) == 4_000_000
    assert json.loads(whole.evaluated_inputs[0].input_value) == "city"
    with pytest.raises(NotFoundError):
        await client.get_process_instance(process_instance_key="1")


async def test_user_tasks_are_worked(client: Any) -> None:
    query = sdk.UserTaskSearchQuery.from_dict({"filter": {"candidateGroup": "bd-ca/officer", "state": "CREATED"}})
    task = (await client.search_user_tasks(data=query)).items[0]
    assert (task.name, task.candidate_groups, task.priority) == ("Check the dossier", ["bd-ca/officer"], 50)
    key = task.user_task_key
    form = await client.get_user_task_form(user_task_key=key)
    assert json.loads(form.schema)["id"] == "check"
    seen = await client.search_user_task_variables(user_task_key=key)
    assert {each.name for each in seen.items} == {"authority", "dossierCode", "code"}
    claim = sdk.UserTaskAssignmentRequest(assignee="officer.one", allow_override=False)
    await client.assign_user_task(user_task_key=key, data=claim)
    other = sdk.UserTaskAssignmentRequest(assignee="officer.two", allow_override=False)
    with pytest.raises(ConflictError):
        await client.assign_user_task(user_task_key=key, data=other)
    await client.unassign_user_task(user_task_key=key)
    change = sdk.UserTaskUpdateRequest.from_dict({"changeset": {"priority": 90, "candidateUsers": ["officer.one"]}})
    await client.update_user_task(user_task_key=key, data=change)
    assert (await client.get_user_task(user_task_key=key)).priority == 90
    done = sdk.UserTaskCompletionRequest.from_dict({"variables": {"outcome": "approve"}})
    await client.complete_user_task(user_task_key=key, data=done)
    assert (await client.get_user_task(user_task_key=key)).state == "COMPLETED"
    with pytest.raises((NotFoundError, ConflictError)):
        await client.complete_user_task(user_task_key=key, data=done)


async def test_instances_are_created_watched_and_canceled(client: Any) -> None:
    order = sdk.ProcessCreationById.from_dict({"processDefinitionId": "timer", "variables": {"a": 1}})
    created = await client.create_process_instance(data=order)
    key = created.process_instance_key
    flows = await client.get_process_instance_sequence_flows(process_instance_key=key)
    assert [flow.element_id for flow in flows.items] == ["f1"]
    counts = await client.get_process_definition_statistics(
        process_definition_key=created.process_definition_key,
        data=sdk.ProcessDefinitionElementStatisticsQuery.from_dict({"filter": {}}),
    )
    assert {each.element_id: (each.active, each.completed) for each in counts.items} == {
        "start": (0, 1),
        "wait": (1, 0),
    }
    await client.get_process_instance_call_hierarchy(process_instance_key=key)
    await client.cancel_process_instance(process_instance_key=key, data=None)
    assert (await client.get_process_instance(process_instance_key=key)).state == "TERMINATED"


async def test_instances_are_counted_by_version(client: Any) -> None:
    query = {"filter": {"processDefinitionId": "one-task"}}
    data = sdk.ProcessDefinitionInstanceVersionStatisticsQuery.from_dict(query)
    items = (await client.get_process_definition_instance_version_statistics(data=data)).items
    counts = [(each.process_definition_version, each.active_instances_with_incident_count) for each in items]
    assert counts == [(1, 1)]


async def test_the_cluster_says_what_it_is(client: Any) -> None:
    assert (await client.get_topology()).brokers[0].partitions[0].health == "healthy"
    await client.get_license()
    await client.get_authentication()
    await client.get_status()


async def test_jobs_incidents_and_messages_are_commanded(client: Any) -> None:
    job = (await client.search_jobs()).items[0]
    assert job.state == "FAILED"
    change = sdk.JobUpdateRequest.from_dict({"changeset": {"retries": 2}})
    await client.update_job(job_key=job.job_key, data=change)
    incident = (await client.search_incidents()).items[0]
    await client.resolve_incident(incident_key=incident.incident_key)
    wish = {"type": "work", "timeout": 60000, "maxJobsToActivate": 1, "worker": "w"}
    jobs = (await client.activate_jobs(data=sdk.JobActivationRequest.from_dict(wish))).jobs
    assert [each.retries for each in jobs] == [2]
    await client.complete_job(job_key=jobs[0].job_key, data=sdk.JobCompletionRequest.from_dict({"variables": {}}))
    publication = {"name": "payment-received", "correlationKey": "H2", "timeToLive": 0, "variables": {"paid": True}}
    await client.publish_message(data=sdk.MessagePublicationRequest.from_dict(publication))
    query = sdk.ProcessInstanceSearchQuery.from_dict({"filter": {"state": "ACTIVE"}})
    assert [each.process_definition_id for each in (await client.search_process_instances(data=query)).items] == [
        "user-task"
    ]
    decision = sdk.DecisionEvaluationByID.from_dict({"decisionDefinitionId": "fee", "variables": {"area": "elsewhere"}})
    assert json.loads((await client.evaluate_decision(data=decision)).output) == 2_000_000
