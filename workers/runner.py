"""Serves all job types on pyzeebe, and never dies silently.

pyzeebe polls and answers; here are the parts that it leaves open: which retries and back-off a failure gets, more time
for a handler that needs it, metrics, logs, and a supervisor that takes a new channel when polling ends or goes stale.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import ModuleType
from typing import Any, Final

from pyzeebe import Job, JobController, ZeebeWorker

from lienthong.settings import Settings
from workers.channel import open_channel
from workers.context import JobContext, Services
from workers.engine_time import EngineTime
from workers.heartbeat import Heartbeat
from workers.logging import logger_of, place_of
from workers.metrics import WorkerMetrics
from workers.steady_adapter import LATER, SteadyAdapter
from workers.verdict import Budget, RaiseIncident, Retry, ThrowError, decide

THREADS: Final = 24
POLL_MS: Final = 10_000
MAX_RUNNING_JOBS: Final = 16
LONGEST_RUN_TIMEOUTS: Final = 10
FIRST_RESTART_WAIT_S: Final = 0.5
LONGEST_RESTART_WAIT_S: Final = 5.0
WATCH_S: Final = 5.0
CONNECT_S: Final = 0.25
STOP_S: Final = 15.0
logger = logger_of("workers.runner")


class JobRunner:
    """One engine address, all job types. ``serve`` returns only after ``stop``."""

    def __init__(
        self,
        modules: Mapping[str, ModuleType],
        services: Services,
        metrics: WorkerMetrics,
        heartbeat: Heartbeat,
        engine_time: EngineTime,
    ) -> None:
        self._modules, self._services = modules, services
        self._metrics, self._heartbeat, self._time = metrics, heartbeat, engine_time
        settings = services.settings
        self._budget = Budget(settings.job_retries, settings.job_backoff_ms, settings.job_backoff_cap_ms)
        self._settings: Settings = settings
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Let running handlers end, then return from ``serve``; called on the event loop's thread."""
        self._stop.set()

    async def serve(self) -> None:
        """Poll until stopped, whatever happens to the channel or the engine."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="job"))
        wait_s = FIRST_RESTART_WAIT_S
        while not self._stop.is_set():
            started = time.monotonic()
            await self._serve_channel()
            if self._stop.is_set():
                return
            self._heartbeat.restarted()
            wait_s = (
                FIRST_RESTART_WAIT_S if time.monotonic() - started > 60 else min(2 * wait_s, LONGEST_RESTART_WAIT_S)
            )
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), wait_s)

    async def _serve_channel(self) -> None:
        """One channel's life: until it is stopped, fails, or goes stale."""
        channel = open_channel(self._settings.engine_grpc, self._settings.engine_token)
        adapter = SteadyAdapter(channel, self._heartbeat)
        worker = self._worker(channel, adapter)
        work = asyncio.create_task(self._work(worker, adapter))
        ends = [work, asyncio.create_task(self._stale()), asyncio.create_task(self._stop.wait())]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if self._stop.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(worker.stop(), STOP_S)
            else:
                failure = work.exception() if work.done() else None
                problem = "polling went stale" if failure is None else type(failure).__name__
                logger.error("polling ended, taking a new channel", problem=problem, restarts=self._heartbeat.restarts)
        finally:
            for task in ends:
                task.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
            await channel.close(None)

    async def _work(self, worker: ZeebeWorker, adapter: SteadyAdapter) -> None:
        """Poll as soon as the engine answers: a poller of pyzeebe that finds nobody would sleep for 5 s first."""
        while True:
            try:
                await adapter.topology()
                break
            except LATER:
                await asyncio.sleep(CONNECT_S)
        self._heartbeat.connected()
        await worker.work()

    async def _stale(self) -> None:
        while not self._heartbeat.poll_is_stale():
            await asyncio.sleep(WATCH_S)

    def _worker(self, channel: Any, adapter: SteadyAdapter) -> ZeebeWorker:
        worker = ZeebeWorker(
            channel, name="lienthong", request_timeout=POLL_MS, max_connection_retries=-1, poll_retry_delay=1
        )
        worker.zeebe_adapter = adapter
        for job_type, module in self._modules.items():
            running = getattr(module, "MAX_RUNNING_JOBS", MAX_RUNNING_JOBS)
            worker.task(
                job_type,
                exception_handler=self._failed(adapter),
                timeout_ms=module.TIMEOUT_MS,
                max_jobs_to_activate=max(1, running // 2),
                max_running_jobs=running,
            )(self._task(module, adapter))
        return worker

    def _task(self, module: ModuleType, adapter: SteadyAdapter) -> Any:
        async def run_job(job: Job) -> dict[str, Any]:
            self._time.observe(job.deadline, module.TIMEOUT_MS)
            extending = asyncio.create_task(self._extend(job, adapter, module.TIMEOUT_MS))
            started = time.perf_counter()
            try:
                with self._metrics.in_flight.labels(job.type).track_inprogress():
                    result = await asyncio.to_thread(self._handle, module, self._context(job, adapter))
                    json.dumps(result)  # what cannot be sent must fail here, where it becomes an incident
            finally:
                extending.cancel()
                self._metrics.duration.labels(job.type).observe(time.perf_counter() - started)
            self._metrics.jobs.labels(job.type, "completed").inc()
            self._log(job).info("job done", outcome="completed", seconds=round(time.perf_counter() - started, 3))
            return dict(result)

        return run_job

    def _handle(self, module: ModuleType, context: JobContext) -> dict[str, Any]:
        return dict(module.handle(context, self._services.at(context.now)))

    def _context(self, job: Job, adapter: SteadyAdapter) -> JobContext:
        loop = asyncio.get_running_loop()

        def extend(milliseconds: int) -> None:
            asyncio.run_coroutine_threadsafe(adapter.update_job_timeout(job.key, milliseconds), loop).result(10)

        return JobContext(
            job_key=job.key,
            job_type=job.type,
            dossier_code=str(job.variables.get("dossierCode", "")),
            variables=dict(job.variables),
            retries=job.retries,
            process_instance_key=job.process_instance_key,
            element_id=job.element_id,
            headers={name: str(value) for name, value in job.custom_headers.items()},
            now=self._time.now(),
            extend=extend,
        )

    async def _extend(self, job: Job, adapter: SteadyAdapter, timeout_ms: int) -> None:
        """Give a handler that still works more time, so that nobody else gets its job; but not for ever."""
        for _ in range(2 * LONGEST_RUN_TIMEOUTS):
            await asyncio.sleep(timeout_ms / 2000)
            try:
                await adapter.update_job_timeout(job.key, timeout_ms)
                self._metrics.extensions.labels(job.type).inc()
            except LATER:
                continue
            except Exception as failure:
                self._log(job).warning("the job got no more time", error_type=type(failure).__name__)
                return

    def _failed(self, adapter: SteadyAdapter) -> Callable[[Exception, Job, JobController], Awaitable[None]]:
        async def answer(failure: Exception, job: Job, _controller: JobController) -> None:
            verdict = decide(failure, job.type, job.retries, self._budget)
            log = self._log(job).bind(error_type=type(failure).__name__, where=place_of(failure))
            if isinstance(verdict, ThrowError):
                await adapter.throw_error(job.key, verdict.message, {}, verdict.error_code)
                self._metrics.jobs.labels(job.type, "error_thrown").inc()
                log.info("job threw an error", outcome="error_thrown", error_code=verdict.error_code)
            elif isinstance(verdict, RaiseIncident):
                await adapter.fail_job(job.key, 0, verdict.message, 0, {})
                self._metrics.jobs.labels(job.type, "incident").inc()
                log.error("job became an incident", outcome="incident")
            elif isinstance(verdict, Retry):
                await adapter.fail_job(job.key, verdict.retries, verdict.message, verdict.backoff_ms, {})
                self._metrics.jobs.labels(job.type, "failed").inc()
                self._metrics.retries.labels(job.type).inc()
                log.warning("job will be tried again", retries=verdict.retries, backoff_ms=verdict.backoff_ms)

        return answer

    def _log(self, job: Job) -> Any:
        return logger.bind(
            dossier=job.variables.get("dossierCode"),
            job_key=job.key,
            job_type=job.type,
            element=job.element_id,
            instance=job.process_instance_key,
        )
