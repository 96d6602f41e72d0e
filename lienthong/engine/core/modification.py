"""Changing a running process instance from outside: cancel it, put tokens somewhere, take tokens away."""

from __future__ import annotations

from collections.abc import Iterable

from lienthong.engine.core import creation, flows, messages, termination, variables
from lienthong.engine.core.definitions import Definition
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step, Verb, invalid, not_found, wrong_state
from lienthong.engine.model.elements import ElementType, FlowNode
from lienthong.engine.protocol.records import Command, Intent, Value, ValueType

Instructions = dict[str, variables.Document]  # element id → variables that its new instance gets


def _root(step: Step, key: int) -> ElementInstance:
    root = step.state.elements.get(key)
    if root is None or root.type is not ElementType.PROCESS:
        not_found("a process instance with key", key)
    return root


def cancel(step: Step, command: Command) -> None:
    """End a process instance with everything in it; one that is called ends only with its caller."""
    root = _root(step, command.key)
    if root.parent_key:
        wrong_state(f"Expected a process instance that nobody called, but {command.key} is called; cancel its root")
    _end(step, root)


def _end(step: Step, root: ElementInstance) -> None:
    lock = step.state.correlations.get(root.key)
    termination.terminate(step, root.key)
    if lock is not None:
        messages.start_next(step, *lock)


def modify(step: Step, command: Command) -> None:
    """All activations first, then terminations; nothing happens when one of them cannot be done."""
    root = _root(step, command.key)
    activations = command.value.get("activateInstructions") or []
    keys = [int(each["elementInstanceKey"]) for each in command.value.get("terminateInstructions") or []]
    plan = [_planned(step, root, each) for each in activations]
    _check_terminations(step, root, keys, bool(plan))
    for base, element_id, local, outer in plan:
        for scope, values in outer:
            variables.set_local(step, scope, values)
        activate_elements(step, base, [element_id], local)
    for key in keys:
        instance = step.state.elements.get(key)
        if instance is not None:
            termination.terminate(step, key)
            _after_termination(step, instance)
    record = {"processInstanceKey": root.key, "activateInstructions": activations, "terminatedKeys": keys}
    step.emit(ValueType.PROCESS_INSTANCE_MODIFICATION, Intent.MODIFIED, step.next_key(), record)


Planned = tuple[ElementInstance, str, Instructions, list[tuple[ElementInstance, variables.Document]]]


def _planned(step: Step, root: ElementInstance, instruction: Value) -> Planned:
    definition = step.state.definition(root.definition_key)
    element_id = str(instruction["elementId"])
    node = creation.check_activatable(definition, element_id)
    scopes = creation.scopes_of(definition, node)
    ancestor = instruction.get("ancestorElementInstanceKey") or -1
    base = root
    if ancestor > 0:
        found = step.state.elements.get(ancestor)
        if found is None or found.process_instance_key != root.key or found.element_id not in {s.id for s in scopes}:
            invalid(f"Expected {ancestor} to be a running scope around {element_id}, but it is not")
        base = found
    base = _innermost(step, base, scopes)
    local: Instructions = {}
    outer: list[tuple[ElementInstance, variables.Document]] = []
    for each in instruction.get("variableInstructions") or []:
        scope_id, values = each.get("scopeId") or definition.id, variables.document(each.get("variables"))
        running = _around(step, base, scope_id)
        if running is not None:
            outer.append((running, values))
        elif scope_id == element_id or scope_id in {scope.id for scope in scopes}:
            local[scope_id] = {**local.get(scope_id, {}), **values}
        else:
            invalid(f"Expected {scope_id} to be {element_id} or a scope around it, but it is not")
    return base, element_id, local, outer


def _innermost(step: Step, base: ElementInstance, scopes: list[FlowNode]) -> ElementInstance:
    """The deepest running scope on the way to the element."""
    for scope in scopes:
        running = [
            step.state.elements[key]
            for key in base.children
            if step.state.elements[key].element_id == scope.id and scope.id != base.element_id
        ]
        if len(running) > 1:
            invalid(f"Expected one running instance of {scope.id}, but there are {len(running)}; name the ancestor")
        if running:
            base = running[0]
    return base


def _around(step: Step, base: ElementInstance, element_id: str) -> ElementInstance | None:
    current: ElementInstance | None = base
    while current is not None and current.element_id != element_id:
        current = step.state.elements.get(current.scope_key)
    return current


def _check_terminations(step: Step, root: ElementInstance, keys: list[int], activates: bool) -> None:
    for key in keys:
        instance = step.state.elements.get(key)
        if instance is None or instance.process_instance_key != root.key:
            invalid(f"Expected element instance {key} to run in process instance {root.key}, but it does not")
    if root.parent_key and not activates and not (set(root.children) - set(keys)) and not root.tokens:
        wrong_state(f"Expected called process instance {root.key} to go on, but everything in it would end")


def _after_termination(step: Step, ended: ElementInstance) -> None:
    """A scope that is empty now ends too; a multi-instance body looks at what is left."""
    state = step.state
    scope = state.elements.get(ended.scope_key)
    if scope is None:
        return
    if scope.type is ElementType.MULTI_INSTANCE_BODY:
        step.follow(Verb.CHILD_ENDED, scope.key)
    elif not scope.children and not scope.tokens and scope.state is Intent.ELEMENT_ACTIVATED:
        if scope.type is ElementType.PROCESS:
            _end(step, scope)
        else:
            termination.terminate(step, scope.key)
            _after_termination(step, scope)
    elif scope.tokens and flows.node_of(step, scope).has_inclusive_join:
        step.follow(Verb.CHECK_JOINS, scope.key)


def activate_elements(
    step: Step, scope: ElementInstance, element_ids: Iterable[str], local: Instructions | None = None
) -> None:
    """Begin elements within a running scope; scopes between are begun first, without their start events."""
    definition = step.state.definition(scope.definition_key)
    within: dict[str, list[str]] = {}
    for element_id in element_ids:
        path = _path(definition, scope.element_id, element_id)
        if len(path) == 1:
            _begin(step, definition, definition.elements[element_id], scope, {}, local)
        else:
            within.setdefault(path[0], []).append(element_id)
    for scope_id, inner_ids in within.items():
        more: Value = {"startInstructions": inner_ids}
        if local:
            more["variableInstructions"] = local
        _begin(step, definition, definition.elements[scope_id], scope, more, local)


def _begin(
    step: Step,
    definition: Definition,
    node: FlowNode,
    scope: ElementInstance,
    more: Value,
    local: Instructions | None,
) -> None:
    key = flows.begin(step, definition, node, scope, more)
    if local and node.id in local:
        variables.set_local(step, step.state.elements[key], local[node.id])


def _path(definition: Definition, scope_id: str, element_id: str) -> list[str]:
    """Element ids from just within the scope down to the element."""
    path = [element_id]
    current = definition.elements[element_id].scope
    while current != scope_id:
        path.append(current)
        current = definition.elements[current].scope
    return path[::-1]
