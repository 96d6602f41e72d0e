"""Which version of a called process, decision or form is meant."""

from __future__ import annotations

from lienthong.engine.core.entities import Resource
from lienthong.engine.core.state import State
from lienthong.engine.model.elements import Binding, Called


def find_resource(state: State, kind: str, identifier: str, called: Called, caller_key: int) -> Resource | None:
    """The version that `called` binds to, as seen from the process definition `caller_key`."""
    if called.binding is Binding.LATEST:
        return state.latest(kind, identifier)
    if called.binding is Binding.VERSION_TAG:
        tagged = (each for each in state.all_versions(kind, identifier) if each.version_tag == called.version_tag)
        return next(tagged, None)
    together = set(state.deployments.get(state.resources[caller_key].deployment_key, ()))
    return next((each for each in state.all_versions(kind, identifier) if each.key in together), None)


def wanted(called: Called) -> str:
    """The binding, in words."""
    if called.binding is Binding.VERSION_TAG:
        return f'version tag "{called.version_tag}"'
    return "latest version" if called.binding is Binding.LATEST else "of the same deployment"
