"""Messages: published, correlated with those who wait, buffered for those who will, expired."""

from __future__ import annotations

from lienthong.engine.core import catching, creation, variables
from lienthong.engine.core.entities import Message, StartSubscription, Subscription
from lienthong.engine.core.state import State
from lienthong.engine.core.step import Refusal, Step, invalid, not_found
from lienthong.engine.protocol.records import Command, Intent, RejectionType, Value, ValueType


def publish(step: Step, command: Command) -> None:
    """Correlate now, and keep the message until its time to live is over."""
    value = command.value
    message_id = value.get("messageId") or ""
    name, correlation_key = _checked(value), value.get("correlationKey") or ""
    if message_id and (name, correlation_key, message_id) in step.state.message_ids:
        reason = f'Expected message id "{message_id}" to be new, but a message with it is still buffered'
        raise Refusal(RejectionType.ALREADY_EXISTS, reason)
    ttl_ms = value.get("timeToLiveMs") or 0
    message = _published(step, name, correlation_key, value, ttl_ms)
    _correlate(step, message)
    if ttl_ms <= 0 and message.key in step.state.messages:
        step.emit(ValueType.MESSAGE, Intent.EXPIRED, message.key, message.value)
    step.reply = {"key": message.key}


def correlate(step: Step, command: Command) -> None:
    """Correlate now or not at all; says with which process instance."""
    name, correlation_key = _checked(command.value), command.value.get("correlationKey") or ""
    state = step.state
    if not (_waiting(state, name, correlation_key) or _startable(state, name, correlation_key, set())):
        not_found(f'somebody waiting for message "{name}" with correlation key', f'"{correlation_key}"')
    message = _published(step, name, correlation_key, command.value, 0)
    instance_key = _correlate(step, message)
    step.emit(ValueType.MESSAGE, Intent.EXPIRED, message.key, message.value)
    step.reply = {"key": message.key, "processInstanceKey": instance_key}


def expire(step: Step, command: Command) -> None:
    """Take a message out of the buffer."""
    message = step.state.messages.get(command.key)
    if message is None:
        not_found("a buffered message with key", command.key)
    step.emit(ValueType.MESSAGE, Intent.EXPIRED, message.key, message.value)


def _checked(value: Value) -> str:
    if not value.get("name"):
        invalid("Expected a message name, but it is empty")
    return str(value["name"])


def _published(step: Step, name: str, correlation_key: str, value: Value, ttl_ms: int) -> Message:
    key = step.next_key()
    record = {
        "name": name,
        "correlationKey": correlation_key,
        "messageId": value.get("messageId") or "",
        "timeToLive": ttl_ms,
        "deadline": step.now_ms + max(ttl_ms, 0),
        "variables": variables.document(value.get("variables")),
    }
    step.emit(ValueType.MESSAGE, Intent.PUBLISHED, key, record)
    return step.state.messages[key]


def _waiting(state: State, name: str, correlation_key: str) -> list[Subscription]:
    """One open subscription a BPMN process id, the oldest."""
    chosen: dict[str, Subscription] = {}
    for key in state.subscriptions_by_name.get((True, name, correlation_key), ()):
        subscription = state.subscriptions[key]
        if subscription.process_instance_key not in state.banned:
            chosen.setdefault(subscription.bpmn_process_id, subscription)
    return list(chosen.values())


def _startable(state: State, name: str, correlation_key: str, served: set[str]) -> list[StartSubscription]:
    return [
        start
        for start in state.start_subscriptions.values()
        if start.message
        and start.name == name
        and start.bpmn_process_id not in served
        and (not correlation_key or (start.bpmn_process_id, correlation_key) not in state.start_locks)
    ]


def _correlate(step: Step, message: Message) -> int:
    """Everybody who waits, then start events; the process instance to name in a reply."""
    served: set[str] = set()
    reached = -1
    for subscription in _waiting(step.state, message.name, message.correlation_key):
        served.add(subscription.bpmn_process_id)
        reached = subscription.process_instance_key
        deliver(step, message, subscription)
    for start in _startable(step.state, message.name, message.correlation_key, served):
        reached = _start(step, message, start)
    return reached


def deliver(step: Step, message: Message, subscription: Subscription) -> None:
    """Hand a message to one subscription."""
    state = step.state
    instance = state.elements[subscription.element_instance_key]
    target = state.definition(instance.definition_key).elements[subscription.target_element_id]
    record = {**subscription.value, "messageKey": message.key, "variables": message.value["variables"]}
    step.emit(ValueType.MESSAGE_SUBSCRIPTION, Intent.CORRELATED, subscription.key, record)
    if subscription.interrupting and subscription.key in state.subscriptions:
        step.emit(ValueType.MESSAGE_SUBSCRIPTION, Intent.DELETED, subscription.key, subscription.value)
    catching.trigger(step, instance, target, message.value["variables"])


def _start(step: Step, message: Message, start: StartSubscription) -> int:
    definition = step.state.definition(start.definition_key)
    more = {"startElementId": start.start_event_id}
    instance_key = creation.start_instance(step, definition, message.value["variables"], more)
    record = {
        **start.value,
        "messageKey": message.key,
        "correlationKey": message.correlation_key,
        "processInstanceKey": instance_key,
        "variables": message.value["variables"],
    }
    step.emit(ValueType.MESSAGE_START_EVENT_SUBSCRIPTION, Intent.CORRELATED, start.key, record)
    return instance_key


def poll_buffer(step: Step, subscription_key: int) -> None:
    """A new subscription takes the oldest buffered message that its process has not had."""
    state = step.state
    subscription = state.subscriptions.get(subscription_key)
    if subscription is None:
        return
    place = (subscription.name, subscription.correlation_key)
    for key in state.messages_by_name.get(place, ()):
        message = state.messages[key]
        if message.deadline_ms > step.now_ms and subscription.bpmn_process_id not in message.correlated:
            deliver(step, message, subscription)
            return


def start_next(step: Step, bpmn_process_id: str, correlation_key: str) -> None:
    """An instance that a keyed message had started is over: the oldest waiting message starts the next."""
    state = step.state
    waiting = [
        (message.key, start)
        for start in state.start_subscriptions.values()
        if start.message and start.bpmn_process_id == bpmn_process_id
        for key in state.messages_by_name.get((start.name, correlation_key), ())
        if bpmn_process_id not in (message := state.messages[key]).correlated and message.deadline_ms > step.now_ms
    ]
    if waiting and (bpmn_process_id, correlation_key) not in state.start_locks:
        key, start = min(waiting, key=lambda pair: pair[0])
        _start(step, state.messages[key], start)
