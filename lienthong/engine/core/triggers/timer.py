"""Timers: date, duration or cycle; never early, and a cycle does not drift."""

from __future__ import annotations

from collections.abc import Callable

from lienthong.engine.core import expressions
from lienthong.engine.core.entities import ElementInstance, Timer
from lienthong.engine.core.step import Failure, Step
from lienthong.engine.model import time_values
from lienthong.engine.model.elements import FlowNode, TimerKind
from lienthong.engine.protocol.records import Intent, Value, ValueType


def prepare(step: Step, instance: ElementInstance, target: FlowNode, scope_key: int) -> Callable[[], None]:
    """Evaluate when it is due, as seen from the waiting element; the result starts the timer."""
    record: Value = {
        "elementInstanceKey": instance.key,
        "processInstanceKey": instance.process_instance_key,
        "processDefinitionKey": instance.definition_key,
        "bpmnProcessId": instance.value["bpmnProcessId"],
        "targetElementId": target.id,
        **first(step, target, instance.key),
    }
    return lambda: step.emit(ValueType.TIMER, Intent.CREATED, step.next_key(), record)


def first(step: Step, target: FlowNode, scope_key: int) -> Value:
    """Due time and repetitions of a timer event; raises Failure."""
    event = target.event
    if event is None or event.timer is None or event.timer_kind is None:
        raise Failure(expressions.EXTRACT, f"Expected {target.id} to say when, but it does not")
    text = expressions.temporal_text(step, event.timer, scope_key)
    if text is None:
        raise Failure(expressions.EXTRACT, f'Expected "{event.timer.source}" to say when, but it is null')
    try:
        return _first(text, event.timer_kind, step.now_ms)
    except (ValueError, OverflowError) as error:
        wanted = {TimerKind.DATE: "a date-time", TimerKind.DURATION: "a duration", TimerKind.CYCLE: "a cycle"}
        raise Failure(
            expressions.EXTRACT,
            f'Expected "{event.timer.source}" to be {wanted[event.timer_kind]}, but "{text}": {error}',
        ) from error


def _first(text: str, kind: TimerKind, now_ms: int) -> Value:
    if kind is TimerKind.DATE:
        return {"dueDate": time_values.parse_date(text), "repetitions": 1, "cycle": ""}
    if kind is TimerKind.DURATION:
        return {"dueDate": time_values.add(now_ms, time_values.parse_duration(text)), "repetitions": 1, "cycle": ""}
    cycle = time_values.parse_cycle(text)
    if cycle.count == 0:
        raise ValueError("it repeats zero times")
    if cycle.cron is not None:
        due = cycle.cron.next_after(now_ms)
        if due is None:
            raise ValueError("it never comes")
    elif cycle.start_ms is not None:
        due = cycle.start_ms
    else:
        due = time_values.add(now_ms, cycle.duration or time_values.Duration(0, 0))
    return {"dueDate": due, "repetitions": cycle.count, "cycle": text}


def again(step: Step, timer: Timer) -> None:
    """Start the next round of a cycle, counted from when the last was due."""
    value = timer.value
    if not value["cycle"] or value["repetitions"] == 1:
        return
    cycle = time_values.parse_cycle(value["cycle"])
    if cycle.cron is not None:
        due = cycle.cron.next_after(step.now_ms)
    else:
        due = time_values.add(timer.due_ms, cycle.duration or time_values.Duration(0, 0))
    left = value["repetitions"] if value["repetitions"] < 0 else value["repetitions"] - 1
    if due is not None and (due > timer.due_ms or left > 0):
        record = {**value, "dueDate": due, "repetitions": left}
        step.emit(ValueType.TIMER, Intent.CREATED, step.next_key(), record)
