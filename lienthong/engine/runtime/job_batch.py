"""What one worker holds of a job type, and what its polls tell of how much it can bear.

pyzeebe sleeps for seconds when a poll ends while it runs all that it may. It asks for no more than it has
room for. Once that shows (it asks for different numbers, or ends jobs before their stream ends), a poll
answered with one job less than asked never leaves it full, however late it takes note of what it has
finished: it asks again at once. With room for one alone it would live on single jobs; such a poll is put
off until more of its jobs are over and then answered with none, upon which it asks for all it has room for
by then.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress

PATIENCE = (0.5, 0.75, 6.0)  # least, usual, most and first; see `Batch.patience`
OVERSLEPT_SECONDS = 2.0  # a client that polls so late after its stream's end was full when the end came
HOLD_SECONDS = 0.02  # a poll for little waits so long for more of its owner's jobs to be over
NOTICE_SECONDS = 0.0005
FIRST_HOLD_SECONDS = 0.25  # the end of a full batch waits so long for a sign that its owner works while it reads
LONGEST_ANSWER_SECONDS = 1.0
MOST_PUT_OFF = 40


class Batch:
    """Jobs that were handed out to somebody; tells when enough of them are over."""

    def __init__(self, keys: Sequence[int] = ()) -> None:
        self.open = set(keys)
        self.capacity = 0  # jobs that its owner has shown to run at a time
        self.largest = 0  # jobs that its owner has asked for at a time
        self.turnaround_seconds = 0.0  # from handing jobs out to the end of the first of them
        self.counts_room = False  # its owner works while it reads and asks for what it has room for
        self.put_off = 0  # polls in a row that were answered with none, to be asked for more
        self.patience = PATIENCE[2]  # turnarounds to let pass until the answers before a stream's end are surely taken
        self._learnt = False  # whether `patience` comes from how it polled before
        self._asked = self._given = 0  # by its owner's latest poll, and in answer to it
        self._ended_at = 0.0
        self._given_at = 0.0
        self._changed = asyncio.Event()

    def given(self, keys: Sequence[int]) -> None:
        """Its owner gets these as well."""
        self.open.update(keys)
        self._given += len(keys)
        self._given_at = time.monotonic()

    def asked(self, most: int) -> None:
        """Its owner asks for more: so many beside what it runs is what it can bear."""
        if self._ended_at:
            overslept = time.monotonic() - self._ended_at > OVERSLEPT_SECONDS
            least, usual, largest = PATIENCE
            fewer = max(self.patience * 0.97, least) if self._learnt else usual
            self.patience = min(self.patience * 2, largest) if overslept else fewer
            self._learnt = True
            self._ended_at = 0.0
        if most < self._asked - self._given:  # it has room for more and wants no more: learn it anew
            self.capacity = self.largest = 0
            self.counts_room = False
        elif self._asked and most != self._asked:
            self.counts_room = True
        self.capacity = max(self.capacity, len(self.open) + most)
        self.largest = max(self.largest, most)
        self._asked, self._given = most, 0

    @property
    def may_wait(self) -> int:
        """Open jobs up to which another poll of its owner would be for half of the largest at least."""
        return max(self.capacity - (self.largest + 1) // 2, 0)

    def bearable(self, most: int) -> int:
        """Of so many jobs asked for, those that do not fill their owner; of one, that one."""
        fills = self.counts_room and len(self.open) + most >= self.capacity
        return most - 1 if fills and most > 1 else most

    async def rather_asks_again(self, most: int) -> bool:
        """Whether a poll for `most` is better answered with none: soon its owner has room for far more."""
        if not self.counts_room or most * 2 >= self.largest or self.put_off >= MOST_PUT_OFF:
            self.put_off = 0
            return False
        self.put_off += 1
        if len(self.open) <= self.may_wait:
            await asyncio.sleep(NOTICE_SECONDS)  # it has yet to take note of what is over
            return True
        with suppress(TimeoutError):
            await asyncio.wait_for(self.at_most(self.may_wait), HOLD_SECONDS)
            return True
        self.put_off = 0
        return False

    async def has_room(self) -> None:
        """Return when its owner has surely noted room for half of its largest poll.

        Jobs are over before it takes the answers that tell it so; how long before is not known of a new one.
        """
        if not self.counts_room:
            before = len(self.open)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.at_most(before - 1), FIRST_HOLD_SECONDS)
            self.counts_room = len(self.open) < before
        if not self.counts_room:
            return  # it reads to the end before it works
        await self.at_most(self.may_wait)
        await asyncio.sleep(min(self.turnaround_seconds * self.patience, LONGEST_ANSWER_SECONDS))

    def ended(self) -> None:
        """The stream of a full batch ends now: its owner should ask again at once, if it is not full."""
        self._ended_at = time.monotonic()

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
