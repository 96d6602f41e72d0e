"""Camunda's built-ins for timers and connectors: cycles, and what this engine refuses to make up."""

from decimal import Decimal
from typing import Any

from lienthong.engine.feel.builtins.registry import NullResult, builtin
from lienthong.engine.feel.numbers import is_whole
from lienthong.engine.feel.temporal import DaysTimeDuration, YearsMonthsDuration


@builtin("cycle(repetitions: number|null, interval: Any)")
def cycle(repetitions: Decimal | None, interval: Any) -> str:
    """The ISO text of a repeating timer: R3/PT1H."""
    if type(interval) not in (DaysTimeDuration, YearsMonthsDuration):
        raise NullResult("Expected a duration between the repetitions")
    if repetitions is None:
        return f"R/{interval}"
    if not is_whole(repetitions):
        raise NullResult(f"Expected a whole number of repetitions, but got {repetitions}")
    return f"R{int(repetitions)}/{interval}"


@builtin("cycle(interval: Any)")
def endless_cycle(interval: Any) -> str:
    return cycle(None, interval)


@builtin("fromAi(value: Any, rest: Any...)")
def from_ai(value: Any, *rest: Any) -> Any:
    raise NullResult("Expected a value this engine can know; fromAi() is not supported")
