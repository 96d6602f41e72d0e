"""What callers put into the engine's queue, and how it can go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from lienthong.engine.protocol.records import Command, Outcome

OnCommit = Callable[[Outcome], None]


class EngineStopped(Exception):
    """The engine takes no more commands; what was not answered may or may not have happened."""


class EngineOverloaded(Exception):
    """Too many commands wait already; nothing has happened, try again later."""


class CommandFailed(Exception):
    """The engine could not do it through a fault of its own; nothing of it was kept."""


class NotDurable(Exception):
    """The store could not keep it (a full disk); nothing has happened, try again later."""


@dataclass(slots=True)
class Request:
    """A command that waits for its turn; without a command, a wish to see everything due done."""

    command: Command | None
    answer: asyncio.Future[Outcome]
    on_commit: OnCommit | None = None

    def give(self, outcome: Outcome) -> None:
        """Answer; a caller that has gone meanwhile is no harm to the others of its group."""
        if self.on_commit is not None:
            self.on_commit(outcome)
        if not self.answer.done():
            self.answer.set_result(outcome)

    def refuse(self, error: Exception) -> None:
        """Answer with an error."""
        if not self.answer.done():
            self.answer.set_exception(error)
