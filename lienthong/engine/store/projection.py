"""Events become rows: which columns of the read model an event changes.

One row a table and key is gathered for a whole batch of events before anything is written, so that
an instance that came and went within the batch costs one write. Nothing here touches a database.
"""

from __future__ import annotations

from collections.abc import Callable

from lienthong.engine.protocol.records import Event, Fact, Intent, ValueType
from lienthong.engine.store import projected_instances as instances
from lienthong.engine.store import projected_resources as resources
from lienthong.engine.store.projected_rows import KEYS, Projection

__all__ = ["KEYS", "Projection", "follow", "wants"]

HANDLERS: dict[ValueType, Callable[[Projection, Event], None]] = {
    ValueType.PROCESS_INSTANCE: instances.process_instance,
    ValueType.PROCESS_INSTANCE_CREATION: instances.creation,
    ValueType.VARIABLE: instances.variable,
    ValueType.USER_TASK: instances.user_task,
    ValueType.JOB: instances.job,
    ValueType.INCIDENT: instances.incident,
    ValueType.MESSAGE_SUBSCRIPTION: instances.message_subscription,
    ValueType.MESSAGE_START_EVENT_SUBSCRIPTION: instances.message_subscription,
    ValueType.PROCESS: resources.process,
    ValueType.DECISION_REQUIREMENTS: resources.decision_requirements,
    ValueType.DECISION: resources.decision,
    ValueType.FORM: resources.form,
    ValueType.DECISION_EVALUATION: resources.decision_evaluation,
}

_STEPS_BETWEEN = frozenset({Intent.ELEMENT_ACTIVATED, Intent.ELEMENT_COMPLETING, Intent.ELEMENT_TERMINATING})


def wants(value_type: ValueType, intent: Intent) -> bool:
    """Whether events of this kind change any row; the others need not be unpacked."""
    return value_type in HANDLERS and intent not in _STEPS_BETWEEN


def follow(rows: Projection, fact: Fact) -> None:
    """Take one event in."""
    handler = HANDLERS.get(fact[0])
    if handler is not None and fact[1] not in _STEPS_BETWEEN:
        handler(rows, Event._make(fact))
