"""The runner on the real engine, over gRPC: retries, one incident, resolution, BPMN errors, more time, restarts."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest
from prometheus_client import CollectorRegistry

from lienthong.engine.runtime.serve import Served, running
from lienthong.orchestration.client import OrchestrationClient
from workers import look_up_citizen
from workers.context import BusinessFailure, JobContext, Services
from workers.engine_time import EngineTime
from workers.heartbeat import Heartbeat
from workers.metrics import WorkerMetrics
from workers.runner import JobRunner

MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
 <bpmn:error id="no" errorCode="said-no" />
 <bpmn:process id="one-job" isExecutable="true">
  <bpmn:startEvent id="start"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
  <bpmn:sequenceFlow id="a" sourceRef="start" targetRef="work" />
  <bpmn:serviceTask id="work"><bpmn:extensionElements><zeebe:taskDefinition type="TYPE" retries="3" />
   </bpmn:extensionElements><bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:serviceTask>
  <bpmn:sequenceFlow id="b" sourceRef="work" targetRef="end" />
  <bpmn:endEvent id="end"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
  <bpmn:boundaryEvent id="refused" attachedToRef="work"><bpmn:outgoing>c</bpmn:outgoing>
   <bpmn:errorEventDefinition id="ed" errorRef="no" /></bpmn:boundaryEvent>
  <bpmn:sequenceFlow id="c" sourceRef="refused" targetRef="other-end" />
  <bpmn:endEvent id="other-end"><bpmn:incoming>c</bpmn:incoming></bpmn:endEvent>
 </bpmn:process>
</bpmn:definitions>"""


class Bench:
    """An engine, a runner on it, and what can be asked of both."""

    def __init__(self, served: Served, services: Services, module: Any) -> None:
        self.client = OrchestrationClient(f"127.0.0.1:{served.grpc_port}", f"http://127.0.0.1:{served.rest_port}")
        settings = services.settings.model_copy(update={"engine_grpc": f"127.0.0.1:{served.grpc_port}"})
        self.metrics = WorkerMetrics(CollectorRegistry())
        self.heartbeat = Heartbeat([module.JOB_TYPE], [], self.metrics)
        modules = {module.JOB_TYPE: cast(ModuleType, module)}
        changed = replace(services, settings=settings)
        self.runner = JobRunner(modules, changed, self.metrics, self.heartbeat, EngineTime())

    async def start(self, job_type: str, **variables: Any) -> str:
        model = MODEL.replace("TYPE", job_type).encode()
        await asyncio.to_thread(self.client.deploy, [("one.bpmn", model)])
        body = {"processDefinitionId": "one-job", "variables": variables}
        reply = await asyncio.to_thread(self.client.rest.json, "POST", "/process-instances", body, idempotent=False)
        return str(reply["processInstanceKey"])

    async def until(self, ask: Callable[[], Any], holds: Callable[[Any], bool]) -> Any:
        for _ in range(400):
            answer = await asyncio.to_thread(ask)
            if holds(answer):
                return answer
            await asyncio.sleep(0.05)
        raise AssertionError(f"Expected the answer to come, but the last one was {answer}")

    def ended_at(self, key: str) -> list[str]:
        found = self.client.search_element_instances({"processInstanceKey": key, "state": "COMPLETED"})
        items = found["items"] if isinstance(found, dict) else found
        return [item["elementId"] for item in items if item["elementId"].endswith("end")]

    def incidents(self, key: str) -> list[Any]:
        found = self.client.search_incidents({"processInstanceKey": key, "state": "ACTIVE"})
        return list(found["items"] if isinstance(found, dict) else found)

    def count(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(name, labels) or 0.0


@asynccontextmanager
async def bench_of(services: Services, module: Any) -> AsyncIterator[Bench]:
    async with running(None) as served:
        bench = Bench(served, services, module)
        work = asyncio.create_task(bench.runner.serve())
        try:
            yield bench
        finally:
            bench.runner.stop()
            await work
            bench.client.close()


def worker(handle: Callable[[JobContext, Services], dict[str, Any]], timeout_ms: int = 20_000) -> Any:
    """A worker module made for one test."""
    return SimpleNamespace(JOB_TYPE="made_up", TIMEOUT_MS=timeout_ms, handle=handle)


async def test_a_service_that_is_down_ends_in_one_incident_and_resolved_it_goes_on(
    services: Services, desk: Any, sandbox: Any
) -> None:
    code = desk.file()
    sandbox.fault("population", down=True)
    async with bench_of(services, look_up_citizen) as bench:
        key = await bench.start("look_up_citizen", dossierCode=code)
        [incident] = await bench.until(lambda: bench.incidents(key), bool)
        assert "population service" in incident["errorMessage"]
        assert "resolve this incident" in incident["errorMessage"]
        assert bench.count("lienthong_jobs_total", type="look_up_citizen", outcome="failed") == 2
        assert bench.count("lienthong_job_retries_total", type="look_up_citizen") == 2
        sandbox.fault("population")
        await asyncio.to_thread(bench.client.update_job_retries, incident["jobKey"], 3)
        await asyncio.to_thread(bench.client.resolve_incident, incident["incidentKey"])
        assert await bench.until(lambda: bench.ended_at(key), bool) == ["end"]
        assert await asyncio.to_thread(bench.incidents, key) == []
        assert bench.count("lienthong_jobs_total", type="look_up_citizen", outcome="completed") == 1


async def test_a_business_failure_takes_the_boundary(services: Services) -> None:
    def refuse(_job: JobContext, _services: Services) -> dict[str, Any]:
        raise BusinessFailure("said-no", "No.")

    async with bench_of(services, worker(refuse)) as bench:
        key = await bench.start("made_up")
        assert await bench.until(lambda: bench.ended_at(key), bool) == ["other-end"]
        assert bench.count("lienthong_jobs_total", type="made_up", outcome="error_thrown") == 1


async def test_an_answer_that_is_no_json_becomes_an_incident_and_no_silence(services: Services) -> None:
    async with bench_of(services, worker(lambda _job, _services: {"bad": object()})) as bench:
        key = await bench.start("made_up")
        [incident] = await bench.until(lambda: bench.incidents(key), bool)
        assert "TypeError" in incident["errorMessage"]


async def test_a_handler_that_works_longer_than_its_time_out_keeps_its_job(services: Services) -> None:
    runs, release = [], threading.Event()

    def slow(job: JobContext, _services: Services) -> dict[str, Any]:
        runs.append(job.job_key)
        assert release.wait(20)
        return {}

    async with bench_of(services, worker(slow, timeout_ms=400)) as bench:
        key = await bench.start("made_up")
        extended = lambda: bench.count("lienthong_job_extensions_total", type="made_up")  # noqa: E731
        await bench.until(extended, lambda count: count >= 4)
        release.set()
        assert await bench.until(lambda: bench.ended_at(key), bool) == ["end"]
        assert len(runs) == 1


async def test_the_clock_of_the_engine_reaches_the_handler(services: Services) -> None:
    seen = []

    def look(job: JobContext, _services: Services) -> dict[str, Any]:
        seen.append(job.now.year)
        return {}

    async with bench_of(services, worker(look)) as bench:
        await asyncio.to_thread(bench.client.pin_clock, 4_102_444_800_000)
        key = await bench.start("made_up")
        await bench.until(lambda: bench.ended_at(key), bool)
        assert seen == [2100]


async def test_when_polling_ends_the_runner_takes_a_new_channel_and_goes_on(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workers.steady_adapter import SteadyAdapter

    polls = {"left": 1}
    original = SteadyAdapter.activate_jobs

    async def broken_once(self: Any, *arguments: Any, **named: Any) -> AsyncIterator[Any]:
        if polls["left"]:
            polls["left"] -= 1
            raise RuntimeError("a bug in the library")
        async for job in original(self, *arguments, **named):
            yield job

    monkeypatch.setattr(SteadyAdapter, "activate_jobs", broken_once)
    async with bench_of(services, worker(lambda _job, _services: {})) as bench:
        key = await bench.start("made_up")
        assert await bench.until(lambda: bench.ended_at(key), bool) == ["end"]
        assert bench.heartbeat.restarts == 1
