"""What an element instance waits for beside its work: messages, signals, timers.

Everything is evaluated first and opened after, so that a failure leaves nothing half open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step
from lienthong.engine.core.triggers import message, signal, timer
from lienthong.engine.model.elements import ElementType, FlowNode, Trigger
from lienthong.engine.protocol.records import Intent, ValueType

Opening = Callable[[], None]
Prepare = Callable[[Step, ElementInstance, FlowNode, int], Opening]

TRIGGERS: dict[Trigger, Prepare] = {
    Trigger.MESSAGE: message.prepare,
    Trigger.SIGNAL: signal.prepare,
    Trigger.TIMER: timer.prepare,
}


def prepare(step: Step, instance: ElementInstance, targets: Iterable[FlowNode]) -> list[Opening]:
    """Evaluate what each of `targets` waits for; raises Failure."""
    openings = []
    for target in targets:
        trigger = TRIGGERS.get(target.trigger)
        if trigger is not None:  # errors and escalations are found by walking outward, nothing is opened
            boundary = target.type is ElementType.BOUNDARY_EVENT
            openings.append(trigger(step, instance, target, instance.scope_key if boundary else instance.key))
    return openings


def open_all(openings: Iterable[Opening]) -> None:
    """Open what has been prepared."""
    for opening in openings:
        opening()


def attached(instance: ElementInstance, node: FlowNode) -> list[FlowNode]:
    """The events that may strike an activity or scope from outside its own flow.

    Boundary events hang on the body of a multi-instance activity, event sub-processes live within each instance.
    """
    boundary = [] if instance.is_inner else node.boundary_events
    if instance.type is ElementType.MULTI_INSTANCE_BODY or not node.event_sub_processes:
        return boundary
    return [*boundary, *(sub.start for sub in node.event_sub_processes if sub.start is not None)]


def close_all(step: Step, instance: ElementInstance) -> None:
    """Close everything that the instance waits for."""
    for key in list(instance.timers):
        step.emit(ValueType.TIMER, Intent.CANCELED, key, step.state.timers[key].value)
    for key in list(instance.subscriptions):
        _close(step, key)


def close_for(step: Step, instance: ElementInstance, targets: set[str]) -> None:
    """Close what would lead to one of `targets`."""
    for key in list(instance.timers):
        if step.state.timers[key].target_element_id in targets:
            step.emit(ValueType.TIMER, Intent.CANCELED, key, step.state.timers[key].value)
    for key in list(instance.subscriptions):
        if step.state.subscriptions[key].target_element_id in targets:
            _close(step, key)


def _close(step: Step, key: int) -> None:
    subscription = step.state.subscriptions[key]
    kind = ValueType.MESSAGE_SUBSCRIPTION if subscription.message else ValueType.SIGNAL_SUBSCRIPTION
    step.emit(kind, Intent.DELETED, key, subscription.value)
