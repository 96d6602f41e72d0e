"""Deployed resources and their versions."""

from __future__ import annotations

import bisect
from collections.abc import Callable

from lienthong.engine.core.entities import Resource
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Event, Intent, ValueType

_ID_FIELD = {
    ValueType.PROCESS: "bpmnProcessId",
    ValueType.DECISION: "decisionId",
    ValueType.DECISION_REQUIREMENTS: "decisionRequirementsId",
    ValueType.FORM: "formId",
}


def resource_created(state: State, event: Event) -> None:
    """A new version of a process, decision requirements graph, decision or form."""
    value = event.value
    kind, identifier = event.value_type.value, value[_ID_FIELD[event.value_type]]
    resource = Resource(
        event.key,
        value,
        kind,
        identifier,
        value["version"],
        value["versionTag"],
        value["deploymentKey"],
        value["checksum"],
        value["resourceName"],
    )
    state.resources[event.key] = resource
    keys = state.versions.setdefault((kind, identifier), [])
    bisect.insort(keys, event.key, key=lambda key: state.resources[key].version)
    state.last_versions[(kind, identifier)] = max(state.last_versions.get((kind, identifier), 0), resource.version)


def resource_deleted(state: State, event: Event) -> None:
    """That version is gone; its number is never given again."""
    resource = state.resources.pop(event.key)
    place = (resource.kind, resource.id)
    state.versions[place].remove(event.key)
    if not state.versions[place]:
        del state.versions[place]
    state.definitions.pop(event.key, None)


def deployment_created(state: State, event: Event) -> None:
    """Which resources were deployed together, unchanged ones too."""
    state.deployments[event.key] = event.value["resourceKeys"]


def deletion_done(state: State, event: Event) -> None:
    """The resources' own events say it all."""


_RESOURCE: dict[Intent, Callable[[State, Event], None]] = {
    Intent.CREATED: resource_created,
    Intent.DELETED: resource_deleted,
}
APPLIERS: dict[ValueType, dict[Intent, Callable[[State, Event], None]]] = {
    ValueType.PROCESS: _RESOURCE,
    ValueType.DECISION: _RESOURCE,
    ValueType.DECISION_REQUIREMENTS: _RESOURCE,
    ValueType.FORM: _RESOURCE,
    ValueType.DEPLOYMENT: {Intent.CREATED: deployment_created},
    ValueType.RESOURCE_DELETION: {Intent.DELETED: deletion_done},
}
