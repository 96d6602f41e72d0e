"""The only client of an engine, ours or a Camunda 8 cluster: which one answers is an address.

Synchronous. Searches and most commands go over REST v2; messages go over gRPC. `EngineUnavailable`
means "later", `EngineRejected` means "no" and says why.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lienthong.orchestration.errors import EngineRejected, EngineUnavailable
from lienthong.orchestration.rest_transport import RestTransport
from lienthong.orchestration.search_calls import Item, Key, Page, SearchCalls

if TYPE_CHECKING:
    from lienthong.orchestration.grpc_transport import GrpcTransport

__all__ = ["EngineRejected", "EngineUnavailable", "Item", "OrchestrationClient", "Page"]

MESSAGE_TTL_MS = 60_000


class OrchestrationClient(SearchCalls):
    """Commands of an engine; what it knows is in `SearchCalls`. Safe to share between threads."""

    def __init__(
        self, grpc_address: str, rest_address: str, token: str | None = None, timeout_seconds: float = 30.0
    ) -> None:
        self._grpc_address, self._token = grpc_address, token
        self.rest = RestTransport(rest_address, token, timeout_seconds)

    @cached_property
    def _grpc(self) -> GrpcTransport:
        from lienthong.orchestration.grpc_transport import GrpcTransport

        return GrpcTransport(self._grpc_address, self._token)

    def close(self) -> None:
        """Close the connections."""
        self.rest.close()
        if "_grpc" in self.__dict__:
            self._grpc.close()

    # resources

    def deploy(self, resources: Sequence[tuple[str, bytes]]) -> Item:
        """Deploy (name, content) together, all or none; re-deploying the same bytes changes nothing."""
        files = [("resources", (name, content, "application/octet-stream")) for name, content in resources]
        return dict(self.rest.call("POST", "/deployments", files=files).json())

    def delete_resource(self, key: Key) -> None:
        """Delete one version of a process, decision or form that nothing runs on."""
        self.rest.json("POST", f"/resources/{key}/deletion", {}, idempotent=False)

    def evaluate_decision(self, decision: Key, variables: Mapping[str, Any]) -> Item:
        """Evaluate a decision by id (text) or key (integer)."""
        name = "decisionDefinitionKey" if isinstance(decision, int) else "decisionDefinitionId"
        body = {name: str(decision), "variables": dict(variables)}
        return dict(self.rest.json("POST", "/decision-definitions/evaluation", body))

    # messages

    def publish_message(
        self,
        name: str,
        correlation_key: str,
        variables: Mapping[str, Any] | None = None,
        message_id: str = "",
        ttl_ms: int = MESSAGE_TTL_MS,
    ) -> str:
        """Publish; returns the message's key. With a message id it may be repeated (409 while it is buffered)."""
        message = {
            "name": name,
            "correlationKey": correlation_key,
            "timeToLive": ttl_ms,
            "messageId": message_id,
            "variables": json.dumps(dict(variables or {}), ensure_ascii=False),
        }
        return str(self._grpc.publish_message(message, idempotent=bool(message_id)))

    def broadcast_signal(self, name: str, variables: Mapping[str, Any] | None = None) -> str:
        """Broadcast; returns the signal's key."""
        body = {"signalName": name, "variables": dict(variables or {})}
        return str(self.rest.json("POST", "/signals/broadcast", body, idempotent=False)["signalKey"])

    # user tasks

    def assign_user_task(self, key: Key, assignee: str, allow_override: bool = True) -> None:
        """Give a task to somebody; without override it is a claim, refused (409) when somebody else has it."""
        body = {"assignee": assignee, "allowOverride": allow_override}
        self.rest.json("POST", f"/user-tasks/{key}/assignment", body)

    def unassign_user_task(self, key: Key) -> None:
        """Put a task back."""
        self.rest.json("DELETE", f"/user-tasks/{key}/assignee")

    def update_user_task(self, key: Key, changeset: Mapping[str, Any]) -> None:
        """Change candidateGroups, candidateUsers, dueDate, followUpDate, priority."""
        self.rest.json("PATCH", f"/user-tasks/{key}", {"changeset": dict(changeset)})

    def complete_user_task(self, key: Key, variables: Mapping[str, Any] | None = None) -> None:
        """The work is done; never repeated by itself, as a second completion is refused."""
        body = {"variables": dict(variables or {})}
        self.rest.json("POST", f"/user-tasks/{key}/completion", body, idempotent=False)

    # process instances

    def create_process_instance(self, process_id: str, variables: Mapping[str, Any] | None = None) -> Item:
        """Create an instance of the latest version."""
        body = {"processDefinitionId": process_id, "variables": dict(variables or {})}
        return dict(self.rest.json("POST", "/process-instances", body, idempotent=False))

    def cancel_process_instance(self, key: Key) -> None:
        """End an instance from outside."""
        self.rest.json("POST", f"/process-instances/{key}/cancellation", {}, idempotent=False)

    def modify_process_instance(
        self,
        key: Key,
        activate: Sequence[Mapping[str, Any]] = (),
        terminate: Sequence[Mapping[str, Any]] = (),
        move: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Begin (`{elementId, …}`) and end (`{elementInstanceKey}` or `{elementId}`) elements from outside."""
        body = {
            "activateInstructions": [dict(each) for each in activate],
            "terminateInstructions": [dict(each) for each in terminate],
            "moveInstructions": [dict(each) for each in move],
        }
        wanted = {name: value for name, value in body.items() if value}
        self.rest.json("POST", f"/process-instances/{key}/modification", wanted, idempotent=False)

    def migrate_process_instance(self, key: Key, target_definition_key: Key, mapping: Mapping[str, str]) -> None:
        """Go on under another version; `mapping` is source element id → target element id."""
        body = {
            "targetProcessDefinitionKey": str(target_definition_key),
            "mappingInstructions": [
                {"sourceElementId": source, "targetElementId": target} for source, target in mapping.items()
            ],
        }
        self.rest.json("POST", f"/process-instances/{key}/migration", body, idempotent=False)

    def set_variables(self, scope_key: Key, variables: Mapping[str, Any], local: bool = False) -> None:
        """Write variables into an element instance or process instance."""
        body = {"variables": dict(variables), "local": local}
        self.rest.json("PUT", f"/element-instances/{scope_key}/variables", body)

    def resolve_incident(self, key: Key) -> None:
        """Try the blocked step again."""
        self.rest.json("POST", f"/incidents/{key}/resolution", {}, idempotent=False)

    def update_job_retries(self, key: Key, retries: int) -> None:
        """Give a job more tries."""
        self.rest.json("PATCH", f"/jobs/{key}", {"changeset": {"retries": retries}})

    # clock

    def pin_clock(self, moment: int | datetime) -> None:
        """Stop the engine's clock at a moment (epoch milliseconds, or a datetime with a zone)."""
        milliseconds = moment if isinstance(moment, int) else round(moment.timestamp() * 1000)
        self.rest.json("PUT", "/clock", {"timestamp": milliseconds})

    def reset_clock(self) -> None:
        """Let the engine's clock run in real time again."""
        self.rest.json("POST", "/clock/reset")
