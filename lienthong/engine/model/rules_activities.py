"""Rules about activities: each knows what to do, in one way."""

from __future__ import annotations

from collections.abc import Iterator

from lienthong.engine.model import time_values
from lienthong.engine.model.elements import ElementType, ExecutableProcess, FlowNode, Trigger
from lienthong.engine.model.problems import Problem
from lienthong.engine.model.rules_flow import NAME_PATH, Rule


def jobs(process: ExecutableProcess) -> Iterator[Problem]:
    """What a worker, a script or a decision does is said exactly once."""
    for node in process.elements.values():
        ways = [node.job is not None]
        if node.type is ElementType.SCRIPT_TASK:
            ways.append(node.script is not None)
        elif node.type is ElementType.BUSINESS_RULE_TASK:
            ways.append(node.decision is not None)
        throws_message = node.trigger is Trigger.MESSAGE and node.type in (
            ElementType.INTERMEDIATE_THROW_EVENT,
            ElementType.END_EVENT,
        )
        needs = throws_message or node.type in (
            ElementType.SERVICE_TASK,
            ElementType.SEND_TASK,
            ElementType.SCRIPT_TASK,
            ElementType.BUSINESS_RULE_TASK,
        )
        if needs and ways.count(True) != 1:
            yield Problem(node.id, "job", "Expected exactly one of zeebe:taskDefinition, script or decision")
        if not needs and node.job is not None:
            yield Problem(node.id, "job", f"Expected no zeebe:taskDefinition at {node.type}, but there is one")
        if node.script is not None:
            yield from _script(node)
        if node.decision is not None:
            yield from _decision(node)
        if node.headers and not (needs or node.type is ElementType.USER_TASK):
            yield Problem(node.id, "headers", "Expected no task headers here, because nobody would read them")


def _script(node: FlowNode) -> Iterator[Problem]:
    if node.script is None or node.type is not ElementType.SCRIPT_TASK:
        yield Problem(node.id, "script", "Expected zeebe:script only at a script task")
    elif node.script.expression.is_static or not node.script.result_variable:
        yield Problem(node.id, "script", "Expected zeebe:script to have an expression and a result variable")


def _decision(node: FlowNode) -> Iterator[Problem]:
    if node.decision is None or node.type is not ElementType.BUSINESS_RULE_TASK:
        yield Problem(node.id, "decision", "Expected zeebe:calledDecision only at a business rule task")
    elif not node.decision.result_variable:
        yield Problem(node.id, "decision", "Expected zeebe:calledDecision to have a result variable, but it has none")


def calls(process: ExecutableProcess) -> Iterator[Problem]:
    """A call activity says whom it calls."""
    for node in process.elements.values():
        if node.type is ElementType.CALL_ACTIVITY and node.call is None:
            yield Problem(node.id, "called-element", "Expected zeebe:calledElement with a processId, but there is none")


def variable_names(process: ExecutableProcess) -> Iterator[Problem]:
    """What an element writes into has the name of a variable."""
    for node in process.elements.values():
        written = [node.loop.input_element, node.loop.output_collection] if node.loop is not None else []
        written += [node.script.result_variable] if node.script is not None else []
        written += [node.decision.result_variable] if node.decision is not None else []
        for name in written:
            if name and not NAME_PATH.match(name):
                yield Problem(node.id, "variable-name", f'Expected the name of a variable, but it is "{name}"')


def loops(process: ExecutableProcess) -> Iterator[Problem]:
    """Multi-instance has a collection, and an output needs both halves."""
    for node in process.elements.values():
        loop = node.loop
        if loop is None:
            continue
        if loop.input_collection is None or loop.input_collection.is_static:
            yield Problem(node.id, "multi-instance", 'Expected an input collection ("=…"), but there is none')
        if (loop.output_collection is None) != (loop.output_element is None):
            yield Problem(
                node.id, "multi-instance", "Expected output collection and output element together, or neither"
            )
        if loop.completion_condition is not None and loop.completion_condition.is_static:
            yield Problem(node.id, "multi-instance", 'Expected the completion condition to be an expression ("=…")')


def user_tasks(process: ExecutableProcess) -> Iterator[Problem]:
    """One form at most, in the way that suits the kind of task, and a sane priority."""
    for node in process.elements.values():
        task = node.user_task
        if task is None:
            continue
        given = [task.form, task.form_key, task.external_reference]
        if sum(form is not None for form in given) > 1:
            yield Problem(node.id, "form", "Expected one form at most, but there are several")
        if task.native and task.form_key is not None:
            yield Problem(node.id, "form", "Expected formId or externalReference at a native user task, not formKey")
        if not task.native and task.external_reference is not None:
            yield Problem(node.id, "form", "Expected formId or formKey at a job-based user task; add zeebe:userTask")
        if not task.native and task.priority is not None:
            yield Problem(node.id, "priority", "Expected a priority only at a native user task; add zeebe:userTask")
        for name, date in (("dueDate", task.due_date), ("followUpDate", task.follow_up_date)):
            if date is not None and date.is_static:
                yield from _static_date(node.id, name, date.source.strip())
        if task.priority is not None and task.priority.is_static:
            text = task.priority.source.strip()
            if not text.isdigit() or int(text) > 100:
                yield Problem(node.id, "priority", f'Expected a priority from 0 to 100, but it is "{text}"')


def _static_date(element_id: str, name: str, text: str) -> Iterator[Problem]:
    try:
        time_values.parse_date(text)
    except ValueError as error:
        yield Problem(element_id, "date", f'Expected {name} to be a zoned date-time, but "{text}": {error}')


RULES: tuple[Rule, ...] = (jobs, calls, variable_names, loops, user_tasks)
