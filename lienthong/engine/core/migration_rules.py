"""What a migration may do: same kind of element, same nesting, same events."""

from __future__ import annotations

from dataclasses import dataclass

from lienthong.engine.core.definitions import Definition
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step, wrong_state
from lienthong.engine.model.elements import ElementType, FlowNode

MOVABLE = frozenset(
    {
        ElementType.PROCESS,
        ElementType.SUB_PROCESS,
        ElementType.EVENT_SUB_PROCESS,
        ElementType.CALL_ACTIVITY,
        ElementType.SERVICE_TASK,
        ElementType.SEND_TASK,
        ElementType.SCRIPT_TASK,
        ElementType.BUSINESS_RULE_TASK,
        ElementType.RECEIVE_TASK,
        ElementType.USER_TASK,
        ElementType.INTERMEDIATE_CATCH_EVENT,
        ElementType.EXCLUSIVE_GATEWAY,
        ElementType.INCLUSIVE_GATEWAY,
        ElementType.EVENT_BASED_GATEWAY,
    }
)


@dataclass(slots=True)
class Plan:
    """From which definition to which, and which element becomes which."""

    source: Definition
    target: Definition
    mapping: dict[str, str]


def target_of(plan: Plan, instance: ElementInstance) -> FlowNode:
    """Where an element instance goes; refuses when nobody says."""
    if instance.type is ElementType.PROCESS:
        return plan.target.process.root
    target_id = plan.mapping.get(instance.element_id)
    if target_id is None:
        wrong_state(f"Expected running element {instance.element_id} to be mapped, but it is not")
    target = plan.target.elements.get(target_id)
    if target is None:
        wrong_state(f"Expected {instance.element_id} to be mapped to an element, but {target_id} is a sequence flow")
    return target


def check(step: Step, plan: Plan, instance: ElementInstance, target: FlowNode) -> None:
    """Refuse what would change the meaning of a running element."""
    source = plan.source.elements[instance.element_id]
    if source.type not in MOVABLE:
        wrong_state(f"Expected an element that can be migrated, but {source.id} is a {source.type}")
    if source.type is not target.type or source.trigger is not target.trigger:
        wrong_state(f"Expected {source.id} and {target.id} to be of one kind, but they are not")
    if _loop_kind(source) != _loop_kind(target):
        wrong_state(f"Expected {source.id} and {target.id} to repeat in the same way, but they do not")
    if source.user_task and target.user_task and source.user_task.native and not target.user_task.native:
        wrong_state(f"Expected native user task {source.id} to stay native, but {target.id} is job-based")
    if instance.type is not ElementType.PROCESS:
        outside = plan.source.elements[source.scope]
        expected = plan.target.id if outside.type is ElementType.PROCESS else plan.mapping.get(outside.id)
        if target.scope != expected:
            wrong_state(f"Expected {target.id} to be in the scope that {source.scope} becomes, but it is not")
    for event_id in events_of(step, instance):
        if event_id != source.id and event_id in plan.mapping:
            _check_event(plan, source, target, plan.source.elements[event_id])


def _check_event(plan: Plan, source: FlowNode, target: FlowNode, event: FlowNode) -> None:
    moved = plan.target.elements.get(plan.mapping[event.id])
    if moved is None or moved.type is not event.type or moved.trigger is not event.trigger:
        wrong_state(f"Expected {event.id} to be mapped to an event of its kind, but it is not")
    if moved.interrupting is not event.interrupting and moved.type is ElementType.START_EVENT:
        wrong_state(f"Expected {event.id} to stay interrupting or not, but it changes")
    places = {
        ElementType.BOUNDARY_EVENT: moved.attached_to,
        ElementType.START_EVENT: plan.target.elements[moved.scope].scope,
    }
    if event.type in places and places[event.type] != target.id:
        wrong_state(f"Expected {moved.id} to belong to {target.id}, which {source.id} becomes, but it does not")


def becomes_native(plan: Plan, instance: ElementInstance, target: FlowNode) -> bool:
    """Whether the job of an old-style user task gives way to a native user task."""
    source = plan.source.elements[instance.element_id].user_task
    to_native = source is not None and not source.native and target.user_task is not None and target.user_task.native
    return to_native and instance.job_key > 0


def _loop_kind(node: FlowNode) -> bool | None:
    return None if node.loop is None else node.loop.sequential


def events_of(step: Step, instance: ElementInstance) -> set[str]:
    """The events that an instance waits for."""
    timers = {step.state.timers[key].target_element_id for key in instance.timers}
    return timers | {step.state.subscriptions[key].target_element_id for key in instance.subscriptions}


def flows_of(plan: Plan, scope: ElementInstance) -> dict[str, str]:
    """Where the waiting tokens of a scope go: their joining gateway must be mapped, and have such a flow."""
    moved: dict[str, str] = {}
    for flow_id in scope.tokens:
        gateway = plan.source.elements[plan.source.flows[flow_id].target]
        target = plan.target.elements.get(plan.mapping.get(gateway.id, ""))
        if target is None or target.type is not gateway.type or len(target.incoming) < len(gateway.incoming):
            wrong_state(f"Expected joining gateway {gateway.id} to be mapped to one with as many flows, but it is not")
        target_id = plan.mapping.get(flow_id, flow_id)
        if target_id not in {flow.id for flow in target.incoming} or target_id in moved.values():
            wrong_state(f"Expected the token on {flow_id} to be mapped to a flow into {target.id}, but it is not")
        moved[flow_id] = target_id
    return moved
