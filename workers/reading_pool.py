"""Reading in processes of their own: recognition holds one core for seconds, and the worker must keep its heartbeat.

A process loads its models with the first picture and keeps them. Processes are spawned, not forked: gRPC does not
survive a fork.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from threading import Thread
from typing import TYPE_CHECKING

from workers.context import TemporaryFailure

if TYPE_CHECKING:
    from lienthong.reading.engine import RecognitionEngine
    from lienthong.reading.result import Reading

NO_ENGINE = "none"  # the setting that switches reading off: every paper is left to an officer


@dataclass(frozen=True, slots=True)
class Unread:
    """One content to be read; ``name`` is what the caller knows it by."""

    name: str
    content: bytes
    content_type: str


@lru_cache(maxsize=1)
def pool(processes: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, mp_context=context, initializer=end_with_parent)


def end_with_parent() -> None:
    """A worker that is killed takes its reading processes with it; else each would keep its 450 MB for ever."""
    parent = multiprocessing.parent_process()

    def wait_and_end() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=wait_and_end, daemon=True).start()


def close_pool(processes: int) -> None:
    """End the reading processes; the next document starts new ones."""
    pool(processes).shutdown(wait=True, cancel_futures=True)
    pool.cache_clear()


@lru_cache(maxsize=2)
def engine_of(name: str) -> RecognitionEngine:
    """The engine of this process."""
    from lienthong.reading.engine import create_engine

    return create_engine(name)


def read_one(unread: Unread, engine_name: str) -> Reading | None:
    """Runs in a reading process; nothing when the content cannot be read at all."""
    from lienthong.reading.picture import UnreadablePicture
    from lienthong.reading.reader import read_document

    try:
        return read_document(unread.content, unread.content_type, engine_of(engine_name))
    except UnreadablePicture:
        return None


def read_all(documents: Sequence[Unread], engine_name: str, processes: int) -> Iterator[tuple[str, Reading | None]]:
    """Name and reading of each document, in their order; a process that died is replaced on the next try.

    With the engine ``none`` nothing is read, and each document is left to an officer.
    """
    if engine_name == NO_ENGINE:
        yield from ((entry.name, None) for entry in documents)
        return
    executor = pool(processes)
    try:
        running: list[Future[Reading | None]] = [executor.submit(read_one, entry, engine_name) for entry in documents]
        for entry, future in zip(documents, running, strict=True):
            yield entry.name, future.result()
    except BrokenProcessPool as error:
        pool.cache_clear()
        raise TemporaryFailure(
            "A process that reads papers ended unexpectedly.",
            "Check the free memory of the machine (a reading process needs 450 MB), then resolve the incident.",
        ) from error
