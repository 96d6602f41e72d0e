"""Accounts, the tasklist's queue, and the audit chain."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from lienthong.dossiers import accounts, audit, seed, task_filling, tasks, tracking
from lienthong.dossiers.errors import Conflict, Forbidden, Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.tables import AuditEntry, Dossier, Task, User

OFFICER = tasks.Viewer(1, "canbo", (("bd-ca-huyen", "officer"),))
OTHER = tasks.Viewer(2, "khac", (("bd-ca-huyen", "officer"),))
STRANGER = tasks.Viewer(3, "la", (("bd-svhtt", "officer"),))


def put(session: Session, dossier: Dossier, key: str, now: datetime, **changes: object) -> Task:
    given = {"element_id": "appraise", "name": "Thẩm định", "authority_id": "bd-ca-huyen", "role": "officer"}
    task = Task(user_task_key=key, dossier_code=dossier.code, created_at=now, **{**given, **changes})
    session.add(task)
    session.flush()
    return task


def snapshot(dossier: Dossier, now: datetime, **changes: object) -> tasks.TaskSnapshot:
    given = {
        "user_task_key": "1",
        "dossier_code": dossier.code,
        "procedure_code": "K4",
        "element_id": "appraise",
        "name": "Thẩm định",
        "authority_id": "bd-ca-huyen",
        "role": "officer",
        "assignee": None,
        "state": "CREATED",
        "due_at": None,
        "created_at": now,
        "priority": 50,
        "form_id": "form",
        "process_instance_key": "9",
    }
    return tasks.TaskSnapshot(**{**given, **changes})


def test_the_queue_is_the_own_authoritys_soonest_due_first(session: Session, dossier: Dossier, now: datetime) -> None:
    put(session, dossier, "none", now)
    put(session, dossier, "late", now, due_at=now + timedelta(days=2))
    put(session, dossier, "soon", now, due_at=now + timedelta(days=1))
    put(session, dossier, "urgent", now, due_at=now + timedelta(days=1), priority=90)
    put(session, dossier, "done", now, hidden=True)
    assert [task.user_task_key for task in tasks.queue(session, OFFICER)] == ["urgent", "soon", "late", "none"]
    assert tasks.count(session, OFFICER, now) == 4 and tasks.queue(session, STRANGER) == []
    assert [task.user_task_key for task in tasks.queue(session, OFFICER, text="Nguyễn", limit=1)] == ["urgent"]
    assert tasks.queue(session, OFFICER, text="nobody") == []


def test_a_claimed_task_is_with_one_person(session: Session, dossier: Dossier, now: datetime) -> None:
    put(session, dossier, "1", now)
    tasks.claim(session, OFFICER, "1", now)
    tasks.claim(session, OFFICER, "1", now)
    with pytest.raises(Conflict):
        tasks.claim(session, OTHER, "1", now)
    with pytest.raises(Conflict):
        tasks.release(session, OTHER, "1", now)
    with pytest.raises(Forbidden):
        tasks.claim(session, STRANGER, "1", now)
    assert tasks.queue(session, OFFICER, mine=True) and not tasks.queue(session, OTHER, mine=False)
    assert tasks.release(session, OFFICER, "1", now).assignee is None


def test_a_completed_task_leaves_all_queues_and_cannot_be_claimed(
    session: Session, dossier: Dossier, now: datetime
) -> None:
    put(session, dossier, "1", now)
    tasks.complete(session, OFFICER, "1", "approve", "đủ", now)
    tasks.complete(session, OFFICER, "1", "approve", "đủ", now)
    assert tasks.queue(session, OFFICER) == []
    with pytest.raises(Conflict):
        tasks.claim(session, OFFICER, "1", now)


def test_the_feed_never_shows_a_completed_task_again(session: Session, dossier: Dossier, now: datetime) -> None:
    task_filling.upsert(session, snapshot(dossier, now), now)
    tasks.claim(session, OFFICER, "1", now)
    task_filling.upsert(session, snapshot(dossier, now), now)
    assert session.get_one(Task, "1").assignee == "canbo"  # the lagging search does not know the claim yet
    tasks.complete(session, OFFICER, "1", "approve", "", now)
    task_filling.upsert(session, snapshot(dossier, now), now)
    assert tasks.queue(session, OFFICER) == []


def test_a_task_without_a_due_time_gets_its_branchs_or_its_dossiers(
    session: Session, dossier: Dossier, now: datetime
) -> None:
    branch = tracking.require_branch(session, dossier, "K4")
    task_filling.upsert(session, snapshot(dossier, now), now)
    task_filling.upsert(session, snapshot(dossier, now, user_task_key="2", procedure_code=""), now)
    own = now + timedelta(hours=3)
    task_filling.upsert(session, snapshot(dossier, now, user_task_key="3", due_at=own), now)
    due = [session.get_one(Task, key).due_at for key in ("1", "2", "3")]
    assert due == [branch.due_at, dossier.due_at, own]


def test_an_ended_task_is_hidden_and_never_inserted(session: Session, dossier: Dossier, now: datetime) -> None:
    task_filling.upsert(session, snapshot(dossier, now, state="CANCELED"), now)
    assert session.get(Task, "1") is None
    task_filling.upsert(session, snapshot(dossier, now), now)
    task_filling.upsert(session, snapshot(dossier, now, state="CANCELED"), now)
    assert session.get_one(Task, "1").hidden


def test_remaining_time_is_working_time(session: Session, law: Law, dossier: Dossier, now: datetime) -> None:
    task = put(session, dossier, "1", now, due_at=now + timedelta(days=1))
    assert tasks.remaining_minutes(law, task, now) == 480
    assert tasks.remaining_minutes(law, task, now + timedelta(days=2)) == -480


def test_the_demonstration_has_an_account_a_role(session: Session, law: Law, now: datetime) -> None:
    created = seed.seed(session, law, "a long password")
    assert {"congdan", "doanhnghiep", "tiepnhan", "vanphong", "thietke", "quantri"} <= {one.username for one in created}
    assert seed.seed(session, law, "another password") == []
    officer = session.exec(select(User).where(User.username == "canbo-congan")).one()
    assert tasks.viewer_of(session, officer.id or 0).groups == ["bd-ca-huyen/officer"]
    deciding = {entry.authority for entry in law.competences}
    covered = {authority for one in seed.DEMO_ACCOUNTS for authority, role in one.grants if role == "officer"}
    assert deciding <= covered


def test_signing_in_needs_the_right_password_of_an_active_account(session: Session, now: datetime) -> None:
    user = accounts.create_account(session, "thu", "right password", "Thử", "citizen")
    assert accounts.sign_in(session, "thu", "right password", now) is user
    assert accounts.sign_in(session, "thu", "wrong password", now) is None
    assert accounts.sign_in(session, "nobody", "right password", now) is None
    user.active = False
    assert accounts.sign_in(session, "thu", "right password", now) is None
    assert "right password" not in user.password_hash
    with pytest.raises(Invalid):
        accounts.create_account(session, "ngan", "short", "Thử", "citizen")
    with pytest.raises(Conflict):
        accounts.create_account(session, "thu", "right password", "Thử", "citizen")


def chain(session: Session, now: datetime) -> list[AuditEntry]:
    for index in range(4):
        audit.record(session, "thu", "act", f"subject-{index}", {"n": index}, now)
    session.commit()
    return list(session.exec(select(AuditEntry).order_by(col(AuditEntry.seq))))


def test_an_act_has_its_place_when_its_transaction_ends_and_none_when_it_is_undone(
    session: Session, now: datetime
) -> None:
    audit.record(session, "thu", "act", "undone", {}, now)
    session.rollback()
    audit.record(session, "thu", "act", "done", {}, now)
    assert session.exec(select(AuditEntry)).all() == []
    session.commit()
    assert [entry.subject for entry in session.exec(select(AuditEntry))] == ["done"]


def test_an_untouched_chain_verifies(session: Session, now: datetime) -> None:
    assert audit.verify(session) == audit.AuditReport(0, True)
    chain(session, now)
    assert audit.verify(session) == audit.AuditReport(4, True)


@pytest.mark.parametrize("column", ["actor", "act", "subject", "previous_hash", "hash"])
def test_a_changed_entry_breaks_the_chain(session: Session, now: datetime, column: str) -> None:
    entry = chain(session, now)[1]
    setattr(entry, column, "f" * 64)
    session.flush()
    assert audit.verify(session).broken_at == 2


def test_a_changed_time_or_datum_breaks_the_chain(session: Session, now: datetime) -> None:
    entries = chain(session, now)
    entries[2].data = {"n": 9}
    session.flush()
    assert audit.verify(session).broken_at == 3
    entries[1].at = now + timedelta(microseconds=1)
    session.flush()
    assert audit.verify(session).broken_at == 2


def test_a_removed_entry_breaks_the_chain(session: Session, now: datetime) -> None:
    session.delete(chain(session, now)[1])
    session.flush()
    assert audit.verify(session).broken_at == 3


def test_a_search_that_lags_does_not_give_a_task_back_to_who_had_it(
    session: Session, dossier: Dossier, now: datetime
) -> None:
    task_filling.upsert(session, snapshot(dossier, now), now)
    tasks.claim(session, OFFICER, "1", now)
    tasks.release(session, OFFICER, "1", now)
    task_filling.upsert(session, snapshot(dossier, now, assignee="canbo"), now + timedelta(seconds=5))
    assert session.get_one(Task, "1").assignee is None  # five seconds behind, the search still shows the claim
    tasks.claim(session, OTHER, "1", now + timedelta(seconds=6))
    task_filling.upsert(session, snapshot(dossier, now, assignee="canbo"), now + timedelta(seconds=8))
    assert session.get_one(Task, "1").assignee == "khac"
