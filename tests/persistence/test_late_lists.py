"""Late lists: compiled, objected to, approved, published, corrected; bodies and officers, never an applicant."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from lienthong.dossiers import accounts, filing, late_lists, tracking
from lienthong.dossiers.documents import MemoryStore
from lienthong.dossiers.errors import Conflict, Forbidden, Invalid, NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.tables import Branch, BranchStatus, LateList, Task
from tests.persistence.conftest import karaoke

K4 = "bd-ca-huyen"


def late_branch(
    session: Session, store: MemoryStore, law: Law, paper: bytes, name: str, due: datetime, late_days: int
) -> Branch:
    """A dossier whose K4 ended some days after its due time, by one officer."""
    dossier = filing.file_dossier(session, store, law, karaoke(name, paper), due - timedelta(days=9))
    branch = tracking.require_branch(session, dossier, "K4")
    branch.status, branch.due_at, branch.finished_at = BranchStatus.ISSUED, due, due + timedelta(days=late_days)
    for other in ("K5", "K5a"):
        spare = tracking.require_branch(session, dossier, other)
        spare.due_at = None
        session.add(spare)
    session.add(branch)
    parts = {"dossier_code": dossier.code, "procedure_code": "K4", "element_id": "appraise", "name": "Thẩm định"}
    task = Task(
        user_task_key=f"t-{name}", **parts, authority_id=K4, role="officer", created_at=due, assignee="canbo.thu"
    )
    session.add(task)
    session.flush()
    return branch


@pytest.fixture
def month(session: Session, store: MemoryStore, law: Law, paper: bytes, now: datetime) -> LateList:
    """Two late procedures in January, one in February, one that was in time."""
    accounts.create_account(session, "canbo.thu", "mat-khau-thu", "Cán bộ Thử", "staff", [(K4, "officer")])
    for number, (days, late) in enumerate(((7, 3), (8, 1), (35, 2), (9, -1))):
        late_branch(session, store, law, paper, f"late-{number}", now + timedelta(days=days), late)
    return late_lists.compile_period(session, law, 2023, 1, now + timedelta(days=60))


def publish(session: Session, found: LateList, now: datetime) -> None:
    late_lists.approve(session, found.id, "Văn phòng UBND tỉnh", now)
    late_lists.publish(session, found.id, "Văn phòng UBND tỉnh", now)


def test_a_month_lists_what_was_due_in_it_with_body_and_person(
    session: Session, law: Law, month: LateList, now: datetime
) -> None:
    rows = late_lists.rows(session, month.id)
    assert [(row.authority_id, row.officer, row.procedure_code, row.cumulative) for row in rows] == [
        (K4, "Cán bộ Thử", "K4", 1),
        (K4, "Cán bộ Thử", "K4", 2),
    ]
    assert all(row.days_late >= 1 and row.due.startswith("2023-01") for row in rows)
    assert late_lists.authorities(session, month.id) == [K4]
    february = late_lists.compile_period(session, law, 2023, 2, now + timedelta(days=60))
    assert [row.cumulative for row in late_lists.rows(session, february.id)] == [3]
    year = late_lists.compile_period(session, law, 2023, None, now + timedelta(days=400))
    assert len(late_lists.rows(session, year.id)) >= 3 and year.name == "2023"


def test_nothing_is_public_before_the_office_has_approved(
    session: Session, law: Law, month: LateList, now: datetime
) -> None:
    assert late_lists.published(session, law, 2023, 1) is None and late_lists.periods(session) == []
    with pytest.raises(Conflict):
        late_lists.publish(session, month.id, "office", now)
    publish(session, month, now)
    publish(session, month, now)
    shown = late_lists.published(session, law, 2023, 1)
    assert shown is not None and len(shown.rows) == 2 and shown.approved_by == "Văn phòng UBND tỉnh"
    assert shown.rows[0].authority_vi == "Công an huyện Thử Nghiệm" and shown.rows[0].procedure_en
    assert [(one.name, one.rows, one.month) for one in late_lists.periods(session)] == [("2023-01", 2, 1)]


def test_no_column_and_no_byte_names_an_applicant(session: Session, law: Law, month: LateList, now: datetime) -> None:
    publish(session, month, now)
    shown = late_lists.published(session, law, 2023, 1)
    assert shown is not None
    text = late_lists.as_csv(shown)
    assert text.startswith("period,authority_id,authority_vi")
    assert "Cán bộ Thử" in text and "Nguyễn Văn Thử" not in text and "052099" not in text and "0900" not in text
    assert not any("applicant" in name for name in text.splitlines()[0].split(","))


def test_a_unit_objects_to_its_own_rows_and_an_upheld_objection_leaves_the_row_out(
    session: Session, law: Law, month: LateList, now: datetime
) -> None:
    first, second = late_lists.rows(session, month.id)
    with pytest.raises(Forbidden):
        late_lists.object_to(session, first.id, "bd-svhtt", "x", "không phải của chúng tôi", now)
    with pytest.raises(Invalid):
        late_lists.object_to(session, first.id, K4, "x", " ", now)
    upheld = late_lists.object_to(session, first.id, K4, "truongphong", "chờ người dân bổ sung", now)
    rejected = late_lists.object_to(session, second.id, K4, "truongphong", "nhiều việc", now)
    late_lists.explain(session, second.id, K4, "truongphong", "thiếu nhân lực", now)
    with pytest.raises(Conflict, match="objections"):
        late_lists.approve(session, month.id, "office", now)
    late_lists.decide(session, upheld.id, True, "office", "đúng", now)
    late_lists.decide(session, rejected.id, False, "office", "không phải lý do", now)
    with pytest.raises(Conflict):
        late_lists.decide(session, upheld.id, False, "office", "", now)
    publish(session, month, now)
    shown = late_lists.published(session, law, 2023, 1)
    assert shown is not None
    assert [(row.dossier_code, row.reason) for row in shown.rows] == [(second.dossier_code, "thiếu nhân lực")]
    with pytest.raises(Conflict):
        late_lists.object_to(session, second.id, K4, "truongphong", "quá muộn", now)


def test_compiling_again_keeps_objections_and_leaves_out_what_is_no_longer_late(
    session: Session, law: Law, month: LateList, now: datetime
) -> None:
    first, second = late_lists.rows(session, month.id)
    objection = late_lists.object_to(session, first.id, K4, "truongphong", "đã gia hạn", now)
    dossier = tracking.require(session, second.dossier_code)
    branch = tracking.require_branch(session, dossier, "K4")
    branch.due_at = branch.finished_at
    session.add(branch)
    again = late_lists.compile_period(session, law, 2023, 1, now + timedelta(days=61))
    assert again.id == month.id
    assert [row.id for row in late_lists.rows(session, month.id)] == [first.id]
    assert [one.id for one in late_lists.objections(session, month.id, "open")] == [objection.id]


def test_a_correction_is_shown_beside_the_published_row_with_its_ground(
    session: Session, law: Law, month: LateList, now: datetime
) -> None:
    row = late_lists.rows(session, month.id)[0]
    with pytest.raises(Conflict):
        late_lists.correct(session, row.id, "days_late", "1", "office", "tính nhầm", now)
    publish(session, month, now)
    late_lists.correct(session, row.id, "days_late", "1", "office", "tính nhầm ngày nghỉ", now)
    for field, value in (("dossier_code", "x"), ("days_late", "một"), ("days_late", "1")):
        with pytest.raises(Invalid):
            late_lists.correct(session, row.id, field, value, "office", "x", now)
    with pytest.raises(NotFound):
        late_lists.correct(session, "no-row", "reason", "x", "office", "x", now)
    shown = late_lists.published(session, law, 2023, 1)
    assert shown is not None and shown.rows[0].days_late == 1
    [correction] = shown.corrections
    assert (correction.field, correction.after, correction.ground) == ("days_late", "1", "tính nhầm ngày nghỉ")
    assert late_lists.periods(session)[0].corrections == 1
