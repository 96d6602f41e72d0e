"""``lienthong worker``: the job workers, the outbox relay and the task feed, until told to stop."""

import asyncio
import signal
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry

from connectors.circuit import Circuit
from lienthong.settings import settings
from workers.engine_time import EngineTime
from workers.health import HealthServer
from workers.heartbeat import Heartbeat
from workers.logging import configure_logging, logger_of
from workers.metrics import WorkerMetrics
from workers.registry import worker_modules
from workers.runner import JobRunner
from workers.status import WorkerStatus, circuits_of
from workers.wiring import LOOPS, build_loops, build_services


def run(_arguments: list[str]) -> int:
    """Serve on the worker port of the settings; SIGTERM and Ctrl-C let running jobs end first."""
    chosen = settings()
    configure_logging(chosen.log_level)
    registry = CollectorRegistry()
    metrics, engine_time = WorkerMetrics(registry), EngineTime()
    modules = worker_modules()
    heartbeat = Heartbeat(list(modules), LOOPS, metrics)
    circuits: list[Circuit] = []  # filled when the services stand
    status = WorkerStatus(heartbeat, registry, lambda: circuits, datetime.now(UTC))
    health = HealthServer(chosen.bind_host, chosen.worker_port, heartbeat, registry, status.report)
    health.start()
    services = build_services(chosen, registry)
    circuits += circuits_of(services)
    loops = build_loops(services, heartbeat, metrics, engine_time)
    for loop in loops:
        loop.start()
    logger_of("workers").info("worker started", address=chosen.engine_grpc, port=health.port, types=list(modules))
    try:
        asyncio.run(_serve(JobRunner(modules, services, metrics, heartbeat, engine_time)))
    finally:
        for loop in loops:
            loop.stop()
        services.orchestration.close()
        services.population.close()
        services.payment.close()
        services.required_partners().close()
        health.stop()
    return 0


async def _serve(runner: JobRunner) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, runner.stop)
    await runner.serve()
