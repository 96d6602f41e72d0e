"""Results become siblings' papers; hand-over closes; refusals are written; the public sees no personal data."""

from datetime import datetime, timedelta

import pypdfium2
import pytest
from sqlmodel import Session

from lienthong.dossiers import (
    acceptance,
    components,
    consultations,
    documents,
    escalation,
    handover,
    notifications,
    outbox,
    payments,
    results,
    tracking,
)
from lienthong.dossiers.documents import FieldReading, MemoryStore
from lienthong.dossiers.errors import Conflict, Invalid, NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.components import ComponentStatus
from lienthong.dossiers.tables import Dossier


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in document)


def issue(session: Session, store: MemoryStore, law: Law, dossier: Dossier, code: str, now: datetime):
    authority = dossier.authorities[code]
    return results.issue(session, store, law, dossier.code, code, authority, "officer", now)


def test_one_result_a_procedure_fills_the_siblings_component(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime
) -> None:
    first, again = (issue(session, store, law, dossier, "K4", now) for _ in range(2))
    assert first == again and first.number == "0001/2023/GCN-ANTT"
    assert first.as_variable() == {
        "procedureCode": "K4",
        "outcome": "issued",
        "documentId": first.document_id,
        "number": first.number,
    }
    assert len(documents.of_dossier(session, dossier.id, "result")) == 1
    rows = {(row.branch_code, row.component_code): row for row in components.of_dossier(session, dossier.id)}
    filled = rows["K5", "security-certificate"]
    assert (filled.status, filled.document_id) == (ComponentStatus.RESULT_OF_SIBLING, first.document_id)


def test_the_result_says_what_it_is_in_vietnamese(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime
) -> None:
    issued = issue(session, store, law, dossier, "K4", now)
    document = results.by_number(session, str(issued.number))
    assert document is not None and document.id == issued.document_id
    said = text_of(store.get(document.storage_key))
    assert "GIẤY CHỨNG NHẬN ĐỦ ĐIỀU KIỆN" in said and "Nguyễn Văn Thử" in said and dossier.code in said
    assert results.by_number(session, "") is None and results.by_number(session, "0/0") is None


def test_only_the_competent_authority_issues(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime
) -> None:
    with pytest.raises(Invalid):
        results.issue(session, store, law, dossier.code, "K4", "bd-svhtt", "officer", now)
    with pytest.raises(NotFound):
        issue(session, store, law, dossier, "K0", now)


def test_a_refusal_is_final_and_written_once(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime
) -> None:
    refused = results.refuse(session, store, law, dossier.code, "K4", "officer", "không đủ điều kiện", now)
    notifications.notify(session, law, dossier.code, "branch-refused", now, "K4", store=store)
    assert refused.outcome == "refused"
    letters = documents.of_dossier(session, dossier.id, "letter")
    assert len(letters) == 1 and "không đủ điều kiện" in text_of(store.get(letters[0].storage_key))
    with pytest.raises(Conflict):
        issue(session, store, law, dossier, "K4", now)


def test_hand_over_waits_for_open_branches_and_happens_once(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime
) -> None:
    acceptance.set_deadline(session, law, dossier.code, "K4", now)
    with pytest.raises(Conflict):
        handover.hand_over(session, store, law, dossier.code, "tiepnhan", now)
    for code in ("K4", "K5a", "K5"):
        issue(session, store, law, dossier, code, now)
    assert handover.hand_over(session, store, law, dossier.code, "tiepnhan", now)
    assert handover.hand_over(session, store, law, dossier.code, "tiepnhan", now)
    assert (dossier.status, dossier.delivery_status) == ("done", "handed_over")
    assert tracking.national_status(dossier) == 10
    sheets = [one for one in documents.of_dossier(session, dossier.id, "letter") if one.kind == "control-sheet"]
    assert len(sheets) == 1 and "trước hạn" in text_of(store.get(sheets[0].storage_key))


def test_the_public_view_is_masked_and_needs_the_phone(
    session: Session, law: Law, dossier: Dossier, now: datetime
) -> None:
    view = tracking.public_view(session, law, dossier.code, "0123")
    assert view is not None and view.applicant == "N*** V*** Thử"
    for digits in ("", "0000", "000123", "123"):
        assert tracking.public_view(session, law, dossier.code, digits) is None
    assert tracking.public_view(session, law, "000.00.08.H08-230103-9999", "0123") is None


def test_a_search_takes_wildcards_as_letters(session: Session, dossier: Dossier) -> None:
    assert tracking.search(session, "văn thử") == [dossier] or tracking.search(session, "Văn Thử") == [dossier]
    assert tracking.search(session, "%") == [] and tracking.search(session, "_") == []


def test_a_reviewed_field_outlives_a_second_reading(
    session: Session, store: MemoryStore, dossier: Dossier, now: datetime
) -> None:
    document = documents.of_dossier(session, dossier.id, "upload")[0]
    reading = FieldReading(name="number", value="123", confidence=0.5)
    documents.record_fields(session, document.id, [reading], "test", now)
    documents.review_field(session, document.id, "number", "128", "tiepnhan", now)
    documents.record_fields(session, document.id, [reading], "test", now)
    field = documents.fields(session, document.id)[0]
    assert (field.value, field.reviewed) == ("128", True)
    assert document.id not in [one.id for one in documents.unread(session, dossier.code)]
    assert documents.known_fields(session, document.sha256)[0].value == "128"


def test_every_notice_has_both_languages_and_an_unknown_one_is_refused(
    session: Session, law: Law, dossier: Dossier, now: datetime
) -> None:
    for template in notifications.TEMPLATES:
        notice = notifications.notify(session, law, dossier.code, template, now)
        assert dossier.code in notice.text_vi and dossier.code in notice.text_en and "{" not in notice.text_vi
    with pytest.raises(Invalid):
        notifications.notify(session, law, dossier.code, "nonsense", now)


def test_an_opinion_is_told_to_its_branch(session: Session, dossier: Dossier, now: datetime) -> None:
    consultations.answer(session, dossier.code, "K4", "đồng ý", "officer", now)
    keys = [row.payload["correlationKey"] for row in outbox.due(session, now)]
    assert f"{dossier.code}/K4" in keys


def test_a_paid_dossier_has_its_receipt_with_the_first_result(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime
) -> None:
    rules = [{"procedureCode": "K4", "feeItem": "security-certificate"}]
    payment = payments.create_payment(session, law, dossier.code, rules, now)
    body = {"callbackId": "1", "transactionId": "1", "orderId": payment.order_id, "amount": 300_000, "status": "paid"}
    payments.receive_callback(session, body, now)
    issue(session, store, law, dossier, "K4", now)
    receipts = documents.of_dossier(session, dossier.id, "receipt")
    assert len(receipts) == 1 and "300.000 đồng" in text_of(store.get(receipts[0].storage_key))


def test_an_ended_dossier_has_no_open_branch_and_is_never_late(
    session: Session, law: Law, dossier: Dossier, now: datetime
) -> None:
    acceptance.set_deadline(session, law, dossier.code, "K4", now)
    acceptance.record_status(session, dossier.code, "refused", now)
    assert {branch.status for branch in tracking.branches(session, dossier.id)} == {"skipped"}
    assert escalation.late_list(session, now + timedelta(days=99)) == []
