"""What the latest version of a process waits for to be started: messages, signals, timers."""

from __future__ import annotations

from typing import Any

from lienthong.engine.core import expressions
from lienthong.engine.core.definitions import Definition
from lienthong.engine.core.step import Step
from lienthong.engine.core.triggers import timer
from lienthong.engine.model.elements import ExecutableProcess, FlowNode, Trigger
from lienthong.engine.protocol.records import Intent, Value, ValueType

Prepared = list[tuple[FlowNode, Any]]


def prepare(step: Step, definition: Definition | ExecutableProcess) -> Prepared:
    """Evaluate, without any variables, what each start event waits for; raises Failure."""
    process = definition.process if isinstance(definition, Definition) else definition
    prepared: Prepared = []
    for start in process.start_events():
        if start.trigger is Trigger.TIMER:
            prepared.append((start, timer.first(step, start, 0)))
        elif start.event is not None and start.event.name is not None:
            prepared.append((start, expressions.text(step, start.event.name, 0)))
    return prepared


def open_(step: Step, definition: Definition, prepared: Prepared) -> None:
    """Open what has been prepared."""
    for start, wanted in prepared:
        record: Value = {
            "processDefinitionKey": definition.key,
            "bpmnProcessId": definition.id,
            "startEventId": start.id,
            "elementInstanceKey": -1,
            "processInstanceKey": -1,
        }
        if start.trigger is Trigger.TIMER:
            record = {**record, "targetElementId": start.id, **wanted}
            step.emit(ValueType.TIMER, Intent.CREATED, step.next_key(), record)
        elif start.trigger is Trigger.MESSAGE:
            record["messageName"] = wanted
            step.emit(ValueType.MESSAGE_START_EVENT_SUBSCRIPTION, Intent.CREATED, step.next_key(), record)
        else:
            record["signalName"] = wanted
            step.emit(ValueType.SIGNAL_SUBSCRIPTION, Intent.CREATED, step.next_key(), record)


def close(step: Step, definition_key: int) -> None:
    """Close what a definition waits for."""
    state = step.state
    for start in [each for each in state.start_subscriptions.values() if each.definition_key == definition_key]:
        kind = ValueType.MESSAGE_START_EVENT_SUBSCRIPTION if start.message else ValueType.SIGNAL_SUBSCRIPTION
        step.emit(kind, Intent.DELETED, start.key, start.value)
    for each in [each for each in state.timers.values() if each.definition_key == definition_key]:
        if not each.element_instance_key:
            step.emit(ValueType.TIMER, Intent.CANCELED, each.key, each.value)
