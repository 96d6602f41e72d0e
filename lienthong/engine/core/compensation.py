"""What could be undone: one row for each completed activity that has a compensation handler.

A row belongs to the scope in which its activity ran. When an embedded sub-process completes, its rows move
outward and take its local variables along, for the handler will run when the sub-process is gone; when a
scope is terminated, or its process instance ends, its rows are dropped. `triggers/compensation.py` begins
the handlers; here is only the keeping of the books.
"""

from __future__ import annotations

from lienthong.engine.core.entities import Compensation, ElementInstance
from lienthong.engine.core.step import Step, Verb
from lienthong.engine.protocol.records import Intent, ValueType

_COMPENSATION = ValueType.COMPENSATION_SUBSCRIPTION
HANDLES = "compensationKey"  # in the record of a running handler: the row that it works on


def remember(step: Step, instance: ElementInstance, handler_id: str) -> None:
    """The activity is complete: it could be undone by `handler_id`."""
    record = {
        "processInstanceKey": instance.process_instance_key,
        "processDefinitionKey": instance.definition_key,
        "scopeKey": instance.scope_key,
        "elementId": instance.element_id,
        "handlerElementId": handler_id,
        "throwKey": 0,
        "within": [],
        "variables": {},
    }
    step.emit(_COMPENSATION, Intent.CREATED, step.next_key(), record)


def of_scope(step: Step, scope_key: int) -> list[Compensation]:
    """The rows of a scope, oldest first."""
    state = step.state
    return [state.compensations[key] for key in state.compensations_by_scope.get(scope_key, ())]


def scope_completed(step: Step, scope: ElementInstance) -> None:
    """What it could undo, the scope around it can undo now; with the process instance it is forgotten."""
    if not scope.scope_key:
        drop(step, scope.key)
        return
    for row in of_scope(step, scope.key):
        within = row.value["within"]
        record = {
            **row.value,
            "scopeKey": scope.scope_key,
            "within": within if scope.element_id in within else [scope.element_id, *within],
            "variables": {**scope.variables, **row.value["variables"]},
        }
        step.emit(_COMPENSATION, Intent.UPDATED, row.key, record)


def drop(step: Step, scope_key: int) -> None:
    """The scope is gone: nothing in it can be undone any more."""
    for row in of_scope(step, scope_key):
        step.emit(_COMPENSATION, Intent.DELETED, row.key, row.value)


def ended(step: Step, handler: ElementInstance, intent: Intent) -> None:
    """A handler is through, or was ended before its end; the throw that waits goes on after the last one."""
    row = step.state.compensations.get(handler.value[HANDLES])
    if row is None:
        return
    step.emit(_COMPENSATION, intent, row.key, row.value)
    throw_key = row.value["throwKey"]
    if not any(each.value["throwKey"] == throw_key for each in of_scope(step, row.scope_key)):
        step.follow(Verb.COMPLETE, throw_key)
