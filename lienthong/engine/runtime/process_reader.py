"""The read model written by a process of its own (see `store.projector`), and asked from a thread of this one.

Following costs the engine nothing but a line now and then; a search first waits until everything
committed before it is in. The writer is started again when it dies, and told once more what was open.
"""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import orjson

from lienthong.engine.protocol.records import Fact
from lienthong.engine.runtime.reader import FOLLOW_SECONDS, check_reaches
from lienthong.engine.store import Store, StoreFailed
from lienthong.engine.store.archive import ArchivedModel, archive_files
from lienthong.engine.store.read_model import ReadModel

Answer = TypeVar("Answer")
RESTART_SECONDS = 1.0
RETRY_SECONDS = 1.0
PROGRAM = "import sys; from lienthong.engine.store.projector import main; main(sys.argv[1])"
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Told:
    """What the writer was told and has not answered."""

    verb: str
    argument: Any
    answer: asyncio.Future[Any]


class ProcessReader:
    """Follows by a process, answers by a thread."""

    def __init__(self, directory: Path, lag_seconds: float = 0.0) -> None:
        self._directory = directory
        self._lag_seconds = lag_seconds
        self._model = ReadModel(directory)  # asked only; the process writes
        self._archive: ArchivedModel | None = None
        self._thread = ThreadPoolExecutor(1, "engine-reader")
        self._process: subprocess.Popen[bytes] | None = None
        self._read = bytearray()
        self._told: dict[int, _Told] = {}
        self._number = 0
        self._committed = 0
        self._following: asyncio.Future[Any] | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._stopping = False
        self.position = self._model.position

    @property
    def waiting_groups(self) -> int:
        """Committed groups that the read model does not show yet."""
        return max(self._committed - self.position, 0)

    async def catch_up(self, store: Store) -> None:
        """Refuse what does not fit the log; the rest is followed after the start, and searches wait for it."""
        check_reaches(store, self.position)
        self._committed = store.last_position()

    def start(self) -> None:
        """Begin to follow."""
        self._begin()
        if self.waiting_groups:
            self._follow()

    def take(self, position: int, facts: Sequence[Fact]) -> None:
        """A group was committed; the process is told after a moment, with all that comes meanwhile."""
        self._committed = position
        if self._alarm is None:
            pause = self._lag_seconds or FOLLOW_SECONDS
            self._alarm = asyncio.get_running_loop().call_later(pause, self._follow)

    async def ask(self, question: Callable[[ReadModel], Answer]) -> Answer:
        """Run a question on the read model, after everything committed so far (unless a lag is wanted)."""
        if not self._lag_seconds:
            await self._followed(self._committed)
        return await self._run(question, self._model)

    async def ask_archive(self, question: Callable[[ReadModel], Answer]) -> Answer:
        """The same on the read model and the archive together."""
        if not self._lag_seconds:
            await self._followed(self._committed)
        return await self._run(self._asked_archive, question)

    async def secured_position(self) -> int:
        """Follow everything, bring it safely to disk, and say up to which group."""
        await self._followed(self._committed)
        position = self.position
        await self._tell("secure", None)
        return position

    async def archive(self, before_ms: int, most: int) -> int:
        """Move up to `most` trees of instances that ended before a moment into the archive; how many were."""
        await self._followed(self._committed)
        return int(await self._tell("archive", [before_ms, most]))

    async def forget(self, instances: Sequence[int], evaluations: Sequence[int]) -> None:
        """Delete what is kept of finished instances and of evaluated decisions, safely on disk before this returns."""
        await self._followed(self._committed)
        await self._tell("forget", [list(instances), list(evaluations)])

    async def stop(self) -> None:
        """Follow the rest and close."""
        try:
            if self._process is not None:
                await self._followed(self._committed)
        finally:
            self._stopping = True
            self._end()
            await self._run(self._close)
            self._thread.shutdown()

    # questions

    async def _run(self, function: Callable[..., Answer], *arguments: Any) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    def _asked_archive(self, question: Callable[[ReadModel], Answer]) -> Answer:
        files = archive_files(self._directory)
        if not files:
            return question(self._model)
        if self._archive is None or self._archive.files != files:
            if self._archive is not None:
                self._archive.close()
            self._archive = ArchivedModel(self._model, files)
        return question(self._archive)

    def _close(self) -> None:
        self._model.close()
        if self._archive is not None:
            self._archive.close()

    # following

    def _follow(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self._following is None:
            self._following = self._tell("follow", self._committed)
            self._following.add_done_callback(self._was_followed)

    def _was_followed(self, done: asyncio.Future[Any]) -> None:
        self._following = None
        if done.cancelled():
            return
        if done.exception() is not None:
            logger.error("Expected the read model to follow the log, but it failed: %s", done.exception())
            if self._alarm is None and not self._stopping:
                self._alarm = asyncio.get_running_loop().call_later(RETRY_SECONDS, self._follow)

    async def _followed(self, position: int) -> None:
        while self.position < position:
            self._follow()
            assert self._following is not None
            await asyncio.shield(self._following)

    def _tell(self, verb: str, argument: Any) -> asyncio.Future[Any]:
        self._number += 1
        told = _Told(verb, argument, asyncio.get_running_loop().create_future())
        self._told[self._number] = told
        self._send(self._number, told)
        return told.answer

    def _send(self, number: int, told: _Told) -> None:
        if self._process is None or self._process.stdin is None:
            return  # told again when there is one
        try:
            self._process.stdin.write(orjson.dumps([number, told.verb, told.argument]) + b"\n")
        except BrokenPipeError:
            return  # its end is about to be seen

    def _begin(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(self._directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        assert self._process.stdout is not None
        os.set_blocking(self._process.stdout.fileno(), False)
        asyncio.get_running_loop().add_reader(self._process.stdout.fileno(), self._heard)
        for number, told in self._told.items():
            self._send(number, told)

    def _heard(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        found = self._process.stdout.read(65_536)
        if found == b"":
            self._died()
            return
        self._read += found or b""
        *lines, rest = self._read.split(b"\n")
        self._read = bytearray(rest)
        for line in lines:
            number, self.position, answer, failure = orjson.loads(line)
            told = self._told.pop(number, None)
            if told is None or told.answer.done():
                continue
            if failure is None:
                told.answer.set_result(answer)
            else:
                told.answer.set_exception(StoreFailed(failure))

    def _died(self) -> None:
        self._end()
        if not self._stopping:
            logger.error("Expected the writer of the read model to run, but it has ended; starting another")
            asyncio.get_running_loop().call_later(RESTART_SECONDS, self._begin_again)

    def _begin_again(self) -> None:
        if not self._stopping:
            self._begin()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None and process.stdout is not None
        asyncio.get_running_loop().remove_reader(process.stdout.fileno())
        process.stdin.close()
        process.stdout.close()
        process.wait()
        self._read.clear()
