"""Messages: an element instance waits for one by name and correlation key."""

from __future__ import annotations

from collections.abc import Callable

from lienthong.engine.core import expressions
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Failure, Step, Verb
from lienthong.engine.model.elements import FlowNode
from lienthong.engine.protocol.records import Intent, ValueType


def prepare(step: Step, instance: ElementInstance, target: FlowNode, scope_key: int) -> Callable[[], None]:
    """Evaluate name and key as seen from `scope_key`; the result opens the subscription."""
    event = target.event
    if event is None or event.name is None or event.correlation_key is None:
        raise Failure(expressions.EXTRACT, f"Expected {target.id} to name a message and a key, but it does not")
    record = {
        "messageName": expressions.text(step, event.name, scope_key),
        "correlationKey": expressions.correlation_key(step, event.correlation_key, scope_key),
        "elementId": target.id,
        "elementInstanceKey": instance.key,
        "processInstanceKey": instance.process_instance_key,
        "processDefinitionKey": instance.definition_key,
        "bpmnProcessId": instance.value["bpmnProcessId"],
        "interrupting": target.interrupting,
        "messageKey": -1,
    }

    def open_subscription() -> None:
        key = step.next_key()
        step.emit(ValueType.MESSAGE_SUBSCRIPTION, Intent.CREATED, key, record)
        if (record["messageName"], record["correlationKey"]) in step.state.messages_by_name:
            step.follow(Verb.POLL_BUFFER, key)

    return open_subscription
