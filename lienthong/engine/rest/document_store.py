"""Documents that instances refer to: an SQLite file beside the engine's own (or memory), every write fsynced."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

DOCUMENT_FILE = "documents.sqlite3"
STORE_ID = "embedded"
_TABLES = """
CREATE TABLE IF NOT EXISTS document (
    documentId TEXT PRIMARY KEY, contentHash TEXT NOT NULL, metadata TEXT NOT NULL, expiresAt INTEGER,
    content BLOB NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Document:
    """One document; `metadata` as REST shows it."""

    id: str
    content_hash: str
    metadata: dict[str, Any]
    content: bytes

    def reference(self) -> dict[str, Any]:
        """What a variable keeps of it."""
        return {
            "camunda.document.type": "camunda",
            "storeId": STORE_ID,
            "documentId": self.id,
            "contentHash": self.content_hash,
            "metadata": self.metadata,
        }


class DocumentStore:
    """Used from any thread."""

    def __init__(self, directory: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._rows = sqlite3.connect(
            ":memory:" if directory is None else directory / DOCUMENT_FILE,
            isolation_level=None,
            check_same_thread=False,
        )
        self._rows.execute("PRAGMA journal_mode=WAL")
        self._rows.execute("PRAGMA synchronous=FULL")
        self._rows.executescript(_TABLES)

    def put(
        self, document_id: str, content: bytes, metadata: dict[str, Any], expires_ms: int | None, now_ms: int
    ) -> Document | None:
        """Keep a new document; None when there is one of this id. What has expired goes meanwhile."""
        made = Document(document_id, hashlib.sha256(content).hexdigest(), metadata, content)
        row = (document_id, made.content_hash, orjson.dumps(metadata).decode(), expires_ms, content)
        with self._lock:
            self._rows.execute("DELETE FROM document WHERE expiresAt <= ?", (now_ms,))
            kept = self._rows.execute("INSERT OR IGNORE INTO document VALUES (?, ?, ?, ?, ?)", row).rowcount
        return made if kept else None

    def get(self, document_id: str, now_ms: int) -> Document | None:
        """One document that has not expired, or None."""
        query = (
            "SELECT contentHash, metadata, content FROM document WHERE documentId = ? AND coalesce(expiresAt, ?) > ?"
        )
        with self._lock:
            row = self._rows.execute(query, (document_id, now_ms + 1, now_ms)).fetchone()
        return Document(document_id, row[0], orjson.loads(row[1]), row[2]) if row else None

    def delete(self, document_id: str) -> bool:
        """Forget one; whether there was one."""
        with self._lock:
            return bool(self._rows.execute("DELETE FROM document WHERE documentId = ?", (document_id,)).rowcount)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._rows.close()
