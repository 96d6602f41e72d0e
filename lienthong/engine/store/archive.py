"""Finished instances that are old enough leave the read model for the archive: one SQLite file a month of their end.

A file has the tables of the read model and what its rows need of the definitions, so it can be searched
by itself, in ten years too. Instances are copied and the copy is safe on disk before they are deleted
here; whatever stops it in between, the next time copies the same again. A call hierarchy moves as one,
in the month in which the instance at its top ended.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lienthong.engine.store.read_filter import conditions
from lienthong.engine.store.read_model import READ_FORMAT, TABLES, VIEWS, ReadModel
from lienthong.engine.store.read_query import Page, SearchRequest, element_statistics, get_item, search_all

ARCHIVE_DIRECTORY = "archive"
INSTANCE_TABLES = (
    "process_instance",
    "element_instance",
    "sequence_flow",
    "variable",
    "user_task",
    "job",
    "incident",
    "message_subscription",
    "correlated_message_subscription",
    "decision_instance",
)
_BELOW = (
    "INSERT OR IGNORE INTO moving WITH RECURSIVE tree (key) AS (SELECT key FROM moving UNION "
    "SELECT p.processInstanceKey FROM {schema}.process_instance p JOIN tree ON p.parentProcessInstanceKey = tree.key) "
    "SELECT key FROM tree"
)
_COUNTS = ("active", "canceled", "incidents", "completed")


def archive_files(directory: Path | None) -> list[Path]:
    """The files of the archive beside a store, oldest month first."""
    return [] if directory is None else sorted((directory / ARCHIVE_DIRECTORY).glob("archive-*.sqlite3"))


def archive_file(directory: Path, ended_ms: int) -> Path:
    """The file for what ended then."""
    return directory / ARCHIVE_DIRECTORY / f"archive-{datetime.fromtimestamp(ended_ms / 1000, UTC):%Y-%m}.sqlite3"


def archive_finished(model: ReadModel, before_ms: int, most: int) -> int:
    """Move up to `most` call hierarchies that ended before a moment (epoch milliseconds); how many were moved."""
    if model.directory is None:
        return 0
    rows = model.rows(
        "SELECT processInstanceKey, endDate FROM process_instance "
        "WHERE endDate < ? AND processInstanceKey = rootProcessInstanceKey ORDER BY endDate LIMIT ?",
        (before_ms, most),
    )
    months: dict[Path, list[int]] = {}
    for key, ended in rows:
        months.setdefault(archive_file(model.directory, ended), []).append(key)
    for file, keys in months.items():
        file.parent.mkdir(exist_ok=True)
        with _attached(model, file) as connection, _moving(connection, keys):
            connection.execute(_BELOW.format(schema="main"))
            _copy(connection)
            _delete(connection, "main")
    return len(rows) + _archive_evaluations(model, model.directory, before_ms, most)


def _archive_evaluations(model: ReadModel, directory: Path, before_ms: int, most: int) -> int:
    """Decisions that were evaluated outside any process."""
    rows = model.rows(
        "SELECT decisionEvaluationInstanceKey, evaluationDate FROM decision_instance "
        "WHERE processInstanceKey IS NULL AND evaluationDate < ? ORDER BY evaluationDate LIMIT ?",
        (before_ms, most),
    )
    months: dict[Path, list[tuple[str]]] = {}
    for key, evaluated in rows:
        months.setdefault(archive_file(directory, evaluated), []).append((key,))
    for file, keys in months.items():
        file.parent.mkdir(exist_ok=True)
        with _attached(model, file) as connection:
            columns = _columns(connection, "decision_instance")
            where = "FROM main.decision_instance WHERE decisionEvaluationInstanceKey = ?"
            for statement in (
                f"INSERT OR REPLACE INTO archive.decision_instance ({columns}) SELECT {columns} {where}",
                f"DELETE {where}",
            ):
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(statement, keys)
                connection.execute("COMMIT")
    return len(rows)


def forget(model: ReadModel, instances: Sequence[int], evaluations: Sequence[int]) -> None:
    """Delete finished instances with all that they called, and single evaluations: here, in the archive, for good."""
    for file in [None, *archive_files(model.directory)]:
        with _attached(model, file) as connection, _moving(connection, instances):
            schema = "archive" if file else "main"
            connection.execute(_BELOW.format(schema=schema))
            _delete(connection, schema)
            statement = f"DELETE FROM {schema}.decision_instance WHERE decisionEvaluationKey = ?"
            connection.executemany(statement, [(each,) for each in evaluations])
    model.secure()


@contextmanager
def _attached(model: ReadModel, file: Path | None) -> Iterator[sqlite3.Connection]:
    connection = model.connection
    if file is None:
        yield connection
        return
    connection.execute("ATTACH ? AS archive", (str(file),))
    try:
        if not connection.execute("SELECT 1 FROM archive.sqlite_master WHERE name = 'process_instance'").fetchone():
            with closing(sqlite3.connect(file, isolation_level=None)) as made:
                made.executescript(TABLES.read_text())
                made.execute(f"PRAGMA user_version={READ_FORMAT}")
        connection.execute("PRAGMA archive.synchronous=FULL")
        yield connection
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.execute("DETACH archive")


@contextmanager
def _moving(connection: sqlite3.Connection, keys: Sequence[int]) -> Iterator[None]:
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS moving (key INTEGER PRIMARY KEY)")
    connection.executemany("INSERT OR IGNORE INTO moving VALUES (?)", [(key,) for key in keys])
    try:
        yield
    finally:
        connection.execute("DELETE FROM moving")


def _columns(connection: sqlite3.Connection, table: str) -> str:
    return ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))


def _copy(connection: sqlite3.Connection) -> None:
    """One transaction of the archive's file, safe on disk when it returns."""
    connection.execute("BEGIN IMMEDIATE")
    for table in INSTANCE_TABLES:
        columns = _columns(connection, table)
        connection.execute(
            f"INSERT OR REPLACE INTO archive.{table} ({columns}) SELECT {columns} FROM main.{table} "
            "WHERE processInstanceKey IN (SELECT key FROM moving)"
        )
    used = "(SELECT processDefinitionKey FROM archive.process_instance)"
    for table in ("process_definition", "element"):
        columns = _columns(connection, table)
        connection.execute(
            f"INSERT OR REPLACE INTO archive.{table} ({columns}) SELECT {columns} FROM main.{table} "
            f"WHERE processDefinitionKey IN {used}"
        )
    connection.execute("COMMIT")


def _delete(connection: sqlite3.Connection, schema: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for table in INSTANCE_TABLES:
        connection.execute(f"DELETE FROM {schema}.{table} WHERE processInstanceKey IN (SELECT key FROM moving)")
    connection.execute("COMMIT")


class ArchivedModel(ReadModel):
    """The read model and the archive as one; only to be asked. Every file is asked by itself and the answers merged."""

    def __init__(self, live: ReadModel, files: Sequence[Path]) -> None:
        self.directory = live.directory
        self.files = list(files)
        self._live = live
        self._kept = [_reading(file) for file in files]

    @property
    def _all(self) -> list[sqlite3.Connection]:
        return [self._live.connection, *reversed(self._kept)]

    def search(self, kind: str, request: SearchRequest) -> Page:
        """One page of a kind, merged from all files."""
        return search_all(self._all, kind, request)

    def get(self, kind: str, key: int | str) -> dict[str, Any] | None:
        """One item of a kind from where it is kept, or None."""
        for connection in self._all:
            if (item := get_item(connection, kind, key)) is not None:
                return item
        return None

    def statistics(self, process_filter: dict[str, Any]) -> list[dict[str, Any]]:
        """Counts by element, summed over all files."""
        text, parameters = conditions("process_instance", process_filter)
        summed: dict[str, dict[str, Any]] = {}
        for connection in self._all:
            for row in element_statistics(connection, text, parameters):
                known = summed.setdefault(
                    row["elementId"], {"elementId": row["elementId"], **dict.fromkeys(_COUNTS, 0)}
                )
                for name in _COUNTS:
                    known[name] += row[name]
        return [summed[element_id] for element_id in sorted(summed)]

    def scopes(self, element_instance_key: int) -> list[int]:
        """The scope keys from an element instance outwards, from where it is kept."""
        return max((self._scopes(each, element_instance_key) for each in self._all), key=len)

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Plain rows of all files, one file after the other."""
        return [row for each in self._all for row in each.execute(statement, tuple(parameters)).fetchall()]

    def close(self) -> None:
        """Close the files of the archive; the read model has its own owner."""
        for connection in self._kept:
            connection.close()


def _reading(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=10)
    connection.executescript(VIEWS.read_text())
    return connection
