"""What a branch waits for moves its own clock: supplements by branch, consultations, papers that expire, V2026."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from lienthong.dossiers import acceptance, components, filing, supplements, tracking
from lienthong.dossiers.documents import MemoryStore
from lienthong.dossiers.errors import Conflict
from lienthong.dossiers.law import Law, load_law
from lienthong.dossiers.rules.calendar import ZONE
from lienthong.dossiers.rules.components import ComponentStatus
from lienthong.dossiers.tables import Document, Dossier, OutboxRow, Payment
from tests.persistence.conftest import ROOT, karaoke

IN_2026 = datetime(2026, 9, 7, 17, 30, tzinfo=ZONE)  # a Monday, after five


@pytest.fixture
def running(session: Session, store: MemoryStore, law: Law, paper: bytes, now: datetime) -> Dossier:
    dossier = filing.file_dossier(session, store, law, karaoke("clocks", paper), now)
    acceptance.set_deadline(session, law, dossier.code, None, now)
    for code in ("K4", "K5a"):
        acceptance.set_deadline(session, law, dossier.code, code, now)
    acceptance.record_status(session, dossier.code, "processing", now)
    return dossier


def keys(session: Session, name: str) -> list[str]:
    rows = session.exec(select(OutboxRow)).all()
    return [row.payload["correlationKey"] for row in rows if row.payload.get("name") == name]


def due_of(session: Session, dossier: Dossier, code: str) -> datetime:
    due_at = tracking.require_branch(session, dossier, code).due_at
    assert due_at is not None
    return due_at


def test_two_open_supplements_are_answered_each_by_its_own_message(
    session: Session, store: MemoryStore, law: Law, running: Dossier, now: datetime
) -> None:
    for code in ("K4", "K5a"):
        supplements.request(session, store, law, running.code, code, "thiếu", "cb", now)
    supplements.receive(session, store, law, running.code, [], "dân", now + timedelta(days=1), "K4")
    assert keys(session, "supplement-received") == [f"{running.code}/K4"]
    assert running.status == "supplement"  # the other request is still open
    supplements.receive(session, store, law, running.code, [], "dân", now + timedelta(days=2))
    assert keys(session, "supplement-received")[-1] == f"{running.code}/K5a"
    assert running.status == "processing"


def test_who_asks_within_three_working_days_wins_the_whole_limit_again(
    session: Session, store: MemoryStore, law: Law, running: Dossier, now: datetime
) -> None:
    supplements.request(session, store, law, running.code, "K4", "thiếu", "cb", now + timedelta(days=2))
    answered = now + timedelta(days=7)  # Tuesday after Tuesday
    supplements.receive(session, store, law, running.code, [], "dân", answered, "K4")
    assert due_of(session, running, "K4") == answered + timedelta(days=7)  # five working days from the answer


def test_who_asks_later_only_wins_the_time_waited(
    session: Session, store: MemoryStore, law: Law, running: Dossier, now: datetime
) -> None:
    before = due_of(session, running, "K4")
    asked = now + timedelta(days=6)  # the fourth working day
    supplements.request(session, store, law, running.code, "K4", "thiếu", "cb", asked)
    supplements.receive(session, store, law, running.code, [], "dân", asked + timedelta(days=1), "K4")
    assert due_of(session, running, "K4") == before + timedelta(days=1)


def test_a_consultation_is_due_by_the_law_of_the_procedure(
    session: Session, law: Law, running: Dossier, now: datetime
) -> None:
    until = acceptance.consultation_due(session, law, running.code, "K4", now)
    assert until == datetime(2023, 1, 10, 17, 0, tzinfo=ZONE)  # seven calendar days, to closing time


def test_a_paper_that_expired_while_waiting_is_missing_again(
    session: Session, store: MemoryStore, law: Law, now: datetime, paper: bytes
) -> None:
    asked = filing.Filing(
        filing_token="token-expiry",
        bundle_id="justice-employment",
        applicant_name="Nguyễn Văn Thử",
        files=karaoke("expiry", paper).files[:1],
    )
    dossier = filing.file_dossier(session, store, law, asked, now)
    document = session.exec(select(Document).where(Document.dossier_id == dossier.id)).first()
    assert document is not None
    row = next(one for one in components.of_dossier(session, dossier.id) if one.component_code == "health-certificate")
    row.status, row.document_id = ComponentStatus.PROVIDED, document.id
    session.add(row)
    assert components.expire(session, law, dossier.code, "J3", now + timedelta(days=300)) == []
    assert components.expire(session, law, dossier.code, "J3", now + timedelta(days=400)) == [row.name]
    assert (row.status, row.document_id) == (ComponentStatus.MISSING, None)


@pytest.fixture(scope="module")
def law_of_the_day() -> Law:
    return load_law(ROOT / "law", ROOT / "bpmn", "today")


def of_2026(origin: str) -> filing.Filing:
    return filing.Filing.model_validate(
        {
            "filing_token": f"token-{origin}",
            "bundle_id": "karaoke",
            "bundle_version": "2026",
            "applicant_name": "Nguyễn Văn Thử",
            "origin": origin,
        }
    )


def test_the_local_portal_is_closed_by_date_and_the_national_portal_is_not(
    session: Session, store: MemoryStore, law_of_the_day: Law
) -> None:
    with pytest.raises(Conflict):
        filing.file_dossier(session, store, law_of_the_day, of_2026("local"), IN_2026)
    dossier = filing.file_dossier(session, store, law_of_the_day, of_2026("national-portal"), IN_2026)
    assert (dossier.bundle_version, dossier.authorities["K4"]) == ("2026", "gl-ca-xa")


def test_a_dossier_of_2026_also_comes_to_an_installation_that_stands_in_2023(
    session: Session, store: MemoryStore, law: Law
) -> None:
    dossier = filing.file_dossier(session, store, law, of_2026("national-portal"), IN_2026)
    assert dossier.authorities["desk"] == "gl-ttpvhcc"
    assert {branch.procedure_code for branch in tracking.branches(session, dossier.id)} == {"K0", "K4", "K5a", "K5"}


def test_karaoke_of_2026_counts_from_file_and_fee_after_five_from_eight_of_the_next_day(
    session: Session, store: MemoryStore, law_of_the_day: Law
) -> None:
    dossier = filing.file_dossier(session, store, law_of_the_day, of_2026("national-portal"), IN_2026)
    paid_at = IN_2026 + timedelta(days=2)  # Wednesday, half past five
    session.add(
        Payment(
            dossier_id=dossier.id,
            amount=1,
            status="paid",
            order_id="O-1",
            paid_at=paid_at,
            created_at=IN_2026,
        )
    )
    session.flush()
    deadline = acceptance.set_deadline(session, law_of_the_day, dossier.code, None, paid_at)
    start = datetime(2026, 9, 10, 8, 0, tzinfo=ZONE)
    assert due_of(session, dossier, "K0") > start + timedelta(days=3)
    assert start < deadline.due_at <= datetime(2026, 10, 2, 8, 0, tzinfo=ZONE)  # within sixteen working days
