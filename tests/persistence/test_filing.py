"""Filing: everything in one transaction, once a token; nothing when a file is refused."""

from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError
from sqlmodel import Session, func, select

from lienthong.dossiers import acceptance, components, documents, filing, outbox, tracking
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.documents import FileUpload, MemoryStore
from lienthong.dossiers.errors import Conflict, Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.calendar import local, working_minutes_between
from lienthong.dossiers.rules.components import ComponentStatus
from lienthong.dossiers.tables import AuditEntry, Component, DocumentRole, Dossier, OutboxRow
from lienthong.reading.upload_check import UploadRefused
from tests.persistence.conftest import karaoke


def test_a_filing_gives_a_code_branches_slip_and_start_message(
    session: Session, store: MemoryStore, dossier: Dossier, now: datetime
) -> None:
    assert dossier.code == "000.00.08.H08-230103-0001"
    assert [branch.procedure_code for branch in tracking.branches(session, dossier.id)] == ["K4", "K5", "K5a"]
    slip = documents.of_dossier(session, dossier.id, DocumentRole.SLIP)
    assert len(slip) == 1 and store.get(slip[0].storage_key).startswith(b"%PDF")
    start = outbox.due(session, now)
    assert [(row.kind, row.payload["name"], row.payload["messageId"]) for row in start] == [
        ("start", "karaoke-v2023", dossier.code)
    ]
    variables = start[0].payload["variables"]
    assert variables["authorities"]["K4"] == "bd-ca-huyen" and variables["authorities"]["desk"] == "bd-ttpvhcc"
    assert variables["options"]["roomCount"] == 3 and variables["options"]["area"] == "city"
    assert [entry.kind for entry in tracking.timeline(session, dossier.id)] == ["filed"]


def test_the_bundle_is_due_after_the_longest_path(session: Session, law: Law, dossier: Dossier, now: datetime) -> None:
    assert dossier.due_at is not None
    assert working_minutes_between(law.calendar, now, dossier.due_at) == 8 * 480  # 0.5 + 5 (K4) + 2 (K5) + 0.5
    due = {branch.procedure_code: branch.due_at for branch in tracking.branches(session, dossier.id)}
    assert due["K5a"] < due["K4"] < due["K5"] < dossier.due_at


def test_a_file_received_after_the_cutoff_starts_the_next_day(
    session: Session, store: MemoryStore, law: Law, now: datetime, paper: bytes
) -> None:
    late = filing.file_dossier(session, store, law, karaoke("late", paper), now.replace(hour=15, minute=1))
    early = filing.file_dossier(session, store, law, karaoke("early", paper), now.replace(hour=15, minute=0))
    assert late.due_at is not None and early.due_at is not None
    # 15:00 starts at once; 15:01 starts at 07:30 of the next day, two working hours later
    assert [f"{local(due):%d %H:%M}" for due in (early.due_at, late.due_at)] == ["13 15:00", "13 17:00"]


def test_the_same_token_files_once(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime, paper: bytes
) -> None:
    again = filing.file_dossier(session, store, law, karaoke("first", paper), now + timedelta(minutes=1))
    assert again.id == dossier.id
    assert session.exec(select(func.count()).select_from(Dossier)).one() == 1
    assert session.exec(select(func.count()).select_from(OutboxRow)).one() == 1


def test_serials_count_a_day(session: Session, store: MemoryStore, law: Law, now: datetime, paper: bytes) -> None:
    days = (now, now, now + timedelta(days=1))
    codes = [
        filing.file_dossier(session, store, law, karaoke(f"serial{index}", paper), day).code
        for index, day in enumerate(days)
    ]
    assert [code[-11:] for code in codes] == ["230103-0001", "230103-0002", "230104-0001"]


def test_a_refused_file_leaves_nothing(database, store: MemoryStore, law: Law, now: datetime, paper: bytes) -> None:
    good = karaoke("refused", paper)
    bad = good.model_copy(
        update={"files": [*good.files, FileUpload(kind="photo", file_name="x.pdf", content=b"not a paper")]}
    )
    with pytest.raises(UploadRefused), session_scope(database) as session:
        filing.file_dossier(session, store, law, bad, now)
    with session_scope(database) as session:
        assert session.exec(select(func.count()).select_from(Dossier)).one() == 0
        assert session.exec(select(func.count()).select_from(AuditEntry)).one() == 0


def test_a_wrong_answer_is_refused(session: Session, store: MemoryStore, law: Law, now: datetime, paper: bytes) -> None:
    for options in ({"roomCount": 0}, {"area": "moon"}, {"unknown": True}, {"needsRegistration": 1}):
        with pytest.raises(Invalid):
            filing.file_dossier(session, store, law, karaoke("wrong", paper, **options), now)
    with pytest.raises(ValidationError):
        filing.Filing(filing_token="token-x", bundle_id="karaoke", applicant_name="  ")


def test_components_are_provided_awaited_or_missing(
    session: Session, law: Law, dossier: Dossier, now: datetime
) -> None:
    rows = {(row.branch_code, row.component_code): row for row in components.of_dossier(session, dossier.id)}
    assert rows["K4", "fire-acceptance"].status == ComponentStatus.PROVIDED
    awaited = rows["K5", "security-certificate"]
    assert (awaited.status, awaited.provenance) == (ComponentStatus.MISSING, "awaits:K4")
    assert components.check_reuse(session, law, dossier.code, now).missing == []


def test_what_an_earlier_accepted_dossier_holds_is_not_asked_again(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime, paper: bytes
) -> None:
    acceptance.accept(session, store, law, dossier.code, "tiepnhan", now)
    without = karaoke("second", paper).model_copy(update={"files": []})
    second = filing.file_dossier(session, store, law, without, now + timedelta(days=30))
    outcome = components.check_reuse(session, law, second.code, now + timedelta(days=30))
    assert outcome.missing == [] and "K4/criminal-record" in outcome.reused
    row = session.exec(
        select(Component).where(Component.dossier_id == second.id, Component.component_code == "criminal-record")
    ).one()
    assert (row.status, row.provenance) == (ComponentStatus.REUSED, f"dossier:{dossier.code}")


def test_a_stranger_reuses_nothing(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime, paper: bytes
) -> None:
    acceptance.accept(session, store, law, dossier.code, "tiepnhan", now)
    other = karaoke("stranger", paper).model_copy(update={"files": [], "applicant_personal_number": "052099000009"})
    second = filing.file_dossier(session, store, law, other, now)
    assert "K4/criminal-record" in components.check_reuse(session, law, second.code, now).missing


def test_the_first_instance_registers_and_a_second_is_a_duplicate(
    session: Session, dossier: Dossier, now: datetime
) -> None:
    assert filing.register_instance(session, dossier.code, 2251799813685250, now) is False
    assert filing.register_instance(session, dossier.code, "2251799813685250", now) is False
    assert filing.register_instance(session, dossier.code, 2251799813685999, now) is True
    assert dossier.process_instance_key == "2251799813685250"


def test_withdrawing_tells_the_process_once(session: Session, dossier: Dossier, now: datetime) -> None:
    filing.withdraw(session, dossier.code, "congdan", "", now)
    filing.withdraw(session, dossier.code, "congdan", "", now)
    names = [row.payload["name"] for row in outbox.due(session, now)]
    assert names == ["karaoke-v2023", "dossier-withdrawn"]


def test_a_finished_dossier_cannot_be_withdrawn(session: Session, dossier: Dossier, now: datetime) -> None:
    acceptance.record_status(session, dossier.code, "refused", now)
    with pytest.raises(Conflict):
        filing.withdraw(session, dossier.code, "congdan", "", now)


def test_a_draft_asks_for_each_kind_once_and_never_for_a_siblings_result(law: Law) -> None:
    draft = filing.start_draft(law, "karaoke", {"needsFireDesign": True})
    kinds = [paper.rule.kind for paper in draft.papers()]
    assert len(kinds) == len(set(kinds))
    assert "fire-acceptance" not in kinds and "security-certificate" not in kinds and "design-drawings" in kinds
    assert "fire-acceptance" in [paper.rule.kind for paper in filing.start_draft(law, "karaoke", {}).papers()]
