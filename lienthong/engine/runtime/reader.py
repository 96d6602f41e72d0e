"""The read model beside the engine: follows the commits in a thread of its own, and answers searches.

A search first waits until everything committed before it is in, so REST shows what was acknowledged.
`lag_seconds` delays following on purpose, as a cluster's secondary storage would.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, Protocol, TypeVar

from lienthong.engine.protocol.records import Fact
from lienthong.engine.store import LogRow, Store, StoreRefused
from lienthong.engine.store.archive import ArchivedModel, archive_files, archive_finished, forget
from lienthong.engine.store.read_model import ReadModel

Answer = TypeVar("Answer")
FOLLOW_SECONDS = 0.25
CATCH_UP_GROUPS = 5000
MOST_PENDING_EVENTS = 20_000
logger = logging.getLogger(__name__)


class Follower(Protocol):
    """What the engine and its edges need of whoever keeps the read model."""

    position: int

    @property
    def waiting_groups(self) -> int:
        """Committed groups that the read model does not show yet."""

    async def catch_up(self, store: Store) -> None:
        """Take in what the log holds beyond the read model, or refuse a read model that does not fit the log."""

    def start(self) -> None:
        """Begin to follow."""

    def take(self, position: int, facts: Sequence[Fact]) -> None:
        """A group was committed."""

    async def ask(self, question: Callable[[ReadModel], Answer]) -> Answer:
        """Run a question on the read model, after everything committed so far (unless a lag is wanted)."""

    async def ask_archive(self, question: Callable[[ReadModel], Answer]) -> Answer:
        """The same on the read model and the archive together."""

    async def secured_position(self) -> int:
        """Follow everything, bring it safely to disk, and say up to which group."""

    async def archive(self, before_ms: int, most: int) -> int:
        """Move up to `most` trees of instances that ended before a moment into the archive; how many were."""

    async def forget(self, instances: Sequence[int], evaluations: Sequence[int]) -> None:
        """Delete what is kept of finished instances and of evaluated decisions, safely on disk before this returns."""

    async def stop(self) -> None:
        """Follow the rest and close."""


def check_reaches(store: Store, position: int) -> None:
    """Refuse a read model beyond the log's end, or one whose next group the log has forgotten."""
    last = store.last_position()
    if position > last:
        raise StoreRefused(f"Expected the read model to follow the log to {last}, but it is at {position}")
    if position < last:
        first = next(store.rows_after(position), None)
        if first is None or first.position != position + 1:
            raise StoreRefused(f"Expected a read model beyond group {position}: the log no longer has what follows")


class Reader:
    """Owns the read model and the one thread that may touch it; follows within this process."""

    def __init__(self, model: ReadModel, lag_seconds: float = 0.0) -> None:
        self._model = model
        self._lag_seconds = lag_seconds
        self._thread = ThreadPoolExecutor(1, "engine-reader")
        self._pending: list[LogRow] = []
        self._pending_events = 0
        self._task: asyncio.Task[None] | None = None
        self._more = asyncio.Event()
        self._following = asyncio.Lock()
        self._archive: ArchivedModel | None = None
        self.position = model.position

    @property
    def waiting_groups(self) -> int:
        """Committed groups that the read model does not show yet."""
        return len(self._pending)

    async def catch_up(self, store: Store) -> None:
        """Follow what the log holds beyond the read model (after a crash)."""
        check_reaches(store, self.position)
        rows = store.rows_after(self.position)
        while batch := list(islice(rows, CATCH_UP_GROUPS)):
            self.position = await self._run(self._model.follow, batch)

    def start(self) -> None:
        """Begin to follow."""
        self._task = asyncio.create_task(self._follow_for_ever(), name="engine-reader")

    def take(self, position: int, facts: Sequence[Fact]) -> None:
        """A group was committed."""
        self._pending.append(LogRow(position, list(facts)))
        self._pending_events += len(facts)
        self._more.set()

    async def _run(self, function: Callable[..., Answer], *arguments: Any) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    async def _follow_for_ever(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            if self._pending_events < MOST_PENDING_EVENTS or self._lag_seconds:
                await asyncio.sleep(self._lag_seconds or FOLLOW_SECONDS)
            try:
                await self._follow()
            except Exception:
                logger.exception("Expected the read model to follow the log, but it failed; trying again")
                await asyncio.sleep(1)
                self._more.set()

    async def _follow(self) -> None:
        async with self._following:
            batch = self._pending
            if not batch:
                return
            self._pending, self._pending_events = [], 0
            try:
                self.position = await self._run(self._model.follow, batch)
            except BaseException:
                self._pending = batch + self._pending
                raise

    async def ask(self, question: Callable[[ReadModel], Answer]) -> Answer:
        """Run a question on the read model, after everything committed so far (unless a lag is wanted)."""
        if not self._lag_seconds:
            await self._follow()
        return await self._run(question, self._model)

    async def secured_position(self) -> int:
        """Follow everything, bring it safely to disk, and say up to which group."""
        await self._follow()
        await self._run(self._model.secure)
        return self.position

    async def ask_archive(self, question: Callable[[ReadModel], Answer]) -> Answer:
        """The same on the read model and the archive together."""
        return await self.ask(lambda model: question(self._with_archive(model)))

    def _with_archive(self, model: ReadModel) -> ReadModel:
        files = archive_files(model.directory)
        if self._archive is None or self._archive.files != files:
            if self._archive is not None:
                self._archive.close()
            self._archive = ArchivedModel(model, files)
        return self._archive

    async def archive(self, before_ms: int, most: int) -> int:
        """Move up to `most` trees of instances that ended before a moment into the archive; how many were."""
        await self._follow()
        return await self._run(archive_finished, self._model, before_ms, most)

    async def forget(self, instances: Sequence[int], evaluations: Sequence[int]) -> None:
        """Delete what is kept of finished instances and of evaluated decisions, safely on disk before this returns."""
        await self._follow()
        await self._run(forget, self._model, instances, evaluations)

    async def stop(self) -> None:
        """Follow the rest and close."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        try:
            await self._follow()
        finally:
            if self._archive is not None:
                await self._run(self._archive.close)
            await self._run(self._model.close)
            self._thread.shutdown()
