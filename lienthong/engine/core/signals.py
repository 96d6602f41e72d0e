"""Broadcasting a signal to everybody who waits for its name."""

from __future__ import annotations

from lienthong.engine.core import catching, creation, variables
from lienthong.engine.core.step import Step, invalid
from lienthong.engine.protocol.records import Command, Intent, ValueType


def broadcast_command(step: Step, command: Command) -> None:
    """A signal from outside."""
    name = command.value.get("signalName")
    if not name:
        invalid("Expected a signal name, but it is empty")
    values = variables.document(command.value.get("variables"))
    step.reply = {"key": broadcast(step, str(name), values)}


def broadcast(step: Step, name: str, values: variables.Document) -> int:
    """Start events of the latest versions and all open subscriptions get it, once each."""
    state = step.state
    key = step.next_key()
    step.emit(ValueType.SIGNAL, Intent.BROADCASTED, key, {"signalName": name, "variables": values})
    starts = [each for each in state.start_subscriptions.values() if not each.message and each.name == name]
    waiting = list(state.subscriptions_by_name.get((False, name, ""), ()))
    for start in starts:
        definition = state.definition(start.definition_key)
        creation.start_instance(step, definition, values, {"startElementId": start.start_event_id})
    for subscription_key in waiting:
        subscription = state.subscriptions.get(subscription_key)
        if subscription is None or subscription.process_instance_key in state.banned:
            continue
        instance = state.elements[subscription.element_instance_key]
        target = state.definition(instance.definition_key).elements[subscription.target_element_id]
        catching.trigger(step, instance, target, values)
    return key
