"""One file a kind of element; this table says which file runs which kind."""

from __future__ import annotations

from lienthong.engine.core.elements import (
    boundary_event,
    call_activity,
    end_event,
    event_based_gateway,
    event_sub_process,
    exclusive_gateway,
    inclusive_gateway,
    intermediate_catch_event,
    intermediate_throw_event,
    multi_instance,
    parallel_gateway,
    pass_through,
    process_instance,
    receive_task,
    start_event,
    sub_process,
    user_task,
    worker_task,
)
from lienthong.engine.core.elements.behavior import ElementBehavior
from lienthong.engine.model.elements import ElementType

BEHAVIORS: dict[ElementType, ElementBehavior] = {
    ElementType.PROCESS: process_instance.BEHAVIOR,
    ElementType.SUB_PROCESS: sub_process.BEHAVIOR,
    ElementType.EVENT_SUB_PROCESS: event_sub_process.BEHAVIOR,
    ElementType.CALL_ACTIVITY: call_activity.BEHAVIOR,
    ElementType.MULTI_INSTANCE_BODY: multi_instance.BEHAVIOR,
    ElementType.START_EVENT: start_event.BEHAVIOR,
    ElementType.INTERMEDIATE_CATCH_EVENT: intermediate_catch_event.BEHAVIOR,
    ElementType.INTERMEDIATE_THROW_EVENT: intermediate_throw_event.BEHAVIOR,
    ElementType.BOUNDARY_EVENT: boundary_event.BEHAVIOR,
    ElementType.END_EVENT: end_event.BEHAVIOR,
    ElementType.SERVICE_TASK: worker_task.BEHAVIOR,
    ElementType.SEND_TASK: worker_task.BEHAVIOR,
    ElementType.SCRIPT_TASK: worker_task.BEHAVIOR,
    ElementType.BUSINESS_RULE_TASK: worker_task.BEHAVIOR,
    ElementType.RECEIVE_TASK: receive_task.BEHAVIOR,
    ElementType.USER_TASK: user_task.BEHAVIOR,
    ElementType.MANUAL_TASK: pass_through.BEHAVIOR,
    ElementType.TASK: pass_through.BEHAVIOR,
    ElementType.EXCLUSIVE_GATEWAY: exclusive_gateway.BEHAVIOR,
    ElementType.PARALLEL_GATEWAY: parallel_gateway.BEHAVIOR,
    ElementType.INCLUSIVE_GATEWAY: inclusive_gateway.BEHAVIOR,
    ElementType.EVENT_BASED_GATEWAY: event_based_gateway.BEHAVIOR,
}
