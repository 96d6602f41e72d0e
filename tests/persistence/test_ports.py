"""The domain's side of relay and feed, on the real database."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import select

from lienthong.dossiers import filing, outbox
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.documents import MemoryStore
from lienthong.dossiers.law import Law
from lienthong.dossiers.ports import DatabaseOutbox, DatabaseTasks
from lienthong.dossiers.tables import OutboxRow, Task
from lienthong.orchestration.relay import Relay
from lienthong.orchestration.task_feed import UserTask
from tests.persistence.conftest import karaoke


class Recorder:
    def __init__(self) -> None:
        self.taken: list[tuple[str, str, int]] = []

    def publish_message(
        self, name: str, correlation_key: str, variables: dict[str, object], message_id: str, ttl_ms: int
    ) -> str:
        self.taken.append((name, message_id, ttl_ms))
        return "1"


@pytest.fixture
def code(database: Engine, store: MemoryStore, law: Law, now: datetime, paper: bytes) -> str:
    with session_scope(database) as session:
        return filing.file_dossier(session, store, law, karaoke("port", paper), now).code


def test_a_filed_dossier_is_started_until_it_registers(database: Engine, code: str, now: datetime) -> None:
    engine = Recorder()
    relay = Relay(DatabaseOutbox(database), engine)
    relay.run_once(now)
    assert engine.taken == [("karaoke-v2023", code, outbox.START_TTL_MS)]
    relay.run_once(now + timedelta(seconds=2))
    assert len(engine.taken) == 2
    with session_scope(database) as session:
        filing.register_instance(session, code, 1, now)
    relay.run_once(now + timedelta(minutes=5))
    with read_scope(database) as session:
        assert len(engine.taken) == 2 and outbox.pending(session) == 0


def test_messages_leave_in_the_order_of_writing(database: Engine, code: str, now: datetime) -> None:
    with session_scope(database) as session:
        for name in ("deadline-set", "payment-received", "dossier-withdrawn"):
            outbox.add_message(session, name, code, {}, now)
    engine = Recorder()
    Relay(DatabaseOutbox(database), engine).run_once(now)
    assert [name for name, _, _ in engine.taken] == [
        "karaoke-v2023",
        "deadline-set",
        "payment-received",
        "dossier-withdrawn",
    ]
    with read_scope(database) as session:
        assert [row.kind for row in session.exec(select(OutboxRow)) if row.done_at is None] == ["start"]


def feed_task(key: str, code: str, now: datetime, authority: str = "bd-ca-huyen") -> UserTask:
    return UserTask(
        key, code, "K4", "appraise", "Thẩm định", authority, "officer", None, "CREATED", now, now, 50, "", "1"
    )


def test_tasks_are_kept_hidden_and_only_for_known_authorities(database: Engine, code: str, now: datetime) -> None:
    port = DatabaseTasks(database)
    port.upsert([feed_task("1", code, now), feed_task("2", code, now), feed_task("3", code, now, "nowhere")], now)
    port.hide(["2", "9"])
    known = port.known(["2"])
    assert {key: row.hidden for key, row in known.items()} == {"1": False, "2": True}
    assert port.known([]).keys() == {"1"} and known["1"].created_at == now
    with read_scope(database) as session:
        assert session.get(Task, "3") is None
