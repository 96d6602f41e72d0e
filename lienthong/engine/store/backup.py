"""Copies of a store while its engine runs, and a store as it was at a point.

A backup is a base, copied whole, and every group that later backups into the same directory add. The
read model is copied before the log, so the log always reaches from the read model's position to the
end; a store can be restored to every group between the base and the newest one. The archive is copied
last, with the base alone: what has moved there since is in the base's read model or in the groups that
follow it, and a restore drops from the archive what the restored read model holds as well. Batches and
documents are as they were at the latest backup.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from lienthong.engine.store.archive import ARCHIVE_DIRECTORY, INSTANCE_TABLES, archive_files
from lienthong.engine.store.packing import unpack
from lienthong.engine.store.read_model import READ_FILE
from lienthong.engine.store.sqlite_store import LOG_FILE

TRIES = 3
BESIDE = ("batches.sqlite3", "documents.sqlite3")  # of the REST edge: copied whole at each backup, where they are


class BackupFailed(Exception):
    """No backup, or no restored store, was made; the message says why."""


@dataclass(frozen=True, slots=True)
class Span:
    """The groups to which a store can be restored."""

    oldest: int
    newest: int


@contextmanager
def reading(file: Path) -> Iterator[sqlite3.Connection]:
    """A database that is only read, whoever writes it meanwhile."""
    if not file.exists():
        raise BackupFailed(f"Expected a store in '{file.parent}', but '{file.name}' is missing")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as connection:
        yield connection


def number(connection: sqlite3.Connection, query: str) -> int:
    """The one number that a query answers; 0 for nothing."""
    return int(connection.execute(query).fetchone()[0] or 0)


def _copied(source: Path, target: Path) -> None:
    with reading(source) as found, closing(sqlite3.connect(target)) as made:
        found.backup(made)


def span(directory: Path) -> Span:
    """Where the store or backup in a directory can be restored to."""
    with reading(directory / READ_FILE) as model:
        read = number(model, "SELECT position FROM followed")
    with reading(directory / LOG_FILE) as log:
        snapshot = number(log, "SELECT max(position) FROM snapshot")
        first, last = (number(log, f"SELECT {each}(position) FROM log") for each in ("min", "max"))
    oldest, newest = max(read, snapshot), max(last, snapshot)
    gap = first > min(read, snapshot) + 1 or read > newest
    if gap and (read, snapshot) != (newest, newest):
        raise BackupFailed(f"Expected the log in '{directory}' to reach back to group {read + 1}, but it does not")
    return Span(oldest, newest)


def backup(data: Path, target: Path) -> Span:
    """Copy a store, or add to the backup in `target` what has happened since; the engine may run."""
    target.mkdir(parents=True, exist_ok=True)
    if (target / LOG_FILE).exists():
        if _added(data, target):
            _copy_beside(data, target)
            return span(target)
        raise BackupFailed(
            f"Expected to add to the backup in '{target}', but the log no longer has what follows it: "
            "begin another directory"
        )
    if any(target.iterdir()):
        raise BackupFailed(f"Expected '{target}' to be empty or a backup, but it is neither")
    for tried in range(TRIES):
        try:
            _copied(data / READ_FILE, target / READ_FILE)
            _copied(data / LOG_FILE, target / LOG_FILE)
            made = span(target)
            _copy_archive(data, target)
            _copy_beside(data, target)
            return made
        except BackupFailed:  # the log was shortened between the two copies
            for name in (READ_FILE, LOG_FILE):
                (target / name).unlink(missing_ok=True)
            if tried == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _copy_archive(source: Path, target: Path) -> None:
    for file in archive_files(source):
        (target / ARCHIVE_DIRECTORY).mkdir(exist_ok=True)
        _copied(file, target / ARCHIVE_DIRECTORY / file.name)


def _copy_beside(source: Path, target: Path) -> None:
    for name in BESIDE:
        if (source / name).exists():
            made = target / f"{name}.making"
            made.unlink(missing_ok=True)
            _copied(source / name, made)
            made.replace(target / name)


def _drop_from_archive(directory: Path) -> None:
    """An instance that the read model holds as well was on its way into the archive; it will go there again."""
    for file in archive_files(directory):
        with closing(sqlite3.connect(file)) as kept, kept:
            kept.execute("ATTACH ? AS live", (str(directory / READ_FILE),))
            for table in reversed(INSTANCE_TABLES):
                kept.execute(
                    f"DELETE FROM main.{table} WHERE processInstanceKey IN "
                    "(SELECT processInstanceKey FROM live.process_instance)"
                )


def _added(data: Path, target: Path) -> bool:
    with closing(sqlite3.connect(target / LOG_FILE, isolation_level=None)) as kept, reading(data / LOG_FILE) as log:
        last = max(number(kept, f"SELECT max(position) FROM {table}") for table in ("log", "snapshot"))
        log.execute("BEGIN")
        newest = number(log, "SELECT max(position) FROM log")
        follows = log.execute("SELECT 1 FROM log WHERE position = ?", (last + 1,)).fetchone() is not None
        if newest > last and not follows:
            return False
        kept.execute("BEGIN IMMEDIATE")
        rows = log.execute("SELECT position, events FROM log WHERE position > ? ORDER BY position", (last,))
        kept.executemany("INSERT INTO log VALUES (?, ?)", rows)
        kept.execute("DELETE FROM setting")
        kept.executemany("INSERT INTO setting VALUES (?, ?)", log.execute("SELECT name, value FROM setting"))
        kept.execute(f"PRAGMA user_version={number(log, 'PRAGMA user_version')}")
        kept.execute("COMMIT")
    return True


def position_at(directory: Path, moment_ms: int) -> int:
    """The last group of which no event is later than a moment (epoch milliseconds of the engine's clock)."""
    found = span(directory)
    chosen = found.oldest
    with reading(directory / LOG_FILE) as log:
        query = "SELECT position, events FROM log WHERE position > ? ORDER BY position"
        for position, blob in log.execute(query, (found.oldest,)):
            if any(at > moment_ms for *_, at in unpack(blob)):
                break
            chosen = position
    return chosen


def restore(source: Path, data: Path, position: int | None = None) -> int:
    """Make a store in an empty directory out of a backup, as it was after a group; returns that group."""
    if data.exists() and any(data.iterdir()):
        raise BackupFailed(f"Expected '{data}' to be empty, but it holds files: a restore overwrites nothing")
    possible = span(source)
    wanted = possible.newest if position is None else position
    if not possible.oldest <= wanted <= possible.newest:
        raise BackupFailed(
            f"Expected a group from {possible.oldest} to {possible.newest}, but got {wanted}: "
            "the backup does not reach there"
        )
    making = data.with_name(data.name + ".restoring")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    for name in (READ_FILE, LOG_FILE):
        _copied(source / name, making / name)
    _copy_archive(source, making)
    _copy_beside(source, making)
    _drop_from_archive(making)
    with closing(sqlite3.connect(making / LOG_FILE)) as log, log:
        log.execute("DELETE FROM log WHERE position > ?", (wanted,))
    if data.exists():
        data.rmdir()
    making.rename(data)
    return wanted


__all__ = ["BackupFailed", "Span", "backup", "position_at", "reading", "restore", "span"]
