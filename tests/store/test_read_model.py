"""The read model: exactly once, whatever is repeated."""

from pathlib import Path

import edge_models
from edge_engines import creation_command, deployment_command

from lienthong.engine.core.process import process
from lienthong.engine.core.state import State
from lienthong.engine.store import LogRow
from lienthong.engine.store.read_model import ReadModel
from lienthong.engine.store.read_query import SearchRequest

NOW_MS = 1_800_000_000_000


def history() -> list[LogRow]:
    state, rows = State(), []
    commands = [deployment_command("user.bpmn", edge_models.user_task())]
    commands += [creation_command("user-task", authority="bd", dossierCode=f"H{n}") for n in range(3)]
    for position, command in enumerate(commands, start=1):
        rows.append(LogRow(position, process(state, command, NOW_MS + position).events))
    return rows


def everything(model: ReadModel) -> list[object]:
    kinds = ("process_instance", "element_instance", "variable", "user_task", "process_definition", "sequence_flow")
    return [model.search(kind, SearchRequest()).items for kind in kinds]


def test_groups_followed_one_by_one_or_together_or_twice_show_the_same(tmp_path: Path) -> None:
    rows = history()
    together, single, twice = ReadModel(), ReadModel(), ReadModel(tmp_path)
    together.follow(rows)
    for row in rows:
        single.follow([row])
    twice.follow(rows[:2])
    twice.close()
    twice = ReadModel(tmp_path)
    assert twice.position == 2
    twice.follow(rows)
    assert everything(together) == everything(single) == everything(twice)
    assert together.position == 4


def test_a_task_sees_the_variables_of_its_scopes_outwards() -> None:
    model = ReadModel()
    model.follow(history())
    task = model.search("user_task", SearchRequest(page={"limit": 1})).items[0]
    scopes = model.scopes(int(task["elementInstanceKey"]))
    assert scopes == [int(task["elementInstanceKey"]), int(task["processInstanceKey"])]
    found = model.search("variable", SearchRequest({"scopeKey": {"$in": scopes}})).items
    assert {item["name"] for item in found} == {"authority", "dossierCode", "code"}


def test_candidates_and_variables_narrow_user_tasks() -> None:
    model = ReadModel()
    model.follow(history())

    def count(**filter: object) -> int:
        return model.search("user_task", SearchRequest(filter)).total

    assert count(candidateGroup="bd/officer") == 3
    assert count(candidateGroup={"$in": ["bd/officer", "other"]}) == 3
    assert count(candidateGroup={"$neq": "bd/officer"}) == 0
    assert count(candidateGroup={"$like": "bd/*"}) == 3
    assert count(candidateUser="nobody") == 0
    assert count(processInstanceVariables=[{"name": "dossierCode", "value": '"H1"'}]) == 1
    assert count(localVariables=[{"name": "code", "value": {"$like": '"H*"'}}]) == 3
    assert count(assignee={"$exists": False}) == 3
    assert count(priority={"$gte": 50, "$lt": 51}) == 3
