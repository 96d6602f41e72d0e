"""New process instances: by command, message, timer, signal, or call."""

from __future__ import annotations

from lienthong.engine.core import flows, variables
from lienthong.engine.core.definitions import Definition
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step, Verb, invalid, not_found, wrong_state
from lienthong.engine.model.elements import SCOPE_TYPES, ElementType, FlowNode
from lienthong.engine.protocol.records import Command, Intent, Value, ValueType


def create(step: Step, command: Command) -> None:
    """Create an instance at the none start event, or at the elements that the command names."""
    value = command.value
    definition = _definition(step, value)
    values = variables.document(value.get("variables"))
    starts = [str(each["elementId"]) for each in value.get("startInstructions") or []]
    more: Value = {}
    if starts:
        for element_id in starts:
            check_activatable(definition, element_id)
        more["startInstructions"] = starts
    elif definition.process.root.start is None:
        wrong_state(f"Expected process {definition.id} to have a none start event, but it has none")
    if value.get("tags"):
        more["tags"] = list(value["tags"])
    key = start_instance(step, definition, values, more)
    step.reply = {
        "processDefinitionKey": definition.key,
        "bpmnProcessId": definition.id,
        "version": definition.version,
        "processInstanceKey": key,
        "tags": more.get("tags", []),
    }
    step.emit(ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATED, step.next_key(), step.reply)


def _definition(step: Step, value: Value) -> Definition:
    state, process_id = step.state, value.get("bpmnProcessId")
    version = -1 if value.get("version") is None else value["version"]
    if process_id:
        if version == -1:
            resource = state.latest("PROCESS", process_id)
        else:
            every = state.all_versions("PROCESS", process_id)
            resource = next((each for each in every if each.version == version), None)
        if resource is None:
            not_found("a process definition with id", f'"{process_id}" and version {version}')
        return state.definition(resource.key)
    key = value.get("processDefinitionKey") or 0
    if key <= 0:
        invalid("Expected a process id or a process definition key, but there is neither")
    found = state.resources.get(key)
    if found is None or found.kind != "PROCESS":
        not_found("a process definition with key", key)
    return state.definition(key)


def start_instance(step: Step, definition: Definition, values: variables.Document, more: Value) -> int:
    """A new process instance; its activation goes on the work list."""
    record = definition.plans[definition.id].record.copy()
    record.update(more)
    instance = flows.begin_process(step, record)
    if values:
        variables.set_local(step, instance, values)
    step.follow(Verb.ACTIVATE, instance.key)
    return instance.key


def start_called(step: Step, definition: Definition, caller: ElementInstance, values: variables.Document) -> int:
    """A process instance that a call activity calls."""
    more = {"parentProcessInstanceKey": caller.process_instance_key, "parentElementInstanceKey": caller.key}
    return start_instance(step, definition, values, more)


def check_activatable(definition: Definition, element_id: str) -> FlowNode:
    """Refuse elements at which no token can be put."""
    node = definition.elements.get(element_id)
    if node is None:
        if element_id in definition.flows:
            invalid(f"Expected an element, but {element_id} is a sequence flow")
        invalid(f"Expected element {element_id} to be in process {definition.id}, but it is not")
    if node.type in (ElementType.START_EVENT, ElementType.BOUNDARY_EVENT, ElementType.PROCESS):
        invalid(f"Expected an element that can be activated, but {element_id} is a {node.type}")
    for flow in node.incoming:
        if definition.elements[flow.source].type is ElementType.EVENT_BASED_GATEWAY:
            invalid(f"Expected an element that can be activated, but {element_id} is behind an event-based gateway")
    for scope in scopes_of(definition, node):
        if scope.loop is not None:
            invalid(f"Expected an element outside of multi-instance, but {element_id} is in {scope.id}")
    return node


def scopes_of(definition: Definition, node: FlowNode) -> list[FlowNode]:
    """The scopes around an element, outermost first; the first is the process."""
    found: list[FlowNode] = []
    current = node
    while current.scope:
        current = definition.elements[current.scope]
        if current.type in SCOPE_TYPES:
            found.append(current)
    return found[::-1]
