"""Process instances whose creator waits for their end: the root variables at completion."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from lienthong.engine.protocol.records import Command, Fact, Intent, Outcome, Rejection, ValueType
from lienthong.engine.runtime.engine import Engine


class ResultMissing(Exception):
    """The instance did not complete in time (it waits, has an incident or was canceled); it lives on."""

    def __init__(self, process_instance_key: int) -> None:
        super().__init__(f"Expected process instance {process_instance_key} to complete in time, but it did not")
        self.process_instance_key = process_instance_key


@dataclass(slots=True)
class CreatedWithResult:
    """The reply of the creation, and the variables of the root scope as JSON text by name."""

    rejection: Rejection | None
    reply: dict[str, Any]
    variables: dict[str, str]

    def variables_text(self, wanted: Sequence[str] = ()) -> str:
        """One JSON object of all (or the wanted) variables."""
        chosen = [(name, text) for name, text in self.variables.items() if not wanted or name in wanted]
        return "{" + ",".join(f"{orjson.dumps(name).decode()}:{text}" for name, text in chosen) + "}"


@dataclass(slots=True)
class _Waiter:
    done: asyncio.Future[None]
    variables: dict[str, str] = field(default_factory=dict)


class ResultWaiters:
    """Collects what completed instances leave behind, for those who wait."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiters: dict[int, _Waiter] = {}
        engine.listen(self._committed)

    async def create(self, command: Command, wait_seconds: float) -> CreatedWithResult:
        """Create an instance and wait for its completion."""
        waiter = _Waiter(asyncio.get_running_loop().create_future())

        def register(outcome: Outcome) -> None:
            if outcome.reply is not None:
                self._waiters[outcome.reply["processInstanceKey"]] = waiter

        outcome = await self._engine.submit(command, register)
        reply = outcome.reply or {}
        if outcome.rejection is not None:
            return CreatedWithResult(outcome.rejection, reply, {})
        key = reply["processInstanceKey"]
        alarm = asyncio.get_running_loop().call_later(wait_seconds, _give_up, waiter.done, key)
        try:
            await waiter.done
        finally:
            alarm.cancel()
            self._waiters.pop(key, None)
        return CreatedWithResult(None, reply, waiter.variables)

    def _committed(self, facts: Sequence[Fact]) -> None:
        if not self._waiters:
            return
        for value_type, intent, key, value, _ in facts:
            if value_type is ValueType.VARIABLE:
                waiter = self._waiters.get(value["scopeKey"])
                if waiter is not None:
                    waiter.variables[value["name"]] = value["value"]
            elif intent is Intent.ELEMENT_COMPLETED:
                waiter = self._waiters.get(key)
                if waiter is not None and not waiter.done.done():
                    waiter.done.set_result(None)


def _give_up(done: asyncio.Future[None], process_instance_key: int) -> None:
    if not done.done():
        done.set_exception(ResultMissing(process_instance_key))
