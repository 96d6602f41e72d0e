"""Loops that go on, a heartbeat that tells the truth, a clock that follows the engine, logs without persons."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry
from pyzeebe.errors import JobNotFoundError, ZeebeGatewayUnavailableError

from workers.engine_time import EngineTime
from workers.health import HealthServer
from workers.heartbeat import STALE_POLL_S, Heartbeat
from workers.logging import configure_logging, logger_of, place_of
from workers.loops import LONGEST_WAIT_S, SupervisedLoop
from workers.metrics import WorkerMetrics
from workers.steady_adapter import persist

NOON = datetime(2023, 1, 3, 12, tzinfo=UTC)


class Clock:
    """Monotonic seconds that move when told."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def metrics() -> WorkerMetrics:
    return WorkerMetrics(CollectorRegistry())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def heartbeat(metrics: WorkerMetrics, clock: Clock) -> Heartbeat:
    return Heartbeat(["notify"], ["relay"], metrics, clock)


def test_a_loop_goes_on_after_an_exception_and_waits_longer_each_time(
    heartbeat: Heartbeat, metrics: WorkerMetrics
) -> None:
    answers: list[Exception | None] = [ValueError(), ValueError(), None]
    seen = []

    def work(now: datetime) -> None:
        seen.append(now)
        answer = answers.pop(0)
        if answer is not None:
            raise answer

    loop = SupervisedLoop("relay", work, 0.5, lambda: NOON, (heartbeat, metrics))
    assert [loop.run_once() for _ in range(3)] == [1.0, 2.0, 0.5]
    assert seen == [NOON] * 3
    value = metrics.registry.get_sample_value
    assert value("lienthong_loop_errors_total", {"loop": "relay"}) == 2
    assert value("lienthong_loop_last_success_timestamp_seconds", {"loop": "relay"})


def test_the_wait_of_a_failing_loop_is_capped(heartbeat: Heartbeat, metrics: WorkerMetrics) -> None:
    def broken(_now: datetime) -> None:
        raise OSError

    loop = SupervisedLoop("relay", broken, 0.5, lambda: NOON, (heartbeat, metrics))
    assert [loop.run_once() for _ in range(12)][-1] == LONGEST_WAIT_S


def test_health_is_up_once_everything_polled_and_looped_and_only_lately(heartbeat: Heartbeat, clock: Clock) -> None:
    assert heartbeat.report()["status"] == "DOWN"
    heartbeat.connected()
    heartbeat.looped("relay")
    assert heartbeat.report()["status"] == "UP"
    clock.seconds += STALE_POLL_S + 1
    assert heartbeat.report()["status"] == "DOWN"
    assert heartbeat.poll_is_stale()
    heartbeat.polled("notify")
    assert not heartbeat.poll_is_stale()
    assert heartbeat.report()["secondsSinceLastPoll"] == {"notify": 0.0}


def test_a_new_channel_gets_time_before_it_is_doubted(heartbeat: Heartbeat, clock: Clock) -> None:
    clock.seconds += STALE_POLL_S + 1
    assert heartbeat.poll_is_stale()
    heartbeat.restarted()
    assert not heartbeat.poll_is_stale()
    assert heartbeat.report()["restarts"] == 1


def test_health_and_metrics_answer_over_http(heartbeat: Heartbeat, metrics: WorkerMetrics) -> None:
    server = HealthServer("127.0.0.1", 0, heartbeat, metrics.registry)
    server.start()
    try:
        url = f"http://127.0.0.1:{server.port}"
        assert httpx.get(f"{url}/health").status_code == 503
        heartbeat.connected()
        heartbeat.looped("relay")
        assert httpx.get(f"{url}/health").json()["status"] == "UP"
        assert "lienthong_worker_restarts_total" in httpx.get(f"{url}/metrics").text
        assert httpx.get(f"{url}/other").status_code == 404
    finally:
        server.stop()


def test_the_engine_clock_is_read_from_a_job_and_small_differences_are_none() -> None:
    wall = {"ms": 1_000_000}
    time = EngineTime(lambda: wall["ms"])
    time.observe(deadline_ms=1_000_000 + 20_000 + 900, timeout_ms=20_000)
    assert time.now() == datetime.fromtimestamp(1000, UTC)
    time.observe(deadline_ms=90_000_000 + 20_000, timeout_ms=20_000)
    assert time.now() == datetime.fromtimestamp(90_000, UTC)
    wall["ms"] += 1000
    assert time.latest() == datetime.fromtimestamp(90_001, UTC)


def test_rows_of_both_clocks_are_due_when_the_engine_is_behind() -> None:
    time = EngineTime(lambda: 50_000_000)
    time.observe(deadline_ms=1_000_000 + 20_000, timeout_ms=20_000)
    assert time.now() == datetime.fromtimestamp(1000, UTC)
    assert time.latest() == datetime.fromtimestamp(50_000, UTC)


async def test_an_answer_is_given_again_while_the_engine_is_away() -> None:
    outcomes: list[Any] = [ZeebeGatewayUnavailableError(None), ZeebeGatewayUnavailableError(None), None]  # type: ignore[arg-type]
    pauses = []

    async def answer() -> None:
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    assert await persist(answer, 30, sleep) is True
    assert pauses == [0.1, 0.2]


async def test_patience_ends_and_the_failure_is_raised() -> None:
    async def answer() -> None:
        raise ZeebeGatewayUnavailableError(None)  # type: ignore[arg-type]

    with pytest.raises(ZeebeGatewayUnavailableError):
        await persist(answer, 0)


async def test_an_answer_to_a_job_that_is_gone_is_dropped() -> None:
    async def answer() -> None:
        raise JobNotFoundError(1)

    assert await persist(answer, 30) is False


def test_logs_are_json_with_the_dossier_code_and_only_known_fields(capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger().handlers[:]
    configure_logging("INFO")
    try:
        logger_of("test").info("job done", dossier="H08-1", applicant="Nguyễn Văn Thử")
        logging.getLogger("library").warning("plain")
    finally:
        logging.getLogger().handlers = before
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["event"], first["dossier"], first["source"]) == ("job done", "H08-1", "test")
    assert "applicant" not in first
    assert second["event"] == "plain"


def test_the_place_of_a_failure_is_told_without_its_text() -> None:
    try:
        raise ValueError("Nguyễn Văn Thử")
    except ValueError as failure:
        place = place_of(failure)
    assert "test_supervision.py" in place
    assert "Thử" not in place
