"""The applicant's dossier: seen by its owner alone; paid, supplemented, withdrawn; every document view audited."""

import json
import re

import pytest
from portal_world import FEE, NOW, PortalWorld, Visitor, scan, words
from sqlmodel import select

from lienthong.dossiers import payments, supplements, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables import AuditEntry, Payment


@pytest.fixture
def code(citizen: Visitor) -> str:
    return citizen.file()


@pytest.fixture
def stranger(portal: PortalWorld) -> Visitor:
    visitor = Visitor(portal)
    visitor.sign_in("nguoikhac")
    return visitor


def owe(portal: PortalWorld, code: str, pay_url: str = "") -> Payment:
    with session_scope(portal.database) as session:
        payment = payments.create_payment(session, portal.law, code, FEE, NOW)
        if pay_url:
            payments.set_pay_url(session, payment.id, pay_url)
        session.flush()
        session.refresh(payment)
        session.expunge(payment)
    return payment


def call_back(
    portal: PortalWorld, payment: Payment, signature: str | None = None, **changes: object
) -> tuple[int, str]:
    fields = {
        "callbackId": "cb-1",
        "orderId": payment.order_id,
        "transactionId": "tx-1",
        "amount": payment.amount,
        "status": "paid",
    }
    body = json.dumps({**fields, **changes}).encode()
    signed = payments.sign(portal.settings.payment_secret, body) if signature is None else signature
    answer = Visitor(portal).client.post("/callbacks/payment", content=body, headers={"X-Signature": signed})
    return answer.status_code, answer.json()["outcome"]


@pytest.mark.parametrize("rest", ["", "/tai-lieu/x"])
def test_a_strangers_dossier_is_answered_as_if_it_did_not_exist(stranger: Visitor, code: str, rest: str) -> None:
    real, made_up = stranger.get(f"/ho-so/{code}{rest}"), stranger.get(f"/ho-so/000-no-such{rest}")
    assert real.status_code == made_up.status_code == 404
    assert words(real) == words(made_up)


@pytest.mark.parametrize("act", ["rut", "bo-sung", "thanh-toan"])
def test_a_stranger_can_do_nothing_with_a_dossier(stranger: Visitor, code: str, act: str) -> None:
    assert stranger.post(f"/ho-so/{code}/{act}", {"sure": "yes", "explanation": "x"}).status_code == 404


def test_the_payment_button_leads_to_the_gateway_once_there_is_an_order(
    portal: PortalWorld, citizen: Visitor, code: str
) -> None:
    owe(portal, code)
    assert "Chưa lập được lệnh thanh toán" in words(citizen.get(f"/ho-so/{code}"))
    assert citizen.post(f"/ho-so/{code}/thanh-toan").headers["location"] == f"/ho-so/{code}"
    owe(portal, code, "http://127.0.0.1:1/payment/pay/1")
    assert citizen.post(f"/ho-so/{code}/thanh-toan").headers["location"] == "http://127.0.0.1:1/payment/pay/1"


def test_only_the_signed_callback_pays_and_repeating_it_changes_nothing(
    portal: PortalWorld, citizen: Visitor, code: str
) -> None:
    payment = owe(portal, code, "http://127.0.0.1:1/pay")
    assert call_back(portal, payment, signature="0" * 64) == (401, "bad_signature")
    assert "Cần thanh toán" in words(citizen.get(f"/ho-so/{code}"))
    assert call_back(portal, payment) == (200, "paid")
    assert call_back(portal, payment) == (200, "repeated")
    assert call_back(portal, payment, callbackId="cb-2") == (200, "repeated")
    assert call_back(portal, payment, callbackId="cb-3", transactionId="tx-2") == (200, "already_paid")
    shown = words(citizen.get(f"/ho-so/{code}"))
    assert "Đã thanh toán" in shown
    assert "Cần thanh toán" not in shown


def test_a_callback_that_does_not_fit_is_answered_with_its_outcome(portal: PortalWorld, code: str) -> None:
    payment = owe(portal, code)
    assert call_back(portal, payment, amount=1) == (200, "wrong_amount")
    assert call_back(portal, payment, callbackId="cb-2", orderId="none") == (200, "unknown_order")
    assert call_back(portal, payment, callbackId="cb-3", status="failed") == (200, "not_paid")
    assert call_back(portal, payment, callbackId="cb-4", amount="much") == (400, "malformed")


def test_an_endless_callback_is_not_read_to_its_end(portal: PortalWorld) -> None:
    answer = Visitor(portal).client.post("/callbacks/payment", content=b"x" * 10_000_000)
    assert answer.status_code == 401


def test_a_supplement_is_sent_with_files_and_words(portal: PortalWorld, citizen: Visitor, code: str) -> None:
    with session_scope(portal.database) as session:
        supplements.request(session, portal.store, portal.law, code, None, "Thiếu sơ đồ phòng", "tiepnhan", NOW)
    assert "Thiếu sơ đồ phòng" in words(citizen.get(f"/ho-so/{code}"))
    empty = citizen.post(f"/ho-so/{code}/bo-sung")
    assert empty.status_code == 422
    assert "Hãy chọn ít nhất một tệp" in words(empty)
    bad = citizen.post(f"/ho-so/{code}/bo-sung", files=[("files", ("x.pdf", b"not a pdf", "application/pdf"))])
    assert bad.status_code == 422
    good = [("files", ("so-do.png", scan("plan"), "image/png"))]
    assert citizen.post(f"/ho-so/{code}/bo-sung", {"explanation": "Phòng số 3"}, good).status_code == 303
    shown = words(citizen.get(f"/ho-so/{code}"))
    assert "so-do.png" in shown
    assert "Phòng số 3" in shown
    assert "Cơ quan đề nghị bổ sung" not in shown


def test_the_applicants_own_words_are_not_shown_to_the_public(portal: PortalWorld, citizen: Visitor, code: str) -> None:
    with session_scope(portal.database) as session:
        supplements.request(session, portal.store, portal.law, code, None, "Thiếu", "tiepnhan", NOW)
    citizen.post(f"/ho-so/{code}/bo-sung", {"explanation": "Nhà tôi ở số 7"})
    public = Visitor(portal).post("/tra-cuu", {"code": code, "digits": "0001"})
    assert public.status_code == 200
    assert "Nhà tôi ở số 7" not in words(public)


def test_withdrawing_needs_the_tick_and_ends_the_dossier(portal: PortalWorld, citizen: Visitor, code: str) -> None:
    assert citizen.post(f"/ho-so/{code}/rut").status_code == 303
    assert "Hồ sơ chưa được rút" in words(citizen.get(f"/ho-so/{code}"))
    assert citizen.post(f"/ho-so/{code}/rut", {"sure": "yes"}).status_code == 303
    shown = words(citizen.get(f"/ho-so/{code}"))
    assert "Công dân rút hồ sơ" in shown
    assert "Tôi chắc chắn muốn rút" not in shown
    with read_scope(portal.database) as session:
        dossier = tracking.require(session, code)
        assert dossier.status == "withdrawn"


def test_a_document_is_given_to_its_owner_alone_and_every_view_is_audited(
    portal: PortalWorld, citizen: Visitor, stranger: Visitor, code: str
) -> None:
    links = re.findall(rf"/ho-so/{code}/tai-lieu/[\w-]+", citizen.get(f"/ho-so/{code}").text)
    slip = citizen.get(links[0])
    assert slip.status_code == 200
    assert slip.content.startswith(b"%PDF")
    assert slip.headers["content-type"] == "application/pdf"
    assert slip.headers["x-content-type-options"] == "nosniff"
    assert stranger.get(links[0]).status_code == 404
    assert Visitor(portal).get(links[0]).status_code == 303
    own = stranger.file()
    assert stranger.get(links[0].replace(code, own)).status_code == 404  # another's document under one's own dossier
    with read_scope(portal.database) as session:
        views = session.exec(select(AuditEntry).where(AuditEntry.act == "document-viewed")).all()
        assert [view.actor for view in views] == ["congdan"]
