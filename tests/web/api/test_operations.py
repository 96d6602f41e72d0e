"""Workers, connectors, health, and batches over what a search finds, on a real engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from live_engine import Live, live
from prometheus_client import CollectorRegistry
from staff_world import NOW

from connectors.circuit import Circuit, CircuitMetrics
from connectors.errors import Unavailable
from lienthong.api.batches import batches_of
from workers.health import HealthServer
from workers.heartbeat import Heartbeat
from workers.metrics import WorkerMetrics
from workers.status import WorkerStatus

__all__ = ["live"]


@pytest.fixture
def worker() -> Iterator[tuple[HealthServer, WorkerMetrics, Circuit]]:
    """A worker's health page with metrics and a circuit, without the worker."""
    registry = CollectorRegistry()
    metrics = WorkerMetrics(registry)
    heartbeat = Heartbeat(["notify"], [], metrics)
    circuit = Circuit("population", CircuitMetrics(registry), threshold=1, attempts=1)
    status = WorkerStatus(heartbeat, registry, lambda: [circuit], NOW)
    server = HealthServer("127.0.0.1", 0, heartbeat, registry, status.report)
    server.start()
    heartbeat.polled("notify")
    yield server, metrics, circuit
    server.stop()


def fail(circuit: Circuit) -> None:
    def call() -> None:
        raise Unavailable("population", "the service timed out", "Check the network.")

    with pytest.raises(Unavailable):
        circuit.call(call)


def test_a_worker_that_is_not_there_is_told_so_and_nothing_is_claimed(live: Live) -> None:
    live.world.settings.worker_urls = "http://127.0.0.1:1"
    answer = live.sign_in("quantri").get("/api/operations/workers").json()
    assert [row["answers"] for row in answer["workers"]] == [False]
    (row,) = answer["jobTypes"]
    assert (row["type"], row["served"], row["waiting"], row["elements"]) == ("notify", None, 1, ["licence"])
    assert row["oldestSeconds"] is not None


def test_job_types_tell_who_serves_them_and_what_nobody_serves(
    live: Live, worker: tuple[HealthServer, WorkerMetrics, Circuit]
) -> None:
    server, metrics, _ = worker
    live.world.settings.worker_urls = f"http://127.0.0.1:{server.port}"
    metrics.jobs.labels("notify", "completed").inc(7)
    other = live.client
    model = open_task_of_another_type()
    other.deploy([("demo/other.bpmn", model)])
    rows = {row["type"]: row for row in live.sign_in("thietke").get("/api/operations/workers").json()["jobTypes"]}
    assert (rows["notify"]["served"], rows["notify"]["completed"]) == (True, 7)
    assert (rows["stranger"]["served"], rows["stranger"]["elements"]) == (False, ["other"])


def open_task_of_another_type() -> bytes:
    from tests.engine.model_text import end, model, service, start

    return model(start(), service("ask", "stranger"), end(), flows=["start>ask>end"], id_="other")


def test_a_circuit_shows_its_state_and_its_last_error(
    live: Live, worker: tuple[HealthServer, WorkerMetrics, Circuit]
) -> None:
    server, _, circuit = worker
    live.world.settings.worker_urls = f"http://127.0.0.1:{server.port}"
    client = live.sign_in("quantri")
    (before,) = client.get("/api/operations/workers").json()["connectors"]
    assert (before["state"], before["lastError"]) == ("closed", None)
    fail(circuit)
    (after,) = client.get("/api/operations/workers").json()["connectors"]
    assert (after["system"], after["state"], after["calls"]["failed"]) == ("population", "opened", 1)
    assert "the service timed out" in after["lastError"]


def test_health_tells_processes_queues_and_versions(
    live: Live, worker: tuple[HealthServer, WorkerMetrics, Circuit]
) -> None:
    live.world.settings.worker_urls = f"http://127.0.0.1:{worker[0].port}"
    answer = live.sign_in("quantri").get("/api/operations/health").json()
    names = {row["name"]: row["well"] for row in answer["processes"]}
    assert names["worker"] is True and names["sandbox"] is False
    queues = {row["name"]: row for row in answer["queues"]}
    assert queues["tasks"]["waiting"] == 3
    assert (queues["jobs"]["waiting"], queues["instances"]["waiting"]) == (1, 1)
    assert answer["versions"]["engine"] and answer["versions"]["database"] == "sqlite"


def test_a_batch_is_counted_first_and_then_done(live: Live) -> None:
    more = [live.instance(dossierCode=f"H-{number}", limit="P1D") for number in range(4)]
    client = live.sign_in("quantri")
    order = {"kind": "cancel", "search": {"variable": "limit", "value": "P1D"}, "ground": "dọn hồ sơ thử"}
    dry = client.post("/api/operations/batches", json=order).json()
    assert (dry["dryRun"], dry["instances"]) == (True, 4)
    assert live.client.count("process-instances", {"state": "ACTIVE"}) == 5
    job_id = client.post("/api/operations/batches", json=order | {"dryRun": False}).json()["jobId"]
    batches_of(live.world.app).wait(job_id)
    progress = client.get(f"/api/redeploy/jobs/{job_id}").json()
    assert (progress["kind"], progress["state"], progress["counts"]) == ("cancel", "done", {"canceled": 4})
    assert {item["key"] for item in progress["items"]} == set(more)
    assert live.client.count("process-instances", {"state": "ACTIVE"}) == 1


def test_a_batch_of_retries_tells_what_fails_again(live: Live) -> None:
    live.fail("hỏng")
    client = live.sign_in("quantri")
    order = {"kind": "retry", "search": {}, "ground": "cổng đã sửa xong", "dryRun": False}
    job_id = client.post("/api/operations/batches", json=order).json()["jobId"]
    batches_of(live.world.app).wait(job_id)
    assert client.get(f"/api/redeploy/jobs/{job_id}").json()["counts"] == {"retried": 1}
    assert live.client.count("incidents", {"state": "ACTIVE"}) == 0
    nothing = client.post("/api/operations/batches", json=order)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "batch-size")


def test_a_scheduled_batch_waits_for_its_time_and_may_be_given_up(live: Live) -> None:
    client = live.sign_in("quantri")
    start_at = (NOW + timedelta(hours=2)).isoformat()
    order = {"kind": "cancel", "search": {}, "ground": "theo lịch", "dryRun": False, "startAt": start_at}
    first = client.post("/api/operations/batches", json=order).json()["jobId"]
    second = client.post("/api/operations/batches", json=order).json()["jobId"]
    assert client.get(f"/api/redeploy/jobs/{first}").json()["state"] == "scheduled"
    assert client.post(f"/api/redeploy/jobs/{second}/withdraw").json()["state"] == "withdrawn"
    batches = batches_of(live.world.app)
    assert batches.start_due(NOW + timedelta(hours=1)) == []
    assert batches.start_due(datetime(2026, 11, 24, 5, 1, tzinfo=UTC)) == [first]
    batches.wait(first)
    assert client.get(f"/api/redeploy/jobs/{first}").json()["counts"] == {"canceled": 1}
    assert batches.start_due(NOW + timedelta(days=9)) == []


def test_two_processes_never_run_one_batch_and_both_see_it_run(live: Live) -> None:
    batches = batches_of(live.world.app)
    nowhere = {"source": "", "target": "", "mapping": {}}
    rows = [{"key": live.key, "dossierCode": "H", **nowhere}]
    job_id = batches.files.create(rows, "quantri", NOW.isoformat(), "cancel")
    with batches.files.held(job_id) as mine:
        assert mine and batches.progress(job_id)["state"] == "running"
        batches.run(job_id)
        assert batches.progress(job_id)["counts"] == {"waiting": 1}
    batches.run(job_id)
    assert batches.progress(job_id)["counts"] == {"canceled": 1}
