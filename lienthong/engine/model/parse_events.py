"""Events: position and trigger, and the message of a receive task."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from lienthong.engine.model.elements import ElementType, EventDefinition, FlowNode, TimerKind, Trigger
from lienthong.engine.model.reading import Reading
from lienthong.engine.model.xml import bpmn_child, extension, local_name

EVENT_TYPES = frozenset(
    {
        ElementType.START_EVENT,
        ElementType.END_EVENT,
        ElementType.INTERMEDIATE_CATCH_EVENT,
        ElementType.INTERMEDIATE_THROW_EVENT,
        ElementType.BOUNDARY_EVENT,
    }
)


def read(reading: Reading, node: FlowNode, element: etree._Element) -> None:
    """Fill in what makes `node` an event."""
    if node.type is ElementType.RECEIVE_TASK:
        node.event = _message(reading, node, element)
    if node.type not in EVENT_TYPES:
        return
    if node.type is ElementType.BOUNDARY_EVENT:
        node.attached_to = element.get("attachedToRef")
        node.interrupting = reading.boolean(node.id, element, "cancelActivity", True)
    if node.type is ElementType.START_EVENT:
        node.interrupting = reading.boolean(node.id, element, "isInterrupting", True)
        form = extension(element, "formDefinition")
        called = reading.called(node.id, form, "formId") if form is not None else None
        if form is not None and (called is None) != bool(form.get("formKey")):
            reading.problem(node.id, "form", "Expected exactly one of formId and formKey at a start event")
        if called is not None:
            reading.start_forms[node.id] = called
    definitions = [child for child in element if str(child.tag).endswith("EventDefinition")]
    if len(definitions) > 1:
        reading.problem(node.id, "one-trigger", "Expected at most one event definition, but there are several")
    node.event = EventDefinition(Trigger.NONE)
    if definitions:
        reader = READERS.get(local_name(definitions[0]))
        if reader is not None:  # others have been refused by the coverage table
            node.event = reader(reading, node, definitions[0])


def _message(reading: Reading, node: FlowNode, definition: etree._Element) -> EventDefinition:
    event = EventDefinition(Trigger.MESSAGE, definition.get("messageRef") or "")
    message = reading.referenced(node.id, "message", definition.get("messageRef"))
    if message is not None:
        event.name = reading.expression(node.id, message.get("name"))
        event.correlation_key = reading.correlation_key(message, node.id)
    return event


def _signal(reading: Reading, node: FlowNode, definition: etree._Element) -> EventDefinition:
    event = EventDefinition(Trigger.SIGNAL, definition.get("signalRef") or "")
    signal = reading.referenced(node.id, "signal", definition.get("signalRef"))
    if signal is not None:
        event.name = reading.expression(node.id, signal.get("name"))
    return event


def _error(reading: Reading, node: FlowNode, definition: etree._Element) -> EventDefinition:
    event = EventDefinition(Trigger.ERROR, definition.get("errorRef") or "")
    error = reading.referenced(node.id, "error", definition.get("errorRef"))
    if error is not None:
        event.code = reading.expression(node.id, error.get("errorCode"))
    return event


def _escalation(reading: Reading, node: FlowNode, definition: etree._Element) -> EventDefinition:
    event = EventDefinition(Trigger.ESCALATION, definition.get("escalationRef") or "")
    escalation = reading.referenced(node.id, "escalation", definition.get("escalationRef"))
    if escalation is not None:
        event.code = reading.expression(node.id, escalation.get("escalationCode"))
    return event


def _timer(reading: Reading, node: FlowNode, definition: etree._Element) -> EventDefinition:
    event = EventDefinition(Trigger.TIMER)
    for kind in TimerKind:
        given = bpmn_child(definition, kind.value)
        if given is not None:
            event.timers_given += 1
            event.timer_kind = kind
            event.timer = reading.expression(node.id, (given.text or "").strip())
    return event


def _link(reading: Reading, node: FlowNode, definition: etree._Element) -> EventDefinition:
    return EventDefinition(Trigger.LINK, definition.get("name") or "")


def _terminate(reading: Reading, node: FlowNode, definition: etree._Element) -> EventDefinition:
    return EventDefinition(Trigger.TERMINATE)


def _compensation(reading: Reading, node: FlowNode, definition: etree._Element) -> EventDefinition:
    event = EventDefinition(Trigger.COMPENSATION, definition.get("activityRef") or "")
    event.wait_for_completion = reading.boolean(node.id, definition, "waitForCompletion", True)
    return event


READERS: dict[str, Callable[[Reading, FlowNode, etree._Element], EventDefinition]] = {
    "messageEventDefinition": _message,
    "signalEventDefinition": _signal,
    "errorEventDefinition": _error,
    "escalationEventDefinition": _escalation,
    "timerEventDefinition": _timer,
    "linkEventDefinition": _link,
    "terminateEventDefinition": _terminate,
    "compensateEventDefinition": _compensation,
}
