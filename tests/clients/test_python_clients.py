"""pyzeebe and the vendor's Python SDK, unchanged, against an engine that is a process of its own."""

import asyncio
from typing import Any

import edge_models
import grpc
import pytest
from camunda_orchestration_sdk import CamundaAsyncClient
from camunda_orchestration_sdk import models as sdk
from edge_engines import deploy
from pyzeebe import Job, ZeebeClient, ZeebeWorker, create_insecure_channel
from pyzeebe.proto.gateway_pb2_grpc import GatewayStub

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("clients")]
COUNT = 100


@pytest.mark.parametrize("streaming", [False, True])
async def test_pyzeebe_drains_a_hundred_instances_and_reads_their_results(engine: Any, streaming: bool) -> None:
    channel: grpc.aio.Channel = create_insecure_channel(grpc_address=f"127.0.0.1:{engine.grpc}")
    process_id, job_type = f"drain-{streaming}".lower(), f"work-{streaming}"
    await GatewayStub(channel).DeployResource(deploy(("one.bpmn", edge_models.one_task(process_id, job_type))))
    client, worker = ZeebeClient(channel), ZeebeWorker(channel, stream_enabled=streaming)
    keys: list[int] = []

    @worker.task(job_type)
    async def work(job: Job) -> dict[str, int]:
        keys.append(job.key)
        return {"doubled": int(job.variables["n"]) * 2}

    working = asyncio.create_task(worker.work())
    try:
        orders = (client.run_process_with_result(process_id, {"n": n}, timeout=30_000) for n in range(COUNT))
        results = await asyncio.wait_for(asyncio.gather(*orders), 60)
    finally:
        await worker.stop()
        await asyncio.wait_for(working, 30)
        await channel.close()
    assert sorted(each.variables["doubled"] for each in results) == [2 * n for n in range(COUNT)]
    assert len(keys) == len(set(keys)) == COUNT


async def test_the_sdk_deploys_starts_works_and_finds(engine: Any, tmp_path: Any) -> None:
    model = tmp_path / "sdk.bpmn"
    model.write_bytes(edge_models.one_task("sdk-process", "sdk-work"))
    configuration = {"CAMUNDA_REST_ADDRESS": f"http://127.0.0.1:{engine.rest}", "CAMUNDA_AUTH_STRATEGY": "NONE"}
    async with CamundaAsyncClient(configuration=configuration) as client:
        deployed = await client.deploy_resources_from_files([str(model)])
        assert deployed.processes[0].process_definition_id == "sdk-process"
        order = sdk.ProcessCreationById.from_dict({"processDefinitionId": "sdk-process", "variables": {"a": 1}})
        created = await client.create_process_instance(data=order)
        wish = {"type": "sdk-work", "timeout": 60_000, "maxJobsToActivate": 1, "worker": "sdk"}
        jobs = (await client.activate_jobs(data=sdk.JobActivationRequest.from_dict(wish))).jobs
        assert [each.process_instance_key for each in jobs] == [created.process_instance_key]
        done = sdk.JobCompletionRequest.from_dict({"variables": {"ok": True}})
        await client.complete_job(job_key=jobs[0].job_key, data=done)
        found = await client.get_process_instance(process_instance_key=created.process_instance_key)
        assert found.state == "COMPLETED"


async def test_the_sdk_turns_pages_by_cursor(engine: Any, tmp_path: Any) -> None:
    model = tmp_path / "pages.bpmn"
    model.write_bytes(edge_models.one_task("pages", "nobody-works"))
    configuration = {"CAMUNDA_REST_ADDRESS": f"http://127.0.0.1:{engine.rest}", "CAMUNDA_AUTH_STRATEGY": "NONE"}
    async with CamundaAsyncClient(configuration=configuration) as client:
        await client.deploy_resources_from_files([str(model)])
        order = sdk.ProcessCreationById.from_dict({"processDefinitionId": "pages"})
        for _ in range(COUNT):
            await client.create_process_instance(data=order)
        seen: list[str] = []
        cursor: str | None = None
        for _ in range(100):
            page: dict[str, Any] = {"limit": 30} | ({"after": cursor} if cursor else {})
            found = await client.search_process_instances(data=sdk.ProcessInstanceSearchQuery.from_dict({"page": page}))
            seen += [each.process_instance_key for each in found.items]
            cursor = found.page.end_cursor
            if len(found.items) < 30:
                break
        assert len(seen) == len(set(seen)) == found.page.total_items >= COUNT
