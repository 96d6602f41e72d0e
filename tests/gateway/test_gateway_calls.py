"""Every call of the gateway: what it does, and the status codes of its refusals."""

import asyncio
import json
from typing import Any

import edge_models
import grpc
import pytest
from edge_engines import HOUR_MS, create, deploy, poll, stub_of
from grpc_health.v1 import health_pb2, health_pb2_grpc
from pyzeebe.proto import gateway_pb2 as messages
from pyzeebe.proto.gateway_pb2_grpc import GatewayStub

from lienthong.engine.runtime.serve import Served, running

Status = grpc.StatusCode


async def refused(call: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as failure:
        await call
    return failure.value


async def jobs_of(stub: GatewayStub, request: messages.ActivateJobsRequest) -> list[messages.ActivatedJob]:
    found: list[messages.ActivatedJob] = []
    async for response in stub.ActivateJobs(request):
        found += response.jobs
    return found


async def one_job(stub: GatewayStub, variables: str = "{}", retries: int = 3) -> messages.ActivatedJob:
    await stub.DeployResource(deploy(("one.bpmn", edge_models.one_task(retries=retries))))
    await stub.CreateProcessInstance(create("one-task", variables))
    return (await jobs_of(stub, poll()))[0]


async def test_health_serves_both_names(channel: grpc.aio.Channel) -> None:
    health = health_pb2_grpc.HealthStub(channel)
    for name in ("", "gateway_protocol.Gateway"):
        reply = await health.Check(health_pb2.HealthCheckRequest(service=name))
        assert reply.status == health_pb2.HealthCheckResponse.SERVING


async def test_topology_is_one_leading_broker(stub: GatewayStub) -> None:
    topology = await stub.Topology(messages.TopologyRequest())
    assert (topology.clusterSize, topology.partitionsCount, topology.replicationFactor) == (1, 1, 1)
    assert topology.brokers[0].partitions[0].role == messages.Partition.LEADER


async def test_a_deployment_answers_processes_decisions_requirements_forms_in_this_order(stub: GatewayStub) -> None:
    files = [("f.form", edge_models.FORM), ("f.dmn", edge_models.DECISION), ("o.bpmn", edge_models.one_task())]
    reply = await stub.DeployResource(deploy(*files))
    kinds = [each.WhichOneof("Metadata") for each in reply.deployments]
    assert kinds == ["process", "decision", "decisionRequirements", "form"]
    again = await stub.DeployResource(deploy(*files))
    assert [each.process.processDefinitionKey for each in again.deployments[:1]] == [
        reply.deployments[0].process.processDefinitionKey
    ]


async def test_the_older_deployment_call_works(stub: GatewayStub) -> None:
    process = messages.ProcessRequestObject(name="o.bpmn", definition=edge_models.one_task())
    reply = await stub.DeployProcess(messages.DeployProcessRequest(processes=[process]))
    assert reply.processes[0].bpmnProcessId == "one-task"


async def test_a_wrong_deployment_is_refused_whole(stub: GatewayStub) -> None:
    error = await refused(stub.DeployResource(deploy(("o.bpmn", edge_models.one_task()), ("x.txt", b"?"))))
    assert error.code() is Status.INVALID_ARGUMENT
    missing = await refused(stub.CreateProcessInstance(create("one-task")))
    assert missing.code() is Status.NOT_FOUND


async def test_a_job_is_activated_and_completed(stub: GatewayStub) -> None:
    job = await one_job(stub, '{"name": "Nguyễn Văn Thử", "amount": 12345678901234567}')
    assert json.loads(job.variables) == {"name": "Nguyễn Văn Thử", "amount": 12345678901234567}
    assert json.loads(job.customHeaders) == {"channel": "online"}
    assert (job.type, job.elementId, job.bpmnProcessId, job.retries, job.tenantId) == (
        "work",
        "task",
        "one-task",
        3,
        "<default>",
    )
    await stub.CompleteJob(messages.CompleteJobRequest(jobKey=job.key, variables='{"done": true}'))
    error = await refused(stub.CompleteJob(messages.CompleteJobRequest(jobKey=job.key)))
    assert error.code() is Status.NOT_FOUND
    assert error.details().startswith("Command 'COMPLETE' rejected with code 'NOT_FOUND': Expected")


async def test_a_failed_job_comes_again_until_an_incident_stops_it(stub: GatewayStub) -> None:
    job = await one_job(stub)
    await stub.FailJob(messages.FailJobRequest(jobKey=job.key, retries=1, errorMessage="once more"))
    again = (await jobs_of(stub, poll()))[0]
    assert (again.key, again.retries) == (job.key, 1)
    await stub.FailJob(messages.FailJobRequest(jobKey=job.key, retries=0, errorMessage="no more"))
    error = await refused(stub.CompleteJob(messages.CompleteJobRequest(jobKey=job.key)))
    assert error.code() is Status.FAILED_PRECONDITION
    assert await jobs_of(stub, poll(request_timeout_ms=-1)) == []


async def test_retries_and_a_resolved_incident_bring_a_job_back(served: Served, stub: GatewayStub) -> None:
    job = await one_job(stub)
    await stub.FailJob(messages.FailJobRequest(jobKey=job.key, retries=0))
    incident = next(iter(served.engine.state.incidents))
    none_left = await refused(stub.ResolveIncident(messages.ResolveIncidentRequest(incidentKey=incident)))
    assert none_left.code() in (Status.FAILED_PRECONDITION, Status.NOT_FOUND)
    error = await refused(stub.UpdateJobRetries(messages.UpdateJobRetriesRequest(jobKey=job.key, retries=0)))
    assert error.code() is Status.INVALID_ARGUMENT
    await stub.UpdateJobRetries(messages.UpdateJobRetriesRequest(jobKey=job.key, retries=2))
    waiting = asyncio.create_task(jobs_of(stub, poll(most=1, request_timeout_ms=20_000, timeout_ms=1)))
    await stub.ResolveIncident(messages.ResolveIncidentRequest(incidentKey=incident))
    assert [each.key for each in await waiting] == [job.key]
    gone = await refused(stub.ResolveIncident(messages.ResolveIncidentRequest(incidentKey=incident)))
    assert gone.code() is Status.NOT_FOUND


async def test_an_uncaught_error_is_an_incident_and_an_ok_reply(served: Served, stub: GatewayStub) -> None:
    job = await one_job(stub)
    await stub.ThrowError(messages.ThrowErrorRequest(jobKey=job.key, errorCode="procedure-refused"))
    assert [each.value["errorType"] for each in served.engine.state.incidents.values()] == ["UNHANDLED_ERROR_EVENT"]


async def test_a_timed_out_job_goes_to_the_next_worker_and_the_late_one_may_finish(
    served: Served, stub: GatewayStub
) -> None:
    await served.engine.pin_clock(1_800_000_000_000)
    job = await one_job(stub)
    error = await refused(stub.UpdateJobTimeout(messages.UpdateJobTimeoutRequest(jobKey=1, timeout=5)))
    assert error.code() is Status.NOT_FOUND
    await stub.UpdateJobTimeout(messages.UpdateJobTimeoutRequest(jobKey=job.key, timeout=2 * HOUR_MS))
    await served.engine.pin_clock(1_800_000_000_000 + HOUR_MS)
    assert await jobs_of(stub, poll(request_timeout_ms=-1)) == []
    await served.engine.pin_clock(1_800_000_000_000 + 3 * HOUR_MS)
    await stub.CompleteJob(messages.CompleteJobRequest(jobKey=job.key))


async def test_an_idle_poll_ends_well_with_nothing(stub: GatewayStub) -> None:
    call = stub.ActivateJobs(poll("nothing", request_timeout_ms=50))
    assert [response async for response in call] == []
    assert await call.code() is Status.OK


async def test_polls_are_served_in_order(stub: GatewayStub) -> None:
    await stub.DeployResource(deploy(("one.bpmn", edge_models.one_task())))
    first = stub.ActivateJobs(poll(request_timeout_ms=20_000, most=5))
    await stub.Topology(messages.TopologyRequest())
    second = stub.ActivateJobs(poll(request_timeout_ms=20_000, most=5))
    await stub.Topology(messages.TopologyRequest())
    for call in (first, second):
        key = (await stub.CreateProcessInstance(create("one-task"))).processInstanceKey
        assert [job.processInstanceKey for job in (await call.read()).jobs] == [key]


async def test_a_canceled_poll_takes_no_job_with_it(stub: GatewayStub) -> None:
    await stub.DeployResource(deploy(("one.bpmn", edge_models.one_task())))
    gone = stub.ActivateJobs(poll(request_timeout_ms=20_000))
    await stub.Topology(messages.TopologyRequest())
    gone.cancel()
    await stub.Topology(messages.TopologyRequest())
    await stub.CreateProcessInstance(create("one-task"))
    assert len(await jobs_of(stub, poll())) == 1


@pytest.mark.parametrize(
    "request_fields",
    [{"type": " "}, {"type": "work", "timeout": 0}, {"type": "work", "timeout": 1, "maxJobsToActivate": 0}],
)
async def test_a_senseless_poll_is_refused(stub: GatewayStub, request_fields: dict[str, Any]) -> None:
    request = messages.ActivateJobsRequest(**{"timeout": 1, "maxJobsToActivate": 1, **request_fields})
    with pytest.raises(grpc.aio.AioRpcError) as failure:
        await jobs_of(stub, request)
    assert failure.value.code() is Status.INVALID_ARGUMENT


async def test_another_tenant_is_refused(stub: GatewayStub) -> None:
    request = create("one-task")
    request.tenantId = "another"
    assert (await refused(stub.CreateProcessInstance(request))).code() is Status.INVALID_ARGUMENT


@pytest.mark.parametrize("variables", ["{", "[1]", '"text"'])
async def test_variables_are_a_json_object(stub: GatewayStub, variables: str) -> None:
    error = await refused(stub.CreateProcessInstance(create("one-task", variables)))
    assert error.code() is Status.INVALID_ARGUMENT


async def test_the_full_batch_of_an_asyncio_client_stays_open_until_half_is_done(stub: GatewayStub) -> None:
    await stub.DeployResource(deploy(("one.bpmn", edge_models.one_task())))
    for _ in range(4):
        await stub.CreateProcessInstance(create("one-task"))
    call = stub.ActivateJobs(poll(most=4, request_timeout_ms=20_000))
    jobs = list((await call.read()).jobs)
    end = asyncio.create_task(call.read())
    await stub.CompleteJob(messages.CompleteJobRequest(jobKey=jobs[0].key))
    await stub.Topology(messages.TopologyRequest())
    assert not end.done()
    await stub.CompleteJob(messages.CompleteJobRequest(jobKey=jobs[1].key))
    assert await asyncio.wait_for(end, 10) is grpc.aio.EOF


async def test_the_full_batch_of_a_client_that_reads_before_it_works_ends_soon(stub: GatewayStub) -> None:
    await stub.DeployResource(deploy(("one.bpmn", edge_models.one_task())))
    for _ in range(2):
        await stub.CreateProcessInstance(create("one-task"))
    jobs = await asyncio.wait_for(jobs_of(stub, poll(most=2, request_timeout_ms=60_000)), 10)
    assert len(jobs) == 2


async def test_a_stream_pushes_jobs_as_they_come(stub: GatewayStub) -> None:
    await stub.DeployResource(deploy(("one.bpmn", edge_models.one_task())))
    request = messages.StreamActivatedJobsRequest(type="work", worker="w", timeout=60_000)
    call = stub.StreamActivatedJobs(request)
    for _ in range(50):
        key = (await stub.CreateProcessInstance(create("one-task"))).processInstanceKey
        job = await call.read()
        assert job.processInstanceKey == key
        await stub.CompleteJob(messages.CompleteJobRequest(jobKey=job.key))
    call.cancel()


async def test_an_ended_stream_gives_its_jobs_to_the_next_worker(served: Served, stub: GatewayStub) -> None:
    await stub.DeployResource(deploy(("one.bpmn", edge_models.one_task())))
    async with stub_of(served.grpc_port) as other:
        call = other.StreamActivatedJobs(messages.StreamActivatedJobsRequest(type="work", worker="w", timeout=60_000))
        await other.Topology(messages.TopologyRequest())
    await stub.CreateProcessInstance(create("one-task"))
    assert len(await jobs_of(stub, poll())) == 1
    assert call.done()


async def test_create_with_result_waits_for_the_end(stub: GatewayStub) -> None:
    await stub.DeployResource(deploy(("no.bpmn", edge_models.no_task()), ("one.bpmn", edge_models.one_task())))
    request = messages.CreateProcessInstanceWithResultRequest(request=create("no-task", '{"a": [1], "b": 2}'))
    assert json.loads((await stub.CreateProcessInstanceWithResult(request)).variables) == {"a": [1], "b": 2}
    request = messages.CreateProcessInstanceWithResultRequest(request=create("one-task"), requestTimeout=20_000)
    request.fetchVariables.append("answer")
    result = asyncio.ensure_future(stub.CreateProcessInstanceWithResult(request))
    job = (await jobs_of(stub, poll()))[0]
    await stub.CompleteJob(messages.CompleteJobRequest(jobKey=job.key, variables='{"answer": 42, "other": 1}'))
    assert json.loads((await result).variables) == {"answer": 42}


async def test_create_with_result_gives_up_with_the_instance_named(stub: GatewayStub) -> None:
    await stub.DeployResource(deploy(("one.bpmn", edge_models.one_task())))
    request = messages.CreateProcessInstanceWithResultRequest(request=create("one-task"), requestTimeout=50)
    error = await refused(stub.CreateProcessInstanceWithResult(request))
    assert error.code() is Status.DEADLINE_EXCEEDED
    key = (await jobs_of(stub, poll()))[0].processInstanceKey
    assert str(key) in error.details()


async def test_a_message_is_buffered_once_and_correlates(served: Served, stub: GatewayStub) -> None:
    await stub.DeployResource(deploy(("m.bpmn", edge_models.message())))
    request = messages.PublishMessageRequest(
        name="payment-received", correlationKey="H1", timeToLive=HOUR_MS, messageId="m1", variables='{"paid": true}'
    )
    assert (await stub.PublishMessage(request)).key > 0
    assert (await refused(stub.PublishMessage(request))).code() is Status.ALREADY_EXISTS
    await stub.CreateProcessInstance(create("message", '{"dossierCode": "H1"}'))
    assert list(served.engine.state.process_instances()) == []


async def test_instances_are_canceled_and_their_variables_set(served: Served, stub: GatewayStub) -> None:
    await stub.DeployResource(deploy(("one.bpmn", edge_models.one_task())))
    key = (await stub.CreateProcessInstance(create("one-task"))).processInstanceKey
    request = messages.SetVariablesRequest(elementInstanceKey=key, variables='{"a": 1}')
    assert (await stub.SetVariables(request)).key > 0
    await stub.CancelProcessInstance(messages.CancelProcessInstanceRequest(processInstanceKey=key))
    cancel = messages.CancelProcessInstanceRequest(processInstanceKey=key)
    assert (await refused(stub.CancelProcessInstance(cancel))).code() is Status.NOT_FOUND
    assert (await refused(stub.SetVariables(request))).code() is Status.NOT_FOUND


async def test_instances_are_modified_and_migrated(served: Served, stub: GatewayStub) -> None:
    await stub.DeployResource(deploy(("one.bpmn", edge_models.one_task())))
    key = (await stub.CreateProcessInstance(create("one-task"))).processInstanceKey
    task = next(each for each in served.engine.state.elements.values() if each.element_id == "task")
    modify = messages.ModifyProcessInstanceRequest(processInstanceKey=key)
    modify.activateInstructions.add(elementId="task").variableInstructions.add(variables='{"again": true}')
    modify.terminateInstructions.add(elementInstanceKey=task.key)
    await stub.ModifyProcessInstance(modify)
    assert [each.key != task.key for each in served.engine.state.elements.values() if each.element_id == "task"] == [
        True
    ]
    renamed = edge_models.one_task().replace(b"The work", b"The same work")
    target = (await stub.DeployResource(deploy(("one.bpmn", renamed)))).deployments[0].process.processDefinitionKey
    migrate = messages.MigrateProcessInstanceRequest(processInstanceKey=key)
    migrate.migrationPlan.targetProcessDefinitionKey = target
    migrate.migrationPlan.mappingInstructions.add(sourceElementId="task", targetElementId="task")
    await stub.MigrateProcessInstance(migrate)
    assert served.engine.state.elements[key].definition_key == target


async def test_decisions_are_evaluated_with_json_everywhere(stub: GatewayStub) -> None:
    await stub.DeployResource(deploy(("f.dmn", edge_models.DECISION)))
    reply = await stub.EvaluateDecision(
        messages.EvaluateDecisionRequest(decisionId="fee", variables='{"area": "city"}')
    )
    assert json.loads(reply.decisionOutput) == 4_000_000
    evaluated = reply.evaluatedDecisions[0]
    assert json.loads(evaluated.evaluatedInputs[0].inputValue) == "city"
    assert json.loads(evaluated.matchedRules[0].evaluatedOutputs[0].outputValue) == 4_000_000
    nothing = await stub.EvaluateDecision(messages.EvaluateDecisionRequest(decisionId="fee", variables="{}"))
    assert nothing.decisionOutput == "null"
    unknown = await refused(stub.EvaluateDecision(messages.EvaluateDecisionRequest(decisionId="unknown")))
    assert unknown.code() is Status.NOT_FOUND


async def test_signals_are_broadcast_and_resources_deleted(stub: GatewayStub) -> None:
    assert (await stub.BroadcastSignal(messages.BroadcastSignalRequest(signalName="s"))).key > 0
    reply = await stub.DeployResource(deploy(("one.bpmn", edge_models.one_task())))
    request = messages.DeleteResourceRequest(resourceKey=reply.deployments[0].process.processDefinitionKey)
    await stub.DeleteResource(request)
    assert (await refused(stub.DeleteResource(request))).code() is Status.NOT_FOUND


async def test_large_batches_are_split_below_four_megabytes(stub: GatewayStub) -> None:
    await stub.DeployResource(deploy(("one.bpmn", edge_models.one_task())))
    variables = json.dumps({"content": "x" * 1_500_000})
    for _ in range(4):
        await stub.CreateProcessInstance(create("one-task", variables))
    sizes = [len(response.jobs) async for response in stub.ActivateJobs(poll(most=5))]
    assert sum(sizes) == 4
    assert len(sizes) > 1


async def test_a_token_is_asked_of_every_call_but_health() -> None:
    async with (
        running(None, token="secret") as served,
        grpc.aio.insecure_channel(f"127.0.0.1:{served.grpc_port}") as channel,
    ):
        stub = GatewayStub(channel)
        error = await refused(stub.Topology(messages.TopologyRequest()))
        assert error.code() is Status.UNAUTHENTICATED
        with pytest.raises(grpc.aio.AioRpcError):
            await jobs_of(stub, poll())
        await stub.Topology(messages.TopologyRequest(), metadata=[("authorization", "Bearer secret")])
        health = health_pb2_grpc.HealthStub(channel)
        await health.Check(health_pb2.HealthCheckRequest())


async def test_a_job_that_no_message_can_carry_becomes_an_incident(served: Served, stub: GatewayStub) -> None:
    await stub.DeployResource(deploy(("one.bpmn", edge_models.one_task())))
    key = (await stub.CreateProcessInstance(create("one-task"))).processInstanceKey
    for name in ("a", "b", "c"):
        text = json.dumps({name: "x" * 1_500_000})
        await stub.SetVariables(messages.SetVariablesRequest(elementInstanceKey=key, variables=text))
    assert await jobs_of(stub, poll(request_timeout_ms=-1)) == []
    incident = next(iter(served.engine.state.incidents.values()))
    assert incident.value["errorType"] == "MESSAGE_SIZE_EXCEEDED"


async def test_a_stopping_engine_ends_waiting_polls_well() -> None:
    async with running(None) as served, stub_of(served.grpc_port) as stub:
        call = stub.ActivateJobs(poll("nothing", request_timeout_ms=60_000))
        reading = asyncio.create_task(call.read())
        while served.dispatcher.waiting() == 0:
            await stub.Topology(messages.TopologyRequest())
        served.dispatcher.close()
        assert await asyncio.wait_for(reading, 20) is grpc.aio.EOF
        assert await call.code() is Status.OK
