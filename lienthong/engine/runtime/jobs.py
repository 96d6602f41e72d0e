"""Who gets a job: long polls and streams of one type stand in one line, and are served in order.

Activation is a command like any other. A line is worked on when somebody joins it or when a commit
made a job of its type available; the first in line asks, and leaves the line with its jobs. Nobody
asks while the state shows no job of that type.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lienthong.engine.protocol.records import Command, Event, Intent, RejectionType, ValueType
from lienthong.engine.runtime.engine import Engine

JobDict = dict[str, Any]
AVAILABLE = frozenset({Intent.CREATED, Intent.TIMED_OUT, Intent.RECURRED, Intent.FAILED, Intent.TIMEOUT_UPDATED})
OVER = frozenset({Intent.COMPLETED, Intent.FAILED, Intent.ERROR_THROWN, Intent.CANCELED, Intent.TIMED_OUT})


class ActivationRefused(Exception):
    """The engine rejected the activation request."""

    def __init__(self, type: RejectionType, reason: str) -> None:
        super().__init__(reason)
        self.type, self.reason = type, reason


@dataclass(slots=True)
class JobWish:
    """What a worker asks for."""

    type: str
    worker: str
    timeout_ms: int
    most: int
    fetch_variables: list[str] = field(default_factory=list)

    def command(self) -> Command:
        """The activation as the core takes it."""
        value = {
            "type": self.type,
            "worker": self.worker,
            "timeoutMs": self.timeout_ms,
            "maxJobsToActivate": self.most,
            "fetchVariables": self.fetch_variables,
        }
        return Command(ValueType.JOB_BATCH, Intent.ACTIVATE, 0, value)


@dataclass(slots=True)
class _Waiter:
    wish: JobWish
    jobs: asyncio.Future[list[JobDict]]


class Batch:
    """Jobs that were handed out to somebody; tells when enough of them are over."""

    def __init__(self, keys: Sequence[int] = ()) -> None:
        self.open = set(keys)
        self.capacity = 0  # jobs that its owner has shown to run at a time
        self.largest = 0  # jobs that its owner has asked for at a time
        self.turnaround_seconds = 0.0  # from handing jobs out to the end of the first of them
        self._given_at = 0.0
        self._changed = asyncio.Event()

    def given(self, keys: Sequence[int]) -> None:
        """Its owner gets these as well."""
        self.open.update(keys)
        self._given_at = time.monotonic()

    def asked(self, most: int) -> None:
        """Its owner asks for more: so many beside what it runs is what it can bear."""
        self.capacity = max(self.capacity, len(self.open) + most)
        self.largest = max(self.largest, most)

    @property
    def may_wait(self) -> int:
        """Open jobs up to which another poll of its owner would be for half of the largest at least."""
        return max(self.capacity - (self.largest + 1) // 2, 0)

    def over(self, key: int) -> None:
        """One is over."""
        self.open.discard(key)
        if self._given_at:
            self.turnaround_seconds, self._given_at = time.monotonic() - self._given_at, 0.0
        self._changed.set()

    def release(self) -> None:
        """Wait for them no longer."""
        self.open.clear()
        self._changed.set()

    async def at_most(self, count: int) -> None:
        """Return when no more than `count` are still open."""
        while len(self.open) > count:
            self._changed.clear()
            await self._changed.wait()


class JobDispatcher:
    """The lines of waiting workers, by job type."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lines: dict[str, deque[_Waiter]] = {}
        self._servers: dict[str, asyncio.Task[None]] = {}
        self._batches: dict[int, Batch] = {}
        self._returning: set[asyncio.Task[None]] = set()
        self._closed = False
        engine.listen(self._committed)

    def waiting(self) -> int:
        """How many polls and streams stand in line."""
        return sum(len(line) for line in self._lines.values())

    async def activate(self, wish: JobWish, wait_seconds: float) -> list[JobDict]:
        """Jobs for a worker: at once, or as soon as there are some, or none after `wait_seconds` (0: never)."""
        if self._closed:
            return []
        waiter = _Waiter(wish, asyncio.get_running_loop().create_future())
        line = self._lines.setdefault(wish.type, deque())
        line.append(waiter)
        self._serve(wish.type)
        try:
            return await asyncio.wait_for(asyncio.shield(waiter.jobs), wait_seconds if wait_seconds > 0 else None)
        except TimeoutError:
            if waiter.jobs.done():
                return waiter.jobs.result()
            return []
        except asyncio.CancelledError:
            if waiter.jobs.done() and not waiter.jobs.cancelled() and waiter.jobs.exception() is None:
                self.give_back([job["key"] for job in waiter.jobs.result()])
            raise
        finally:
            waiter.jobs.cancel()
            if waiter in line:
                line.remove(waiter)

    async def activate_now(self, wish: JobWish) -> list[JobDict]:
        """Jobs for a worker that does not wait, out of line."""
        return await self._ask(wish)

    def close(self) -> None:
        """End every waiting poll and stream with nothing, as the engine is about to stop."""
        self._closed = True
        for line in self._lines.values():
            for waiter in line:
                if not waiter.jobs.done():
                    waiter.jobs.set_result([])
        for batch in list(self._batches.values()):
            batch.release()

    def watch(self, keys: Sequence[int], batch: Batch | None = None) -> Batch:
        """Follow jobs, in a batch of their own or with those of `batch`, until they are over or `unwatch`ed."""
        if batch is None:
            batch = Batch()
        batch.given(keys)
        for key in keys:
            self._batches[key] = batch
        return batch

    def unwatch(self, batch: Batch) -> None:
        """Follow them no longer."""
        for key in batch.open:
            if self._batches.get(key) is batch:
                del self._batches[key]

    def give_back(self, keys: Sequence[int]) -> None:
        """Jobs that did not reach their worker: available again at once, with no retry lost."""
        for key in keys:
            batch = self._batches.pop(key, None)
            if batch is not None:
                batch.over(key)
            command = Command(ValueType.JOB, Intent.UPDATE_TIMEOUT, key, {"timeoutMs": 0})
            task = asyncio.create_task(self._quietly(command), name="job-given-back")
            self._returning.add(task)
            task.add_done_callback(self._returning.discard)

    async def _quietly(self, command: Command) -> None:
        await asyncio.gather(self._engine.submit(command), return_exceptions=True)

    async def _ask(self, wish: JobWish) -> list[JobDict]:
        outcome = await self._engine.submit(wish.command())
        if outcome.rejection is not None:
            raise ActivationRefused(outcome.rejection.type, outcome.rejection.reason)
        return list((outcome.reply or {}).get("jobs", ()))

    def _committed(self, events: Sequence[Event]) -> None:
        available: set[str] = set()
        for event in events:
            if event.value_type is ValueType.JOB:
                if event.intent in OVER and event.key in self._batches:
                    self._batches.pop(event.key).over(event.key)
                if event.intent in AVAILABLE:
                    available.add(event.value.get("type", ""))
            elif event.value_type is ValueType.INCIDENT and event.intent is Intent.RESOLVED:
                available.update(self._lines)
        for job_type in available:
            if self._lines.get(job_type):
                self._serve(job_type)

    def _serve(self, job_type: str) -> None:
        if self._engine.state.has_activatable(job_type) and job_type not in self._servers:
            self._servers[job_type] = asyncio.create_task(self._work_on(job_type), name=f"jobs-{job_type}")

    async def _work_on(self, job_type: str) -> None:
        line = self._lines[job_type]
        try:
            while line and self._engine.state.has_activatable(job_type):
                waiter = line.popleft()
                if waiter.jobs.done():
                    continue
                if not await self._served(waiter):
                    line.appendleft(waiter)
                    return
        finally:
            del self._servers[job_type]
            if not line:
                self._lines.pop(job_type, None)

    async def _served(self, waiter: _Waiter) -> bool:
        try:
            jobs = await self._ask(waiter.wish)
        except Exception as error:
            if not waiter.jobs.done():
                waiter.jobs.set_exception(error)
            return True
        if not jobs:
            return waiter.jobs.done()
        if waiter.jobs.done():
            self.give_back([job["key"] for job in jobs])
        else:
            waiter.jobs.set_result(jobs)
        return True
