"""A call activity runs another process as its own instance and waits for its end."""

from __future__ import annotations

from lienthong.engine.core import calling, creation, expressions, flows, mappings, variables, waits
from lienthong.engine.core.elements.behavior import ElementBehavior
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Failure, Step, Verb
from lienthong.engine.model.elements import CallDefinition, FlowNode

CALLED = "CALLED_ELEMENT_ERROR"


def activate(step: Step, instance: ElementInstance, node: FlowNode) -> None:
    """Find the called process and start it."""
    mappings.apply_inputs(step, instance, node)
    openings = waits.prepare(step, instance, waits.attached(instance, node))
    call = node.call
    if call is None:
        raise Failure(CALLED, f"Expected {node.id} to say which process it calls, but it does not")
    process_id = expressions.text(step, call.called.id, instance.key)
    resource = calling.find_resource(step.state, "PROCESS", process_id, call.called, instance.definition_key)
    if resource is None:
        raise Failure(CALLED, f'Expected process "{process_id}" ({calling.wanted(call.called)}), but there is none')
    definition = step.state.definition(resource.key)
    if definition.process.root.start is None:
        raise Failure(CALLED, f'Expected process "{process_id}" to have a none start event, but it has none')
    waits.open_all(openings)
    flows.activated(step, instance)
    creation.start_called(step, definition, instance, _arguments(step, instance, call))


def _arguments(step: Step, instance: ElementInstance, call: CallDefinition) -> variables.Document:
    given = variables.visible(step.state, instance.key) if call.propagate_all_parent_variables else instance.variables
    step.spend(sum(map(len, given.values())))
    return dict(given)


def take_results(step: Step, caller: ElementInstance, called: ElementInstance) -> None:
    """The called instance ends: its variables come back as the call activity says, and that goes on."""
    node = flows.node_of(step, caller)
    if node.outputs:
        variables.set_local(step, caller, called.variables)
    elif node.call is not None and node.call.propagate_all_child_variables:
        variables.propagate(step, caller.key, called.variables)
    step.follow(Verb.COMPLETE, caller.key)


BEHAVIOR = ElementBehavior(activate)
