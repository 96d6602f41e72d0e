"""Signals: everybody who waits for the name gets it; nothing is kept."""

from __future__ import annotations

from collections.abc import Callable

from lienthong.engine.core import expressions
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Failure, Step
from lienthong.engine.model.elements import FlowNode
from lienthong.engine.protocol.records import Intent, ValueType


def prepare(step: Step, instance: ElementInstance, target: FlowNode, scope_key: int) -> Callable[[], None]:
    """Evaluate the name as seen from `scope_key`; the result opens the subscription."""
    if target.event is None or target.event.name is None:
        raise Failure(expressions.EXTRACT, f"Expected {target.id} to name a signal, but it does not")
    record = {
        "signalName": expressions.text(step, target.event.name, scope_key),
        "elementId": target.id,
        "elementInstanceKey": instance.key,
        "processInstanceKey": instance.process_instance_key,
        "processDefinitionKey": instance.definition_key,
        "bpmnProcessId": instance.value["bpmnProcessId"],
        "interrupting": target.interrupting,
    }
    return lambda: step.emit(ValueType.SIGNAL_SUBSCRIPTION, Intent.CREATED, step.next_key(), record)
