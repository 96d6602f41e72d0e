"""Stop, objection and re-opening: who decided, what stays, and what the process is told."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from lienthong.dossiers import acceptance, closing, filing, notifications, petitions, tracking
from lienthong.dossiers.documents import MemoryStore
from lienthong.dossiers.errors import Conflict, Forbidden, Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.petitions import NewPetition, Outcome
from lienthong.dossiers.portal_rules import load_portal_rules
from lienthong.dossiers.tables import Dossier, OutboxRow
from lienthong.dossiers.tables.portal import PetitionKind
from lienthong.dossiers.viewers import Viewer
from tests.persistence.conftest import ROOT, karaoke

HEAD = Viewer(1, "thutruong", (("bd-ca-huyen", "authority_head"),))
OFFICE = Viewer(2, "vanphong", (("bd-vpubnd", "office"),))
OFFICER = Viewer(3, "canbo", (("bd-ca-huyen", "officer"),))


def objected(session: Session, law: Law, dossier: Dossier, outcome: Outcome, now: datetime) -> None:
    """The applicant objects on the portal; the authority answers."""
    new = NewPetition(
        kind=PetitionKind.OBJECTION,
        subject="Không đồng ý",
        body="Việc từ chối không có căn cứ.",
        dossier_code=dossier.code,
        author_name="Nguyễn Văn Thử",
    )
    code = petitions.submit(session, law, load_portal_rules(ROOT / "law"), new, now).code
    petitions.answer(session, code, "Đã xem xét lại hồ sơ.", outcome, "thutruong", now)


@pytest.fixture
def running(session: Session, store: MemoryStore, law: Law, paper: bytes, now: datetime) -> Dossier:
    dossier = filing.file_dossier(session, store, law, karaoke("closing", paper), now)
    acceptance.set_deadline(session, law, dossier.code, None, now)
    acceptance.set_deadline(session, law, dossier.code, "K4", now)
    filing.register_instance(session, dossier.code, "17", now)
    return dossier


@pytest.fixture
def refused(session: Session, running: Dossier, now: datetime) -> Dossier:
    """K4 was issued, K5a refused, and the bundle ended."""
    acceptance.record_status(session, running.code, "issued", now, "K4")
    acceptance.record_status(session, running.code, "refused", now, "K5a")
    return acceptance.record_status(session, running.code, "refused", now)


def last(session: Session) -> OutboxRow:
    return max(session.exec(select(OutboxRow)).all(), key=lambda row: row.position)


def test_a_stop_tells_the_process_and_says_its_ground_once(session: Session, running: Dossier, now: datetime) -> None:
    closing.stop(session, HEAD, running.code, "vi phạm quy hoạch", now)
    told = last(session)
    assert told.payload["name"] == "dossier-stopped"
    assert tracking.timeline(session, running.id)[-1].kind == "stop-decided"
    closing.stop(session, HEAD, running.code, "lần nữa", now)
    assert last(session).id == told.id


def test_the_applicant_is_told_the_ground_of_the_stop(
    session: Session, law: Law, running: Dossier, now: datetime
) -> None:
    without = notifications.notify(session, law, running.code, "dossier-stopped", now - timedelta(days=1))
    assert "quá thời hạn bổ sung" in without.text_vi
    closing.stop(session, HEAD, running.code, "vi phạm quy hoạch.", now)
    told = notifications.notify(session, law, running.code, "dossier-stopped", now)
    assert told.text_vi.endswith("Lý do: vi phạm quy hoạch.") and "bổ sung" not in told.text_vi


def test_the_ground_of_an_earlier_stop_is_not_told_again_after_the_re_opening(
    session: Session, law: Law, running: Dossier, now: datetime
) -> None:
    closing.stop(session, HEAD, running.code, "vi phạm quy hoạch", now)
    acceptance.record_status(session, running.code, "stopped", now)
    objected(session, law, running, "upheld", now)
    closing.reopen(session, law, OFFICE, running.code, "đúng", now + timedelta(days=5))
    later = now + timedelta(days=30)
    told = notifications.notify(session, law, running.code, "dossier-stopped", later)
    assert "quá thời hạn bổ sung" in told.text_vi and "quy hoạch" not in told.text_vi


def test_only_a_head_stops_and_says_why(session: Session, running: Dossier, now: datetime) -> None:
    with pytest.raises(Forbidden):
        closing.stop(session, OFFICER, running.code, "vi phạm quy hoạch", now)
    with pytest.raises(Invalid):
        closing.stop(session, HEAD, running.code, " ", now)


def test_what_has_ended_is_not_stopped(session: Session, refused: Dossier, now: datetime) -> None:
    with pytest.raises(Conflict):
        closing.stop(session, HEAD, refused.code, "trễ", now)


def test_a_reopened_dossier_goes_on_with_what_has_no_result(
    session: Session, law: Law, refused: Dossier, now: datetime
) -> None:
    later = now + timedelta(days=5)
    objected(session, law, refused, "upheld", now)
    closing.reopen(session, law, OFFICE, refused.code, "từ chối không có căn cứ", later)
    start = last(session).payload
    assert (start["name"], start["correlationKey"]) == ("karaoke-v2023", refused.code)
    assert start["variables"]["reopened"] is True
    assert [turn["code"] for turn in start["variables"]["paperOrder"]] == ["K5a", "K5"]
    assert refused.process_instance_key is None and refused.finished_at is None
    states = {branch.procedure_code: branch.status for branch in tracking.branches(session, refused.id)}
    assert (states["K4"], states["K5a"]) == ("issued", "waiting")


def test_the_clock_of_a_reopened_dossier_counts_anew_for_what_is_left(
    session: Session, law: Law, refused: Dossier, now: datetime
) -> None:
    later = now + timedelta(days=30)
    objected(session, law, refused, "partly", now)
    closing.reopen(session, law, OFFICE, refused.code, "từ chối không có căn cứ", later)
    deadline = acceptance.set_deadline(session, law, refused.code, None, later)
    assert later < deadline.due_at < later + timedelta(days=12)  # K5a and K5: five working days and the desk's share
    assert last(session).payload["name"] == "deadline-set"


def test_nothing_is_reopened_without_an_objection(session: Session, law: Law, refused: Dossier, now: datetime) -> None:
    with pytest.raises(Conflict):
        closing.reopen(session, law, OFFICE, refused.code, "tự ý", now)


def test_an_objection_that_was_rejected_reopens_nothing(
    session: Session, law: Law, refused: Dossier, now: datetime
) -> None:
    objected(session, law, refused, "rejected", now)
    assert not closing.may_reopen(session, OFFICE, refused)
    with pytest.raises(Conflict):
        closing.reopen(session, law, OFFICE, refused.code, "tự ý", now)


def test_an_objection_reopens_once_and_by_the_office_alone(
    session: Session, law: Law, refused: Dossier, now: datetime
) -> None:
    objected(session, law, refused, "upheld", now)
    with pytest.raises(Forbidden):
        closing.reopen(session, law, HEAD, refused.code, "đúng", now)
    later = now + timedelta(days=5)
    closing.reopen(session, law, OFFICE, refused.code, "đúng", later)
    acceptance.record_status(session, refused.code, "refused", later)
    with pytest.raises(Conflict):
        closing.reopen(session, law, OFFICE, refused.code, "lần nữa", later)
