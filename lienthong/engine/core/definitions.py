"""A deployed process made ready to run: the executable model and, per element, what its instances start from."""

from __future__ import annotations

from dataclasses import dataclass, field

from lienthong.engine.core.entities import Resource
from lienthong.engine.model.elements import ElementType, ExecutableProcess, FlowNode, SequenceFlow
from lienthong.engine.model.parser import parse_bpmn
from lienthong.engine.protocol.records import Value


@dataclass(slots=True)
class Plan:
    """What is known of an element before any instance of it runs."""

    node: FlowNode
    kind: ElementType  # of what begins when a token comes: the body, when it is multi-instance
    record: Value  # the record of a new instance, but for its keys
    job: Value | None  # the record of its job, but for its keys; None when that depends on variables
    offers: Value | None  # that record, when offering it is all that the element does to begin
    definition: Definition
    plain: bool  # at its end no outputs are mapped, nothing is collected, nothing could be undone
    outgoing: list[FlowPlan] = field(default_factory=list)
    checks_joins: bool = False  # as a scope: an inclusive join within may wait for what moves


@dataclass(slots=True)
class FlowPlan:
    """What is known of a sequence flow before any token takes it."""

    record: Value  # the record of a token on it, but for its keys
    target: Plan
    waits: bool  # its target waits for tokens on other flows
    joins: bool  # and is a parallel gateway


class Definition:
    """One version of one process."""

    __slots__ = (
        "deployment_key",
        "elements",
        "flow_plans",
        "flows",
        "id",
        "inner",
        "key",
        "plans",
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
        self.inner = {node.id: self._record(node, node.type) for node in process.elements.values()}
        self.plans = {node.id: self._plan(node) for node in process.elements.values()}
        self.flow_plans = {flow.id: self._flow_plan(flow) for flow in process.flows.values()}
        for plan in self.plans.values():
            plan.outgoing = [self.flow_plans[flow.id] for flow in plan.node.outgoing]

    def _plan(self, node: FlowNode) -> Plan:
        kind = ElementType.MULTI_INSTANCE_BODY if node.loop else node.type
        plain = not (node.outputs or node.loop or node.compensation_handler)
        job = self._job_record(node)
        offers = None if node.inputs or node.boundary_events else job
        plan = Plan(node, kind, self._record(node, kind), job, offers, self, plain)
        plan.checks_joins = node.has_inclusive_join
        return plan

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

    def _flow_plan(self, flow: SequenceFlow) -> FlowPlan:
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
        target = self.plans[flow.target]
        waits = target.node.is_join
        if waits:
            record["waits"] = True
        return FlowPlan(record, target, waits, waits and target.node.type is ElementType.PARALLEL_GATEWAY)

    def _job_record(self, node: FlowNode) -> Value | None:
        job = node.job
        if job is None or not (job.type.is_static and job.type.source and job.retries.is_static):
            return None
        retries = job.retries.source.strip()
        if not retries.lstrip("-").isdigit():
            return None
        return self.job_record(node, job.type.source, int(retries))

    def job_record(self, node: FlowNode, kind: str, retries: int) -> Value:
        """The record of a job of an element, but for its keys."""
        return {
            "type": kind,
            "retries": retries,
            "worker": "",
            "deadline": -1,
            "recurDate": -1,
            "customHeaders": node.headers,
            "elementId": node.id,
            "elementInstanceKey": -1,
            "processInstanceKey": -1,
            "bpmnProcessId": self.id,
            "processDefinitionKey": self.key,
            "processDefinitionVersion": self.version,
            "errorMessage": "",
            "errorCode": "",
        }


def load_definition(resource: Resource) -> Definition:
    """Parse the resource of a deployed process."""
    for process in parse_bpmn(resource.value["resource"]).processes:
        if process.id == resource.id:
            return Definition(process, resource.key, resource.version, resource.deployment_key)
    raise LookupError(f"Expected process {resource.id} in its own resource, but it is not there")
