"""Batch operations and their items: an SQLite file beside the engine's own (or memory): a batch outlives a restart."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from lienthong.engine.store.read_query import Page, SearchRequest, get_item, search

BATCH_FILE = "batches.sqlite3"
UNFINISHED = ("CREATED", "ACTIVE", "SUSPENDED")
FIRST_KEY = 2**52  # the engine's own keys stay below: no key is both
_TABLES = """
CREATE TABLE IF NOT EXISTS batch_operation (
    batchOperationKey INTEGER PRIMARY KEY, state TEXT, batchOperationType TEXT, plan TEXT,
    startDate INTEGER, endDate INTEGER
);
CREATE TABLE IF NOT EXISTS batch_operation_item (
    batchOperationKey INTEGER, itemKey INTEGER, processInstanceKey INTEGER, rootProcessInstanceKey INTEGER, state TEXT,
    processedDate INTEGER, errorMessage TEXT, PRIMARY KEY (batchOperationKey, itemKey)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS batch_item_by_state ON batch_operation_item (batchOperationKey, state);
CREATE TEMP VIEW batch_operation_view AS
SELECT b.*, b.batchOperationType AS operationType, 'ANONYMOUS' AS actorType, NULL AS actorId, '[]' AS errors,
    (SELECT count(*) FROM batch_operation_item i WHERE i.batchOperationKey = b.batchOperationKey)
    AS operationsTotalCount,
    (SELECT count(*) FROM batch_operation_item i WHERE i.batchOperationKey = b.batchOperationKey
     AND i.state = 'FAILED') AS operationsFailedCount,
    (SELECT count(*) FROM batch_operation_item i WHERE i.batchOperationKey = b.batchOperationKey
     AND i.state = 'COMPLETED') AS operationsCompletedCount
FROM batch_operation b;
CREATE TEMP VIEW batch_operation_item_view AS
SELECT i.*, b.batchOperationType AS operationType FROM batch_operation_item i
JOIN batch_operation b ON b.batchOperationKey = i.batchOperationKey;
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a batch works on: an incident for `RESOLVE_INCIDENT`, else a process instance."""

    key: int
    process_instance_key: int
    root_process_instance_key: int


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch does; `plan` is the body of its request."""

    key: int
    type: str
    state: str
    plan: dict[str, Any]


class BatchStore:
    """Used from the event loop alone; every write is one short transaction."""

    def __init__(self, directory: Path | None = None) -> None:
        self._rows = sqlite3.connect(
            ":memory:" if directory is None else directory / BATCH_FILE, isolation_level=None, check_same_thread=False
        )
        self._rows.execute("PRAGMA journal_mode=WAL")
        self._rows.execute("PRAGMA synchronous=NORMAL")  # after a power cut an item may be tried twice
        self._rows.executescript(_TABLES)

    def create(self, kind: str, plan: dict[str, Any], items: Sequence[Item], now_ms: int) -> int:
        """Keep a new batch with its items; its key."""
        last = self._rows.execute("SELECT max(batchOperationKey) FROM batch_operation").fetchone()[0]
        key = (last or FIRST_KEY) + 1
        rows = [(key, each.key, each.process_instance_key, each.root_process_instance_key) for each in items]
        self._rows.execute("BEGIN")
        self._rows.execute(
            "INSERT INTO batch_operation VALUES (?, 'ACTIVE', ?, ?, ?, NULL)",
            (key, kind, orjson.dumps(plan).decode(), now_ms),
        )
        self._rows.executemany("INSERT INTO batch_operation_item VALUES (?, ?, ?, ?, 'ACTIVE', NULL, NULL)", rows)
        self._rows.execute("COMMIT")
        return int(key)

    def batch(self, key: int) -> Batch | None:
        """One batch, or None."""
        query = "SELECT batchOperationType, state, plan FROM batch_operation WHERE batchOperationKey = ?"
        row = self._rows.execute(query, (key,)).fetchone()
        return Batch(key, row[0], row[1], orjson.loads(row[2])) if row else None

    def unfinished(self) -> list[int]:
        """The batches that a restart goes on with."""
        query = "SELECT batchOperationKey FROM batch_operation WHERE state IN ('CREATED', 'ACTIVE')"
        return [row[0] for row in self._rows.execute(query)]

    def waiting(self, key: int, most: int) -> list[Item]:
        """The next items to work on."""
        query = (
            "SELECT itemKey, processInstanceKey, rootProcessInstanceKey FROM batch_operation_item "
            "WHERE batchOperationKey = ? AND state = 'ACTIVE' LIMIT ?"
        )
        return [Item(*row) for row in self._rows.execute(query, (key, most))]

    def settle(self, key: int, item: Item, error: str | None, now_ms: int) -> None:
        """An item is done, or failed with a reason."""
        self._rows.execute(
            "UPDATE batch_operation_item SET state = ?, processedDate = ?, errorMessage = ? "
            "WHERE batchOperationKey = ? AND itemKey = ?",
            ("FAILED" if error else "COMPLETED", now_ms, error, key, item.key),
        )

    def turn(self, key: int, state: str, ended_ms: int | None = None) -> None:
        """Another state; a canceled batch cancels what waits."""
        self._rows.execute(
            "UPDATE batch_operation SET state = ?, endDate = ? WHERE batchOperationKey = ?", (state, ended_ms, key)
        )
        if state == "CANCELED":
            self._rows.execute(
                "UPDATE batch_operation_item SET state = 'CANCELED', processedDate = ? "
                "WHERE batchOperationKey = ? AND state = 'ACTIVE'",
                (ended_ms, key),
            )

    def search(self, kind: str, request: SearchRequest) -> Page:
        """A page of batches or items."""
        return search(self._rows, kind, request)

    def get(self, key: int) -> dict[str, Any] | None:
        """One batch as REST shows it."""
        return get_item(self._rows, "batch_operation", key)

    def close(self) -> None:
        """Close the file."""
        self._rows.close()
