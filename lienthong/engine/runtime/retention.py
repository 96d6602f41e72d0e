"""What has been finished for long enough leaves the read model for the archive, and the log forgets it.

The engine's state holds only what runs; so a snapshot is all that it takes to shorten the log.
"""

from __future__ import annotations

import asyncio
import logging

from lienthong.engine.runtime.engine import Engine
from lienthong.engine.store import StoreFailed

EVERY_SECONDS = 600.0
TOGETHER = 200
DAY_MS = 86_400_000
logger = logging.getLogger(__name__)


class Retention:
    """Archives now and then from `start` to `stop`; the age is counted by the engine's clock."""

    def __init__(self, engine: Engine, after_days: float, every_seconds: float = EVERY_SECONDS) -> None:
        self._engine = engine
        self._after_ms = round(after_days * DAY_MS)
        self._every_seconds = every_seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; the first time at once."""
        self._task = asyncio.create_task(self._for_ever(), name="engine-retention")

    async def stop(self) -> None:
        """End; what has begun is finished by the writer of the read model."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def archive_now(self) -> int:
        """Move everything that is old enough; how many call hierarchies were moved."""
        before, moved = self._engine.clock.now_ms() - self._after_ms, 0
        while True:
            found = await self._engine.reader.archive(before, TOGETHER)
            moved += found
            if found < TOGETHER:
                break
        if moved:
            self._engine.metrics.archived.inc(moved)
            self._engine.keep_snapshot()
        return moved

    async def _for_ever(self) -> None:
        while True:
            try:
                await self.archive_now()
            except StoreFailed as error:
                logger.error("Nothing more was archived for now: %s", error)
            await asyncio.sleep(self._every_seconds)
