"""Decisions: evaluated for a business rule task, or by command."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from lienthong.engine import dmn
from lienthong.engine.core import calling, expressions, variables
from lienthong.engine.core.entities import ElementInstance, Resource
from lienthong.engine.core.state import State
from lienthong.engine.core.step import Failure, Step, invalid, not_found
from lienthong.engine.model.elements import FlowNode
from lienthong.engine.protocol.records import Command, Intent, Value, ValueType


@lru_cache(maxsize=256)
def graph_of(content: bytes, name: str) -> dmn.DecisionRequirementsGraph:
    """Parse a DMN file; pure, so the same bytes are read once."""
    return dmn.parse_dmn(content, name)


def named_in(graph: dmn.DecisionRequirementsGraph) -> list[tuple[str, str]]:
    """Id and name of each decision of a graph."""
    return [(decision.id, decision.name) for decision in graph.decisions.values()]


def version_tag(graph: dmn.DecisionRequirementsGraph, identifier: str) -> str | None:
    """The version tag of a decision."""
    return graph.decisions[identifier].version_tag


def _evaluate(step: Step, decision: Resource, given: dict[str, Any]) -> dmn.DecisionResult:
    requirements = step.state.resources[decision.value["decisionRequirementsKey"]]
    graph = graph_of(requirements.value["resource"], requirements.name)
    return dmn.evaluate_decision(graph, decision.id, given, expressions.moment(step.now_ms))


def for_task(step: Step, instance: ElementInstance, node: FlowNode) -> variables.Document:
    """Evaluate the decision that a business rule task calls; its result under the result variable."""
    if node.decision is None:
        raise Failure("CALLED_DECISION_ERROR", f"Expected {node.id} to call a decision, but it does not")
    called = node.decision.called
    identifier = expressions.text(step, called.id, instance.key)
    decision = calling.find_resource(step.state, "DECISION", identifier, called, instance.definition_key)
    if decision is None:
        text = f'Expected decision "{identifier}" ({calling.wanted(called)}), but there is none'
        raise Failure("CALLED_DECISION_ERROR", text)
    given, _ = variables.collect(step.state, instance.key)
    result = _evaluate(step, decision, given)
    record = {
        **_described(step.state, decision, result),
        "elementId": node.id,
        "elementInstanceKey": instance.key,
        "processInstanceKey": instance.process_instance_key,
        "processDefinitionKey": instance.definition_key,
        "bpmnProcessId": instance.value["bpmnProcessId"],
    }
    failed = bool(result.failure)
    intent = Intent.FAILED if failed else Intent.EVALUATED
    step.emit(ValueType.DECISION_EVALUATION, intent, step.next_key(), record)
    if failed:
        text = f'Expected decision "{identifier}" to be evaluated, but {record["failureMessage"]}'
        raise Failure("DECISION_EVALUATION_ERROR", text)
    return {node.decision.result_variable: variables.encode(result.output)}


def evaluate_command(step: Step, command: Command) -> None:
    """Evaluate a decision for a caller; a failure of the evaluation is an answer too."""
    decision = _named(step.state, command.value)
    given = command.value.get("variables") or {}
    variables.document(given)
    result = _evaluate(step, decision, given)
    key = step.next_key()
    record = _described(step.state, decision, result)
    step.emit(ValueType.DECISION_EVALUATION, Intent.FAILED if result.failure else Intent.EVALUATED, key, record)
    step.reply = {**record, "decisionInstanceKey": key, "decisionEvaluationKey": key}


def _named(state: State, value: Value) -> Resource:
    identifier, key = value.get("decisionId"), value.get("decisionKey", 0)
    if identifier:
        found = state.latest("DECISION", identifier)
        if found is None:
            not_found("a decision with id", f'"{identifier}"')
        return found
    if not key or key <= 0:
        invalid("Expected a decision id or a decision key, but there is neither")
    resource = state.resources.get(key)
    if resource is None or resource.kind != "DECISION":
        not_found("a decision with key", key)
    return resource


def _described(state: State, decision: Resource, result: dmn.DecisionResult) -> Value:
    """The answer with the shape of the gRPC reply; `decisionOutput` is JSON text."""
    requirements = state.resources[decision.value["decisionRequirementsKey"]]
    failure: Any = result.failure
    return {
        "decisionKey": decision.key,
        "decisionId": decision.id,
        "decisionName": decision.value["decisionName"],
        "decisionVersion": decision.version,
        "decisionRequirementsId": requirements.id,
        "decisionRequirementsKey": requirements.key,
        "decisionOutput": "null" if failure else variables.encode(result.output),
        "evaluatedDecisions": [_evaluated(state, requirements, each) for each in result.evaluated_decisions],
        "failedDecisionId": _failed_id(failure) or (decision.id if failure else ""),
        "failureMessage": _failure_message(failure),
    }


def _failed_id(failure: Any) -> str:
    return str(getattr(failure, "decision_id", "") or "")


def _failure_message(failure: Any) -> str:
    return str(getattr(failure, "message", failure) or "") if failure else ""


def _evaluated(state: State, requirements: Resource, evaluated: Value) -> Value:
    """Add the keys of this deployment to what the DMN part reports of one decision."""
    for key in state.deployments.get(requirements.deployment_key, ()):
        resource = state.resources.get(key)
        if resource is not None and resource.kind == "DECISION" and resource.id == evaluated.get("decisionId"):
            return {**evaluated, "decisionKey": resource.key, "decisionVersion": resource.version}
    return evaluated
