"""Bodies end and merge: open dossiers go to the successors, keep their codes, and nothing happens twice."""

from datetime import datetime

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from lienthong.commands import succession as command
from lienthong.dossiers import acceptance, audit, filing, succession, tracking
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.documents import MemoryStore
from lienthong.dossiers.errors import Conflict, Forbidden
from lienthong.dossiers.law import Law, load_law
from lienthong.dossiers.rules.calendar import ZONE
from lienthong.dossiers.tables import Dossier, OutboxRow, Task
from lienthong.dossiers.viewers import Viewer
from lienthong.settings import Settings
from tests.persistence.conftest import ROOT, karaoke

HEAD = Viewer(1, "truongphong", (("bd-ca-huyen", "unit_head"),))
OFFICE = Viewer(2, "vanphong", (("bd-vpubnd", "office"),))
OTHERS = [Viewer(3, "canbo", (("bd-ca-huyen", "officer"),)), Viewer(4, "la", (("bd-svhtt", "authority_head"),))]
AFTER_THE_MERGER = datetime(2025, 7, 2, 8, 0, tzinfo=ZONE)


@pytest.fixture(scope="module")
def law_of_the_day() -> Law:
    return load_law(ROOT / "law", ROOT / "bpmn", "today")


@pytest.fixture
def running(session: Session, store: MemoryStore, law: Law, paper: bytes, now: datetime) -> Dossier:
    """A karaoke dossier of 2023 whose K4 has started and has an open task with the district police."""
    dossier = filing.file_dossier(session, store, law, karaoke("succession", paper), now)
    acceptance.set_deadline(session, law, dossier.code, None, now)
    acceptance.set_deadline(session, law, dossier.code, "K4", now)
    session.add(
        Task(
            user_task_key="1",
            dossier_code=dossier.code,
            procedure_code="K4",
            element_id="appraise",
            name="Thẩm định",
            authority_id="bd-ca-huyen",
            role="officer",
            created_at=now,
            state="CREATED",
        )
    )
    session.flush()
    return dossier


def messages(session: Session, name: str) -> list[tuple[str, dict[str, object]]]:
    rows = session.exec(select(OutboxRow)).all()
    found = [row.payload for row in rows if row.payload.get("name") == name]
    return [(payload["correlationKey"], payload["variables"]) for payload in found]


def test_open_dossiers_go_to_the_successors_and_keep_code_and_dates(
    session: Session, law_of_the_day: Law, running: Dossier
) -> None:
    code, due_at = running.code, running.due_at
    assert succession.move_open_dossiers(session, law_of_the_day, AFTER_THE_MERGER) == [code]
    assert (running.code, running.due_at) == (code, due_at)
    assert running.authorities["desk"] == "gl-ttpvhcc" and running.authorities["K4"] == "gl-ca-xa"
    assert tracking.require_branch(session, running, "K4").authority_id == "gl-ca-xa"
    assert tracking.require_branch(session, running, "K5").authority_id == "gl-svhttdl"  # by way of bd-svhttdl
    assert session.get_one(Task, "1").authority_id == "gl-ca-xa"
    assert messages(session, "branch-transferred") == [(f"{code}/K4", {"newAuthority": "gl-ca-xa"})]
    assert messages(session, "authorities-changed") == [(code, {"newAuthorities": running.authorities})]
    assert "authority-succeeded" in [entry.kind for entry in tracking.timeline(session, running.id)]
    assert audit.verify(session).ok


def test_moving_again_moves_nothing(session: Session, law_of_the_day: Law, running: Dossier) -> None:
    succession.move_open_dossiers(session, law_of_the_day, AFTER_THE_MERGER)
    entries = len(tracking.timeline(session, running.id))
    assert succession.move_open_dossiers(session, law_of_the_day, AFTER_THE_MERGER) == []
    assert len(tracking.timeline(session, running.id)) == entries


def test_before_the_day_and_where_the_law_stands_in_2023_nothing_moves(
    session: Session, law: Law, law_of_the_day: Law, running: Dossier, now: datetime
) -> None:
    assert succession.move_open_dossiers(session, law_of_the_day, now) == []
    assert succession.move_open_dossiers(session, law, AFTER_THE_MERGER) == []


def test_a_dossier_that_has_ended_stays_where_it_was(session: Session, law_of_the_day: Law, running: Dossier) -> None:
    filing.withdraw(session, running.code, "công dân", "đổi ý", AFTER_THE_MERGER)
    assert succession.move_open_dossiers(session, law_of_the_day, AFTER_THE_MERGER) == []
    assert running.authorities["desk"] == "bd-ttpvhcc"


def test_a_branch_is_transferred_once_with_its_tasks(
    session: Session, law: Law, running: Dossier, now: datetime
) -> None:
    for _ in range(2):
        succession.transfer_branch(session, law, HEAD, running.code, "K4", "bd-ca-tinh", "không thuộc địa bàn", now)
    assert tracking.require_branch(session, running, "K4").authority_id == "bd-ca-tinh"
    assert session.get_one(Task, "1").authority_id == "bd-ca-tinh"
    assert len(messages(session, "branch-transferred")) == 1


def test_a_finished_branch_is_not_transferred(session: Session, law: Law, running: Dossier, now: datetime) -> None:
    acceptance.record_status(session, running.code, "issued", now, "K4")
    with pytest.raises(Conflict):
        succession.transfer_branch(session, law, OFFICE, running.code, "K4", "bd-ca-tinh", "nhầm", now)


def test_the_command_counts_first_and_moves_then(
    database: Engine,
    store: MemoryStore,
    law: Law,
    paper: bytes,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with session_scope(database) as session:
        code = filing.file_dossier(session, store, law, karaoke("command", paper), now).code
    url = database.url.render_as_string(hide_password=False)
    here = Settings(database_url=url, law_dir=ROOT / "law", bpmn_dir=ROOT / "bpmn", law_date="today")
    monkeypatch.setattr(command, "settings", lambda: here)
    assert command.run(["--dry-run"]) == 0
    assert command.run([]) == 0
    assert command.run([]) == 0
    assert capsys.readouterr().out.splitlines() == [code, "1 would move.", code, "1 moved.", "0 moved."]


@pytest.mark.parametrize("other", OTHERS, ids=lambda one: str(one.username))
def test_only_a_head_of_the_handling_authority_or_the_office_transfers(
    session: Session, law: Law, running: Dossier, now: datetime, other: Viewer
) -> None:
    with pytest.raises(Forbidden):
        succession.transfer_branch(session, law, other, running.code, "K4", "bd-ca-tinh", "không đúng", now)
