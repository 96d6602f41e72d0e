"""Compensation: a throw or end event has completed activities undone, all at once, and waits for all.

It acts on its own scope; within an event sub-process on the scope around it as well. Activities of completed
embedded sub-processes are undone too: their handlers run in the scope of the throw, with the sub-process's
local variables. Called processes are opaque: their rows went with them.
"""

from __future__ import annotations

from lienthong.engine.core import compensation, flows, variables
from lienthong.engine.core.entities import Compensation, ElementInstance
from lienthong.engine.core.step import Step, Verb
from lienthong.engine.model.elements import ElementType, FlowNode
from lienthong.engine.protocol.records import Intent, ValueType


def throw(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Begin every handler that is asked for; with none, go on at once."""
    flows.activated(step, instance)
    wanted = node.event.reference if node.event is not None else ""
    rows = [row for scope in _scopes(step, instance) for row in compensation.of_scope(step, scope.key)]
    asked = [row for row in rows if not row.value["throwKey"] and _is_asked(row, wanted)]
    for row in asked:
        _begin(step, instance, row)
    if not asked:
        step.follow(Verb.COMPLETE, instance.key)


def _is_asked(row: Compensation, wanted: str) -> bool:
    return not wanted or wanted == row.value["elementId"] or wanted in row.value["within"]


def _scopes(step: Step, instance: ElementInstance) -> list[ElementInstance]:
    scope = step.state.elements[instance.scope_key]
    found = [scope]
    while scope.type is ElementType.EVENT_SUB_PROCESS:
        scope = step.state.elements[scope.scope_key]
        found.append(scope)
    return found


def _begin(step: Step, thrower: ElementInstance, row: Compensation) -> None:
    state = step.state
    record = {**row.value, "throwKey": thrower.key}
    step.emit(ValueType.COMPENSATION_SUBSCRIPTION, Intent.TRIGGERED, row.key, record)
    scope = state.elements[row.scope_key]
    definition = state.definition(scope.definition_key)
    handler = definition.elements[row.value["handlerElementId"]]
    key = flows.begin(step, definition, handler, scope, {compensation.HANDLES: row.key})
    variables.set_local(step, state.elements[key], row.value["variables"])
