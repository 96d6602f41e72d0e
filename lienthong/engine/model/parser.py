"""BPMN XML to executable processes.

The reader never stops at the first fault: it notes a problem and goes on, so that a designer sees
all of them at once. What comes out is only run when no problem was noted and no rule objects.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from lienthong.engine.model import parse_activities, parse_events
from lienthong.engine.model.coverage import uncovered
from lienthong.engine.model.elements import (
    Called,
    ElementType,
    ExecutableProcess,
    FlowNode,
    Mapping,
    SequenceFlow,
    Trigger,
)
from lienthong.engine.model.expression import compile_expression
from lienthong.engine.model.problems import Problem
from lienthong.engine.model.reading import Reading
from lienthong.engine.model.xml import (
    BPMN,
    UnreadableXml,
    bpmn_child,
    bpmn_children,
    extension,
    extensions,
    local_name,
    namespace,
    read_xml,
)

NODE_TYPES = {
    "subProcess": ElementType.SUB_PROCESS,
    "callActivity": ElementType.CALL_ACTIVITY,
    "startEvent": ElementType.START_EVENT,
    "endEvent": ElementType.END_EVENT,
    "intermediateCatchEvent": ElementType.INTERMEDIATE_CATCH_EVENT,
    "intermediateThrowEvent": ElementType.INTERMEDIATE_THROW_EVENT,
    "boundaryEvent": ElementType.BOUNDARY_EVENT,
    "serviceTask": ElementType.SERVICE_TASK,
    "sendTask": ElementType.SEND_TASK,
    "scriptTask": ElementType.SCRIPT_TASK,
    "businessRuleTask": ElementType.BUSINESS_RULE_TASK,
    "receiveTask": ElementType.RECEIVE_TASK,
    "userTask": ElementType.USER_TASK,
    "manualTask": ElementType.MANUAL_TASK,
    "task": ElementType.TASK,
    "exclusiveGateway": ElementType.EXCLUSIVE_GATEWAY,
    "parallelGateway": ElementType.PARALLEL_GATEWAY,
    "inclusiveGateway": ElementType.INCLUSIVE_GATEWAY,
    "eventBasedGateway": ElementType.EVENT_BASED_GATEWAY,
}


@dataclass(slots=True)
class ParsedBpmn:
    """The executable processes of one file and what the reader stumbled over."""

    processes: list[ExecutableProcess] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@lru_cache(maxsize=512)
def parse_bpmn(content: bytes) -> ParsedBpmn:
    """Read a BPMN file; pure, so the same bytes are read once. Do not change what it returns."""
    try:
        root = read_xml(content)
    except UnreadableXml as error:
        return ParsedBpmn(problems=[Problem("", "readable", str(error))])
    if namespace(root) != BPMN or local_name(root) != "definitions":
        return ParsedBpmn(
            problems=[Problem("", "readable", "Expected bpmn:definitions as the root, but there is none")]
        )
    reading = Reading(root, uncovered(root))
    parsed = ParsedBpmn(problems=reading.problems)
    for element in bpmn_children(root, "process"):
        if element.get("isExecutable") == "true":
            parsed.processes.append(_process(reading, element))
    return parsed


def _process(reading: Reading, element: etree._Element) -> ExecutableProcess:
    process_id = reading.id_of(element)
    root = FlowNode(process_id, ElementType.PROCESS, "", element.get("name") or process_id)
    tag = extension(element, "versionTag")
    version_tag = tag.get("value") if tag is not None else None
    if tag is not None and not version_tag:
        reading.problem(process_id, "version-tag", "Expected zeebe:versionTag to have a value, but it has none")
    process = ExecutableProcess(process_id, root.name, version_tag, root, {process_id: root}, {})
    _scope(reading, process, root, element)
    for flow in process.flows.values():
        if flow.source in process.elements:
            process.elements[flow.source].outgoing.append(flow)
        if flow.target in process.elements:
            process.elements[flow.target].incoming.append(flow)
    for node in process.elements.values():
        _tie(reading, process, node)
    for start in process.start_events():
        process.start_form = process.start_form or reading.start_forms.get(start.id)
    return process


def _scope(reading: Reading, process: ExecutableProcess, scope: FlowNode, element: etree._Element) -> None:
    for child in element:
        name = local_name(child)
        if namespace(child) != BPMN:
            continue
        if name == "sequenceFlow":
            _flow(reading, process, child)
        elif name in NODE_TYPES:
            node = _node(reading, process, scope, child, NODE_TYPES[name])
            if node.type in (ElementType.SUB_PROCESS, ElementType.EVENT_SUB_PROCESS):
                _scope(reading, process, node, child)


def _node(
    reading: Reading, process: ExecutableProcess, scope: FlowNode, element: etree._Element, kind: ElementType
) -> FlowNode:
    node = FlowNode(reading.id_of(element), kind, scope.id, element.get("name") or "")
    if node.id in process.elements:
        reading.problem(node.id, "unique-id", "Expected ids to be unique, but this one occurs twice")
    if kind is ElementType.SUB_PROCESS and element.get("triggeredByEvent") == "true":
        node.type = ElementType.EVENT_SUB_PROCESS
        scope.event_sub_processes.append(node)
    process.elements[node.id] = node
    scope.children.append(node)
    node.default_flow = element.get("default")
    node.is_handler = reading.boolean(node.id, element, "isForCompensation", False)
    _mappings(reading, node, element)
    for header in extensions(element, "taskHeaders/header"):
        key = header.get("key") or ""
        if key in node.headers or key.startswith("io.camunda.zeebe:") or not key:
            reading.problem(node.id, "header-key", f'Expected header keys to be unique and free, but "{key}" is not')
        node.headers[key] = header.get("value") or ""
    parse_events.read(reading, node, element)
    parse_activities.read(reading, node, element)
    return node


def _mappings(reading: Reading, node: FlowNode, element: etree._Element) -> None:
    """An input without a source is null; an output without one would be a slip."""
    for entry in extensions(element, "ioMapping/input"):
        source = reading.expression(node.id, entry.get("source")) or compile_expression("=null")
        node.inputs.append(Mapping(source, entry.get("target") or ""))
    for entry in extensions(element, "ioMapping/output"):
        found = reading.expression(node.id, entry.get("source"))
        if found is None:
            reading.problem(node.id, "mapping-source", "Expected an output mapping to have a source, but it has none")
        else:
            node.outputs.append(Mapping(found, entry.get("target") or ""))


def _flow(reading: Reading, process: ExecutableProcess, element: etree._Element) -> None:
    flow = SequenceFlow(reading.id_of(element), element.get("sourceRef") or "", element.get("targetRef") or "")
    condition = bpmn_child(element, "conditionExpression")
    if condition is not None:
        text = (condition.text or "").strip()
        flow.condition = reading.expression(flow.id, text)
        if flow.condition is not None and flow.condition.is_static:
            reading.problem(flow.id, "condition", 'Expected the condition to be an expression ("=…"), but it is a text')
    process.flows[flow.id] = flow


def _tie(reading: Reading, process: ExecutableProcess, node: FlowNode) -> None:
    """Join boundary events and start events to the node, in document order."""
    for child in node.children:
        if child.type is ElementType.BOUNDARY_EVENT and child.attached_to in process.elements:
            host = process.elements[child.attached_to]
            host.boundary_events.append(child)
            if child.trigger is Trigger.COMPENSATION:
                _tie_handler(reading, process, host, child)
        may_start = node.type is ElementType.EVENT_SUB_PROCESS or child.trigger is Trigger.NONE
        if child.type is ElementType.START_EVENT and node.start is None and may_start:
            node.start = child
        if child.type is ElementType.INCLUSIVE_GATEWAY:
            node.has_inclusive_join = True
    if node.type is ElementType.EVENT_SUB_PROCESS and node.start is not None:
        node.interrupting = node.start.interrupting


def _tie_handler(reading: Reading, process: ExecutableProcess, host: FlowNode, event: FlowNode) -> None:
    handlers = [each for each in reading.associations.get(event.id, []) if each in process.elements]
    if len(handlers) == 1:
        event.compensation_handler = host.compensation_handler = handlers[0]
    else:
        text = f"Expected one association to a compensation handler, but there are {len(handlers)}"
        reading.problem(event.id, "compensation-handler", text)


__all__ = ["Called", "ParsedBpmn", "parse_bpmn"]
