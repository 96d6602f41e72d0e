"""A variable has one row whatever happens to it, and keeps its key; older read models are put right when opened."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from lienthong.engine.store.read_model import READ_FILE, READ_FORMAT, ReadModel
from tests.engine.model_text import end, model, start, user
from tests.redeploy.served import served


def test_a_change_is_seen_in_the_one_row_of_the_variable() -> None:
    with served() as client:
        client.deploy([("p.bpmn", model(start(), user("a"), end(), flows=["start>a>end"]))])
        key = str(client.create_process_instance("p", {"limit": 1})["processInstanceKey"])
        (first,) = client.search_variables({"processInstanceKey": key})
        for value in (2, 3):
            client.set_variables(key, {"limit": value}, local=True)
            (row,) = client.search_variables({"processInstanceKey": key})
            assert (row["value"], row["variableKey"]) == (str(value), first["variableKey"])
        (task,) = client.search_user_tasks({"processInstanceKey": key})
        assert client.user_task_variables(task["userTaskKey"]) == {"limit": 3}


def test_a_read_model_of_the_format_before_keeps_the_newest_value(tmp_path: Path) -> None:
    ReadModel(tmp_path).close()
    with sqlite3.connect(tmp_path / READ_FILE) as connection:
        connection.execute("DROP INDEX variable_of_scope")
        rows = [(7, "limit", "1", 5, 5), (9, "limit", "2", 5, 5), (8, "other", "3", 5, 5)]
        connection.executemany("INSERT INTO variable VALUES (?, ?, ?, ?, ?)", rows)
        connection.execute("PRAGMA user_version=3")
    opened = ReadModel(tmp_path)
    found = opened.connection.execute("SELECT name, value FROM variable ORDER BY name").fetchall()
    version = opened.connection.execute("PRAGMA user_version").fetchone()[0]
    opened.close()
    assert (found, version) == ([("limit", "2"), ("other", "3")], READ_FORMAT)
