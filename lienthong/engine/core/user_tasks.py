"""User tasks: work for a person, with assignee, candidates, dates, priority and form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lienthong.engine.core import calling, expressions, jobs, mappings, variables
from lienthong.engine.core.entities import ElementInstance, UserTask
from lienthong.engine.core.flows import node_of
from lienthong.engine.core.step import Failure, Step, Verb, invalid, not_found, wrong_state
from lienthong.engine.model import time_values
from lienthong.engine.model.elements import FlowNode, UserTaskDefinition
from lienthong.engine.model.expression import Expression
from lienthong.engine.protocol.records import Command, Intent, Value, ValueType

DEFAULT_PRIORITY = 50
EMPTIED: dict[str, Any] = {"candidateGroups": [], "candidateUsers": [], "dueDate": "", "followUpDate": ""}


def prepare(step: Step, instance: ElementInstance, node: FlowNode) -> Callable[[], None]:
    """Evaluate everything a user task says; the result creates the task, or the job of an old-style one."""
    task = node.user_task or UserTaskDefinition(native=True)
    attributes = _attributes(step, task, instance.key)
    if not task.native:
        form_key = expressions.optional_text(step, task.form_key, instance.key)
        if task.form is not None:
            form_key = str(_form(step, task, instance)["formKey"])
        headers = jobs.user_task_headers({**attributes, "formKey": form_key}, node.headers)
        job = jobs.prepare_user_task(step, instance, node, headers)
        return lambda: jobs.offer(step, instance, job)
    record = {
        **attributes,
        "userTaskKey": 0,
        "state": "CREATED",
        "priority": _priority(step, task.priority, instance.key),
        **_form(step, task, instance),
        "externalFormReference": expressions.optional_text(step, task.external_reference, instance.key) or "",
        "elementId": node.id,
        "elementName": node.name,
        "elementInstanceKey": instance.key,
        "processInstanceKey": instance.process_instance_key,
        "bpmnProcessId": instance.value["bpmnProcessId"],
        "processDefinitionKey": instance.definition_key,
        "version": instance.value["version"],
        "customHeaders": node.headers,
        "creationTimestamp": step.now_ms,
        "action": "",
        "changedAttributes": [],
    }
    return lambda: _create(step, record)


def _create(step: Step, record: Value) -> None:
    key = record["userTaskKey"] = step.next_key()
    step.emit(ValueType.USER_TASK, Intent.CREATED, key, record)


def _attributes(step: Step, task: UserTaskDefinition, scope_key: int) -> Value:
    return {
        "assignee": expressions.optional_text(step, task.assignee, scope_key) or "",
        "candidateGroups": expressions.texts(step, task.candidate_groups, scope_key),
        "candidateUsers": expressions.texts(step, task.candidate_users, scope_key),
        "dueDate": _date(step, task.due_date, scope_key),
        "followUpDate": _date(step, task.follow_up_date, scope_key),
    }


def _date(step: Step, expression: Expression | None, scope_key: int) -> str:
    text = None if expression is None else expressions.temporal_text(step, expression, scope_key)
    if expression is None or text is None:
        return ""
    try:
        time_values.parse_date(text)
    except ValueError as error:
        wanted = f'Expected "{expression.source}" to be a zoned date-time, but "{text}": {error}'
        raise Failure(expressions.EXTRACT, wanted) from error
    return text


def _priority(step: Step, expression: Expression | None, scope_key: int) -> int:
    if expression is None:
        return DEFAULT_PRIORITY
    priority = expressions.number(step, expression, scope_key)
    if not 0 <= priority <= 100:
        raise Failure(expressions.EXTRACT, f"Expected a priority from 0 to 100, but it is {priority}")
    return priority


def _form(step: Step, task: UserTaskDefinition, instance: ElementInstance) -> Value:
    if task.form is None:
        return {"formKey": -1, "formId": "", "formVersion": -1}
    identifier = expressions.text(step, task.form.id, instance.key)
    form = calling.find_resource(step.state, "FORM", identifier, task.form, instance.definition_key)
    if form is None:
        raise Failure(
            "FORM_NOT_FOUND", f'Expected form "{identifier}" ({calling.wanted(task.form)}), but there is none'
        )
    return {"formKey": form.key, "formId": form.id, "formVersion": form.version}


def _task(step: Step, key: int) -> UserTask:
    task = step.state.user_tasks.get(key)
    if task is None:
        not_found("a user task with key", key)
    if task.process_instance_key in step.state.banned:
        wrong_state(f"Expected the process instance of user task {key} to run, but it has been stopped by a fault")
    return task


def assign(step: Step, command: Command) -> None:
    """Give the task to somebody; with allowOverride false only when nobody has it."""
    task = _task(step, command.key)
    assignee = command.value.get("assignee") or ""
    if not command.value.get("allowOverride", True) and task.value["assignee"]:
        wrong_state(f"Expected user task {command.key} to be free, but {task.value['assignee']} has it")
    _assigned(step, task, assignee, command.value.get("action") or "assign")


def claim(step: Step, command: Command) -> None:
    """Take the task oneself; again is fine, from somebody else is not."""
    task = _task(step, command.key)
    assignee = command.value.get("assignee") or ""
    if not assignee:
        invalid("Expected an assignee, but it is empty")
    if task.value["assignee"] not in ("", assignee):
        wrong_state(f"Expected user task {command.key} to be free, but {task.value['assignee']} has it")
    _assigned(step, task, assignee, command.value.get("action") or "claim")


def unassign(step: Step, command: Command) -> None:
    """Nobody has the task."""
    _assigned(step, _task(step, command.key), "", "unassign")


def _assigned(step: Step, task: UserTask, assignee: str, action: str) -> None:
    record = {**task.value, "assignee": assignee, "action": action, "changedAttributes": ["assignee"]}
    step.emit(ValueType.USER_TASK, Intent.ASSIGNED, task.key, record)


def update(step: Step, command: Command) -> None:
    """Change candidates, dates or priority; null keeps, empty clears."""
    task = _task(step, command.key)
    changes: Value = {}
    for name, value in (command.value.get("changeset") or {}).items():
        if name == "priority":
            if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100):
                invalid(f"Expected a priority from 0 to 100, but it is {value}")
        elif name in ("candidateGroups", "candidateUsers"):
            if value is not None and not (isinstance(value, list) and all(isinstance(part, str) for part in value)):
                invalid(f"Expected {name} to be a list of texts, but it is {value}")
        elif name not in EMPTIED:
            invalid(f"Expected only attributes that may change, but there is {name}")
        elif value:
            _check_date(name, value)
        if value is not None:
            changes[name] = value if value or name == "priority" else EMPTIED[name]
    action = command.value.get("action") or "update"
    record = {**task.value, **changes, "action": action, "changedAttributes": sorted(changes)}
    step.emit(ValueType.USER_TASK, Intent.UPDATED, task.key, record)


def _check_date(name: str, value: object) -> None:
    try:
        time_values.parse_date(str(value))
    except ValueError as error:
        invalid(f'Expected {name} to be a zoned date-time, but "{value}": {error}')


def complete(step: Step, command: Command) -> None:
    """The person is done: variables come in, the element goes on."""
    task = _task(step, command.key)
    given = command.value.get("variables")
    values = variables.document(given)
    instance = step.state.elements[task.element_instance_key]
    record = {**task.value, "state": "COMPLETED", "action": command.value.get("action") or "complete"}
    step.emit(ValueType.USER_TASK, Intent.COMPLETED, task.key, {**record, "variables": given or {}})
    if values:
        mappings.take_in(step, instance, node_of(step, instance), values)
    step.follow(Verb.COMPLETE, instance.key)
