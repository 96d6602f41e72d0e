"""The durable store: one SQLite file in WAL mode, one row a commit, every commit fsynced (synchronous=FULL)."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lienthong.engine.protocol.records import Fact
from lienthong.engine.store.log_store import LogRow, Snapshot, StoreFailed, StoreRefused
from lienthong.engine.store.packing import pack, unpack

LOG_FORMAT = 2
APPLICATION_ID = 0x4C54454E  # "LTEN"
SCHEMA = Path(__file__).with_name("log.sql")
LOG_FILE = "log.sqlite3"
LOCK_FILE = "engine.lock"
QUICK_SECONDS = 0.001  # of an append, on average


def _locked(directory: Path) -> int:
    descriptor = os.open(directory / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise StoreRefused(f"Expected to own '{directory}', but another engine is running on it") from error
    return descriptor


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


class SqliteStore:
    """A directory with the log; held by one engine at a time (a lock that dies with the process)."""

    def __init__(self, directory: Path) -> None:
        try:
            directory.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(directory)
            self._append_seconds = 1.0  # on average; learnt
        except OSError as error:
            raise StoreRefused(f"Expected to write to '{directory}', but {error.strerror or error}") from error
        try:
            self._connection = self._opened(directory / LOG_FILE)
        except BaseException:
            os.close(self._lock)
            raise

    @staticmethod
    def _opened(file: Path) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA wal_autocheckpoint=4000")
            found, application = _pragma(connection, "user_version"), _pragma(connection, "application_id")
        except sqlite3.Error as error:
            raise StoreRefused(f"Expected '{file}' to be a log of the engine, but {error}") from error
        if found > LOG_FORMAT or (found and application != APPLICATION_ID):
            connection.close()
            raise StoreRefused(f"Expected a log of format {LOG_FORMAT} or older in '{file}', but found format {found}")
        connection.executescript(SCHEMA.read_text())
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={LOG_FORMAT}")
        return connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise StoreFailed(f"Expected to write to the log, but {error}") from error

    def append(self, position: int, facts: Sequence[Fact]) -> None:
        """Insert one row and fsync it; the one statement is a transaction of its own."""
        blob = pack(facts)
        started = time.perf_counter()
        try:
            self._connection.execute("INSERT INTO log (position, events) VALUES (?, ?)", (position, blob))
        except sqlite3.Error as error:
            raise StoreFailed(f"Expected to write to the log, but {error}") from error
        spent = time.perf_counter() - started
        self._append_seconds += (min(spent, 1.0) - self._append_seconds) * 0.2

    @property
    def quick(self) -> bool:
        """Whether the last appends took well below a millisecond."""
        return self._append_seconds < QUICK_SECONDS

    def latest_snapshot(self) -> Snapshot | None:
        """The newest snapshot, or None."""
        row = self._connection.execute("SELECT position, state FROM snapshot ORDER BY position DESC LIMIT 1").fetchone()
        return Snapshot(row[0], row[1]) if row else None

    def rows_after(self, position: int) -> Iterator[LogRow]:
        """The groups after `position`, oldest first."""
        rows = self._connection.execute(
            "SELECT position, events FROM log WHERE position > ? ORDER BY position", (position,)
        )
        for found, blob in rows:
            yield LogRow(found, unpack(blob))

    def last_position(self) -> int:
        """The position of the newest group or snapshot."""
        newest = "coalesce((SELECT max(position) FROM {}), 0)"
        query = f"SELECT max({newest.format('log')}, {newest.format('snapshot')})"
        return int(self._connection.execute(query).fetchone()[0])

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Replace the snapshot in one transaction."""
        with self._transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO snapshot VALUES (?, ?)", (snapshot.position, snapshot.state))
            connection.execute("DELETE FROM snapshot WHERE position < ?", (snapshot.position,))

    def compact(self, up_to: int) -> None:
        """Forget what the snapshot holds as well."""
        with self._transaction() as connection:
            held = connection.execute("SELECT coalesce(max(position), 0) FROM snapshot").fetchone()[0]
            connection.execute("DELETE FROM log WHERE position <= ?", (min(up_to, held),))

    def setting(self, name: str) -> str | None:
        """A setting, or None."""
        row = self._connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def save_setting(self, name: str, value: str | None) -> None:
        """Keep or forget a setting."""
        with self._transaction() as connection:
            if value is None:
                connection.execute("DELETE FROM setting WHERE name = ?", (name,))
            else:
                connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    @property
    def syncs_every_commit(self) -> bool:
        """Whether SQLite brings every commit to the disk before it returns."""
        return _pragma(self._connection, "synchronous") >= 2

    def pages(self) -> int:
        """Pages of the file now."""
        return _pragma(self._connection, "page_count")

    def limit_pages(self, most: int) -> None:
        """Let the file grow to so many pages at most; an append beyond fails as on a full disk."""
        self._connection.execute(f"PRAGMA max_page_count={int(most)}")

    def close(self) -> None:
        """Close the file and give up the lock."""
        self._connection.close()
        os.close(self._lock)
