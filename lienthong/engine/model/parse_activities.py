"""Activities: jobs, user tasks, calls, decisions, scripts, multi-instance."""

from __future__ import annotations

import re

from lxml import etree

from lienthong.engine.model.elements import (
    ACTIVITY_TYPES,
    CallDefinition,
    DecisionCall,
    ElementType,
    FlowNode,
    JobDefinition,
    Loop,
    Script,
    UserTaskDefinition,
)
from lienthong.engine.model.expression import Expression, static
from lienthong.engine.model.reading import Reading
from lienthong.engine.model.xml import bpmn_child, extension

DEFAULT_RETRIES = "3"
_NAME = re.compile(r"^=\s*([A-Za-z_]\w*)$")


def read(reading: Reading, node: FlowNode, element: etree._Element) -> None:
    """Fill in what makes `node` an activity; throw events may carry a job too."""
    definition = extension(element, "taskDefinition")
    if definition is not None:
        node.job = _job(reading, node, definition)
    if node.type not in ACTIVITY_TYPES:
        return
    loop = bpmn_child(element, "multiInstanceLoopCharacteristics")
    if loop is not None:
        node.loop = _loop(reading, node, loop)
    if node.type is ElementType.USER_TASK:
        node.user_task = _user_task(reading, node, element)
    call = extension(element, "calledElement")
    if call is not None and node.type is ElementType.CALL_ACTIVITY:
        node.call = _call(reading, node, call)
    decision = extension(element, "calledDecision")
    if decision is not None:
        called = reading.called(node.id, decision, "decisionId")
        if (decision.get("versionTag") or "").startswith("="):
            reading.problem(node.id, "version-tag", "Expected the version tag of a decision to be a text")
        if called is not None:
            node.decision = DecisionCall(called, decision.get("resultVariable") or "")
    script = extension(element, "script")
    if script is not None:
        expression = reading.expression(node.id, script.get("expression"))
        if expression is not None:
            node.script = Script(expression, script.get("resultVariable") or "")


def _job(reading: Reading, node: FlowNode, definition: etree._Element) -> JobDefinition | None:
    kind = reading.expression(node.id, definition.get("type"))
    retries = reading.expression(node.id, definition.get("retries")) or static(DEFAULT_RETRIES)
    if kind is None:
        reading.problem(node.id, "job-type", "Expected zeebe:taskDefinition to have a type, but it has none")
        return None
    if retries.is_static and not retries.source.strip().isdigit():
        reading.problem(node.id, "job-retries", f'Expected retries to be a number, but it is "{retries.source}"')
    return JobDefinition(kind, retries)


def _call(reading: Reading, node: FlowNode, call: etree._Element) -> CallDefinition | None:
    called = reading.called(node.id, call, "processId")
    if called is None:
        return None
    return CallDefinition(
        called,
        reading.boolean(node.id, call, "propagateAllParentVariables", True),
        reading.boolean(node.id, call, "propagateAllChildVariables", True),
    )


def _loop(reading: Reading, node: FlowNode, element: etree._Element) -> Loop:
    loop = Loop(reading.boolean(node.id, element, "isSequential", False), None)
    details = extension(element, "loopCharacteristics")
    if details is not None:
        loop.input_collection = reading.expression(node.id, details.get("inputCollection"))
        loop.input_element = details.get("inputElement") or None
        loop.output_collection = details.get("outputCollection") or None
        loop.output_element = reading.expression(node.id, details.get("outputElement"))
    condition = bpmn_child(element, "completionCondition")
    if condition is not None:
        loop.completion_condition = reading.expression(node.id, (condition.text or "").strip())
    return loop


def _user_task(reading: Reading, node: FlowNode, element: etree._Element) -> UserTaskDefinition:
    task = UserTaskDefinition(native=extension(element, "userTask") is not None)

    def attribute(name: str, key: str) -> Expression | None:
        found = extension(element, name)
        return None if found is None else reading.expression(node.id, found.get(key))

    task.assignee = attribute("assignmentDefinition", "assignee")
    task.candidate_groups = attribute("assignmentDefinition", "candidateGroups")
    task.candidate_users = attribute("assignmentDefinition", "candidateUsers")
    task.due_date = attribute("taskSchedule", "dueDate")
    task.follow_up_date = attribute("taskSchedule", "followUpDate")
    task.priority = attribute("priorityDefinition", "priority")
    form = extension(element, "formDefinition")
    if form is not None:
        task.form = reading.called(node.id, form, "formId")
        task.form_key = reading.expression(node.id, form.get("formKey"))
        task.external_reference = reading.expression(node.id, form.get("externalReference"))
        if not (task.form or task.form_key or task.external_reference):
            reading.problem(node.id, "form", "Expected zeebe:formDefinition to say which form, but it does not")
    return task


def plain_variable(expression: Expression | None) -> str | None:
    """The name, when an expression is nothing but one variable."""
    match = None if expression is None else _NAME.match(expression.source)
    return None if match is None else match.group(1)
