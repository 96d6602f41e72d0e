"""The real pyzeebe against our server: its defaults, its errors, its worker."""

import asyncio
import time

import edge_models
import grpc
import pytest
from pyzeebe import Job, ZeebeClient, ZeebeWorker
from pyzeebe.errors import (
    BusinessError,
    MessageAlreadyExistsError,
    ProcessDefinitionNotFoundError,
    ProcessInstanceNotFoundError,
)

from lienthong.engine.runtime.serve import Served


async def deploy_files(client: ZeebeClient, channel: grpc.aio.Channel, *files: tuple[str, bytes]) -> None:
    from edge_engines import deploy
    from pyzeebe.proto.gateway_pb2_grpc import GatewayStub

    await GatewayStub(channel).DeployResource(deploy(*files))


async def test_a_worker_with_its_defaults_drains_many_jobs_without_its_five_second_naps(
    served: Served, channel: grpc.aio.Channel
) -> None:
    client, worker = ZeebeClient(channel), ZeebeWorker(channel)
    await deploy_files(client, channel, ("one.bpmn", edge_models.one_task()))
    count, done, all_done = 200, [], asyncio.Event()

    @worker.task("work")
    async def work(job: Job) -> dict[str, bool]:
        done.append(job.key)
        if len(done) == count:
            all_done.set()
        return {"ok": True}

    await asyncio.gather(*(client.run_process("one-task", {"n": n}) for n in range(count)))
    started = time.monotonic()
    working = asyncio.create_task(worker.work())
    await asyncio.wait_for(all_done.wait(), 60)
    assert time.monotonic() - started < 5, "the worker slept between batches"
    assert len(set(done)) == count
    await worker.stop()
    await asyncio.wait_for(working, 30)


async def test_a_worker_that_streams_gets_every_job_once(served: Served, channel: grpc.aio.Channel) -> None:
    client, worker = ZeebeClient(channel), ZeebeWorker(channel, stream_enabled=True)
    await deploy_files(client, channel, ("one.bpmn", edge_models.one_task()))
    count, done, all_done = 60, [], asyncio.Event()

    @worker.task("work")
    async def work(job: Job) -> dict[str, bool]:
        done.append(job.key)
        if len(done) == count:
            all_done.set()
        return {"ok": True}

    working = asyncio.create_task(worker.work())
    await asyncio.gather(*(client.run_process("one-task", {"n": n}) for n in range(count)))
    await asyncio.wait_for(all_done.wait(), 60)
    assert len(set(done)) == len(done) == count
    await worker.stop()
    await asyncio.wait_for(working, 30)


async def test_failures_and_business_errors_become_retries_and_incidents(
    served: Served, channel: grpc.aio.Channel
) -> None:
    client, worker = ZeebeClient(channel), ZeebeWorker(channel)
    await deploy_files(
        client, channel, ("a.bpmn", edge_models.one_task()), ("b.bpmn", edge_models.one_task("other", "refuse"))
    )
    tries: list[int] = []
    incidents = asyncio.Event()

    @worker.task("work")
    async def work(job: Job) -> None:
        tries.append(job.retries)
        raise RuntimeError("the population service is down")

    @worker.task("refuse")
    async def refuse(job: Job) -> None:
        raise BusinessError("procedure-refused", "no")

    served.engine.listen(lambda events: incidents.set() if len(served.engine.state.incidents) == 2 else None)
    working = asyncio.create_task(worker.work())
    await client.run_process("one-task")
    await client.run_process("other")
    await asyncio.wait_for(incidents.wait(), 60)
    assert tries == [3, 2, 1]
    found = {each.value["errorType"] for each in served.engine.state.incidents.values()}
    assert found == {"JOB_NO_RETRIES", "UNHANDLED_ERROR_EVENT"}
    await worker.stop()
    await asyncio.wait_for(working, 30)


async def test_refusals_are_the_errors_that_pyzeebe_knows(served: Served, channel: grpc.aio.Channel) -> None:
    client = ZeebeClient(channel)
    with pytest.raises(ProcessDefinitionNotFoundError):
        await client.run_process("nowhere")
    with pytest.raises(ProcessInstanceNotFoundError):
        await client.cancel_process_instance(1)
    await client.publish_message("m", "k", message_id="same")
    with pytest.raises(MessageAlreadyExistsError):
        await client.publish_message("m", "k", message_id="same")


async def test_results_decisions_and_topology_are_read(served: Served, channel: grpc.aio.Channel) -> None:
    client = ZeebeClient(channel)
    await deploy_files(client, channel, ("no.bpmn", edge_models.no_task()), ("f.dmn", edge_models.DECISION))
    result = await client.run_process_with_result("no-task", {"a": 1}, timeout=5000)
    assert result.variables == {"a": 1}
    fee = await client.evaluate_decision(None, "fee", {"area": "elsewhere"})
    assert fee.decision_output == 2_000_000
    assert (await client.topology()).cluster_size == 1
