"""The store keeps its word: the same tests for memory and SQLite."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lienthong.engine.protocol.records import Event, Intent, ValueType
from lienthong.engine.store import Snapshot, Store, StoreFailed, StoreRefused
from lienthong.engine.store.memory_store import MemoryStore
from lienthong.engine.store.packing import pack, unpack
from lienthong.engine.store.sqlite_store import LOG_FILE, LOG_FORMAT, SqliteStore


def event(key: int, **value: object) -> Event:
    return Event(ValueType.VARIABLE, Intent.CREATED, key, dict(value), 1_700_000_000_000 + key)


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made: Store = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path)
    yield made
    made.close()


def test_groups_come_back_in_order(store: Store) -> None:
    store.append(1, [event(1, name="a"), event(2, name="b")])
    store.append(2, [event(3, name="c")])
    assert [(row.position, [key for _, _, key, _, _ in row.events]) for row in store.rows_after(0)] == [
        (1, [1, 2]),
        (2, [3]),
    ]
    assert [row.position for row in store.rows_after(1)] == [2]
    assert store.last_position() == 2


@pytest.mark.parametrize(
    "value",
    [
        {"resource": "<a>Liên Thông</a>".encode()},
        {"resource": b"\xff\x00\xfe"},
        {"big": 2**70, "negative": -(2**64)},
        {"nested": [{"deep": [b"bytes", None, True, 1.5]}]},
        {"text": '"\\u0000utf8"', "$utf8": "not bytes"},
    ],
)
def test_a_value_comes_back_as_it_was(value: dict[str, object]) -> None:
    assert unpack(pack([event(7, **value)])) == [event(7, **value)]


def test_a_value_that_no_json_holds_is_refused() -> None:
    with pytest.raises(TypeError, match="JSON-able"):
        pack([event(1, bad={1, 2})])


def test_compaction_forgets_only_what_the_snapshot_holds(store: Store) -> None:
    for position in (1, 2, 3, 4):
        store.append(position, [event(position)])
    store.save_snapshot(Snapshot(3, b"state"))
    store.compact(4)
    assert [row.position for row in store.rows_after(0)] == [4]
    assert store.latest_snapshot() == Snapshot(3, b"state")


def test_compaction_waits_for_the_read_model(store: Store) -> None:
    for position in (1, 2, 3):
        store.append(position, [event(position)])
    store.save_snapshot(Snapshot(3, b"state"))
    store.compact(1)
    assert [row.position for row in store.rows_after(0)] == [2, 3]
    assert store.last_position() == 3


def test_only_the_newest_snapshot_stays(store: Store) -> None:
    store.save_snapshot(Snapshot(1, b"old"))
    store.save_snapshot(Snapshot(5, b"new"))
    assert store.latest_snapshot() == Snapshot(5, b"new")
    assert store.last_position() == 5


def test_settings_are_kept_and_forgotten(store: Store) -> None:
    assert store.setting("pinned_clock_ms") is None
    store.save_setting("pinned_clock_ms", "1")
    store.save_setting("pinned_clock_ms", "2")
    assert store.setting("pinned_clock_ms") == "2"
    store.save_setting("pinned_clock_ms", None)
    assert store.setting("pinned_clock_ms") is None


# what only a disk can do


def test_a_reopened_log_holds_everything(tmp_path: Path) -> None:
    first = SqliteStore(tmp_path)
    first.append(1, [event(1, value="x")])
    first.close()
    second = SqliteStore(tmp_path)
    assert [row.events for row in second.rows_after(0)] == [[event(1, value="x")]]
    second.close()


def test_every_commit_is_fsynced(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    assert store._connection.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
    assert store._connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    store.close()


def test_one_directory_has_one_engine(tmp_path: Path) -> None:
    held = SqliteStore(tmp_path)
    with pytest.raises(StoreRefused, match="another engine"):
        SqliteStore(tmp_path)
    held.close()
    SqliteStore(tmp_path).close()


def test_a_log_of_a_newer_engine_is_refused(tmp_path: Path) -> None:
    SqliteStore(tmp_path).close()
    with sqlite3.connect(tmp_path / LOG_FILE) as connection:
        connection.execute(f"PRAGMA user_version={LOG_FORMAT + 1}")
    with pytest.raises(StoreRefused, match=f"format {LOG_FORMAT + 1}"):
        SqliteStore(tmp_path)


def test_a_file_that_is_no_log_is_refused(tmp_path: Path) -> None:
    (tmp_path / LOG_FILE).write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreRefused, match="log of the engine"):
        SqliteStore(tmp_path)


def full_disk(store: SqliteStore) -> Callable[[], None]:
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count={pages}")
    return lambda: store._connection.execute("PRAGMA max_page_count=1000000") and None


def test_a_full_disk_keeps_nothing_of_the_group(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    make_room = full_disk(store)
    with pytest.raises(StoreFailed, match="full"):
        store.append(1, [event(1, value="x" * 100_000)])
    assert list(store.rows_after(0)) == []
    make_room()
    store.append(1, [event(1, value="y")])
    assert store.last_position() == 1
    store.close()
