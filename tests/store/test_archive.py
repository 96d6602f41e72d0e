"""Finished instances leave the read model for the archive, are found there, and nothing is lost on the way."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from operator import methodcaller
from pathlib import Path
from typing import Any

import edge_models
import httpx
import pytest
from edge_engines import HOUR_MS, creation_command, deployment_command, engine_on

from lienthong.engine.protocol.records import Command, Intent, ValueType
from lienthong.engine.rest.batch_store import BatchStore, Item
from lienthong.engine.rest.document_store import DocumentStore
from lienthong.engine.runtime.engine import Engine
from lienthong.engine.runtime.retention import DAY_MS, Retention
from lienthong.engine.runtime.serve import running
from lienthong.engine.store import archive
from lienthong.engine.store.archive import archive_files
from lienthong.engine.store.backup import backup, restore
from lienthong.engine.store.inspection import inspect
from lienthong.engine.store.read_model import ReadModel
from lienthong.engine.store.read_query import SearchRequest
from lienthong.engine.store.sqlite_store import LOG_FILE, SqliteStore

START_MS = 1_800_000_000_000  # 15 January 2027


async def finish_one(engine: Engine, number: int) -> int:
    """One instance from its creation to its end; its key."""
    made = await engine.submit(creation_command("one-task", n=number))
    value = {"type": "work", "worker": "w", "timeoutMs": HOUR_MS, "maxJobsToActivate": 1, "fetchVariables": []}
    found = await engine.submit(Command(ValueType.JOB_BATCH, Intent.ACTIVATE, 0, value))
    assert made.reply and found.reply
    job = found.reply["jobs"][0]["key"]
    await engine.submit(Command(ValueType.JOB, Intent.COMPLETE, job, {"variables": {"done": number}}))
    return int(made.reply["processInstanceKey"])


@asynccontextmanager
async def aging(folder: Path) -> AsyncIterator[tuple[Engine, list[int]]]:
    """An engine with four instances that ended two days apart, across a month's end, and one that runs."""
    async with engine_on(SqliteStore(folder), ReadModel(folder)) as engine:
        await engine.pin_clock(START_MS)
        await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
        keys = []
        for number in range(4):
            await engine.pin_clock(START_MS + number * 8 * DAY_MS)
            keys.append(await finish_one(engine, number))
        await engine.submit(creation_command("one-task", n=99))
        yield engine, keys


async def found(engine: Engine, with_archive: bool, **wanted: Any) -> list[dict[str, Any]]:
    """Process instances that a search finds, in the order of their keys."""
    request = SearchRequest(wanted, [{"field": "processInstanceKey"}])
    ask = engine.reader.ask_archive if with_archive else engine.reader.ask
    return (await ask(lambda model: model.search("process_instance", request))).items


async def test_what_is_old_enough_moves_by_the_month_of_its_end_and_is_found_in_the_archive(tmp_path: Path) -> None:
    async with aging(tmp_path) as (engine, keys):
        everything = await found(engine, True)
        assert await Retention(engine, after_days=7).archive_now() == 3
        assert int((await found(engine, False))[0]["processInstanceKey"]) == keys[3]
        assert [file.name for file in archive_files(tmp_path)] == ["archive-2027-01.sqlite3"]
        assert await found(engine, True) == everything
        assert await Retention(engine, after_days=7).archive_now() == 0
        await engine.pin_clock(START_MS + 40 * DAY_MS)
        assert await Retention(engine, after_days=7).archive_now() == 1
        assert [file.name for file in archive_files(tmp_path)] == [
            "archive-2027-01.sqlite3",
            "archive-2027-02.sqlite3",
        ]
        assert await found(engine, True) == everything
        assert len(await found(engine, False)) == 1


async def test_the_archive_answers_the_same_filters_pages_and_counts(tmp_path: Path) -> None:
    async with aging(tmp_path) as (engine, keys):
        await Retention(engine, after_days=7).archive_now()
        [one] = await found(engine, True, variables=[{"name": "done", "value": "1"}])
        assert (int(one["processInstanceKey"]), one["processDefinitionId"]) == (keys[1], "one-task")
        pages, cursor = [], None
        while True:
            page: dict[str, Any] = {"limit": 2} | ({"after": cursor} if cursor else {})
            request = SearchRequest({}, [{"field": "endDate", "order": "DESC"}], page)
            reply = await engine.reader.ask_archive(methodcaller("search", "process_instance", request))
            assert reply.total == 5
            if not reply.items:
                break
            pages += [int(each["processInstanceKey"]) for each in reply.items]
            cursor = reply.end_cursor
        assert pages[:4] == keys[::-1]
        assert len(set(pages)) == 5
        counts = await engine.reader.ask_archive(lambda model: model.statistics({}))
        assert {each["elementId"]: each["completed"] for each in counts} == {"start": 5, "task": 4, "end": 4}


async def test_archiving_that_stopped_between_copy_and_deletion_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with aging(tmp_path) as (engine, keys):

        def died(connection: sqlite3.Connection, schema: str) -> None:
            raise OSError("killed here")

        monkeypatch.setattr(archive, "_delete", died)
        with pytest.raises(OSError, match="killed"):
            await Retention(engine, after_days=7).archive_now()
        monkeypatch.undo()
        assert {int(each["processInstanceKey"]) for each in await found(engine, False)} > set(keys)
        assert await Retention(engine, after_days=7).archive_now() == 3
        assert [int(each["processInstanceKey"]) for each in await found(engine, True)][:4] == keys


async def test_the_log_forgets_what_is_archived(tmp_path: Path) -> None:
    async with aging(tmp_path) as (engine, _):
        await Retention(engine, after_days=7).archive_now()
    with sqlite3.connect(tmp_path / LOG_FILE) as log:
        assert log.execute("SELECT count(*) FROM log").fetchone()[0] == 0
        assert log.execute("SELECT count(*) FROM snapshot").fetchone()[0] == 1
    assert [each for each in inspect(tmp_path) if not each.well] == []
    async with engine_on(SqliteStore(tmp_path), ReadModel(tmp_path)) as engine:
        assert len(list(engine.state.process_instances())) == 1
        assert len(await found(engine, True)) == 5


async def test_rest_searches_the_archive_when_told_and_looks_up_without_being_told(tmp_path: Path) -> None:
    async with running(tmp_path, archive_after_days=7) as served:
        engine = served.engine
        await engine.pin_clock(START_MS)
        await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
        key = await finish_one(engine, 1)
        await engine.pin_clock(START_MS + 9 * DAY_MS)
        assert served.retention is not None
        assert await served.retention.archive_now() == 1
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{served.rest_port}/v2") as http:
            body = {"filter": {"processInstanceKey": str(key)}}
            live = (await http.post("/process-instances/search", json=body)).json()
            both = (await http.post("/process-instances/search?archive=true", json=body)).json()
            assert (live["page"]["totalItems"], both["page"]["totalItems"]) == (0, 1)
            assert (await http.get(f"/process-instances/{key}")).json() == both["items"][0]
            variables = (await http.post("/variables/search?archive=true", json=body)).json()
            assert {each["name"]: each["value"] for each in variables["items"]} == {"n": "1", "done": "1"}
            flows = (await http.get(f"/process-instances/{key}/sequence-flows?archive=true")).json()
            assert len(flows["items"]) == 2
            assert (await http.get("/process-instances/1")).status_code == 404


async def test_the_process_that_writes_the_read_model_is_started_again(tmp_path: Path) -> None:
    async with running(tmp_path) as served:
        engine = served.engine
        await engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
        assert len(await found(engine, False)) == 0
        writer = engine.reader._process  # type: ignore[attr-defined]
        writer.kill()
        await engine.submit(creation_command("one-task", n=1))
        assert len(await found(engine, False)) == 1
        assert engine.reader._process is not writer  # type: ignore[attr-defined]


async def test_a_backup_holds_the_archive_batches_and_documents_and_restores_each_instance_once(tmp_path: Path) -> None:
    live, kept, made = tmp_path / "live", tmp_path / "kept", tmp_path / "made"
    live.mkdir()
    batches, documents = BatchStore(live), DocumentStore(live)
    batches.create("CANCEL_PROCESS_INSTANCE", {}, [Item(1, 1, 1)], START_MS)
    documents.put("kept", b"content", {"fileName": "a"}, None, START_MS)
    async with aging(live) as (engine, _):
        await Retention(engine, after_days=17).archive_now()
        await found(engine, False)
        backup(live, kept)
        await Retention(engine, after_days=7).archive_now()
        documents.put("later", b"content", {"fileName": "b"}, None, START_MS)
        await engine.submit(creation_command("one-task", n=100))
        backup(live, kept)
        everything = await found(engine, True)
    batches.close()
    documents.close()
    restore(kept, made)
    assert [each for each in inspect(made) if not each.well] == []
    names = {each.check: each.text for each in inspect(made)}
    assert (names["batches.sqlite3"], names["documents.sqlite3"]) == (
        "whole, 1 unfinished batches",
        "whole, 2 documents",
    )
    async with engine_on(SqliteStore(made), ReadModel(made)) as engine:
        assert await found(engine, True) == everything
        await Retention(engine, after_days=7).archive_now()
        assert await found(engine, True) == everything


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE process_instance SET endDate = NULL", "have not ended"),
        ("UPDATE process_instance SET endDate = endDate + 86400000 * 60", "of another month"),
        ("DELETE FROM process_instance", "elements are of no instance"),
        ("PRAGMA user_version = 99", "format 99"),
    ],
)
async def test_the_doctor_names_what_is_wrong_in_the_archive(tmp_path: Path, statement: str, told: str) -> None:
    async with aging(tmp_path) as (engine, _):
        await Retention(engine, after_days=7).archive_now()
    assert [each for each in inspect(tmp_path) if not each.well] == []
    with sqlite3.connect(archive_files(tmp_path)[0]) as kept:
        kept.execute(statement)
    [ill] = [each for each in inspect(tmp_path) if not each.well]
    assert ill.check == "archive-2027-01.sqlite3"
    assert told in ill.text
