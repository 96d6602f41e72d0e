"""Ending an element before its end, with everything within it: deepest first, in one go, without recursion."""

from __future__ import annotations

from lienthong.engine.core import compensation, flows, incidents, waits
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step
from lienthong.engine.protocol.records import Intent, ValueType

_INSTANCE = ValueType.PROCESS_INSTANCE


def terminate(step: Step, key: int) -> None:
    """Terminate an element instance, its children and the process it called."""
    stack: list[tuple[int, bool]] = [(key, False)]
    while stack:
        current, children_gone = stack.pop()
        instance = step.state.elements.get(current)
        if instance is None:
            continue
        if children_gone:
            step.emit(_INSTANCE, Intent.ELEMENT_TERMINATED, current, instance.value)
            continue
        step.emit(_INSTANCE, Intent.ELEMENT_TERMINATING, current, instance.value)
        _release(step, instance)
        stack.append((current, True))
        stack.extend((child, False) for child in reversed(list(instance.children)))
        if instance.called_key:
            stack.append((instance.called_key, False))


def _release(step: Step, instance: ElementInstance) -> None:
    """What the instance holds outside of itself."""
    state = step.state
    if instance.timers or instance.subscriptions:
        waits.close_all(step, instance)
    if instance.job_key:
        step.emit(ValueType.JOB, Intent.CANCELED, instance.job_key, state.jobs[instance.job_key].value)
    if instance.user_task_key:
        task = state.user_tasks[instance.user_task_key]
        step.emit(ValueType.USER_TASK, Intent.CANCELED, task.key, {**task.value, "state": "CANCELED"})
    incidents.close_all(step, instance)
    if instance.tokens:
        flows.drop_tokens(step, instance)
    if instance.key in state.compensations_by_scope:
        compensation.drop(step, instance.key)
    if compensation.HANDLES in instance.value:
        compensation.ended(step, instance, Intent.DELETED)


def terminate_children(step: Step, scope: ElementInstance, except_key: int = 0) -> None:
    """Terminate everything in a scope but one child, and drop its waiting tokens."""
    for child in list(scope.children):
        if child != except_key:
            terminate(step, child)
    if scope.tokens:
        flows.drop_tokens(step, scope)
