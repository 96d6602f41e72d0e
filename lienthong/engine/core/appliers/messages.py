"""Messages, signals and who waits for them."""

from __future__ import annotations

from collections.abc import Callable

from lienthong.engine.core.entities import Message, StartSubscription, Subscription
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Intent, Value, ValueType


def message_published(state: State, key: int, value: Value) -> None:
    """The message is in the buffer."""
    message = Message(key, value, value["name"], value["correlationKey"], value["deadline"])
    state.messages[key] = message
    state.index_message(message)


def message_expired(state: State, key: int, value: Value) -> None:
    """The message has left the buffer."""
    message = state.messages.pop(key)
    place = (message.name, message.correlation_key)
    waiting = state.messages_by_name[place]
    del waiting[key]
    if not waiting:
        del state.messages_by_name[place]
    if message.value["messageId"]:
        state.message_ids.pop((*place, message.value["messageId"]), None)


def _mark(state: State, value: Value) -> None:
    message = state.messages.get(value["messageKey"])
    if message is not None:
        message.correlated.append(value["bpmnProcessId"])


def subscription_created(state: State, key: int, value: Value) -> None:
    """An element instance waits for a message or a signal."""
    is_message = "messageName" in value
    subscription = Subscription(
        key,
        value,
        is_message,
        value["messageName"] if is_message else value["signalName"],
        value["correlationKey"] if is_message else "",
        value["elementInstanceKey"],
        value["processInstanceKey"],
        value["bpmnProcessId"],
        value["elementId"],
        value["interrupting"],
    )
    state.subscriptions[key] = subscription
    state.index_subscription(subscription)
    state.elements[subscription.element_instance_key].add_subscription(key)


def subscription_correlated(state: State, key: int, value: Value) -> None:
    """A message came; an interrupting subscription is closed by an event of its own."""
    _mark(state, value)


def subscription_deleted(state: State, key: int, value: Value) -> None:
    """It waits no more."""
    subscription = state.subscriptions.pop(key)
    place = (subscription.message, subscription.name, subscription.correlation_key)
    waiting = state.subscriptions_by_name[place]
    del waiting[key]
    if not waiting:
        del state.subscriptions_by_name[place]
    owner = state.elements.get(subscription.element_instance_key)
    if owner is not None:
        owner.subscriptions.pop(key, None)


def subscription_migrated(state: State, key: int, value: Value) -> None:
    """It leads to another element; what it waits for stays."""
    subscription = state.subscriptions[key]
    subscription.value = value
    subscription.bpmn_process_id = value["bpmnProcessId"]
    subscription.target_element_id = value["elementId"]
    subscription.interrupting = value["interrupting"]


def start_subscription_created(state: State, key: int, value: Value) -> None:
    """A start event of the latest version waits for a message or a signal."""
    is_message = "messageName" in value
    state.start_subscriptions[key] = StartSubscription(
        key,
        value,
        is_message,
        value["messageName"] if is_message else value["signalName"],
        value["bpmnProcessId"],
        value["processDefinitionKey"],
        value["startEventId"],
    )


def start_subscription_deleted(state: State, key: int, value: Value) -> None:
    """A newer version has taken over, or the process was deleted."""
    del state.start_subscriptions[key]


def start_subscription_correlated(state: State, key: int, value: Value) -> None:
    """A message started an instance; a keyed one bars the next of the same key until that ends."""
    _mark(state, value)
    if value["correlationKey"]:
        place = (value["bpmnProcessId"], value["correlationKey"])
        state.start_locks[place] = value["processInstanceKey"]
        state.correlations[value["processInstanceKey"]] = place


def signal_created(state: State, key: int, value: Value) -> None:
    """In the signal table start events and element instances share a value type."""
    if value["elementInstanceKey"] > 0:
        subscription_created(state, key, value)
    else:
        start_subscription_created(state, key, value)


def signal_deleted(state: State, key: int, value: Value) -> None:
    """See `signal_created`."""
    if key in state.subscriptions:
        subscription_deleted(state, key, value)
    else:
        start_subscription_deleted(state, key, value)


def signal_broadcasted(state: State, key: int, value: Value) -> None:
    """Signals are not kept."""


APPLIERS: dict[ValueType, dict[Intent, Callable[[State, int, Value], None]]] = {
    ValueType.MESSAGE: {Intent.PUBLISHED: message_published, Intent.EXPIRED: message_expired},
    ValueType.MESSAGE_SUBSCRIPTION: {
        Intent.CREATED: subscription_created,
        Intent.CORRELATED: subscription_correlated,
        Intent.DELETED: subscription_deleted,
        Intent.MIGRATED: subscription_migrated,
    },
    ValueType.MESSAGE_START_EVENT_SUBSCRIPTION: {
        Intent.CREATED: start_subscription_created,
        Intent.CORRELATED: start_subscription_correlated,
        Intent.DELETED: start_subscription_deleted,
    },
    ValueType.SIGNAL_SUBSCRIPTION: {
        Intent.CREATED: signal_created,
        Intent.DELETED: signal_deleted,
        Intent.MIGRATED: subscription_migrated,
    },
    ValueType.SIGNAL: {Intent.BROADCASTED: signal_broadcasted},
}
