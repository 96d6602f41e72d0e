"""The feed: open tasks appear with their dossier, ended ones go, and a lagging search changes neither wrongly."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from lienthong.orchestration.errors import EngineRejected, EngineUnavailable
from lienthong.orchestration.task_feed import KnownTask, TaskFeed, UserTask

NOON = datetime(2023, 1, 3, 12, 0, tzinfo=UTC)
ITEM = {
    "userTaskKey": "7",
    "state": "CREATED",
    "name": "Thẩm định",
    "elementId": "appraise",
    "candidateGroups": ["bd-ca-huyen/officer"],
    "assignee": "",
    "dueDate": "2023-01-09T10:00:00.000+07:00",
    "creationDate": "2023-01-03T05:00:00.000Z",
    "priority": 70,
    "formKey": "99",
    "processInstanceKey": "5",
}


class Table:
    def __init__(self) -> None:
        self.rows: dict[str, UserTask] = {}
        self.hidden: set[str] = set()

    def known(self, keys: Iterable[str]) -> Mapping[str, KnownTask]:
        return {
            key: KnownTask(task.dossier_code, task.procedure_code, key in self.hidden, task.created_at)
            for key, task in self.rows.items()
        }

    def upsert(self, tasks: Sequence[UserTask], now: datetime) -> None:
        self.rows.update({task.user_task_key: task for task in tasks})

    def hide(self, keys: Sequence[str]) -> None:
        self.hidden |= set(keys)

    @property
    def shown(self) -> list[str]:
        return sorted(set(self.rows) - self.hidden)


class Engine:
    def __init__(self, *items: dict[str, Any]) -> None:
        self.search = list(items)
        self.single: dict[str, dict[str, Any]] = {}
        self.variables: dict[str, Any] | Exception = {"dossierCode": "D-1", "procedureCode": "K4"}
        self.asked_variables = 0
        self.away = False

    def search_user_tasks(
        self,
        filter: Mapping[str, Any],
        page: Mapping[str, Any] | None = None,
        sort: Sequence[Mapping[str, Any]] = (),
    ) -> list[dict[str, Any]]:
        if self.away:
            raise EngineUnavailable("away")
        return self.search

    def user_task(self, key: str) -> dict[str, Any] | None:
        return self.single.get(key)

    def user_task_variables(self, key: str) -> dict[str, Any]:
        self.asked_variables += 1
        if isinstance(self.variables, Exception):
            raise self.variables
        return self.variables


def test_an_open_task_appears_with_dossier_group_and_due_time() -> None:
    table, engine = Table(), Engine(ITEM)
    report = TaskFeed(table, engine).run_once(NOON)
    task = table.rows["7"]
    assert (task.dossier_code, task.procedure_code) == ("D-1", "K4")
    assert (task.authority_id, task.role, task.assignee) == ("bd-ca-huyen", "officer", None)
    assert task.due_at == datetime(2023, 1, 9, 3, 0, tzinfo=UTC) and task.priority == 70 and report.shown == 1


def test_a_known_task_is_not_asked_for_its_variables_again() -> None:
    table, engine = Table(), Engine(ITEM)
    feed = TaskFeed(table, engine)
    feed.run_once(NOON)
    feed.run_once(NOON)
    assert engine.asked_variables == 1


def test_a_task_whose_variables_do_not_show_yet_comes_later() -> None:
    table, engine = Table(), Engine(ITEM)
    engine.variables = EngineRejected(404, "NOT_FOUND", "")
    feed = TaskFeed(table, engine)
    assert feed.run_once(NOON).skipped == 1 and table.shown == []
    engine.variables = {"dossierCode": "D-1"}
    feed.run_once(NOON)
    assert table.shown == ["7"] and table.rows["7"].procedure_code == ""


def test_a_task_of_no_authority_or_no_dossier_is_left_out() -> None:
    for group, variables in ([], {"dossierCode": "D-1"}), (["managers"], {"dossierCode": "D-1"}), (["a/officer"], {}):
        table, engine = Table(), Engine({**ITEM, "candidateGroups": group})
        engine.variables = variables
        TaskFeed(table, engine).run_once(NOON)
        assert table.shown == []


def test_a_task_goes_when_the_engine_says_that_it_ended_not_when_a_search_lags() -> None:
    table, engine = Table(), Engine(ITEM)
    feed = TaskFeed(table, engine)
    feed.run_once(NOON)
    engine.search, engine.single["7"] = [], {**ITEM, "state": "CREATED"}
    feed.run_once(NOON)
    assert table.shown == ["7"]
    engine.single["7"] = {**ITEM, "state": "COMPLETED"}
    assert feed.run_once(NOON).hidden == 1 and table.shown == []


def test_a_task_the_engine_has_forgotten_goes_after_ten_minutes() -> None:
    table, engine = Table(), Engine(ITEM)
    feed = TaskFeed(table, engine)
    feed.run_once(NOON)
    engine.search = []
    feed.run_once(table.rows["7"].created_at + timedelta(minutes=10))
    assert table.shown == ["7"]
    feed.run_once(table.rows["7"].created_at + timedelta(minutes=11))
    assert table.shown == []


def test_a_task_hidden_here_is_not_shown_again_by_a_lagging_search() -> None:
    table, engine = Table(), Engine(ITEM)
    feed = TaskFeed(table, engine)
    feed.run_once(NOON)
    table.hide(["7"])
    assert feed.run_once(NOON).shown == 0 and table.shown == []


def test_an_engine_that_is_away_changes_nothing() -> None:
    table, engine = Table(), Engine(ITEM)
    feed = TaskFeed(table, engine)
    feed.run_once(NOON)
    engine.away = True
    assert not feed.run_once(NOON).available and table.shown == ["7"]


class PagedEngine(Engine):
    """An engine with many open tasks that counts how it is asked."""

    def __init__(self, count: int) -> None:
        super().__init__(*({**ITEM, "userTaskKey": str(number)} for number in range(count)))
        self.whole, self.pages = 0, 0

    def search_user_tasks(
        self,
        filter: Mapping[str, Any],
        page: Mapping[str, Any] | None = None,
        sort: Sequence[Mapping[str, Any]] = (),
    ) -> list[dict[str, Any]]:
        if page is None:
            self.whole += 1
            return self.search
        self.pages += 1
        return self.search[-int(page["limit"]) :]


def test_with_many_open_tasks_most_rounds_look_at_the_newest_only_and_a_new_task_still_comes_at_once() -> None:
    table, engine = Table(), PagedEngine(1_000)
    feed = TaskFeed(table, engine)
    feed.run_once(NOON)
    assert len(table.rows) == 1_000
    engine.search.append({**ITEM, "userTaskKey": "new"})
    assert feed.run_once(NOON).shown == 1 and "new" in table.rows
    for _ in range(21):
        feed.run_once(NOON)
    assert (engine.whole, engine.pages) == (3, 20)
