"""A store that ever landed opens: one directory a format, written by the engine of its day."""

import shutil
from pathlib import Path

import pytest
from edge_engines import engine_on

from lienthong.engine.store.read_model import READ_FORMAT, ReadModel
from lienthong.engine.store.read_query import SearchRequest
from lienthong.engine.store.sqlite_store import LOG_FORMAT, SqliteStore

FORMATS = sorted((Path(__file__).parent / "formats").iterdir())
NOW_MS = 1_800_000_000_000


def test_the_newest_format_has_a_fixture() -> None:
    assert FORMATS[-1].name == str(max(LOG_FORMAT, READ_FORMAT))


@pytest.mark.parametrize("kept", FORMATS, ids=lambda path: path.name)
async def test_a_kept_store_opens_and_goes_on(kept: Path, tmp_path: Path) -> None:
    for file in kept.iterdir():
        shutil.copy(file, tmp_path / file.name)
    async with engine_on(SqliteStore(tmp_path), ReadModel(tmp_path)) as engine:
        assert engine.clock.now_ms() == NOW_MS
        assert len(list(engine.state.process_instances())) == 3
        await engine.pin_clock(NOW_MS + 3_600_000)
        page = await engine.reader.ask(lambda model: model.search("process_instance", SearchRequest()))
        states = {item["processDefinitionId"]: item["state"] for item in page.items}
        assert states == {"one-task": "COMPLETED", "timer": "COMPLETED", "user-task": "ACTIVE", "message": "ACTIVE"}
