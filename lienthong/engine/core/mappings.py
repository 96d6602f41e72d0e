"""Input and output mappings: one FEEL context, in which later sources see earlier targets."""

from __future__ import annotations

from typing import Any

from lienthong.engine.core import variables
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.expressions import evaluate
from lienthong.engine.core.step import Failure, Step
from lienthong.engine.model.elements import FlowNode

IO_MAPPING = "IO_MAPPING_ERROR"


def apply_inputs(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Evaluate the input mappings in the element's scope and write their targets locally."""
    if not node.inputs:
        return
    overlay: dict[str, Any] = {}
    for mapping in node.inputs:
        value = _source(step, mapping.source, instance.key, overlay)
        _put(overlay, mapping.target.split("."), value, {})
    variables.set_local(step, instance, {name: variables.feel_text(value) for name, value in overlay.items()})


def apply_outputs(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Evaluate the output mappings in the element's scope and write their targets outside of it."""
    if not node.outputs:
        return
    outside = instance.key if instance.is_inner else instance.scope_key
    overlay: dict[str, Any] = {}
    for mapping in node.outputs:
        value = _source(step, mapping.source, instance.key, overlay)
        path = mapping.target.split(".")
        existing: dict[str, Any] = {}
        if len(path) > 1 and path[0] not in overlay:
            text = variables.find(step.state, outside, path[0])
            existing = {path[0]: variables.feel_value(text)} if text is not None else {}
        _put(overlay, path, value, existing)
    values = {name: variables.feel_text(value) for name, value in overlay.items()}
    variables.propagate(step, outside, values)


def _source(step: Step, source: Any, scope_key: int, overlay: dict[str, Any]) -> Any:
    try:
        return evaluate(step, source, scope_key, overlay)
    except Failure as failure:
        raise Failure(IO_MAPPING, failure.message) from failure


def _put(overlay: dict[str, Any], path: list[str], value: Any, existing: dict[str, Any]) -> None:
    """Set a path, in new contexts: values already handed out are never changed."""
    if len(path) == 1:
        overlay[path[0]] = value
        return
    current = overlay.get(path[0], existing.get(path[0]))
    inner = dict(current) if isinstance(current, dict) else {}
    overlay[path[0]] = inner
    _put(inner, path[1:], value, {})


def take_in(step: Step, instance: ElementInstance, node: FlowNode, values: variables.Document) -> None:
    """What a job, message or person brings: local when it is mapped later, else written where it is found."""
    if not values:
        return
    if node.outputs:
        variables.set_local(step, instance, values)
    else:
        variables.propagate(step, instance.key, values)
