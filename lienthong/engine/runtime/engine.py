"""The single writer.

Drain the queue, process all of it on the state, append one row of events for the whole group in a
thread (fsynced), then answer. Commands that arrive during the commit form the next group, so groups
grow with the load; under load the writer also rests a moment between two groups, as a group costs the
same whether it is small or large. A command that comes alone is made durable at once, without the way
through the thread, while the disk is quick. Nothing is acknowledged before it is durable: when the
append fails, everybody in the group is told so and the state is rebuilt from the store; when that fails
too, the engine stops.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from lienthong.engine.core.due import next_due_ms
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Command, Fact, Outcome
from lienthong.engine.runtime.clock import EngineClock
from lienthong.engine.runtime.group import Group, Wishes, process_group
from lienthong.engine.runtime.metrics import EngineMetrics
from lienthong.engine.runtime.queue import CommandQueue
from lienthong.engine.runtime.reader import Follower
from lienthong.engine.runtime.recovery import recover
from lienthong.engine.runtime.request import (
    CommandFailed,
    EngineOverloaded,
    EngineStopped,
    NotDurable,
    OnCommit,
    Request,
)
from lienthong.engine.store import Snapshot, Store, StoreFailed

PINNED_CLOCK = "pinned_clock_ms"
MOST_WAITING = 20_000
SNAPSHOT_EVENTS = 250_000
SNAPSHOT_EVENTS_AN_ELEMENT = 8  # a large state is written less often
MOST_SNAPSHOT_EVENTS = 1_500_000  # so many are replayed in a few seconds
SNAPSHOT_EVENTS_AT_STOP = 2_000
FAULT_PAUSE_SECONDS = 1.0
COLLECT_AFTER = (20_000, 20, 50)
FREEZE_EVENTS = 100_000
BUSY_GROUP = 3  # commands in one group that show that several callers are at work
BUSY_PAUSE_SECONDS = 0.002
FULL_QUEUE = 64  # commands that wait: more would not make the next group cheaper
Answer = TypeVar("Answer")
CommitListener = Callable[[Sequence[Fact]], None]
logger = logging.getLogger(__name__)


class Engine:
    """Takes commands, answers after the commit, wakes up for what is due."""

    def __init__(self, store: Store, reader: Follower, snapshot_events: int = SNAPSHOT_EVENTS) -> None:
        self.reader = reader
        self.metrics = EngineMetrics()
        self.clock = EngineClock()
        self.state = State()
        self.failure: Exception | None = None
        self.stopped = asyncio.Event()
        self._store = store
        self._thread = ThreadPoolExecutor(1, "engine-store")
        self._queue = CommandQueue()
        self._listeners: list[CommitListener] = []
        self._wishes: list[Wishes] = []
        self._store_calls = 0
        self._skipped: set[tuple[str, str, int]] = set()
        self._position = 0
        self._events_since_snapshot = 0
        self._events_since_freeze = 0
        self._snapshot_events = snapshot_events
        self._snapshot_wanted = self._stopping = False
        self._task: asyncio.Task[None] | None = None

    # what callers use

    async def start(self) -> None:
        """Recover the state, let the read model catch up, and begin."""
        try:
            await self._recover()
            await self.reader.catch_up(self._store)
        except BaseException:
            await self._in_store(self._store.close)
            raise
        pinned = await self._in_store(self._store.setting, PINNED_CLOCK)
        self.clock.pinned_ms = int(pinned) if pinned is not None else None
        self.reader.start()
        self._settle_memory()
        gc.set_threshold(*COLLECT_AFTER)
        self.metrics.up.set(1)
        self._task = asyncio.create_task(self._run(), name="engine-writer")

    async def submit(self, command: Command, on_commit: OnCommit | None = None) -> Outcome:
        """Process a command; returns after its events are durable. `on_commit` runs at that moment, first of all."""
        return await self._queued(command, on_commit)

    async def settle(self) -> None:
        """Return when nothing is due any more."""
        await self._queued(None, None)

    async def pin_clock(self, moment_ms: int | None) -> None:
        """Pin the clock (None: back to real time), durably; returns when everything due by then is done."""
        self._check_running()
        await self._in_store(self._store.save_setting, PINNED_CLOCK, None if moment_ms is None else str(moment_ms))
        self.clock.pinned_ms = moment_ms
        await self.settle()

    def listen(self, listener: CommitListener) -> None:
        """Call `listener` with the events of every group, after its commit; it must not raise or wait."""
        self._listeners.append(listener)

    def wish(self, wishes: Wishes) -> None:
        """Ask `wishes` in every group for commands that its events made possible; they join the group."""
        self._wishes.append(wishes)

    def keep_snapshot(self) -> None:
        """Keep a snapshot soon, so that the log forgets what the read model and the archive hold."""
        if self._events_since_snapshot:
            self._snapshot_wanted = True
            self._queue.wake()

    def wake(self) -> None:
        """Somebody has a wish."""
        self._queue.wake()

    @property
    def waiting_commands(self) -> int:
        """Commands in the queue."""
        return len(self._queue)

    @property
    def position(self) -> int:
        """The newest durable group."""
        return self._position

    async def stop(self) -> None:
        """Answer what is queued, keep a snapshot, close the store."""
        self._stopping = True
        self._queue.go_on()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        try:
            enough = self._snapshot_wanted or self._events_since_snapshot >= SNAPSHOT_EVENTS_AT_STOP
            if self.failure is None and enough:
                await self._snapshot()
            await self.reader.stop()
        finally:
            await self._in_store(self._store.close)
            self._thread.shutdown()

    # the loop

    def _check_running(self) -> None:
        if self.failure is not None or self._stopping:
            raise EngineStopped(
                "Expected a running engine, but it has stopped" if self.failure else "The engine is stopping"
            )

    async def _queued(self, command: Command | None, on_commit: OnCommit | None) -> Outcome:
        self._check_running()
        if len(self._queue) >= MOST_WAITING:
            raise EngineOverloaded(f"Expected fewer than {MOST_WAITING} commands to wait; try again later")
        request = Request(command, asyncio.get_running_loop().create_future(), on_commit)
        self._queue.add(request)
        return await request.answer

    async def _in_store(self, function: Callable[..., Answer], *arguments: Any) -> Answer:
        self._store_calls += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)
        finally:
            self._store_calls -= 1

    async def _append(self, group: Group) -> None:
        if group.commands < BUSY_GROUP and not self._queue and not self._store_calls and self._store.quick:
            self._store.append(self._position + 1, group.facts)
        else:
            await self._in_store(self._store.append, self._position + 1, group.facts)

    async def _run(self) -> None:
        try:
            while self._queue or not self._stopping:
                await self._one_round()
        except Exception as error:
            logger.critical("The engine stops: %s", error, exc_info=error)
            self.failure = error
        finally:
            self.metrics.up.set(0)
            for request in self._queue.requests:
                request.refuse(EngineStopped("The engine has stopped"))
            self._queue.requests.clear()
            self.stopped.set()

    async def _one_round(self) -> None:
        self._queue.begin()
        begun = time.perf_counter()
        group = process_group(self.state, self._queue.requests, self.clock.now_ms(), self._skipped, self._wishes)
        if group.commands == 0:
            if self._queue:  # a wish to settle, and nothing is due
                self._queue.requests.popleft().give(Outcome([]))
            elif self._snapshot_wanted:
                await self._snapshot()
            else:
                await self._wait()
            return
        if group.facts and not await self._commit(group):
            return
        for request, outcome in group.answers:
            request.give(outcome)
        self.metrics.count(group)
        for listener in self._listeners if group.facts else ():
            listener(group.facts)
        if group.fault is not None:
            await self._after_fault(group)
        elif self._snapshot_wanted or self._events_since_snapshot >= self._enough_events():
            await self._snapshot()
        elif self._events_since_freeze >= FREEZE_EVENTS:
            self._settle_memory()
        if group.commands > BUSY_GROUP and not self._stopping:
            rest = begun + BUSY_PAUSE_SECONDS - time.perf_counter()
            await self._queue.gather(min(group.commands, FULL_QUEUE), rest)

    async def _wait(self) -> None:
        moment = next_due_ms(self.state)
        seconds = None if moment is None else self.clock.seconds_until(moment)
        if seconds == 0.0:  # only commands that broke before are due
            seconds = FAULT_PAUSE_SECONDS
        await self._queue.sleep(seconds)

    async def _commit(self, group: Group) -> bool:
        started = time.perf_counter()
        try:
            await self._append(group)
        except Exception as error:
            self.metrics.faults.labels("store").inc()
            logger.error("Nothing of this group was kept: %s", error)
            try:
                await asyncio.sleep(FAULT_PAUSE_SECONDS if isinstance(error, StoreFailed) else 0)
                await self._recover()
            finally:
                group.refuse(NotDurable(f"Expected to make it durable, but {error}"))
            return False
        self.metrics.commit_seconds.observe(time.perf_counter() - started)
        self._position += 1
        self._events_since_snapshot += len(group.facts)
        self._events_since_freeze += len(group.facts)
        self.reader.take(self._position, group.facts)
        return True

    async def _after_fault(self, group: Group) -> None:
        assert group.fault is not None
        request, command, error = group.fault
        self.metrics.faults.labels("command").inc()
        if request is None:
            self._skipped.add((command.value_type.value, command.intent.value, command.key))
        else:
            request.refuse(CommandFailed(f"Expected to process {command.value_type} {command.intent}, but {error!r}"))
        await self._recover()

    async def _recover(self) -> None:
        recovered = await self._in_store(recover, self._store)
        self.state, self._position = recovered.state, recovered.position
        self._events_since_snapshot = recovered.replayed
        logger.info(
            "State at group %s: snapshot %s and %s events",
            self._position,
            recovered.snapshot_position,
            recovered.replayed,
        )

    def _settle_memory(self) -> None:
        """What lives long is not looked at by the collector again: its pauses stay short however much runs."""
        gc.collect()
        gc.freeze()
        self._events_since_freeze = 0

    def _enough_events(self) -> int:
        by_size = min(SNAPSHOT_EVENTS_AN_ELEMENT * len(self.state.elements), MOST_SNAPSHOT_EVENTS)
        return max(self._snapshot_events, by_size)

    async def _snapshot(self) -> None:
        """Keep a snapshot; then the log forgets what both it and the read model hold. A failure only postpones it."""
        self._events_since_snapshot, self._snapshot_wanted = 0, False
        snapshot = Snapshot(self._position, self.state.snapshot())
        try:
            await self._in_store(self._store.save_snapshot, snapshot)
            followed = await self.reader.secured_position()
            await self._in_store(self._store.compact, min(snapshot.position, followed))
        except StoreFailed as error:
            self.metrics.faults.labels("snapshot").inc()
            logger.error("No snapshot was kept: %s", error)
