"""What the engine knows: searches and look-ups. Items are REST's JSON objects, keys are decimal text.

A search without a page follows the cursors to the end; with a page it is that page only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from lienthong.orchestration.errors import EngineRejected
from lienthong.orchestration.rest_transport import RestTransport

Item = dict[str, Any]
Filter = Mapping[str, Any]
Sort = Sequence[Mapping[str, Any]]
Key = int | str
PAGE_LIMIT = 500
_ARCHIVE: ContextVar[bool] = ContextVar("including_archive", default=False)


@contextmanager
def including_archive(wanted: bool = True) -> Iterator[None]:
    """Searches inside look through the embedded engine's archive too; a cluster has none and takes no note."""
    token = _ARCHIVE.set(wanted)
    try:
        yield
    finally:
        _ARCHIVE.reset(token)


def _of_archive(path: str) -> str:
    if not _ARCHIVE.get():
        return path
    return f"{path}{'&' if '?' in path else '?'}archive=true"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search; `total` counts all that match."""

    items: list[Item]
    total: int
    end_cursor: str | None


class SearchCalls:
    """The reading half of the client."""

    rest: RestTransport

    def search_page(self, path: str, filter: Filter | None = None, page: Filter | None = None, sort: Sort = ()) -> Page:
        """One page of any `/{path}/search`."""
        body = {"filter": dict(filter or {}), "sort": [dict(each) for each in sort], "page": dict(page or {})}
        reply = self.rest.json(
            "POST", _of_archive(f"/{path}/search"), {name: value for name, value in body.items() if value}
        )
        ends = reply["page"]
        return Page(reply["items"], int(ends["totalItems"]), ends.get("endCursor"))

    def _search(self, path: str, filter: Filter | None, page: Filter | None, sort: Sort) -> list[Item]:
        if page is not None:
            return self.search_page(path, filter, page, sort).items
        items: list[Item] = []
        cursor: str | None = None
        while True:
            wanted: dict[str, Any] = {"limit": PAGE_LIMIT}
            if cursor:
                wanted["after"] = cursor
            found = self.search_page(path, filter, wanted, sort)
            items += found.items
            cursor = found.end_cursor
            if len(found.items) < PAGE_LIMIT or not cursor:
                return items

    def count(self, path: str, filter: Filter | None = None) -> int:
        """How many match, without their items."""
        return self.search_page(path, filter, {"limit": 1}).total

    def _found(self, path: str) -> Item | None:
        try:
            item: Item = self.rest.json("GET", path)
        except EngineRejected as error:
            if error.status == 404:
                return None
            raise
        return item

    # user tasks

    def search_user_tasks(
        self, filter: Filter | None = None, page: Filter | None = None, sort: Sort = ()
    ) -> list[Item]:
        """User tasks, by state, assignee, candidateGroup, processInstanceKey, …"""
        return self._search("user-tasks", filter, page, sort)

    def user_task(self, key: Key) -> Item | None:
        """One user task."""
        return self._found(f"/user-tasks/{key}")

    def user_task_form(self, key: Key) -> Item | None:
        """The form of a user task, or None when it has no linked form."""
        form: Item | None = self.rest.json("GET", f"/user-tasks/{key}/form")
        return form

    def user_task_variables(self, key: Key) -> dict[str, Any]:
        """All variables that the task sees, by name, as plain values."""
        body = {"page": {"limit": 10_000}}
        reply = self.rest.json("POST", f"/user-tasks/{key}/variables/search?truncateValues=false", body)
        return {item["name"]: json.loads(item["value"]) for item in reply["items"]}

    # definitions

    def search_process_definitions(
        self, filter: Filter | None = None, page: Filter | None = None, sort: Sort = ()
    ) -> list[Item]:
        """Deployed processes, all versions."""
        return self._search("process-definitions", filter, page, sort)

    def process_definition_xml(self, key: Key) -> str:
        """The BPMN of a definition."""
        return self.rest.call("GET", f"/process-definitions/{key}/xml").text

    def search_decision_definitions(
        self, filter: Filter | None = None, page: Filter | None = None, sort: Sort = ()
    ) -> list[Item]:
        """Deployed decisions, all versions."""
        return self._search("decision-definitions", filter, page, sort)

    def decision_definition_xml(self, key: Key) -> str:
        """The DMN of a decision."""
        return self.rest.call("GET", f"/decision-definitions/{key}/xml").text

    def element_statistics(self, definition_key: Key, filter: Filter | None = None) -> list[Item]:
        """Per element of a definition: active, canceled, incidents, completed."""
        path = f"/process-definitions/{definition_key}/statistics/element-instances"
        return list(self.rest.json("POST", path, {"filter": dict(filter or {})})["items"])

    def version_statistics(self, process_id: str) -> list[Item]:
        """Per version of a process: active instances with and without an incident."""
        body = {"filter": {"processDefinitionId": process_id}, "page": {"limit": PAGE_LIMIT}}
        path = "/process-definitions/statistics/process-instances-by-version"
        return list(self.rest.json("POST", path, body)["items"])

    def resource_content(self, key: Key) -> str:
        """The text of a deployed resource."""
        return self.rest.call("GET", f"/resources/{key}/content").text

    # instances

    def search_process_instances(
        self, filter: Filter | None = None, page: Filter | None = None, sort: Sort = ()
    ) -> list[Item]:
        """Process instances, running and ended."""
        return self._search("process-instances", filter, page, sort)

    def process_instance(self, key: Key) -> Item | None:
        """One process instance."""
        return self._found(f"/process-instances/{key}")

    def search_element_instances(
        self, filter: Filter | None = None, page: Filter | None = None, sort: Sort = ()
    ) -> list[Item]:
        """Element instances, running and ended."""
        return self._search("element-instances", filter, page, sort)

    def sequence_flows(self, key: Key) -> list[Item]:
        """Sequence flows that an instance took."""
        return list(self.rest.json("GET", _of_archive(f"/process-instances/{key}/sequence-flows"))["items"])

    def call_hierarchy(self, key: Key) -> list[Item]:
        """The instances from the top down to this one."""
        return list(self.rest.json("GET", f"/process-instances/{key}/call-hierarchy"))

    def search_variables(self, filter: Filter | None = None, page: Filter | None = None, sort: Sort = ()) -> list[Item]:
        """Variables; `value` is JSON text, whole."""
        return self._search_whole_variables(filter, page, sort)

    def _search_whole_variables(self, filter: Filter | None, page: Filter | None, sort: Sort) -> list[Item]:
        items: list[Item] = []
        wanted = dict(page) if page is not None else {"limit": PAGE_LIMIT}
        while True:
            body = {"filter": dict(filter or {}), "sort": [dict(each) for each in sort], "page": wanted}
            reply = self.rest.json("POST", _of_archive("/variables/search?truncateValues=false"), body)
            items += reply["items"]
            cursor = reply["page"].get("endCursor")
            if page is not None or len(reply["items"]) < PAGE_LIMIT or not cursor:
                return items
            wanted = {"limit": PAGE_LIMIT, "after": cursor}

    def search_incidents(self, filter: Filter | None = None, page: Filter | None = None, sort: Sort = ()) -> list[Item]:
        """Incidents, active and resolved."""
        return self._search("incidents", filter, page, sort)

    def search_jobs(self, filter: Filter | None = None, page: Filter | None = None, sort: Sort = ()) -> list[Item]:
        """Jobs, open and over."""
        return self._search("jobs", filter, page, sort)

    def search_message_subscriptions(
        self, filter: Filter | None = None, page: Filter | None = None, sort: Sort = ()
    ) -> list[Item]:
        """Who waits for which message."""
        return self._search("message-subscriptions", filter, page, sort)

    def topology(self) -> Item:
        """What the cluster is made of."""
        return dict(self.rest.json("GET", "/topology"))
