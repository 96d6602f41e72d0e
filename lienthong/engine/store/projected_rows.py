"""What the handlers of the projection share: rows in the making and the forms of values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import orjson

from lienthong.engine.protocol.records import Intent, Value

RowKey = tuple[str, tuple[Any, ...]]
Columns = dict[str, Any]

KEYS: dict[str, tuple[str, ...]] = {
    "process_definition": ("processDefinitionKey",),
    "element": ("processDefinitionKey", "elementId"),
    "process_instance": ("processInstanceKey",),
    "element_instance": ("elementInstanceKey",),
    "sequence_flow": ("processInstanceKey", "elementId"),
    "variable": ("scopeKey", "name"),
    "user_task": ("userTaskKey",),
    "job": ("jobKey",),
    "incident": ("incidentKey",),
    "message_subscription": ("messageSubscriptionKey",),
    "correlated_message_subscription": ("messageKey", "subscriptionKey"),
    "decision_requirements": ("decisionRequirementsKey",),
    "decision_definition": ("decisionDefinitionKey",),
    "form": ("formKey",),
    "decision_instance": ("decisionEvaluationInstanceKey",),
}
PLACE = ("elementId", "elementInstanceKey", "processInstanceKey", "processDefinitionKey")
ENDED = {Intent.ELEMENT_COMPLETED: "COMPLETED", Intent.ELEMENT_TERMINATED: "TERMINATED"}


def as_json(value: Any) -> str:
    """JSON text of any value of a record."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return value if isinstance(value, str) else orjson.dumps(value).decode("utf-8")


def as_milliseconds(value: Any) -> int | None:
    """Epoch milliseconds of a record's date: a number already, or ISO text with a zone."""
    if value in (None, "", -1):
        return None
    if isinstance(value, int):
        return value
    try:
        return round(datetime.fromisoformat(str(value).split("[")[0]).timestamp() * 1000)
    except ValueError:
        return None


def present(value: Value, names: Iterable[str]) -> Columns:
    return {name: value[name] for name in names if name in value}


class Projection:
    """The rows that a batch of events changes, until they are written."""

    def __init__(self, root_of: Callable[[int], int | None]) -> None:
        self.rows: dict[RowKey, Columns] = {}
        self._stored_root = root_of

    def put(self, table: str, key: tuple[Any, ...], columns: Columns) -> None:
        """Change columns of a row; later changes win."""
        row = self.rows.get((table, key))
        if row is None:
            self.rows[table, key] = columns
        else:
            row.update(columns)

    def root_of(self, process_instance_key: int) -> int:
        """The instance at the top of the call hierarchy."""
        row = self.rows.get(("process_instance", (process_instance_key,)))
        if row is not None and "rootProcessInstanceKey" in row:
            return int(row["rootProcessInstanceKey"])
        return self._stored_root(process_instance_key) or process_instance_key
