"""The read model written by its own process: exact when asked, late on purpose, and never beyond the log."""

import sqlite3
from pathlib import Path
from typing import Any

import edge_models
import pytest
from edge_engines import creation_command, deployment_command

from lienthong.engine.runtime.engine import Engine
from lienthong.engine.runtime.process_reader import ProcessReader
from lienthong.engine.runtime.serve import open_engine
from lienthong.engine.store import StoreFailed, StoreRefused
from lienthong.engine.store.read_model import READ_FILE
from lienthong.engine.store.read_query import SearchRequest
from lienthong.engine.store.sqlite_store import LOG_FILE, SqliteStore

HOUR_SECONDS = 3600.0


async def total(engine: Engine) -> int:
    """Instances that a search finds."""
    return (await engine.reader.ask(lambda model: model.search("process_instance", SearchRequest()))).total


async def started(folder: Path, lag_seconds: float = 0.0) -> Engine:
    """An engine whose read model is a process's."""
    engine = open_engine(folder, lag_seconds)
    await engine.start()
    return engine


async def test_a_search_shows_everything_acknowledged_before_it(tmp_path: Path) -> None:
    engine = await started(tmp_path)
    await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
    for number in range(1, 6):
        await engine.submit(creation_command("one-task", n=number))
        assert await total(engine) == number
    await engine.stop()


async def test_a_wanted_lag_hides_what_is_new_and_a_restart_shows_it(tmp_path: Path) -> None:
    engine = await started(tmp_path, HOUR_SECONDS)
    await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
    await engine.submit(creation_command("one-task"))
    assert await total(engine) == 0
    assert engine.reader.waiting_groups == 2
    await engine.stop()
    engine = await started(tmp_path)
    assert await total(engine) == 1
    await engine.stop()


async def test_what_a_killed_engine_had_not_shown_is_followed_after_the_start(tmp_path: Path) -> None:
    engine = await started(tmp_path, HOUR_SECONDS)
    await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
    await engine.submit(creation_command("one-task"))
    with sqlite3.connect(tmp_path / READ_FILE) as model:
        assert model.execute("SELECT position FROM followed").fetchone() == (0,)
    await engine.stop()
    with sqlite3.connect(tmp_path / READ_FILE) as model:
        model.executescript("UPDATE followed SET position = 0; DELETE FROM process_instance")
    engine = await started(tmp_path)
    assert await total(engine) == 1
    await engine.stop()


@pytest.mark.parametrize(
    ("position", "told"), [(99, "follow the log to 2"), (-1, "no longer has what follows")], ids=["beyond", "behind"]
)
async def test_a_read_model_that_does_not_fit_the_log_is_refused(tmp_path: Path, position: int, told: str) -> None:
    engine = await started(tmp_path)
    await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
    await engine.submit(creation_command("one-task"))
    await engine.stop()
    with sqlite3.connect(tmp_path / READ_FILE) as model:
        model.execute("UPDATE followed SET position = ?", (max(position, 0),))
    if position < 0:
        with sqlite3.connect(tmp_path / LOG_FILE) as log:
            log.execute("DELETE FROM log WHERE position = 1")
    with pytest.raises(StoreRefused, match=told):
        await started(tmp_path)


async def test_a_failure_to_follow_is_told_to_who_asks_and_tried_again(tmp_path: Path) -> None:
    SqliteStore(tmp_path).close()
    reader: Any = ProcessReader(tmp_path)
    reader.start()
    reader.take(5, [])  # the log has no such groups
    with pytest.raises(StoreFailed, match="ends at 0"):
        await reader.ask(lambda model: None)
    with sqlite3.connect(tmp_path / LOG_FILE) as log:
        log.execute("INSERT INTO log VALUES (2, '{}')")
    with pytest.raises(StoreFailed, match="Expected group 1"):
        await reader.ask(lambda model: None)
    reader._committed = 0
    assert await reader.ask(lambda model: model.position) == 0
    await reader.stop()
