"""Stop, objection and re-opening: who decided, what stays, and what the process is told."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from lienthong.dossiers import acceptance, closing, filing, tracking
from lienthong.dossiers.documents import MemoryStore
from lienthong.dossiers.errors import Conflict
from lienthong.dossiers.law import Law
from lienthong.dossiers.tables import Dossier, OutboxRow
from tests.persistence.conftest import karaoke


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


def test_a_stop_tells_the_process_and_says_its_ground(session: Session, running: Dossier, now: datetime) -> None:
    closing.stop(session, running.code, "vi phạm quy hoạch", "thutruong", now)
    assert last(session).payload["name"] == "dossier-stopped"
    assert tracking.timeline(session, running.id)[-1].kind == "stop-decided"


def test_what_has_ended_is_not_stopped(session: Session, refused: Dossier, now: datetime) -> None:
    with pytest.raises(Conflict):
        closing.stop(session, refused.code, "trễ", "thutruong", now)


def test_only_a_refused_or_stopped_dossier_may_be_objected_to_and_once(
    session: Session, running: Dossier, now: datetime
) -> None:
    with pytest.raises(Conflict):
        closing.object_to(session, running.code, "không đồng ý", "công dân", now)
    acceptance.record_status(session, running.code, "refused", now)
    closing.object_to(session, running.code, "không đồng ý", "công dân", now)
    with pytest.raises(Conflict):
        closing.object_to(session, running.code, "vẫn không đồng ý", "công dân", now)


def test_a_reopened_dossier_goes_on_with_what_has_no_result(
    session: Session, law: Law, refused: Dossier, now: datetime
) -> None:
    later = now + timedelta(days=5)
    closing.object_to(session, refused.code, "không đồng ý", "công dân", now)
    closing.reopen(session, law, refused.code, "từ chối không có căn cứ", "vanphong", later)
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
    closing.object_to(session, refused.code, "không đồng ý", "công dân", now)
    closing.reopen(session, law, refused.code, "từ chối không có căn cứ", "vanphong", later)
    deadline = acceptance.set_deadline(session, law, refused.code, None, later)
    assert later < deadline.due_at < later + timedelta(days=12)  # K5a and K5: five working days and the desk's share
    assert last(session).payload["name"] == "deadline-set"


def test_nothing_is_reopened_without_an_objection(session: Session, law: Law, refused: Dossier, now: datetime) -> None:
    with pytest.raises(Conflict):
        closing.reopen(session, law, refused.code, "tự ý", "vanphong", now)
