"""Who gets a job: long polls and streams of one type stand in one line, and are served in order.

Activation is a command like any other, but nobody queues for it: when somebody joins a line, or when
the events of a group made a job of its type available, the first in line gets its jobs within that very
group, so a job is created and handed out with one commit. Nobody asks while the state shows no job of
that type.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lienthong.engine.protocol.records import Command, Fact, Intent, Outcome, RejectionType, ValueType
from lienthong.engine.runtime.engine import Engine
from lienthong.engine.runtime.job_batch import Batch
from lienthong.engine.runtime.request import NotDurable, Request

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


class JobDispatcher:
    """The lines of waiting workers, by job type."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lines: dict[str, deque[_Waiter]] = {}
        self._ready: dict[str, None] = {}  # types at whose line to look in the next group, in order
        self._batches: dict[int, Batch] = {}
        self._returning: set[asyncio.Task[None]] = set()
        self._closed = False
        engine.listen(self._committed)
        engine.wish(self._wishes)

    def waiting(self) -> int:
        """How many polls and streams stand in line."""
        return sum(len(line) for line in self._lines.values())

    async def activate(self, wish: JobWish, wait_seconds: float) -> list[JobDict]:
        """Jobs for a worker: at once, or as soon as there are some, or none after `wait_seconds` (0: never)."""
        if self._closed:
            return []
        loop = asyncio.get_running_loop()
        waiter = _Waiter(wish, loop.create_future())
        self._lines.setdefault(wish.type, deque()).append(waiter)
        self._look_at(wish.type)
        alarm = loop.call_later(wait_seconds, _settle, waiter.jobs, []) if wait_seconds > 0 else None
        try:
            return await waiter.jobs
        except asyncio.CancelledError:
            if waiter.jobs.done() and not waiter.jobs.cancelled() and waiter.jobs.exception() is None:
                self.give_back([job["key"] for job in waiter.jobs.result()])
            raise
        finally:
            if alarm is not None:
                alarm.cancel()
            self._leave(waiter)

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

    def _leave(self, waiter: _Waiter) -> None:
        line = self._lines.get(waiter.wish.type)
        if line is None:
            return
        if waiter in line:
            line.remove(waiter)
        if not line:
            del self._lines[waiter.wish.type]

    def _look_at(self, job_type: str) -> None:
        if job_type in self._lines and self._engine.state.has_activatable(job_type):
            self._ready[job_type] = None
            self._engine.wake()

    def _committed(self, facts: Sequence[Fact]) -> None:
        batches = self._batches
        if not batches:
            return
        for value_type, intent, key, _, _ in facts:
            if value_type is ValueType.JOB and intent in OVER and key in batches:
                batches.pop(key).over(key)

    def _wishes(self, facts: list[Fact]) -> Generator[Request, Outcome, None]:
        """The activations that this group can serve: of the lines looked at, and of those with new jobs."""
        ready, self._ready = self._ready, {}
        if self._lines:
            for value_type, intent, _, value, _ in facts:
                if value_type is ValueType.JOB:
                    if intent in AVAILABLE:
                        ready[value.get("type", "")] = None
                elif value_type is ValueType.INCIDENT and intent is Intent.RESOLVED:
                    ready.update(dict.fromkeys(self._lines))
        for job_type in ready:
            line = self._lines.get(job_type)
            while line and self._engine.state.has_activatable(job_type):
                waiter = line.popleft()
                if waiter.jobs.done():
                    continue
                outcome = yield self._request(waiter)
                if outcome.rejection is None and not (outcome.reply or {}).get("jobs"):
                    line.appendleft(waiter)
                    break

    def _request(self, waiter: _Waiter) -> Request:
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(lambda done: self._failed(waiter, done.exception()))
        return Request(waiter.wish.command(), answer, lambda outcome: self._deliver(waiter, outcome))

    def _deliver(self, waiter: _Waiter, outcome: Outcome) -> None:
        """Durable: hand the jobs out, or back when their worker has gone meanwhile."""
        jobs = list((outcome.reply or {}).get("jobs", ()))
        if outcome.rejection is not None:
            if not waiter.jobs.done():
                waiter.jobs.set_exception(ActivationRefused(outcome.rejection.type, outcome.rejection.reason))
        elif jobs and waiter.jobs.done():
            self.give_back([job["key"] for job in jobs])
        elif jobs:
            waiter.jobs.set_result(jobs)

    def _failed(self, waiter: _Waiter, error: BaseException | None) -> None:
        """Not durable: the worker stands first in line again; any other fault is its answer."""
        if error is None or waiter.jobs.done():
            return
        if isinstance(error, NotDurable):
            self._lines.setdefault(waiter.wish.type, deque()).appendleft(waiter)
            self._look_at(waiter.wish.type)
        else:
            waiter.jobs.set_exception(error)


def _settle(future: asyncio.Future[Any], value: Any) -> None:
    if not future.done():
        future.set_result(value)
