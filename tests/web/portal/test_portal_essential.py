"""Essential services: registered, billed month by month, paid once; everything belongs to its account."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from portal_world import NOW, PortalWorld, Visitor, words
from sqlmodel import col, select

from lienthong.dossiers import essential, payments
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.essential import BillFacts
from lienthong.dossiers.tables import OutboxRow

HOME = {"kind": "water", "holder_name": "Nguyễn Văn Thử", "phone": "0900000001", "address": "Số 1 đường Thử Nghiệm"}


def register(visitor: Visitor, **changes: str) -> str:
    return visitor.post("/dich-vu/dang-ky", {**HOME, **changes}).headers["location"].rsplit("/", 1)[1]


def billed(portal: PortalWorld, code: str, period: str = "2026-11", at: datetime = NOW) -> str:
    facts = BillFacts(f"water:{code}:{period}", period, 60_000, date(2026, 12, 15), "8 m³")
    with session_scope(portal.database) as session:
        essential.registered(session, code, True, "WA000001", "", at)
        bill = essential.bill_issued(session, code, facts, at)
        essential.set_pay_url(session, bill.code, "http://127.0.0.1:1/pay")
        return bill.code


def callback(portal: PortalWorld, order: str, **changes: Any) -> dict[str, Any]:
    told = {"callbackId": "CB-1", "orderId": order, "transactionId": "TX1", "amount": 60_000, "status": "paid"}
    body = json.dumps({**told, **changes}).encode()
    signature = payments.sign(portal.settings.payment_secret, body)
    answer = Visitor(portal).client.post("/callbacks/payment", content=body, headers={"X-Signature": signature})
    return dict(answer.json())


def published(portal: PortalWorld) -> list[tuple[str, str]]:
    with read_scope(portal.database) as session:
        rows = session.exec(select(OutboxRow).order_by(col(OutboxRow.position))).all()
        return [(row.payload["name"], row.payload["correlationKey"]) for row in rows]


def test_a_registration_starts_its_process_once(portal: PortalWorld, citizen: Visitor) -> None:
    code = register(citizen)
    assert register(citizen) == code  # the same wish again
    assert published(portal) == [("essential-water", code)]
    assert "Đang xử lý" in words(citizen.get(f"/dich-vu/{code}"))


def test_a_bill_is_seen_paid_once_and_receipted(portal: PortalWorld, citizen: Visitor) -> None:
    code = register(citizen)
    bill = billed(portal, code)
    assert billed(portal, code) == bill
    assert "60.000 đồng" in words(citizen.get("/dich-vu"))
    assert citizen.post(f"/dich-vu/hoa-don/{bill}/thanh-toan").headers["location"] == "http://127.0.0.1:1/pay"
    assert callback(portal, bill, amount=1, callbackId="CB-0")["outcome"] == "wrong_amount"
    assert callback(portal, bill)["outcome"] == "paid"
    assert callback(portal, bill)["outcome"] == "repeated"
    assert callback(portal, bill, callbackId="CB-2", transactionId="TX2")["outcome"] == "already_paid"
    assert published(portal)[1:] == [("bill-paid", bill)]
    with session_scope(portal.database) as session:
        essential.receipted(session, bill, "BL-1", NOW)
        essential.receipted(session, bill, "BL-2", NOW)
    page = words(citizen.get(f"/dich-vu/hoa-don/{bill}"))
    assert "Đã thanh toán" in page and "BL-1" in page and "BL-2" not in page
    assert "biên lai BL-1" in words(citizen.get("/thong-bao"))


def test_a_wrongly_signed_or_unknown_callback_changes_nothing(portal: PortalWorld, citizen: Visitor) -> None:
    bill = billed(portal, register(citizen))
    body = json.dumps({"orderId": bill, "callbackId": "C", "transactionId": "T", "amount": 60_000, "status": "paid"})
    answer = citizen.client.post("/callbacks/payment", content=body, headers={"X-Signature": "0" * 64})
    assert answer.status_code == 401
    assert callback(portal, "HDDV-none", callbackId="CB-9")["outcome"] == "unknown_order"
    assert "Chờ thanh toán" in words(citizen.get(f"/dich-vu/hoa-don/{bill}"))


def test_months_follow_one_another(portal: PortalWorld, citizen: Visitor) -> None:
    code = register(citizen)
    billed(portal, code)
    billed(portal, code, "2026-12")
    page = words(citizen.get(f"/dich-vu/{code}"))
    assert page.index("2026-12") < page.index("2026-11")
    assert [essential.next_period(one) for one in ("2026-11", "2026-12")] == ["2026-12", "2027-01"]


def test_a_bill_is_reminded_of_and_closed_after_long(portal: PortalWorld, citizen: Visitor) -> None:
    bill = billed(portal, register(citizen))
    with session_scope(portal.database) as session:
        assert essential.remind(session, bill, NOW + timedelta(days=7)) is True
        assert essential.remind(session, bill, NOW + timedelta(days=90)) is False
    assert "chưa thanh toán" in words(citizen.get("/thong-bao"))
    assert "Đã huỷ" in words(citizen.get(f"/dich-vu/hoa-don/{bill}"))
    assert callback(portal, bill)["outcome"] == "late"


def test_a_holder_ends_a_service(portal: PortalWorld, citizen: Visitor) -> None:
    code = register(citizen, kind="waste")
    citizen.post(f"/dich-vu/{code}/ngung", {})
    assert published(portal) == [("essential-waste", code)]  # not without the tick
    citizen.post(f"/dich-vu/{code}/ngung", {"sure": "yes"})
    assert published(portal)[1:] == [("service-ended", code)]
    with session_scope(portal.database) as session:
        essential.ended(session, code, NOW)
    assert "Đã ngừng" in words(citizen.get(f"/dich-vu/{code}"))
    assert citizen.post(f"/dich-vu/{code}/ngung", {"sure": "yes"}).status_code == 409


def test_tuition_is_asked_for_by_the_student_code(portal: PortalWorld, citizen: Visitor) -> None:
    wrong = citizen.post("/dich-vu/hoc-phi", {"student_code": "S!", "term": "2026-K1"})
    assert wrong.status_code == 422 and "“S!”" in words(wrong)
    sent = citizen.post("/dich-vu/hoc-phi", {"student_code": " sv000001 ", "term": "2026-K1"})
    code = sent.headers["location"].rsplit("/", 1)[1]
    assert published(portal) == [("essential-tuition", code)]
    with session_scope(portal.database) as session:
        essential.not_found(session, code, NOW)
    page = words(citizen.get(f"/dich-vu/{code}"))
    assert "SV000001" in page and "Không thực hiện được" in page


def test_services_and_bills_of_others_are_not_found(portal: PortalWorld, citizen: Visitor) -> None:
    code = register(citizen)
    bill = billed(portal, code)
    stranger = Visitor(portal)
    stranger.sign_in("nguoikhac")
    for path in (f"/dich-vu/{code}", f"/dich-vu/hoa-don/{bill}"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"/dich-vu/hoa-don/{bill}/thanh-toan").status_code == 404
    assert stranger.post(f"/dich-vu/{code}/ngung", {"sure": "yes"}).status_code == 404


@pytest.mark.parametrize("change", [{"holder_name": " "}, {"address": ""}])
def test_what_is_missing_is_said(citizen: Visitor, change: dict[str, str]) -> None:
    answer = citizen.post("/dich-vu/dang-ky", {**HOME, **change})
    assert answer.status_code == 422 and "Hãy nhập đủ" in words(answer)
