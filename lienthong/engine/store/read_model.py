"""The read model: a second SQLite file (or memory) that follows the log, written off the engine's loop.

Its position is written in the transaction of the rows, so after a crash it goes on where it was; the
log is compacted only up to what is safely in here. It never answers from the engine's state.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lienthong.engine.store.log_store import LogRow, StoreFailed, StoreRefused
from lienthong.engine.store.projection import KEYS, Projection, follow
from lienthong.engine.store.read_filter import conditions
from lienthong.engine.store.read_query import Page, SearchRequest, element_statistics, get_item, search

READ_FORMAT = 4  # 1: no index of ends; 2 was only the log's; 3: a variable had a row for each change
ONE_ROW_A_VARIABLE = """
DROP INDEX IF EXISTS variable_by_scope;
DELETE FROM variable WHERE variableKey NOT IN (SELECT max(variableKey) FROM variable GROUP BY scopeKey, name);
"""
READ_FILE = "read.sqlite3"
ROWS_A_STATEMENT = 32  # one statement for several rows: the interpreter is let go and taken back once for all
TABLES = Path(__file__).with_name("read_model.sql")
VIEWS = Path(__file__).with_name("read_views.sql")


class ReadModel:
    """Used by one thread at a time."""

    def __init__(self, directory: Path | None = None) -> None:
        self.directory = directory
        target: Path | str = ":memory:" if directory is None else directory / READ_FILE
        try:
            self._connection = sqlite3.connect(
                target, isolation_level=None, check_same_thread=False, cached_statements=512
            )
            found = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
            if found > READ_FORMAT:
                raise StoreRefused(
                    f"Expected a read model of format {READ_FORMAT} in '{target}', but found format {found}"
                )
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            if 0 < found < READ_FORMAT:
                self._connection.executescript(ONE_ROW_A_VARIABLE)
            self._connection.executescript(TABLES.read_text())
            self._connection.execute(f"PRAGMA user_version={READ_FORMAT}")
            self._connection.executescript(VIEWS.read_text())
        except sqlite3.Error as error:
            raise StoreRefused(f"Expected '{target}' to be the engine's read model, but {error}") from error
        self._statements: dict[tuple[str, tuple[str, ...], int], str] = {}

    @property
    def connection(self) -> sqlite3.Connection:
        """The open file, for this package's own use."""
        return self._connection

    @property
    def position(self) -> int:
        """The last group of the log that is in here."""
        return int(self._connection.execute("SELECT position FROM followed").fetchone()[0])

    def follow(self, rows: Iterable[LogRow]) -> int:
        """Take groups in, in one transaction; groups that are in already are left out. Returns the position."""
        try:
            with self._transaction():
                position = self.position  # read inside: an engine that was killed may leave a writer for a moment
                projection = Projection(self._stored_root)
                for row in rows:
                    if row.position <= position:
                        continue
                    for event in row.events:
                        follow(projection, event)
                    position = row.position
                self._write(projection)
                self._connection.execute("UPDATE followed SET position = ?", (position,))
        except sqlite3.Error as error:
            raise StoreFailed(f"Expected to write to the read model, but {error}") from error
        return position

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _stored_root(self, process_instance_key: int) -> int | None:
        query = "SELECT rootProcessInstanceKey FROM process_instance WHERE processInstanceKey = ?"
        row = self._connection.execute(query, (process_instance_key,)).fetchone()
        return row[0] if row else None

    def _write(self, projection: Projection) -> None:
        batches: dict[tuple[str, tuple[str, ...]], list[Any]] = {}
        for (table, key), columns in projection.rows.items():
            names = tuple(name for name in columns if name not in KEYS[table])
            parameters = batches.setdefault((table, names), [])
            parameters += key
            parameters += [columns[name] for name in names]
        for (table, names), parameters in batches.items():
            width = len(KEYS[table]) + len(names)
            for start in range(0, len(parameters), width * ROWS_A_STATEMENT):
                part = parameters[start : start + width * ROWS_A_STATEMENT]
                self._connection.execute(self._statement(table, names, len(part) // width), part)

    def _statement(self, table: str, names: tuple[str, ...], count: int) -> str:
        text = self._statements.get((table, names, count))
        if text is not None:
            return text
        keys = KEYS[table]
        row = f"({', '.join('?' * (len(keys) + len(names)))})"
        changes = ", ".join(f"{name} = excluded.{name}" for name in names)
        text = (
            f"INSERT INTO {table} ({', '.join((*keys, *names))}) VALUES {', '.join([row] * count)} "
            f"ON CONFLICT ({', '.join(keys)}) DO {'UPDATE SET ' + changes if names else 'NOTHING'}"
        )
        self._statements[table, names, count] = text
        return text

    def secure(self) -> None:
        """Bring everything followed so far safely to the disk (before the log forgets it)."""
        if self.directory is None:
            return
        journal = self.directory / f"{READ_FILE}-wal"
        if journal.exists():
            descriptor = os.open(journal, os.O_RDONLY)
            try:
                os.fsync(descriptor)  # all that commits leave out; a checkpoint may have to wait for readers
            finally:
                os.close(descriptor)
        self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    # reading

    def search(self, kind: str, request: SearchRequest) -> Page:
        """One page of a kind; see `read_query`."""
        return search(self._connection, kind, request)

    def get(self, kind: str, key: int | str) -> dict[str, Any] | None:
        """One item of a kind, or None."""
        return get_item(self._connection, kind, key)

    def statistics(self, process_filter: dict[str, Any]) -> list[dict[str, Any]]:
        """Counts by element, over the process instances that the filter names."""
        text, parameters = conditions("process_instance", process_filter)
        return element_statistics(self._connection, text, parameters)

    def scopes(self, element_instance_key: int) -> list[int]:
        """The scope keys from an element instance outwards to its process instance."""
        return self._scopes(self._connection, element_instance_key)

    @staticmethod
    def _scopes(connection: sqlite3.Connection, element_instance_key: int) -> list[int]:
        chain = (
            "WITH RECURSIVE chain (key, depth) AS (VALUES (?, 0) UNION ALL SELECT e.flowScopeKey, depth + 1 "
            "FROM chain JOIN element_instance e ON e.elementInstanceKey = chain.key WHERE e.flowScopeKey > 0) "
            "SELECT key FROM chain ORDER BY depth"
        )
        return [row[0] for row in connection.execute(chain, (element_instance_key,))]

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Plain rows of a fixed statement of this package's callers."""
        return self._connection.execute(statement, tuple(parameters)).fetchall()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
