"""Backups of a running engine, stores as they were at a group, and the doctor that tells a broken one."""

import sqlite3
from pathlib import Path

import edge_models
import pytest
from edge_engines import creation_command, deployment_command, engine_on

from lienthong.commands import backup as backup_command
from lienthong.commands import doctor
from lienthong.commands import restore as restore_command
from lienthong.engine.runtime.engine import Engine
from lienthong.engine.store.backup import BackupFailed, backup, position_at, restore
from lienthong.engine.store.inspection import inspect
from lienthong.engine.store.read_model import READ_FILE, ReadModel
from lienthong.engine.store.read_query import SearchRequest
from lienthong.engine.store.sqlite_store import LOG_FILE, SqliteStore

START_MS = 1_800_000_000_000


async def begin(engine: Engine) -> None:
    await engine.pin_clock(START_MS)
    await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
    await engine.submit(creation_command("one-task", n=0))


async def instances(engine: Engine) -> tuple[int, int]:
    """Running in the state, and shown by the read model."""
    page = await engine.reader.ask(lambda model: model.search("process_instance", SearchRequest()))
    return len(list(engine.state.process_instances())), page.total


async def test_a_backup_of_a_running_engine_is_a_store_that_goes_on(tmp_path: Path) -> None:
    live, kept, made = tmp_path / "live", tmp_path / "kept", tmp_path / "made"
    async with engine_on(SqliteStore(live), ReadModel(live)) as engine:
        await begin(engine)
        backup(live, kept)
        await engine.submit(creation_command("one-task", n=1))
        assert restore(kept, made) == 2
        assert await instances(engine) == (2, 2)
    async with engine_on(SqliteStore(made), ReadModel(made)) as engine:
        assert engine.clock.now_ms() == START_MS
        assert await instances(engine) == (1, 1)
        await engine.submit(creation_command("one-task", n=2))
        assert await instances(engine) == (2, 2)


async def test_later_backups_add_groups_and_each_of_them_can_be_restored(tmp_path: Path) -> None:
    live, kept = tmp_path / "live", tmp_path / "kept"
    async with engine_on(SqliteStore(live), ReadModel(live)) as engine:
        await begin(engine)
        await instances(engine)
        oldest = backup(live, kept).oldest
        for number in range(1, 6):
            await engine.pin_clock(START_MS + number * 1000)
            await engine.submit(creation_command("one-task", n=number))
        found = backup(live, kept)
        assert (found.oldest, found.newest) == (oldest, 7)
        assert backup(live, kept) == found, "nothing new, nothing added"
    assert position_at(kept, START_MS + 3_500) == 5
    for position in range(found.oldest, found.newest + 1):
        made = tmp_path / f"made-{position}"
        restore(kept, made, position)
        async with engine_on(SqliteStore(made), ReadModel(made)) as engine:
            assert await instances(engine) == (position - 1, position - 1)


async def test_a_point_that_the_backup_does_not_hold_is_refused(tmp_path: Path) -> None:
    live, kept, made = tmp_path / "live", tmp_path / "kept", tmp_path / "made"
    async with engine_on(SqliteStore(live), ReadModel(live)) as engine:
        await begin(engine)
        await instances(engine)
        backup(live, kept)
    with pytest.raises(BackupFailed, match="from 2 to 2"):
        restore(kept, made, 99)
    assert not made.exists()
    made.mkdir()
    (made / "mine").write_text("kept")
    with pytest.raises(BackupFailed, match="overwrites nothing"):
        restore(kept, made)
    assert (made / "mine").read_text() == "kept"


async def test_a_backup_across_a_shortened_log_asks_for_another_directory(tmp_path: Path) -> None:
    live, kept, fresh = tmp_path / "live", tmp_path / "kept", tmp_path / "fresh"
    async with engine_on(SqliteStore(live), ReadModel(live)) as engine:
        await begin(engine)
        backup(live, kept)
        for number in range(20):
            if number == 17:
                engine.keep_snapshot()
            await engine.submit(creation_command("one-task", n=number))
        with pytest.raises(BackupFailed, match="another directory"):
            backup(live, kept)
        backup(live, fresh)
        expected = engine.state
    made = tmp_path / "made"
    restore(fresh, made)
    async with engine_on(SqliteStore(made), ReadModel(made)) as engine:
        assert engine.state == expected
        assert await instances(engine) == (21, 21)


async def test_the_commands_copy_check_and_restore(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    live, kept, made = (str(tmp_path / name) for name in ("live", "kept", "made"))
    async with engine_on(SqliteStore(Path(live)), ReadModel(Path(live))) as engine:
        await begin(engine)
        await instances(engine)
        assert backup_command.run([kept, "--data", live]) == 0
        assert doctor.run(["--data", live]) == 0
    assert restore_command.run([kept, "--data", made, "--to", "2"]) == 0
    assert doctor.run(["--data", made]) == 0
    assert restore_command.run([kept, "--data", made + "2", "--to", "2026-01-31T12:00:00"]) == 1
    assert "with its zone" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "statement", "check"),
    [
        (LOG_FILE, "DELETE FROM log WHERE position = 2", "log"),
        (LOG_FILE, "DELETE FROM log WHERE position > 1", "read model"),
        (LOG_FILE, "UPDATE log SET events = '{}' WHERE position = 2", "log"),
        (LOG_FILE, "INSERT INTO snapshot VALUES (1, 'nonsense')", "snapshot"),
        (READ_FILE, "DELETE FROM process_instance", "read model"),
        (READ_FILE, "PRAGMA user_version = 99", READ_FILE),
    ],
)
async def test_the_doctor_names_what_is_broken(tmp_path: Path, file: str, statement: str, check: str) -> None:
    async with engine_on(SqliteStore(tmp_path), ReadModel(tmp_path)) as engine:
        await begin(engine)
        await engine.submit(creation_command("one-task", n=1))
    assert all(finding.well for finding in inspect(tmp_path))
    connection = sqlite3.connect(tmp_path / file)
    connection.execute(statement)
    connection.commit()
    connection.close()
    assert [finding.check for finding in inspect(tmp_path) if not finding.well] == [check]
