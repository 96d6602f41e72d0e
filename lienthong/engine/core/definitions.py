"""A deployed process made ready to run: the executable model and, per element, the record it starts from."""

from __future__ import annotations

from lienthong.engine.core.entities import Resource
from lienthong.engine.model.elements import ElementType, ExecutableProcess, FlowNode, SequenceFlow
from lienthong.engine.model.parser import parse_bpmn
from lienthong.engine.protocol.records import Value


class Definition:
    """One version of one process."""

    __slots__ = (
        "bodies",
        "deployment_key",
        "elements",
        "flow_records",
        "flows",
        "id",
        "inner",
        "key",
        "process",
        "version",
    )

    def __init__(self, process: ExecutableProcess, key: int, version: int, deployment_key: int) -> None:
        self.process = process
        self.key = key
        self.id = process.id
        self.version = version
        self.deployment_key = deployment_key
        self.elements: dict[str, FlowNode] = process.elements
        self.flows: dict[str, SequenceFlow] = process.flows
        self.flow_records = {flow.id: self._flow_record(flow) for flow in process.flows.values()}
        self.inner = {node.id: self._record(node, node.type) for node in process.elements.values()}
        self.bodies = {
            node.id: self._record(node, ElementType.MULTI_INSTANCE_BODY if node.loop else node.type)
            for node in process.elements.values()
        }

    def _record(self, node: FlowNode, kind: ElementType) -> Value:
        return {
            "processInstanceKey": 0,
            "processDefinitionKey": self.key,
            "bpmnProcessId": self.id,
            "version": self.version,
            "elementId": node.id,
            "elementName": node.name,
            "bpmnElementType": kind.value,
            "bpmnEventType": node.trigger.value,
            "flowScopeKey": -1,
            "parentProcessInstanceKey": -1,
            "parentElementInstanceKey": -1,
        }

    def _flow_record(self, flow: SequenceFlow) -> Value:
        record: Value = {
            "processInstanceKey": 0,
            "processDefinitionKey": self.key,
            "bpmnProcessId": self.id,
            "version": self.version,
            "elementId": flow.id,
            "bpmnElementType": ElementType.SEQUENCE_FLOW.value,
            "flowScopeKey": -1,
            "parentProcessInstanceKey": -1,
            "parentElementInstanceKey": -1,
        }
        if self.elements[flow.target].is_join:
            record["waits"] = True
        return record


def load_definition(resource: Resource) -> Definition:
    """Parse the resource of a deployed process."""
    for process in parse_bpmn(resource.value["resource"]).processes:
        if process.id == resource.id:
            return Definition(process, resource.key, resource.version, resource.deployment_key)
    raise LookupError(f"Expected process {resource.id} in its own resource, but it is not there")
