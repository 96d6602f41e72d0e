"""A completion takes effect exactly once: held, undone, sent, sent again after a crash or a lost answer."""

import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import select

from lienthong.dossiers import held_completions, task_filling, tasks
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.errors import Conflict
from lienthong.dossiers.held_completions import Decision
from lienthong.dossiers.ports import DatabaseCompletions
from lienthong.dossiers.tables import (
    AuditEntry,
    Dossier,
    HeldCompletion,
    Notification,
    Supplement,
    Task,
    TaskDraft,
    TimelineEntry,
)
from lienthong.dossiers.viewers import Viewer
from lienthong.orchestration.completions import CompletionSender, Sent
from lienthong.orchestration.errors import EngineRejected, EngineUnavailable

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
CLERK = Viewer(1, "canbo", (("bd-ttpvhcc", "reception"),))
DECISION = Decision("refuse", "Sai mẫu", {"outcome": "refuse", "note": "Sai mẫu"})
GRACE = timedelta(seconds=8)


@dataclass
class EngineDouble:
    """An engine that completes each task once; it can be away, refuse, or lose its answer."""

    completed: list[str] = field(default_factory=list)
    away: bool = False
    loses_answer: bool = False
    refuses: int = 0
    canceled: set[str] = field(default_factory=set)

    def complete_user_task(self, key: str, variables: dict[str, Any]) -> None:
        if self.away:
            raise EngineUnavailable("away")
        if self.refuses:
            raise EngineRejected(self.refuses, "REFUSED", "Expected a number, but got text")
        if key in self.completed or key in self.canceled:
            raise EngineRejected(404, "NOT_FOUND", "no such task")
        self.completed.append(key)
        if self.loses_answer:
            self.loses_answer = False
            raise EngineUnavailable("the answer was lost")

    def user_task(self, key: str) -> dict[str, Any] | None:
        return {"state": "CANCELED" if key in self.canceled else "CREATED"}  # a search that lags shows it as open


@pytest.fixture
def filled(database: Engine) -> Engine:
    with session_scope(database) as session:
        session.add(
            Dossier(
                code="D-1",
                filing_token="token-of-1",
                bundle_id="karaoke",
                bundle_version="2023",
                applicant_name="Nguyễn Văn Thử",
                filed_at=NOON,
                access_token="x",
            )
        )
        session.flush()
        session.add(
            Task(
                user_task_key="1",
                dossier_code="D-1",
                element_id="check-dossier",
                name="Kiểm tra",
                authority_id="bd-ttpvhcc",
                role="reception",
                assignee="canbo",
                created_at=NOON,
            )
        )
    return database


def hold(database: Engine, grace: timedelta = GRACE) -> str:
    with session_scope(database) as session:
        return held_completions.hold(session, CLERK, "1", DECISION, NOON, grace).id


def facts(database: Engine) -> dict[str, Any]:
    with read_scope(database) as session:
        task = session.get_one(Task, "1")
        return {
            "hidden": task.hidden,
            "state": session.exec(select(HeldCompletion.state)).one(),
            "done": len(session.exec(select(TimelineEntry).where(TimelineEntry.kind == "task-completed")).all()),
            "audited": len(session.exec(select(AuditEntry).where(AuditEntry.act == "task-completed")).all()),
        }


def test_nothing_is_sent_while_it_is_held_and_once_when_the_grace_is_over(filled: Engine) -> None:
    engine = EngineDouble()
    sender = CompletionSender(DatabaseCompletions(filled), engine)
    hold(filled)
    assert sender.run_once(NOON + timedelta(seconds=7)) == 0 and engine.completed == []
    assert facts(filled) == {"hidden": True, "state": "held", "done": 0, "audited": 0}
    assert sender.run_once(NOON + GRACE) == 1 and sender.run_once(NOON + 2 * GRACE) == 0
    assert engine.completed == ["1"]
    assert facts(filled) == {"hidden": True, "state": "done", "done": 1, "audited": 1}


def test_what_was_undone_is_never_sent_and_what_is_sent_cannot_be_undone(filled: Engine) -> None:
    engine = EngineDouble()
    sender = CompletionSender(DatabaseCompletions(filled), engine)
    hold(filled)
    with session_scope(filled) as session:
        held_completions.undo(session, CLERK, "1", NOON)
        held_completions.undo(session, CLERK, "1", NOON)
    sender.run_once(NOON + GRACE)
    assert engine.completed == [] and facts(filled)["hidden"] is False
    with session_scope(filled) as session:
        again = held_completions.hold(session, CLERK, "1", DECISION, NOON, GRACE).id
    sender.send(again, NOON + GRACE)
    with session_scope(filled) as session, pytest.raises(Conflict):
        held_completions.undo(session, CLERK, "1", NOON)


def test_an_engine_that_is_away_loses_nothing(filled: Engine) -> None:
    engine = EngineDouble(away=True)
    sender = CompletionSender(DatabaseCompletions(filled), engine)
    identity = hold(filled)
    assert sender.send(identity, NOON + GRACE) is Sent.LATER
    engine.away = False
    assert sender.run_once(NOON + GRACE) == 0  # its back-off is not over
    assert sender.run_once(NOON + GRACE + timedelta(seconds=2)) == 1
    assert facts(filled)["done"] == 1


def test_a_lost_answer_leaves_one_completion_in_the_story(filled: Engine) -> None:
    engine = EngineDouble(loses_answer=True)
    sender = CompletionSender(DatabaseCompletions(filled), engine)
    identity = hold(filled)
    assert sender.send(identity, NOON + GRACE) is Sent.LATER
    assert sender.run_once(NOON + timedelta(minutes=1)) == 1
    assert engine.completed == ["1"]
    assert facts(filled) == {"hidden": True, "state": "done", "done": 1, "audited": 1}


def test_a_sender_killed_after_the_engine_took_it_is_finished_by_the_next(filled: Engine) -> None:
    engine = EngineDouble()
    port = DatabaseCompletions(filled)
    leased = port.lease(hold(filled), NOON + GRACE, NOON + GRACE + timedelta(seconds=60))
    assert leased is not None
    engine.complete_user_task(leased.user_task_key, leased.variables)  # and here the process dies
    restarted = CompletionSender(DatabaseCompletions(filled), engine)
    assert restarted.run_once(NOON + timedelta(seconds=30)) == 0  # the lease still holds
    assert restarted.run_once(NOON + timedelta(seconds=90)) == 1
    assert facts(filled) == {"hidden": True, "state": "done", "done": 1, "audited": 1}


def test_a_sender_killed_before_it_sent_is_finished_by_the_next(filled: Engine) -> None:
    engine = EngineDouble()
    port = DatabaseCompletions(filled)
    assert port.lease(hold(filled), NOON + GRACE, NOON + GRACE + timedelta(seconds=60)) is not None
    assert CompletionSender(port, engine).run_once(NOON + timedelta(seconds=90)) == 1
    assert engine.completed == ["1"] and facts(filled)["done"] == 1


def test_a_task_that_was_canceled_meanwhile_is_not_said_to_be_done(filled: Engine) -> None:
    engine = EngineDouble(canceled={"1"})
    assert CompletionSender(DatabaseCompletions(filled), engine).send(hold(filled), NOON + GRACE) is Sent.GONE
    assert facts(filled) == {"hidden": True, "state": "gone", "done": 0, "audited": 0}
    with read_scope(filled) as session:
        assert session.exec(select(Notification.recipient)).all() == ["canbo"]


def test_a_refused_form_comes_back_with_its_draft_and_the_reason(filled: Engine) -> None:
    engine = EngineDouble(refuses=400)
    assert CompletionSender(DatabaseCompletions(filled), engine).send(hold(filled), NOON + GRACE) is Sent.FAILED
    assert facts(filled) == {"hidden": False, "state": "failed", "done": 0, "audited": 0}
    with read_scope(filled) as session:
        assert session.get_one(TaskDraft, "1").data == DECISION.variables
        assert "Expected a number" in session.exec(select(Notification.text_vi)).one()


def test_many_senders_side_by_side_send_once(filled: Engine) -> None:
    engine = EngineDouble()
    hold(filled, timedelta(0))
    senders = [CompletionSender(DatabaseCompletions(filled), engine) for _ in range(6)]
    threads = [threading.Thread(target=sender.run_once, args=(NOON,)) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert engine.completed == ["1"] and facts(filled)["done"] == 1


def test_a_task_is_completed_once_however_often_it_is_pressed(filled: Engine) -> None:
    hold(filled)
    with session_scope(filled) as session, pytest.raises(Conflict):
        held_completions.hold(session, CLERK, "1", DECISION, NOON, GRACE)


def test_the_feed_does_not_show_a_held_task_again(filled: Engine) -> None:
    hold(filled)
    with session_scope(filled) as session:
        snapshot = tasks.TaskSnapshot(
            "1",
            "D-1",
            "",
            "check-dossier",
            "Kiểm tra",
            "bd-ttpvhcc",
            "reception",
            "canbo",
            "CREATED",
            None,
            NOON,
            50,
            "",
            "9",
        )
        task_filling.upsert(session, snapshot, NOON)
    assert facts(filled)["hidden"] is True


KILLED = """
import os, sys
from datetime import datetime
from pathlib import Path
from lienthong.dossiers.database import create_database
from lienthong.dossiers.ports import DatabaseCompletions
from lienthong.orchestration.completions import CompletionSender

class Engine:
    def complete_user_task(self, key, variables):
        with Path(sys.argv[2]).open("a") as engine:
            engine.write(key + chr(10))
            engine.flush()
        os.kill(os.getpid(), 9)

    def user_task(self, key):
        return None

now = datetime.fromisoformat(sys.argv[3])
CompletionSender(DatabaseCompletions(create_database(sys.argv[1])), Engine()).run_once(now)
"""


@pytest.mark.services
def test_a_process_killed_in_the_middle_of_sending_leaves_one_completion(filled: Engine, tmp_path: Path) -> None:
    hold(filled)
    taken = tmp_path / "engine"
    address = filled.url.render_as_string(hide_password=False)
    when = (NOON + GRACE).isoformat()
    killed = subprocess.run([sys.executable, "-c", KILLED, address, str(taken), when], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert facts(filled) == {"hidden": True, "state": "sending", "done": 0, "audited": 0}
    engine = EngineDouble(completed=taken.read_text().split())
    CompletionSender(DatabaseCompletions(filled), engine).run_once(NOON + timedelta(minutes=2))
    assert engine.completed == ["1"]
    assert facts(filled) == {"hidden": True, "state": "done", "done": 1, "audited": 1}


def test_intake_asks_for_a_supplement_once(filled: Engine) -> None:
    asking = Decision("supplement", "Thiếu giấy", {"outcome": "supplement", "note": "Thiếu giấy"})
    with session_scope(filled) as session:
        dossier = session.exec(select(Dossier)).one()
        session.add(
            Supplement(dossier_id=dossier.id, note="", stage="intake", requested_at=NOON, due_at=NOON, received_at=NOON)
        )
        session.flush()
        tasks.claim(session, CLERK, "1", NOON)
        with pytest.raises(Conflict, match="asked already"):
            held_completions.hold(session, CLERK, "1", asking, NOON, GRACE)
        assert held_completions.hold(session, CLERK, "1", DECISION, NOON, GRACE).outcome == "refuse"
