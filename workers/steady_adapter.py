"""pyzeebe's adapter with patience: an answer that the engine could not take is given again until the job's deadline.

pyzeebe alone drops it, and the job runs a second time after its time-out. An answer to a job that is gone is dropped
here: somebody else has done it, or the instance ended.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import Any, Final

import grpc
from pyzeebe.errors import (
    JobAlreadyDeactivatedError,
    JobNotFoundError,
    ZeebeBackPressureError,
    ZeebeDeadlineExceeded,
    ZeebeGatewayUnavailableError,
    ZeebeInternalError,
)
from pyzeebe.grpc_internals.zeebe_adapter import ZeebeAdapter
from pyzeebe.job.job import Job

from workers.heartbeat import Heartbeat

LATER: Final = (ZeebeBackPressureError, ZeebeDeadlineExceeded, ZeebeGatewayUnavailableError, ZeebeInternalError)
GONE: Final = (JobNotFoundError, JobAlreadyDeactivatedError)
FIRST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 2.0
PATIENCE_S: Final = 30.0


async def persist(answer: Callable[[], Awaitable[Any]], patience_s: float, sleep: Any = asyncio.sleep) -> bool:
    """Give ``answer`` until it is taken; False when the job is gone. The last failure is raised."""
    end, pause_s = time.monotonic() + patience_s, FIRST_PAUSE_S
    while True:
        try:
            await answer()
        except GONE:
            return False
        except LATER:
            if time.monotonic() + pause_s > end:
                raise
            await sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        else:
            return True


class SteadyAdapter(ZeebeAdapter):
    """Polls report to the heartbeat; answers persist."""

    def __init__(self, channel: grpc.aio.Channel, heartbeat: Heartbeat) -> None:
        super().__init__(channel, -1)
        self._heartbeat = heartbeat

    async def activate_jobs(
        self, task_type: str, worker: str, timeout: int, max_jobs_to_activate: int, variables_to_fetch: Iterable[str],
        request_timeout: int, tenant_ids: Iterable[str] | None = None,
    ) -> AsyncGenerator[Job, None]:  # fmt: skip
        """As pyzeebe's; the names of the parameters are pyzeebe's too."""
        jobs = super().activate_jobs(
            task_type, worker, timeout, max_jobs_to_activate, variables_to_fetch, request_timeout, tenant_ids
        )
        async for job in jobs:
            self._heartbeat.polled(task_type)
            yield job
        self._heartbeat.polled(task_type)

    async def complete_job(self, job_key: int, variables: Any) -> Any:
        return await persist(lambda: super(SteadyAdapter, self).complete_job(job_key, variables), PATIENCE_S)

    async def fail_job(self, job_key: int, retries: int, message: str, retry_back_off_ms: int, variables: Any) -> Any:
        return await persist(
            lambda: super(SteadyAdapter, self).fail_job(job_key, retries, message, retry_back_off_ms, variables),
            PATIENCE_S,
        )

    async def throw_error(self, job_key: int, message: str, variables: Any, error_code: str = "") -> Any:
        return await persist(
            lambda: super(SteadyAdapter, self).throw_error(job_key, message, variables, error_code), PATIENCE_S
        )
