"""A multi-instance body runs its activity once an item of a collection, all at once or one after another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lienthong.engine.core import expressions, flows, termination, variables, waits
from lienthong.engine.core.elements.behavior import ElementBehavior
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Failure, Step, Verb
from lienthong.engine.feel import from_json
from lienthong.engine.model.elements import FlowNode, Loop
from lienthong.engine.model.parse_activities import plain_variable
from lienthong.engine.protocol.records import Intent, ValueType

MAX_PARALLEL = 10_000
CHARACTERS_AN_ITEM = 50  # what evaluating an item costs, in the measure of `Step.spend`


def _loop(node: FlowNode) -> Loop:
    if node.loop is None:
        raise LookupError(f"Expected {node.id} to be multi-instance, but it is not")
    return node.loop


def _items(step: Step, body: ElementInstance, loop: Loop) -> list[Any]:
    if loop.input_collection is None:
        raise Failure(expressions.EXTRACT, f"Expected {body.element_id} to have an input collection, but it has none")
    found = expressions.items(step, loop.input_collection, body.key)
    step.spend(len(found) * CHARACTERS_AN_ITEM)
    if not loop.sequential and len(found) > MAX_PARALLEL:
        text = f"Expected at most {MAX_PARALLEL} items at once at {body.element_id}, but there are {len(found)}"
        raise Failure(expressions.EXTRACT, text)
    return found


def _next_item(step: Step, body: ElementInstance, loop: Loop) -> Any:
    """The collection is read anew for each item; of a plain variable only that item is made a FEEL value."""
    name, index = plain_variable(loop.input_collection), body.loop_created
    text = variables.find(step.state, body.key, name) if name is not None else None
    if text is not None and text.startswith("["):
        step.spend(len(text))
        plain = variables.decode_exactly(text)
        count, item = len(plain), from_json(plain[index]) if index < len(plain) else None
    else:
        found = _items(step, body, loop)
        count, item = len(found), found[index] if index < len(found) else None
    if index >= count:
        where = f"the collection of {body.element_id}"
        raise Failure(expressions.EXTRACT, f"Expected item {index + 1} of {where}, but it has {count}")
    return item


def activate(step: Step, body: ElementInstance, node: FlowNode) -> None:
    """Count the items and begin the inner instances, or end at once when there are none."""
    loop = _loop(node)
    openings = waits.prepare(step, body, waits.attached(body, node))
    found = _items(step, body, loop)
    waits.open_all(openings)
    value = {**body.value, "numberOfInstances": len(found)}
    step.emit(ValueType.PROCESS_INSTANCE, Intent.ELEMENT_ACTIVATED, body.key, value)
    if loop.output_collection is not None:
        variables.set_local(step, body, {loop.output_collection: variables.encode([None] * len(found))})
    if not found:
        _end(step, body, node)
    for index, item in enumerate(found[:1] if loop.sequential else found):
        _begin_inner(step, body, node, index, item)


def _begin_inner(step: Step, body: ElementInstance, node: FlowNode, index: int, item: Any) -> None:
    loop = _loop(node)
    value = step.state.definition(body.definition_key).inner[node.id].copy()
    value["processInstanceKey"] = body.process_instance_key
    value["flowScopeKey"] = body.key
    value["loopCounter"] = index + 1
    key = step.next_key()
    step.emit(ValueType.PROCESS_INSTANCE, Intent.ELEMENT_ACTIVATING, key, value)
    local = {"loopCounter": str(index + 1)}
    if loop.input_element is not None:
        local[loop.input_element] = variables.feel_text(item)
    output = plain_variable(loop.output_element)
    if output is not None and output not in local:
        local[output] = "null"
    variables.set_local(step, step.state.elements[key], local)
    step.follow(Verb.ACTIVATE, key)


def child_ended(step: Step, body: ElementInstance, node: FlowNode) -> None:
    """After an inner instance: stop early, begin the next, or end when all are through."""
    if body.state is not Intent.ELEMENT_ACTIVATED:
        return
    loop = _loop(node)
    if loop.completion_condition is not None and expressions.boolean(
        step, loop.completion_condition, body.key, _counts(body)
    ):
        termination.terminate_children(step, body)
        _end(step, body, node)
    elif loop.sequential and not body.children and body.loop_created < body.loop_total:
        _begin_inner(step, body, node, body.loop_created, _next_item(step, body, loop))
    elif not body.children:
        _end(step, body, node)


def _counts(body: ElementInstance) -> dict[str, Any]:
    counts = {
        "numberOfInstances": body.loop_total,
        "numberOfActiveInstances": len(body.children),
        "numberOfCompletedInstances": body.loop_completed,
        "numberOfTerminatedInstances": body.loop_terminated,
    }
    return {name: from_json(Decimal(number)) for name, number in counts.items()}


def _end(step: Step, body: ElementInstance, node: FlowNode) -> None:
    loop = _loop(node)
    if loop.output_collection is not None and loop.output_collection in body.variables:
        results = {loop.output_collection: body.variables[loop.output_collection]}
        variables.propagate(step, body.scope_key, results)
    flows.completing(step, body)
    flows.leave(step, body, node)


BEHAVIOR = ElementBehavior(activate, child_ended)
