"""The commands that wait for the next group, and the writer's sleep until there is a reason to go on."""

from __future__ import annotations

import asyncio
from collections import deque

from lienthong.engine.runtime.request import Request


class CommandQueue:
    """Filled by callers, drained by the one writer."""

    def __init__(self) -> None:
        self.requests: deque[Request] = deque()
        self._more = asyncio.Event()
        self._enough = 1  # requests that are a reason to go on

    def __len__(self) -> int:
        return len(self.requests)

    def add(self, request: Request) -> None:
        """One more request."""
        self.requests.append(request)
        if len(self.requests) >= self._enough:
            self._more.set()

    def wake(self) -> None:
        """Another reason to go on than a request; a writer that gathers requests takes it in soon."""
        if self._enough == 1:
            self._more.set()

    def go_on(self) -> None:
        """Sleep no longer, whatever for."""
        self._more.set()

    def begin(self) -> None:
        """The writer looks at everything now; what comes from here on is a reason to look again."""
        self._more.clear()

    async def sleep(self, seconds: float | None) -> None:
        """Until there is a reason to go on, or for so long; without the task that a wait with a time limit makes."""
        alarm = None if seconds is None else asyncio.get_running_loop().call_later(seconds, self._more.set)
        await self._more.wait()
        if alarm is not None:
            alarm.cancel()

    async def gather(self, enough: int, seconds: float) -> None:
        """Until so many requests wait, or for so long."""
        if len(self.requests) >= enough or seconds <= 0:
            return
        self._enough = enough
        self._more.clear()
        try:
            await self.sleep(seconds)
        finally:
            self._enough = 1
