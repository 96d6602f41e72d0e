"""The output collection of a multi-instance body."""

from __future__ import annotations

import orjson

from lienthong.engine.core import expressions, variables
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step
from lienthong.engine.model.elements import FlowNode


def collect_output(step: Step, inner: ElementInstance, node: FlowNode) -> None:
    """Put the result of an inner instance at its place in the output collection."""
    loop = node.loop
    if loop is None or loop.output_collection is None or loop.output_element is None:
        return
    value = expressions.evaluate(step, loop.output_element, inner.key)
    body = step.state.elements[inner.scope_key]
    text = body.variables.get(loop.output_collection, "[]")
    step.spend(len(text))
    results = orjson.loads(text)
    if inner.loop_counter <= len(results):
        results[inner.loop_counter - 1] = orjson.Fragment(variables.feel_text(value))
        variables.set_local(step, body, {loop.output_collection: variables.encode(results)})
