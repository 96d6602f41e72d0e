"""Rules about compensation: who undoes what, and whom a throw may ask."""

from __future__ import annotations

from collections.abc import Iterator

from lienthong.engine.model.elements import ElementType, ExecutableProcess, FlowNode, Trigger
from lienthong.engine.model.problems import Problem
from lienthong.engine.model.rules_flow import Rule


def handlers(process: ExecutableProcess) -> Iterator[Problem]:
    """A handler is led to by an association, and by nothing else."""
    named = {node.compensation_handler for node in process.elements.values() if node.compensation_handler}
    for node in process.elements.values():
        if not node.is_handler:
            continue
        if node.id not in named:
            yield _at(node, "Expected a compensation boundary event to lead to this handler, but none does")
        if node.incoming or node.outgoing:
            yield _at(node, "Expected no sequence flow at a compensation handler, but there is one")
        if node.boundary_events:
            yield _at(node, "Expected no boundary event at a compensation handler, but there is one")


def boundaries(process: ExecutableProcess) -> Iterator[Problem]:
    """A compensation boundary event leads to a handler in its scope, and has no flow."""
    for node in process.elements.values():
        if node.type is not ElementType.BOUNDARY_EVENT or node.trigger is not Trigger.COMPENSATION:
            continue
        handler = process.elements.get(node.compensation_handler)
        if handler is not None and (not handler.is_handler or handler.scope != node.scope):
            yield _at(node, 'Expected the handler to have isForCompensation="true" and to be in the same scope')
        if node.outgoing:
            yield _at(node, "Expected no sequence flow behind a compensation boundary event, but there is one")


def throws(process: ExecutableProcess) -> Iterator[Problem]:
    """A throw waits for its handlers; the activity that it names can be undone."""
    for node in process.elements.values():
        event = node.event
        if event is None or event.trigger is not Trigger.COMPENSATION or node.type is ElementType.BOUNDARY_EVENT:
            continue
        if not event.wait_for_completion:
            yield Problem(node.id, "compensation-throw", "Expected waitForCompletion to be true, but it is false")
        if event.reference:
            yield from _reference(process, node, event.reference)


def _reference(process: ExecutableProcess, node: FlowNode, activity_id: str) -> Iterator[Problem]:
    activity = process.elements.get(activity_id)
    if activity is None or activity.scope not in _scopes(process, node):
        text = f'Expected activity "{activity_id}" to be in the scope of the throw, but it is not'
        yield Problem(node.id, "compensation-throw", text)
    elif not activity.compensation_handler and activity.type is not ElementType.SUB_PROCESS:
        text = f'Expected activity "{activity_id}" to have a compensation boundary event, but it has none'
        yield Problem(node.id, "compensation-throw", text)


def _scopes(process: ExecutableProcess, node: FlowNode) -> set[str]:
    """The scopes on which a throw acts: its own, and those around event sub-processes."""
    scope = process.elements[node.scope]
    found = {scope.id}
    while scope.type is ElementType.EVENT_SUB_PROCESS:
        scope = process.elements[scope.scope]
        found.add(scope.id)
    return found


def _at(node: FlowNode, text: str) -> Problem:
    return Problem(node.id, "compensation-handler", text)


RULES: tuple[Rule, ...] = (handlers, boundaries, throws)
