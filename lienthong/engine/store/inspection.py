"""Whether a store is whole: files, log, snapshot, replay, read model. Reads only; an engine may run on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from lienthong.engine.core.apply import apply
from lienthong.engine.core.state import State
from lienthong.engine.store.archive import archive_files
from lienthong.engine.store.packing import unpack
from lienthong.engine.store.read_model import READ_FILE, READ_FORMAT
from lienthong.engine.store.sqlite_store import LOG_FILE, LOG_FORMAT

BESIDE = {
    "batches.sqlite3": "SELECT count(*) FROM batch_operation WHERE state IN ('CREATED', 'ACTIVE', 'SUSPENDED')",
    "documents.sqlite3": "SELECT count(*) FROM document",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, whether it is well, and what was seen."""

    check: str
    well: bool
    text: str


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)


def _number(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0] or 0)


def _file(file: Path, newest_format: int) -> Finding:
    """SQLite's own check of pages and indexes, and the format."""
    if not file.exists():
        return Finding(file.name, False, "is missing")
    try:
        with closing(_opened(file)) as connection:
            answer = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
            found = _number(connection, "PRAGMA user_version")
    except sqlite3.Error as error:
        return Finding(file.name, False, str(error))
    if answer != "ok":
        return Finding(file.name, False, answer)
    return Finding(file.name, 0 < found <= newest_format, f"whole, format {found}")


def inspect(directory: Path) -> Iterator[Finding]:
    """Every check in order; ends early when a file cannot be read at all."""
    files = [_file(directory / LOG_FILE, LOG_FORMAT), _file(directory / READ_FILE, READ_FORMAT)]
    yield from files
    if not all(each.well for each in files):
        return
    yield from _archive(directory)
    for name, query in BESIDE.items():
        if (directory / name).exists():
            yield _beside(directory / name, query)
    with closing(_opened(directory / READ_FILE)) as model:
        followed = _number(model, "SELECT position FROM followed")
        running = _number(model, "SELECT count(*) FROM process_instance WHERE state = 'ACTIVE'")
    with closing(_opened(directory / LOG_FILE)) as log:
        log.execute("BEGIN")
        yield from _replay(log, followed, running)


def _archive(directory: Path) -> Iterator[Finding]:
    """Every file whole, everything in it ended in its month, its instances complete."""
    for file in archive_files(directory):
        found = _file(file, READ_FORMAT)
        if not found.well:
            yield found
            continue
        month = file.stem.removeprefix("archive-")
        with closing(_opened(file)) as kept:
            count = _number(kept, "SELECT count(*) FROM process_instance")
            unended = _number(kept, "SELECT count(*) FROM process_instance WHERE endDate IS NULL")
            foreign = _number(
                kept,
                "SELECT count(*) FROM process_instance WHERE processInstanceKey = rootProcessInstanceKey "
                f"AND strftime('%Y-%m', endDate / 1000, 'unixepoch') <> '{month}'",
            )
            lone = _number(
                kept,
                "SELECT count(*) FROM element_instance WHERE processInstanceKey NOT IN "
                "(SELECT processInstanceKey FROM process_instance)",
            )
        if unended or foreign or lone:
            wrong = f"{unended} have not ended, {foreign} are of another month, {lone} elements are of no instance"
            yield Finding(file.name, False, f"of {count} instances {wrong}")
        else:
            yield Finding(file.name, True, f"{found.text}, {count} ended instances")


def _beside(file: Path, query: str) -> Finding:
    """A file of the REST edge: whole, and how much there is in it."""
    try:
        with closing(_opened(file)) as connection:
            answer = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
            count = _number(connection, query)
    except sqlite3.Error as error:
        return Finding(file.name, False, str(error))
    kind = "documents" if file.name.startswith("documents") else "unfinished batches"
    return Finding(file.name, answer == "ok", f"whole, {count} {kind}" if answer == "ok" else answer)


def _replay(log: sqlite3.Connection, followed: int, running: int) -> Iterator[Finding]:
    row = log.execute("SELECT position, state FROM snapshot ORDER BY position DESC LIMIT 1").fetchone()
    start = int(row[0]) if row else 0
    try:
        state = State.restore(row[1]) if row else State()
    except Exception as error:
        yield Finding("snapshot", False, f"of group {start} cannot be restored: {error!r}")
        return
    yield Finding("snapshot", True, f"of group {start}" if row else "none yet")
    expected, at_followed = None, -1
    for position, blob in log.execute("SELECT position, events FROM log ORDER BY position"):
        if expected is not None and position != expected:
            yield Finding("log", False, f"group {expected} is missing before {position}")
            return
        if expected is None and position > start + 1:
            yield Finding("log", False, f"begins at group {position}, but the snapshot is of {start}")
            return
        expected = position + 1
        try:
            events = unpack(blob)
            for event in events if position > start else ():
                apply(state, event)
        except Exception as error:
            yield Finding("log", False, f"group {position} cannot be replayed: {error!r}")
            return
        if position == followed:
            at_followed = len(list(state.process_instances()))
    last = max(start, (expected or 1) - 1)
    count = len(list(state.process_instances()))
    yield Finding("log", True, f"to group {last}, replays to {count} running instances")
    if followed > last:
        yield Finding("read model", False, f"is at group {followed}, beyond the log's {last}")
    elif followed == last and running != count:
        yield Finding("read model", False, f"shows {running} running instances, but the log gives {count}")
    elif followed > start and at_followed not in (-1, running):
        yield Finding("read model", False, f"shows {running} running instances at group {followed}, not {at_followed}")
    else:
        yield Finding("read model", True, f"at group {followed}, shows {running} running instances")
