"""Setting variables from outside."""

from __future__ import annotations

from lienthong.engine.core import variables
from lienthong.engine.core.step import Step, not_found
from lienthong.engine.protocol.records import Command, Intent, ValueType


def update(step: Step, command: Command) -> None:
    """Write variables in a scope (`local`) or where they are found from there outward."""
    scope = step.state.elements.get(command.value.get("scopeKey", 0))
    if scope is None or scope.state is Intent.ELEMENT_TERMINATING:
        not_found("a running element instance with key", command.value.get("scopeKey"))
    given = command.value.get("variables")
    values = variables.document(given)
    key = step.next_key()
    record = {"scopeKey": scope.key, "variables": given or {}, "local": bool(command.value.get("local"))}
    step.emit(ValueType.VARIABLE_DOCUMENT, Intent.UPDATED, key, record)
    if record["local"]:
        variables.set_local(step, scope, values)
    else:
        variables.propagate(step, scope.key, values)
    step.reply = {"key": key}
