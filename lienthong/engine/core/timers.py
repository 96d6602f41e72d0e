"""A timer is due."""

from __future__ import annotations

from lienthong.engine.core import catching, creation
from lienthong.engine.core.step import Step, not_found, wrong_state
from lienthong.engine.core.triggers.timer import again
from lienthong.engine.protocol.records import Command, Intent, ValueType


def trigger(step: Step, command: Command) -> None:
    """Let the waiting element, or a new instance, go; start the next round of a cycle."""
    state = step.state
    timer = state.timers.get(command.key)
    if timer is None:
        not_found("a timer with key", command.key)
    if timer.due_ms > step.now_ms:
        wrong_state(f"Expected timer {command.key} to be due, but it is not before {timer.due_ms}")
    step.emit(ValueType.TIMER, Intent.TRIGGERED, timer.key, timer.value)
    definition = state.definition(timer.definition_key)
    target = definition.elements[timer.target_element_id]
    instance = state.elements.get(timer.element_instance_key)
    if instance is None:
        again(step, timer)
        creation.start_instance(step, definition, {}, {"startElementId": target.id})
        return
    if not target.interrupting:
        again(step, timer)
    catching.trigger(step, instance, target, {})
