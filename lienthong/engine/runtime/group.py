"""One group: the commands between two commits, processed on the state and not yet durable."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field

from lienthong.engine.core.due import due
from lienthong.engine.core.process import process
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Command, Fact, Outcome
from lienthong.engine.runtime.request import Request

LARGEST_GROUP = 1000
Wishes = Callable[[list[Fact]], Generator[Request, Outcome, None]]  # asked with the facts of the group so far
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Group:
    """What came of the commands of one group."""

    facts: list[Fact] = field(default_factory=list)
    answers: list[tuple[Request, Outcome]] = field(default_factory=list)
    commands: int = 0
    idle: Command | None = None  # the last due command that led to no event
    fault: tuple[Request | None, Command, Exception] | None = None  # the command that broke; the state is spoilt

    def refuse(self, error: Exception) -> None:
        """Answer everybody with an error."""
        for request, _ in self.answers:
            request.refuse(error)
        if self.fault is not None and self.fault[0] is not None:
            self.fault[0].refuse(error)


def process_group(
    state: State,
    waiting: deque[Request],
    now_ms: int,
    skipped: set[tuple[str, str, int]],
    wishes: Sequence[Wishes] = (),
) -> Group:
    """Process what is due, then what waits, until the group is full or a command breaks; then what `wishes` add.

    A command that raises has left the state half changed: the group ends there, `fault` says so, and
    the caller commits what came before and rebuilds the state from the store.
    """
    group = Group()
    ready = [command for command in due(state, now_ms) if _name(command) not in skipped]
    for command in ready[:LARGEST_GROUP]:
        if not _run(state, group, None, command, now_ms):
            return group
        if group.idle is command:  # it changed nothing, so it would be due for ever
            skipped.add(_name(command))
    while waiting and group.commands < LARGEST_GROUP:
        request = waiting[0]
        if request.command is None:
            break
        waiting.popleft()
        if not _run(state, group, request, request.command, now_ms):
            return group
    for each in wishes:
        if not _add_wishes(state, group, each, now_ms):
            return group
    return group


def _add_wishes(state: State, group: Group, wishes: Wishes, now_ms: int) -> bool:
    asked = wishes(group.facts)
    try:
        request = next(asked)
        while True:
            assert request.command is not None
            if not _run(state, group, request, request.command, now_ms):
                return False
            request = asked.send(group.answers[-1][1])
    except StopIteration:
        return True


def _run(state: State, group: Group, request: Request | None, command: Command, now_ms: int) -> bool:
    group.commands += 1
    try:
        outcome = process(state, command, now_ms)
    except Exception as error:
        logger.exception(
            "Expected to process %s %s %s, but the engine failed", command.value_type, command.intent, command.key
        )
        group.fault = (request, command, error)
        return False
    group.facts += outcome.facts
    if request is not None:
        group.answers.append((request, outcome))
    elif not outcome.facts:
        group.idle = command
        logger.warning("%s %s %s was due, but: %s", command.value_type, command.intent, command.key, outcome.rejection)
    return True


def _name(command: Command) -> tuple[str, str, int]:
    return command.value_type.value, command.intent.value, command.key
