"""User tasks: the record of the event is the task's value from then on."""

from __future__ import annotations

from collections.abc import Callable

from lienthong.engine.core.entities import UserTask
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Event, Intent, ValueType


def user_task_created(state: State, event: Event) -> None:
    """Somebody may work on it."""
    value = event.value
    task = UserTask(event.key, value, value["elementInstanceKey"], value["processInstanceKey"])
    state.user_tasks[event.key] = task
    state.elements[task.element_instance_key].user_task_key = event.key


def user_task_changed(state: State, event: Event) -> None:
    """Another assignee, other attributes, another definition."""
    state.user_tasks[event.key].value = event.value


def user_task_ended(state: State, event: Event) -> None:
    """Done, or not wanted any more."""
    task = state.user_tasks.pop(event.key)
    owner = state.elements.get(task.element_instance_key)
    if owner is not None:
        owner.user_task_key = 0


APPLIERS: dict[ValueType, dict[Intent, Callable[[State, Event], None]]] = {
    ValueType.USER_TASK: {
        Intent.CREATED: user_task_created,
        Intent.ASSIGNED: user_task_changed,
        Intent.UPDATED: user_task_changed,
        Intent.MIGRATED: user_task_changed,
        Intent.COMPLETED: user_task_ended,
        Intent.CANCELED: user_task_ended,
    },
}
