"""The queue and the search walk indexes in their order, on both databases: they cost a page, not the table."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlmodel import Session

from lienthong.dossiers import queue, search
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.queue import QueueFilter, View
from lienthong.dossiers.tables import Dossier, Task
from lienthong.dossiers.viewers import Viewer

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
DOSSIERS, OPEN_EVERY = 6_000, 4
GROUPS = [(f"bd-{number}", "officer") for number in range(8)]
CLERK = Viewer(1, "canbo", (GROUPS[0], GROUPS[1]))
NAMES = ("Nguyễn Văn Thử", "Trần Thị Thử", "Đỗ Đức Thử", "Lê Ánh Thử", "Phạm Ướt Thử")


@pytest.fixture
def crowded(database: Engine) -> Engine:
    """Some thousand dossiers, each with a task, most of them done; with statistics, as a database in use has them."""
    with session_scope(database) as session:
        session.connection().execute(Dossier.__table__.insert(), [_dossier(number) for number in range(DOSSIERS)])  # type: ignore[attr-defined]
        session.connection().execute(Task.__table__.insert(), [_task(number) for number in range(DOSSIERS)])  # type: ignore[attr-defined]
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return database


def _dossier(number: int) -> dict[str, Any]:
    return {
        "id": f"id-{number:06}",
        "code": f"000.00.01.H08-261124-{number:06}",
        "filing_token": f"token-{number}",
        "bundle_id": "karaoke",
        "bundle_version": "2023",
        "applicant_name": f"{NAMES[number % len(NAMES)]} {number}",
        "applicant_personal_number": "",
        "applicant_phone": f"09{number:08}",
        "applicant_email": "",
        "applicant_address": "",
        "organisation_name": "",
        "channel": "online",
        "delivery": "online",
        "options": {},
        "authorities": {"desk": "bd-ttpvhcc", "K5": GROUPS[number % len(GROUPS)][0]},
        "status": "processing",
        "payment_status": "none",
        "delivery_status": "none",
        "sync_status": "pending",
        "filed_at": NOON,
        "access_token": f"access-{number}",
        "essential": False,
        "language": "vi",
        "escalation_level": 0,
        "late": False,
    }


def _task(number: int) -> dict[str, Any]:
    authority, role = GROUPS[number % len(GROUPS)]
    due = NOON + timedelta(minutes=number - DOSSIERS // 2)
    return {
        "user_task_key": f"{number:08}",
        "dossier_code": f"000.00.01.H08-261124-{number:06}",
        "procedure_code": "K5",
        "element_id": "appraise",
        "name": "Thẩm định",
        "authority_id": authority,
        "role": role,
        "assignee": "canbo" if number % 41 == 0 else None,
        "state": "CREATED",
        "due_at": due,
        "sort_at": due,
        "rank": -50,
        "revision": number,
        "search_text": "",
        "created_at": NOON,
        "priority": 50,
        "form_id": "",
        "process_instance_key": "",
        "escalated_group": "",
        "hidden": (number // len(GROUPS)) % OPEN_EVERY != 0,
    }


def plan(session: Session, statement: Any, given: dict[str, Any] | None = None) -> str:
    """How the database would answer, as one text."""
    if isinstance(statement, str):
        sql, values = statement, given or {}
    else:
        compiled = statement.compile(session.get_bind(), compile_kwargs={"render_postcompile": True})
        sql, values = str(compiled), dict(compiled.params)
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        rows = (
            connection.exec_driver_sql(f"EXPLAIN {sql}", values)
            if not given
            else connection.execute(text(f"EXPLAIN {sql}"), values)
        )
        return "\n".join(str(row[0]) for row in rows)
    explain = f"EXPLAIN QUERY PLAN {sql}"
    rows = (
        connection.execute(text(explain), values)
        if given
        else connection.exec_driver_sql(explain, tuple(compiled.params[name] for name in compiled.positiontup))
    )
    return "\n".join(str(row[3]) for row in rows)


@pytest.mark.parametrize("view", list(View))
def test_a_page_of_an_own_group_walks_its_index_without_sorting(crowded: Engine, view: View) -> None:
    with read_scope(crowded) as session:
        wanted = QueueFilter(view)
        arm = queue.arms(CLERK, wanted)[0]
        conditions = queue.conditions(wanted, CLERK, NOON, NOON + timedelta(hours=8))
        found = plan(session, queue.ordered(arm, conditions, 51))
    assert ("ix_task_holder" if view is View.MINE else "ix_task_queue") in found, found
    assert "SCAN task" not in found and "Seq Scan" not in found, found
    if view not in (View.OVERDUE, View.SOON):  # of a span of time the few rows may be sorted
        assert "TEMP B-TREE" not in found and "Sort" not in found, found


def test_a_later_page_begins_at_its_place_in_the_index(crowded: Engine) -> None:
    with read_scope(crowded) as session:
        first = queue.page(session, CLERK, QueueFilter(), NOON, NOON, limit=50)
        conditions = [queue.placed_after(first.after)]
        found = plan(session, queue.ordered(queue.arms(CLERK, QueueFilter())[0], conditions, 51))
    assert "ix_task_queue" in found and "TEMP B-TREE" not in found and "Sort" not in found, found


def test_tasks_held_or_escalated_are_found_by_their_own_indexes(crowded: Engine) -> None:
    with read_scope(crowded) as session:
        *_, escalated, held = queue.arms(CLERK, QueueFilter())
        assert "ix_task_escalated" in plan(session, queue.ordered(escalated, [], 51))
        assert "ix_task_holder" in plan(session, queue.ordered(held, [], 51))


def test_counting_reads_the_own_groups_part_of_the_index(crowded: Engine) -> None:
    with read_scope(crowded) as session:
        arm = queue.arms(CLERK, QueueFilter())[0]
        found = plan(session, queue.counted(arm, [], CLERK, NOON, NOON + timedelta(hours=8)))
    assert "ix_task_queue" in found, found


def test_the_search_asks_the_full_text_index_and_stops_at_the_page(crowded: Engine) -> None:
    with read_scope(crowded) as session:
        postgresql = session.get_bind().dialect.name == "postgresql"
        query = "atbd0 & 4321:*" if postgresql else '"atbd0" AND "4321"*'
        given = {"query": query, "before": 2**31 - 1, "limit": 31} | ({"least": 0} if postgresql else {})
        found = plan(session, search.POSTGRESQL if postgresql else search.SQLITE, given)
    assert ("ix_dossier_text_words" if postgresql else "VIRTUAL TABLE INDEX") in found, found
    assert "Seq Scan on dossier_text" not in found and "SCAN dossier_text\n" not in found, found


def test_the_search_finds_the_newest_first_with_and_without_diacritics(crowded: Engine) -> None:
    with read_scope(crowded) as session:
        for typed in ("đỗ đức", "do duc", "DO DUC thu"):
            page = search.find_dossiers(session, typed, {"bd-2"}, limit=3)
            assert [dossier.applicant_name for dossier in page.dossiers] == [
                f"Đỗ Đức Thử {number}" for number in _newest(2, 2, 3)
            ], typed
            more = search.find_dossiers(session, typed, {"bd-2"}, 3, page.before)
            assert not {one.code for one in more.dossiers}.intersection(one.code for one in page.dossiers)


def _newest(name: int, group: int, count: int) -> list[int]:
    fitting = [n for n in range(DOSSIERS) if n % len(NAMES) == name and n % len(GROUPS) == group]
    return fitting[::-1][:count]


def test_a_changed_name_is_found_and_the_old_one_no_more(crowded: Engine) -> None:
    with session_scope(crowded) as session:
        session.get_one(Dossier, "id-000005").applicant_name = "Hoàng Kim Lạ"
        session.flush()
        assert [one.id for one in search.find_dossiers(session, "hoang la", None).dossiers] == ["id-000005"]
        assert search.find_dossiers(session, "Nguyễn Văn Thử 5 0900000005", None).dossiers == []


def test_the_pages_of_several_groups_are_merged_in_order(crowded: Engine) -> None:
    seen: list[tuple[datetime, str]] = []
    after = ""
    with read_scope(crowded) as session:
        while True:
            page = queue.page(session, CLERK, QueueFilter(), NOON, NOON, after, 37)
            seen += [(task.sort_at, task.user_task_key) for task in page.tasks]
            after = page.after
            if not after:
                break
        total = queue.counts(session, CLERK, QueueFilter(), NOON, NOON)[View.ALL]
        held_elsewhere = len([key for _, key in seen if int(key) % len(GROUPS) > 1])
    assert seen == sorted(seen) and len(seen) == len(set(seen)) == total
    assert held_elsewhere > 0, "the clerk's own tasks of other groups belong to the queue too"


def test_a_search_beyond_the_newest_finds_the_same(crowded: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def codes() -> list[str]:
        found: list[str] = []
        before = 0
        with read_scope(crowded) as session:
            while True:
                page = search.find_dossiers(session, "duc", {"bd-2"}, limit=7, before=before)
                found += [dossier.code for dossier in page.dossiers]
                before = page.before
                if not before:
                    return found

    whole = codes()
    monkeypatch.setattr(search, "NEWEST_FIRST", 100)
    assert codes() == whole and len(whole) > 100
