"""User tasks: the record of the event is the task's value from then on."""

from __future__ import annotations

from collections.abc import Callable

from lienthong.engine.core.entities import UserTask
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Intent, Value, ValueType


def user_task_created(state: State, key: int, value: Value) -> None:
    """Somebody may work on it."""
    task = UserTask(key, value, value["elementInstanceKey"], value["processInstanceKey"])
    state.user_tasks[key] = task
    state.elements[task.element_instance_key].user_task_key = key


def user_task_changed(state: State, key: int, value: Value) -> None:
    """Another assignee, other attributes, another definition."""
    state.user_tasks[key].value = value


def user_task_ended(state: State, key: int, value: Value) -> None:
    """Done, or not wanted any more."""
    task = state.user_tasks.pop(key)
    owner = state.elements.get(task.element_instance_key)
    if owner is not None:
        owner.user_task_key = 0


APPLIERS: dict[ValueType, dict[Intent, Callable[[State, int, Value], None]]] = {
    ValueType.USER_TASK: {
        Intent.CREATED: user_task_created,
        Intent.ASSIGNED: user_task_changed,
        Intent.UPDATED: user_task_changed,
        Intent.MIGRATED: user_task_changed,
        Intent.COMPLETED: user_task_ended,
        Intent.CANCELED: user_task_ended,
    },
}
