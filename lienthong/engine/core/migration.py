"""Moving a running process instance to another process definition, without its noticing.

Everything is checked before anything is moved. Keys, variables, jobs, user tasks and incidents stay;
what an instance waits for is kept when the event is mapped (a timer keeps when it is due), closed when
it is not, and opened anew when only the target has it.
"""

from __future__ import annotations

from dataclasses import dataclass

from lienthong.engine.core import compensation, incidents, migration_rules, user_tasks, waits
from lienthong.engine.core.definitions import Definition
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.migration_rules import Plan
from lienthong.engine.core.step import Failure, Step, invalid, not_found, wrong_state
from lienthong.engine.model.elements import ElementType, FlowNode
from lienthong.engine.protocol.records import Command, Intent, Value, ValueType


@dataclass(slots=True)
class Move:
    """One element instance and where it goes."""

    instance: ElementInstance
    target: FlowNode
    flows: dict[str, str]


def migrate(step: Step, command: Command) -> None:
    """Check every running element of the instance, then move them all."""
    state = step.state
    root = state.elements.get(command.key)
    if root is None or root.type is not ElementType.PROCESS:
        not_found("a process instance with key", command.key)
    target_key = command.value.get("targetProcessDefinitionKey") or 0
    resource = state.resources.get(target_key)
    if resource is None or resource.kind != "PROCESS":
        not_found("a process definition with key", target_key)
    plan = _plan(state.definition(root.definition_key), state.definition(target_key), command.value)
    moves = _moves(step, root, plan)
    for move in moves:
        _try_openings(step, move, plan)
    for move in moves:
        _move(step, move, plan)
    record = {"processInstanceKey": root.key, "targetProcessDefinitionKey": target_key, "mapping": plan.mapping}
    step.emit(ValueType.PROCESS_INSTANCE_MIGRATION, Intent.MIGRATED, step.next_key(), record)


def _plan(source: Definition, target: Definition, value: Value) -> Plan:
    mapping: dict[str, str] = {}
    for each in value.get("mappingInstructions") or []:
        source_id, target_id = each["sourceElementId"], each["targetElementId"]
        if source_id in mapping:
            invalid(f"Expected each source element to be mapped once, but {source_id} is mapped twice")
        if source_id not in source.elements and source_id not in source.flows:
            invalid(f"Expected source element {source_id} to be in process {source.id}, but it is not")
        if target_id not in target.elements and target_id not in target.flows:
            invalid(f"Expected target element {target_id} to be in process {target.id}, but it is not")
        mapping[source_id] = target_id
    return Plan(source, target, mapping)


def _moves(step: Step, root: ElementInstance, plan: Plan) -> list[Move]:
    moves: list[Move] = []
    todo = [root]
    while todo:
        instance = todo.pop()
        target = migration_rules.target_of(plan, instance)
        migration_rules.check(step, plan, instance, target)
        moves.append(Move(instance, target, migration_rules.flows_of(plan, instance)))
        todo.extend(step.state.elements[key] for key in instance.children)
    return moves


def _waiting_for(plan: Plan, instance: ElementInstance, target: FlowNode) -> list[FlowNode]:
    """The events of the target that a moved instance waits for."""
    found = list(waits.attached(instance, target))
    if target.type in (ElementType.RECEIVE_TASK, ElementType.INTERMEDIATE_CATCH_EVENT):
        found.append(target)
    if target.type is ElementType.EVENT_BASED_GATEWAY:
        found += [plan.target.elements[flow.target] for flow in target.outgoing]
    return found


def _new_waits(step: Step, move: Move, plan: Plan) -> list[FlowNode]:
    if move.instance.state is not Intent.ELEMENT_ACTIVATED or move.instance.value.get("triggered"):
        return []
    mapped = {plan.mapping.get(event_id) for event_id in migration_rules.events_of(step, move.instance)}
    known = set(plan.mapping.values())
    struck = {event.id for event in _waiting_for(plan, move.instance, move.target) if event.id in known}
    return [
        event
        for event in _waiting_for(plan, move.instance, move.target)
        if event.id not in mapped and event.id not in struck
    ]


def _try_openings(step: Step, move: Move, plan: Plan) -> None:
    try:
        waits.prepare(step, move.instance, _new_waits(step, move, plan))
        if migration_rules.becomes_native(plan, move.instance, move.target):
            user_tasks.prepare(step, move.instance, move.target)
    except Failure as failure:
        wrong_state(f"Expected {move.target.id} to be entered, but {failure.message}")


def _move(step: Step, move: Move, plan: Plan) -> None:
    instance, target = move.instance, move.target
    new_waits = _new_waits(step, move, plan)
    native = migration_rules.becomes_native(plan, instance, target)
    place = {
        "processDefinitionKey": plan.target.key,
        "bpmnProcessId": plan.target.id,
        "version": plan.target.version,
        "elementId": target.id,
    }
    value = {**instance.value, **place, "elementName": target.name}
    if move.flows:
        value["migratedFlows"] = move.flows
    step.emit(ValueType.PROCESS_INSTANCE, Intent.ELEMENT_MIGRATED, instance.key, value)
    state = step.state
    if native:
        _make_native(step, instance, target)
    elif instance.job_key:
        record = {**state.jobs[instance.job_key].value, **place, "processDefinitionVersion": plan.target.version}
        record.pop("version")
        step.emit(ValueType.JOB, Intent.MIGRATED, instance.job_key, record)
    if instance.user_task_key and not native:
        record = {**state.user_tasks[instance.user_task_key].value, **place}
        step.emit(ValueType.USER_TASK, Intent.MIGRATED, instance.user_task_key, record)
    _move_waits(step, instance, plan)
    _move_compensations(step, instance, plan)
    waits.open_all(waits.prepare(step, instance, new_waits))


def _make_native(step: Step, instance: ElementInstance, target: FlowNode) -> None:
    """The job ends, with its incident; the same work is offered as a native user task."""
    create = user_tasks.prepare(step, instance, target)
    incidents.close_all(step, instance)
    step.emit(ValueType.JOB, Intent.CANCELED, instance.job_key, step.state.jobs[instance.job_key].value)
    create()


def _move_waits(step: Step, instance: ElementInstance, plan: Plan) -> None:
    state = step.state
    place = {"processDefinitionKey": plan.target.key, "bpmnProcessId": plan.target.id}
    events = migration_rules.events_of(step, instance)
    waits.close_for(step, instance, {event_id for event_id in events if event_id not in plan.mapping})
    for key in list(instance.timers):
        timer = state.timers[key]
        record = {**timer.value, **place, "targetElementId": plan.mapping[timer.target_element_id]}
        step.emit(ValueType.TIMER, Intent.MIGRATED, key, record)
    for key in list(instance.subscriptions):
        subscription = state.subscriptions[key]
        target_id = plan.mapping[subscription.target_element_id]
        interrupting = plan.target.elements[target_id].interrupting
        record = {**subscription.value, **place, "elementId": target_id, "interrupting": interrupting}
        kind = ValueType.MESSAGE_SUBSCRIPTION if subscription.message else ValueType.SIGNAL_SUBSCRIPTION
        step.emit(kind, Intent.MIGRATED, key, record)


def _move_compensations(step: Step, scope: ElementInstance, plan: Plan) -> None:
    """What the scope could undo stays so when the compensation boundary event is mapped; else it is forgotten."""
    for row in compensation.of_scope(step, scope.key):
        host = plan.source.elements[row.value["elementId"]]
        events = [plan.mapping.get(each.id, "") for each in host.boundary_events if each.compensation_handler]
        moved = next((plan.target.elements[each] for each in events if each), None)
        if moved is not None and moved.compensation_handler:
            record = {
                **row.value,
                "processDefinitionKey": plan.target.key,
                "elementId": moved.attached_to,
                "handlerElementId": moved.compensation_handler,
                "within": [plan.mapping.get(each, each) for each in row.value["within"]],
            }
            step.emit(ValueType.COMPENSATION_SUBSCRIPTION, Intent.MIGRATED, row.key, record)
        elif not row.value["throwKey"]:
            step.emit(ValueType.COMPENSATION_SUBSCRIPTION, Intent.DELETED, row.key, row.value)
