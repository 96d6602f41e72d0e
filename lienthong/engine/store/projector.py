"""The process beside the engine that writes the read model: it reads the log itself, so the engine pays nothing.

It is told what to do by lines of JSON on standard input, `[number, verb, argument]`, and answers each
with `[number, position, answer, error]`. Every verb may be told twice. It ends when its input ends, so
it never outlives its engine by more than the transaction at hand.
"""

from __future__ import annotations

import gc
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from lienthong.engine.store.archive import archive_finished, forget
from lienthong.engine.store.log_store import LogRow, StoreFailed, StoreRefused
from lienthong.engine.store.packing import unpack
from lienthong.engine.store.projection import wants
from lienthong.engine.store.read_model import ReadModel
from lienthong.engine.store.sqlite_store import LOG_FILE

GROUPS_TOGETHER = 200
POLITENESS = 5
COLLECT_AFTER = (50_000, 20, 50)


class Projector:
    """The read model of a directory, and the log that it follows."""

    def __init__(self, directory: Path) -> None:
        self.model = ReadModel(directory)
        self._log = sqlite3.connect(f"file:{directory / LOG_FILE}?mode=ro", uri=True, isolation_level=None, timeout=30)
        self._verbs: dict[str, Callable[[Any], Any]] = {
            "follow": self._follow,
            "secure": lambda _: self.model.secure(),
            "archive": lambda cut: archive_finished(self.model, cut[0], cut[1]),
            "forget": lambda keys: forget(self.model, keys[0], keys[1]),
        }

    def do(self, verb: str, argument: Any) -> Any:
        """Do one thing; its answer."""
        return self._verbs[verb](argument)

    def _follow(self, last: int) -> None:
        groups = self._groups(self.model.position, last)
        while together := list(islice(groups, GROUPS_TOGETHER)):
            self.model.follow(together)
        if self.model.position < last:
            raise StoreRefused(f"Expected groups to {last} in the log, but it ends at {self.model.position}")

    def _groups(self, position: int, last: int) -> Iterator[LogRow]:
        query = "SELECT position, events FROM log WHERE position > ? AND position <= ? ORDER BY position LIMIT ?"
        while rows := self._log.execute(query, (position, last, GROUPS_TOGETHER)).fetchall():
            for found, blob in rows:
                if found != position + 1:
                    raise StoreRefused(f"Expected group {position + 1} in the log, but the next one is {found}")
                position = found
                yield LogRow(found, unpack(blob, wants))

    def close(self) -> None:
        """Let go of both files."""
        self.model.close()
        self._log.close()


def main(directory: str) -> None:
    """Serve the engine that started this process, until it ends."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the engine says when to end
    os.nice(POLITENESS)
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    with closing(Projector(Path(directory))) as projector:
        for line in sys.stdin.buffer:
            number, verb, argument = orjson.loads(line)
            answer, failure = None, None
            try:
                answer = projector.do(verb, argument)
            except (StoreFailed, StoreRefused, sqlite3.Error) as error:
                failure = str(error)
            reply = [number, projector.model.position, answer, failure]
            sys.stdout.buffer.write(orjson.dumps(reply) + b"\n")
            sys.stdout.buffer.flush()
