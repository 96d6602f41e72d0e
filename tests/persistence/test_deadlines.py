"""Acceptance, deadlines, supplements and the ladder of escalation on stored dossiers."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from lienthong.dossiers import (
    acceptance,
    accounts,
    documents,
    escalation,
    outbox,
    payments,
    supplements,
    tasks,
    tracking,
)
from lienthong.dossiers.documents import FileUpload, MemoryStore
from lienthong.dossiers.errors import Conflict, Invalid, NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.calendar import add_working_minutes, local, working_minutes_between
from lienthong.dossiers.tables import Dossier, Task

DAY = 480


def sent(session: Session, now: datetime, name: str) -> list[str]:
    return [row.payload["correlationKey"] for row in outbox.due(session, now, 500) if row.payload["name"] == name]


def test_setting_the_bundles_deadline_accepts_and_tells_the_watch_once(
    session: Session, law: Law, dossier: Dossier, now: datetime
) -> None:
    first = acceptance.set_deadline(session, law, dossier.code, None, now)
    again = acceptance.set_deadline(session, law, dossier.code, None, now + timedelta(hours=1))
    assert first == again and dossier.accepted_at == now and dossier.status == "accepted"
    assert sent(session, now, "deadline-set") == [dossier.code]
    assert first.escalations == sorted(first.escalations) and first.escalations[-1] == local(first.due_at)
    assert first.as_variables()["dueAt"].endswith("+07:00")


def test_a_branch_counts_its_own_limit_from_its_start(
    session: Session, law: Law, dossier: Dossier, now: datetime
) -> None:
    answer = acceptance.set_deadline(session, law, dossier.code, "K4", now)
    assert working_minutes_between(law.calendar, now, answer.due_at) == 5 * DAY
    acceptance.set_deadline(session, law, dossier.code, "K4", now + timedelta(days=1))
    assert sent(session, now, "deadline-set") == [f"{dossier.code}/K4"]
    assert tracking.require_branch(session, dossier, "K4").status == "active"


def test_the_inspection_has_ended_when_the_licence_is_decided(
    session: Session, law: Law, dossier: Dossier, now: datetime
) -> None:
    acceptance.set_deadline(session, law, dossier.code, "K5a", now)
    acceptance.set_deadline(session, law, dossier.code, "K5", now + timedelta(days=1))
    assert tracking.require_branch(session, dossier, "K5a").status == "issued"


def test_waiting_for_the_fee_is_not_counted(session: Session, law: Law, dossier: Dossier, now: datetime) -> None:
    planned = dossier.due_at
    rules = [{"procedureCode": "K4", "feeItem": "security-certificate"}]
    payment = payments.create_payment(session, law, dossier.code, rules, now)
    paid = add_working_minutes(law.calendar, now, 2 * DAY)
    body = {"callbackId": "1", "transactionId": "1", "orderId": payment.order_id, "amount": 300_000, "status": "paid"}
    payments.receive_callback(session, body, paid)
    answer = acceptance.set_deadline(session, law, dossier.code, None, paid)
    assert planned is not None
    assert working_minutes_between(law.calendar, planned, answer.due_at) == 2 * DAY


def test_a_deadline_moves_on_a_ground_and_a_new_date_is_promised_once(
    session: Session, law: Law, dossier: Dossier, now: datetime
) -> None:
    acceptance.set_deadline(session, law, dossier.code, "K4", now)
    later = now + timedelta(days=20)
    acceptance.move_deadline(session, law, dossier.code, "K4", later, "re-appointment", "officer", now)
    assert sent(session, now, "deadline-changed") == [f"{dossier.code}/K4"]
    with pytest.raises(Conflict):
        acceptance.move_deadline(session, law, dossier.code, "K4", later, "re-appointment", "officer", now)
    with pytest.raises(Invalid):
        acceptance.move_deadline(session, law, dossier.code, "K4", now, "other", "officer", now)
    grounds = [entry.ground for entry in acceptance.deadline_entries(session, dossier.id) if entry.branch_code == "K4"]
    assert grounds == ["filing", "branch-started", "re-appointment"]


def test_a_status_follows_only_where_it_may(session: Session, dossier: Dossier, now: datetime) -> None:
    acceptance.record_status(session, dossier.code, "processing", now)
    acceptance.record_status(session, dossier.code, "processing", now)
    with pytest.raises(Conflict):
        acceptance.record_status(session, dossier.code, "not_accepted", now)
    with pytest.raises(Invalid):
        acceptance.record_status(session, dossier.code, "flying", now)
    assert [entry.kind for entry in tracking.timeline(session, dossier.id)].count("status-processing") == 1


def test_a_supplement_at_intake_moves_the_start_of_the_clock(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime, paper: bytes
) -> None:
    asked = supplements.request(session, store, law, dossier.code, None, "thiếu ảnh", "tiepnhan", now)
    assert supplements.request(session, store, law, dossier.code, None, "lần nữa", "tiepnhan", now).id == asked.id
    assert dossier.status == "supplement" and asked.stage == "intake"
    answered = add_working_minutes(law.calendar, now, 3 * DAY)
    upload = FileUpload(kind="photo", file_name="anh.pdf", content=paper)
    supplements.receive(session, store, law, dossier.code, [upload], "congdan", answered)
    assert dossier.status == "filed" and sent(session, answered, "supplement-received") == [dossier.code]
    due = acceptance.set_deadline(session, law, dossier.code, None, answered).due_at
    # answered at closing time, after 15:00: the clock starts the next morning
    assert working_minutes_between(law.calendar, answered, due) == 8 * DAY
    with pytest.raises(NotFound):
        supplements.receive(session, store, law, dossier.code, [], "congdan", answered)


def test_a_supplement_at_appraisal_restarts_the_branch(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime
) -> None:
    acceptance.set_deadline(session, law, dossier.code, None, now)
    acceptance.set_deadline(session, law, dossier.code, "K4", now)
    supplements.request(session, store, law, dossier.code, "K4", "thiếu", "officer", now + timedelta(hours=1))
    answered = add_working_minutes(law.calendar, now, 2 * DAY)
    supplements.receive(session, store, law, dossier.code, [], "congdan", answered)
    branch = tracking.require_branch(session, dossier, "K4")
    assert branch.due_at is not None
    assert working_minutes_between(law.calendar, answered, branch.due_at) == 5 * DAY
    assert sent(session, answered, "deadline-changed") == [f"{dossier.code}/K4", dossier.code]


def test_a_dossier_waits_until_every_request_is_answered(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime
) -> None:
    acceptance.set_deadline(session, law, dossier.code, None, now)
    for index, code in enumerate(("K4", "K5a")):
        acceptance.set_deadline(session, law, dossier.code, code, now)
        supplements.request(session, store, law, dossier.code, code, "thiếu", "officer", now + timedelta(minutes=index))
    statuses = []
    for hour in (1, 2):
        supplements.receive(session, store, law, dossier.code, [], "congdan", now + timedelta(hours=hour))
        statuses.append(dossier.status)
    assert statuses == ["supplement", "processing"]


def climb_all(session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime) -> list:
    deadline = acceptance.set_deadline(session, law, dossier.code, "K4", now)
    rest, outcomes = deadline.escalations, []
    while rest:
        outcome = escalation.escalate(session, store, law, dossier.code, "K4", deadline.due_at, rest, rest[0])
        outcomes.append(outcome)
        rest = outcome.escalations
    return outcomes


def test_the_ladder_ends_at_the_provincial_office(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime
) -> None:
    accounts.create_account(session, "truong", "long-password", "Thử", "staff", [("bd-ca-huyen", "unit_head")])
    outcomes = climb_all(session, store, law, dossier, now)
    assert [(one.level, one.stage) for one in outcomes] == [(1, "warning"), (2, "day_before"), (3, "due")]
    assert [one.responsible for one in outcomes] == ["truong", "bd-ca-huyen/authority_head", "bd-vpubnd/office"]
    branch = tracking.require_branch(session, dossier, "K4")
    assert branch.late and dossier.late and branch.escalation_level == 3
    assert len(escalation.entries(session, dossier.id)) == 3


def test_the_apology_is_written_before_due_and_once(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime
) -> None:
    outcomes = climb_all(session, store, law, dossier, now)
    letters = documents.of_dossier(session, dossier.id, "letter")
    assert [one.letter_document_id for one in outcomes] == [None, letters[0].id, letters[0].id]
    branch = tracking.require_branch(session, dossier, "K4")
    assert len(letters) == 1 and branch.due_at is not None and letters[0].created_at < branch.due_at


def test_the_same_rung_is_climbed_once(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime
) -> None:
    deadline = acceptance.set_deadline(session, law, dossier.code, "K4", now)
    first, second = (
        escalation.escalate(
            session, store, law, dossier.code, "K4", deadline.due_at, deadline.escalations, now + timedelta(hours=hour)
        )
        for hour in (1, 2)
    )
    assert first == second and len(escalation.entries(session, dossier.id)) == 1


def test_open_tasks_move_to_the_head_from_the_second_rung(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime
) -> None:
    task = Task(
        user_task_key="1",
        dossier_code=dossier.code,
        procedure_code="K4",
        element_id="appraise",
        name="Thẩm định",
        authority_id="bd-ca-huyen",
        role="officer",
        created_at=now,
    )
    session.add(task)
    outcomes = climb_all(session, store, law, dossier, now)
    assert [one.reassigned_to for one in outcomes] == [None, "bd-ca-huyen/authority_head", "bd-vpubnd/office"]
    office = tasks.Viewer(1, "vanphong", (("bd-vpubnd", "office"),))
    assert tasks.queue(session, office) == [task] and tasks.claim(session, office, "1", now).assignee == "vanphong"


def test_a_finished_branch_is_not_escalated(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime
) -> None:
    acceptance.record_status(session, dossier.code, "issued", now, "K4")
    outcome = escalation.escalate(session, store, law, dossier.code, "K4", now, [now], now)
    assert outcome.level == 0 and escalation.entries(session, dossier.id) == []


def test_the_late_list_names_branches_past_due(session: Session, law: Law, dossier: Dossier, now: datetime) -> None:
    due = acceptance.set_deadline(session, law, dossier.code, "K4", now).due_at
    assert escalation.late_list(session, due) == []
    late = escalation.late_list(session, due + timedelta(minutes=1))
    assert [branch.procedure_code for branch in late] == ["K4"]
