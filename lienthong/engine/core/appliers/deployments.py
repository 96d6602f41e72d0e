"""Deployed resources and their versions."""

from __future__ import annotations

import bisect
from collections.abc import Callable
from functools import partial

from lienthong.engine.core.entities import Resource
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Intent, Value, ValueType


def resource_created(kind: str, id_field: str, state: State, key: int, value: Value) -> None:
    """A new version of a process, decision requirements graph, decision or form."""
    identifier = value[id_field]
    resource = Resource(
        key,
        value,
        kind,
        identifier,
        value["version"],
        value["versionTag"],
        value["deploymentKey"],
        value["checksum"],
        value["resourceName"],
    )
    state.resources[key] = resource
    keys = state.versions.setdefault((kind, identifier), [])
    bisect.insort(keys, key, key=lambda key: state.resources[key].version)
    state.last_versions[(kind, identifier)] = max(state.last_versions.get((kind, identifier), 0), resource.version)


def resource_deleted(state: State, key: int, value: Value) -> None:
    """That version is gone; its number is never given again."""
    resource = state.resources.pop(key)
    place = (resource.kind, resource.id)
    state.versions[place].remove(key)
    if not state.versions[place]:
        del state.versions[place]
    state.definitions.pop(key, None)


def deployment_created(state: State, key: int, value: Value) -> None:
    """Which resources were deployed together, unchanged ones too."""
    state.deployments[key] = value["resourceKeys"]


def deletion_done(state: State, key: int, value: Value) -> None:
    """The resources' own events say it all."""


def _of(kind: str, id_field: str) -> dict[Intent, Callable[[State, int, Value], None]]:
    return {Intent.CREATED: partial(resource_created, kind, id_field), Intent.DELETED: resource_deleted}


APPLIERS: dict[ValueType, dict[Intent, Callable[[State, int, Value], None]]] = {
    ValueType.PROCESS: _of("PROCESS", "bpmnProcessId"),
    ValueType.DECISION: _of("DECISION", "decisionId"),
    ValueType.DECISION_REQUIREMENTS: _of("DECISION_REQUIREMENTS", "decisionRequirementsId"),
    ValueType.FORM: _of("FORM", "formId"),
    ValueType.DEPLOYMENT: {Intent.CREATED: deployment_created},
    ValueType.RESOURCE_DELETION: {Intent.DELETED: deletion_done},
}
