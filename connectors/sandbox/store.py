"""The sandbox's memory: one SQLite file, every change fsynced before the answer, so that a kill loses nothing."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any, Final

SCHEMA: Final = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """A payment order as it was placed, and where it stands."""

    order_id: str
    body: dict[str, Any]
    status: str
    transaction_id: str | None
    paid_at: str | None


@dataclass(frozen=True, slots=True)
class QueuedCallback:
    """A callback that still has to arrive."""

    sequence: int
    callback_id: str
    url: str
    body: bytes
    attempts: int


class SandboxStore:
    """All tables behind one connection and one lock: a sandbox needs no more."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything inside is one commit; callers may nest, the outermost commits."""
        with self._lock:
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def fault(self, system: str) -> dict[str, Any]:
        """The fault set for ``system`` as it was given, or nothing."""
        with self._lock:
            row = self._connection.execute("SELECT value FROM fault WHERE system = ?", (system,)).fetchone()
        return dict(json.loads(row[0])) if row else {}

    def set_fault(self, system: str, value: dict[str, Any]) -> None:
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO fault VALUES (?, ?) ON CONFLICT (system) DO UPDATE SET value = excluded.value",
                (system, json.dumps(value)),
            )

    def order(self, order_id: str) -> StoredOrder | None:
        with self._lock:
            row = self._connection.execute("SELECT * FROM payment_order WHERE order_id = ?", (order_id,)).fetchone()
        return StoredOrder(row[0], json.loads(row[1]), row[2], row[3], row[4]) if row else None

    def finished_orders(self, first: str, after: str) -> list[StoredOrder]:
        """Orders that were paid or failed between two instants (ISO, UTC), in the order of their end."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT * FROM payment_order WHERE paid_at >= ? AND paid_at < ? ORDER BY paid_at, order_id",
                (first, after),
            ).fetchall()
        return [StoredOrder(row[0], json.loads(row[1]), row[2], row[3], row[4]) for row in rows]

    def add_order(self, order_id: str, body: dict[str, Any]) -> None:
        with self.transaction() as connection:
            connection.execute("INSERT INTO payment_order (order_id, body) VALUES (?, ?)", (order_id, json.dumps(body)))

    def finish_order(self, order_id: str, status: str, transaction_id: str, paid_at: str) -> bool:
        """Move a pending order to ``status``; False when it is not pending any more."""
        with self.transaction() as connection:
            changed = connection.execute(
                "UPDATE payment_order SET status = ?, transaction_id = ?, paid_at = ?"
                " WHERE order_id = ? AND status = 'pending'",
                (status, transaction_id, paid_at, order_id),
            )
            return changed.rowcount == 1

    def queue_callback(self, callback_id: str, url: str, body: bytes, next_attempt_ms: int) -> None:
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO callback (callback_id, url, body, next_attempt_ms) VALUES (?, ?, ?, ?)",
                (callback_id, url, body, next_attempt_ms),
            )

    def callback_count(self) -> int:
        """How many callbacks were ever queued."""
        with self._lock:
            return int(self._connection.execute("SELECT count(*) FROM callback").fetchone()[0])

    def due_callbacks(self, now_ms: int, limit: int = 20) -> list[QueuedCallback]:
        with self._lock:
            rows = self._connection.execute(
                "SELECT sequence, callback_id, url, body, attempts FROM callback"
                " WHERE delivered_ms IS NULL AND next_attempt_ms <= ? ORDER BY next_attempt_ms, sequence LIMIT ?",
                (now_ms, limit),
            ).fetchall()
        return [QueuedCallback(*row) for row in rows]

    def callback_delivered(self, sequence: int, now_ms: int) -> None:
        with self.transaction() as connection:
            connection.execute(
                "UPDATE callback SET delivered_ms = ?, attempts = attempts + 1 WHERE sequence = ?", (now_ms, sequence)
            )

    def callback_failed(self, sequence: int, next_attempt_ms: int) -> None:
        with self.transaction() as connection:
            connection.execute(
                "UPDATE callback SET next_attempt_ms = ?, attempts = attempts + 1 WHERE sequence = ?",
                (next_attempt_ms, sequence),
            )

    def waiting_callbacks(self) -> int:
        """How many callbacks have not arrived yet."""
        with self._lock:
            row = self._connection.execute("SELECT count(*) FROM callback WHERE delivered_ms IS NULL").fetchone()
        return int(row[0])

    def record_lookup(self, request_id: str, at_ms: int, who: tuple[str, str], purpose: str, found: bool) -> None:
        """Note one query of the population: ``who`` is (officer, unit)."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO lookup VALUES (?, ?, ?, ?, ?, ?)", (request_id, at_ms, *who, purpose, int(found))
            )

    def record(self, system: str, identity: str) -> dict[str, Any] | None:
        """What one played system keeps under an id."""
        with self._lock:
            row = self._connection.execute(
                "SELECT value FROM record WHERE system = ? AND id = ?", (system, identity)
            ).fetchone()
        return dict(json.loads(row[0])) if row else None

    def keep(self, system: str, identity: str, value: dict[str, Any]) -> None:
        """Keep or replace a record; its place in the order of first keeping stays."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO record SELECT ?, ?, coalesce(max(position), 0) + 1, ? FROM record WHERE system = ?"
                " ON CONFLICT (system, id) DO UPDATE SET value = excluded.value",
                (system, identity, json.dumps(value, ensure_ascii=False), system),
            )

    def take(self, system: str, identity: str) -> dict[str, Any] | None:
        """A record that can be used once: gone with the answer."""
        with self.transaction() as connection:
            found = self.record(system, identity)
            connection.execute("DELETE FROM record WHERE system = ? AND id = ?", (system, identity))
        return found

    def records(self, system: str, limit: int = 200) -> list[tuple[str, dict[str, Any]]]:
        """The newest records of a system with their ids, newest first."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT id, value FROM record WHERE system = ? ORDER BY position DESC LIMIT ?", (system, limit)
            ).fetchall()
        return [(row[0], dict(json.loads(row[1]))) for row in rows]
