"""Messages, signals and who waits for them."""

from __future__ import annotations

from collections.abc import Callable

from lienthong.engine.core.entities import Message, StartSubscription, Subscription
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Event, Intent, ValueType


def message_published(state: State, event: Event) -> None:
    """The message is in the buffer."""
    value = event.value
    message = Message(event.key, value, value["name"], value["correlationKey"], value["deadline"])
    state.messages[event.key] = message
    state.index_message(message)


def message_expired(state: State, event: Event) -> None:
    """The message has left the buffer."""
    message = state.messages.pop(event.key)
    place = (message.name, message.correlation_key)
    waiting = state.messages_by_name[place]
    del waiting[event.key]
    if not waiting:
        del state.messages_by_name[place]
    if message.value["messageId"]:
        state.message_ids.pop((*place, message.value["messageId"]), None)


def _mark(state: State, event: Event) -> None:
    message = state.messages.get(event.value["messageKey"])
    if message is not None:
        message.correlated.append(event.value["bpmnProcessId"])


def subscription_created(state: State, event: Event) -> None:
    """An element instance waits for a message or a signal."""
    value = event.value
    is_message = event.value_type is ValueType.MESSAGE_SUBSCRIPTION
    subscription = Subscription(
        event.key,
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
    state.subscriptions[event.key] = subscription
    state.index_subscription(subscription)
    state.elements[subscription.element_instance_key].subscriptions[event.key] = None


def subscription_correlated(state: State, event: Event) -> None:
    """A message or signal came; an interrupting subscription is closed by an event of its own."""
    if event.value_type is ValueType.MESSAGE_SUBSCRIPTION:
        _mark(state, event)


def subscription_deleted(state: State, event: Event) -> None:
    """It waits no more."""
    subscription = state.subscriptions.pop(event.key)
    place = (subscription.message, subscription.name, subscription.correlation_key)
    waiting = state.subscriptions_by_name[place]
    del waiting[event.key]
    if not waiting:
        del state.subscriptions_by_name[place]
    owner = state.elements.get(subscription.element_instance_key)
    if owner is not None:
        owner.subscriptions.pop(event.key, None)


def subscription_migrated(state: State, event: Event) -> None:
    """It leads to another element; what it waits for stays."""
    subscription = state.subscriptions[event.key]
    subscription.value = event.value
    subscription.bpmn_process_id = event.value["bpmnProcessId"]
    subscription.target_element_id = event.value["elementId"]
    subscription.interrupting = event.value["interrupting"]


def start_subscription_created(state: State, event: Event) -> None:
    """A start event of the latest version waits for a message or a signal."""
    value = event.value
    is_message = event.value_type is ValueType.MESSAGE_START_EVENT_SUBSCRIPTION
    state.start_subscriptions[event.key] = StartSubscription(
        event.key,
        value,
        is_message,
        value["messageName"] if is_message else value["signalName"],
        value["bpmnProcessId"],
        value["processDefinitionKey"],
        value["startEventId"],
    )


def start_subscription_deleted(state: State, event: Event) -> None:
    """A newer version has taken over, or the process was deleted."""
    del state.start_subscriptions[event.key]


def start_subscription_correlated(state: State, event: Event) -> None:
    """A message started an instance; a keyed one bars the next of the same key until that ends."""
    _mark(state, event)
    if event.value["correlationKey"]:
        place = (event.value["bpmnProcessId"], event.value["correlationKey"])
        state.start_locks[place] = event.value["processInstanceKey"]
        state.correlations[event.value["processInstanceKey"]] = place


def signal_created(state: State, event: Event) -> None:
    """In the signal table start events and element instances share a value type."""
    if event.value["elementInstanceKey"] > 0:
        subscription_created(state, event)
    else:
        start_subscription_created(state, event)


def signal_deleted(state: State, event: Event) -> None:
    """See `signal_created`."""
    if event.key in state.subscriptions:
        subscription_deleted(state, event)
    else:
        start_subscription_deleted(state, event)


def signal_broadcasted(state: State, event: Event) -> None:
    """Signals are not kept."""


APPLIERS: dict[ValueType, dict[Intent, Callable[[State, Event], None]]] = {
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
