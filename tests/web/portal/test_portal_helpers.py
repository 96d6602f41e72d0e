"""Filing for somebody else: the post clerk's four duties with slip and minutes, the youth-union helper's figures."""

import re
from datetime import timedelta

import pytest
from portal_world import NOW, PortalWorld, Visitor, words
from sqlmodel import select

from lienthong.dossiers import assistance, deliveries, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables import Dossier
from lienthong.dossiers.tables.portal import SendingSlip


def signed_in(portal: PortalWorld, name: str) -> Visitor:
    visitor = Visitor(portal)
    assert visitor.sign_in(name).status_code == 303
    return visitor


def take_in(clerk: Visitor) -> str:
    """Receive one file at the post; the number of its slip."""
    sending = clerk.check(behalf="enterprise", applicant_name="Lê Văn Ví Dụ", applicant_phone="0900004321")
    answer = clerk.post(sending, {"truth": "yes"})
    assert answer.headers["location"] == "/uy-thac"
    found = re.search(r'name="slip" value="([^"]+)"', clerk.get("/uy-thac").text)
    assert found is not None
    return found.group(1)


def test_the_time_of_filing_is_when_the_desk_signs_the_minutes(portal: PortalWorld) -> None:
    clerk, desk, sender = signed_in(portal, "buudien"), signed_in(portal, "tiepnhan"), Visitor(portal)
    number = take_in(clerk)
    assert clerk.get(f"/uy-thac/phieu/{number}").content.startswith(b"%PDF-")
    assert "sắp bàn giao" in words(sender.post("/tra-cuu", {"code": number, "digits": "4321"}))
    with read_scope(portal.database) as session:
        assert session.exec(select(Dossier)).all() == []  # nothing is filed yet
    clerk.post("/uy-thac/bien-ban", {"slip": number})
    assert "đang được bàn giao" in words(sender.post("/tra-cuu", {"code": number, "digits": "4321"}))
    minutes = re.findall(r'name="number" value="([^"]+)"', desk.get("/can-bo/bien-ban").text)
    signing = NOW + timedelta(hours=2)
    portal.app.state.clock = lambda: signing
    assert desk.post("/can-bo/bien-ban", {"number": minutes[0]}).is_redirect
    assert desk.get(f"/can-bo/bien-ban/{minutes[0]}").content.startswith(b"%PDF-")
    with read_scope(portal.database) as session:
        dossier = session.exec(select(Dossier)).one()
        assert (dossier.filed_at, dossier.channel, dossier.applicant_name) == (signing, "post", "Lê Văn Ví Dụ")
        assert dossier.applicant_user_id is None
        helped = assistance.of_dossier(session, dossier.id)
        assert helped is not None and (helped.kind, helped.organisation_id) == ("enterprise", "bd-buudien")
        assert session.exec(select(SendingSlip)).one().dossier_id == dossier.id
        code = dossier.code
    assert "Nộp qua doanh nghiệp được giao" in words(sender.post("/tra-cuu", {"code": code, "digits": "4321"}))
    assert desk.post("/can-bo/bien-ban", {"number": minutes[0]}).status_code == 409  # signed once


def test_taking_the_same_file_in_twice_writes_one_slip(portal: PortalWorld) -> None:
    clerk = signed_in(portal, "buudien")
    sending = clerk.check(behalf="enterprise")
    clerk.post(sending, {"truth": "yes"})
    clerk.post(sending, {"truth": "yes"})
    with read_scope(portal.database) as session:
        assert len(session.exec(select(SendingSlip)).all()) == 1


def test_a_clerk_guides_and_returns_results(portal: PortalWorld) -> None:
    clerk = signed_in(portal, "buudien")
    guided = {"bundle_id": "karaoke", "outcome": "prepared", "back": "/uy-thac"}
    assert clerk.post("/ho-tro/huong-dan", guided).headers["location"] == "/uy-thac"
    owner = signed_in(portal, "congdan")
    sent = owner.post(owner.check(delivery="post", applicant_address="Số 1"), {"truth": "yes"})
    code = sent.headers["location"].rsplit("/", 1)[1]
    with session_scope(portal.database) as session:
        delivery = deliveries.plan(session, tracking.require(session, code), NOW)
        assert delivery is not None
        order = delivery.order_number
    assert "N*** V*** Thử · Số 1" in words(clerk.get("/uy-thac"))
    clerk.post("/uy-thac/tra", {"order": order, "receiver": " "})
    assert "Đã phát" not in words(owner.get(f"/ho-so/{code}"))
    clerk.post("/uy-thac/tra", {"order": order, "receiver": "Nguyễn Văn Thử"})
    page = words(owner.get(f"/ho-so/{code}"))
    assert "Bưu điện: Đã phát" in page and "N*** V*** Thử đã ký nhận" in page
    assert clerk.post("/uy-thac/tra", {"order": order, "receiver": "Nguyễn Văn Thử"}).status_code == 404


def test_a_youth_helper_files_in_the_applicants_name_and_sees_own_figures(portal: PortalWorld) -> None:
    helper = signed_in(portal, "doanvien")
    form = words(helper.get("/nop-ho-so/karaoke?cho=youth"))
    assert "Bạn đang hỗ trợ người nộp" in form and "Cao Văn Thử Thanh Niên từ" not in form
    sent = helper.post(helper.check(behalf="youth", applicant_name="Lê Văn Ví Dụ"), {"truth": "yes"})
    place = sent.headers["location"]
    assert place.startswith("/ho-tro/ho-so/")
    page = words(helper.get(place))
    assert "L*** V*** D*** Dụ" not in page and "V*** Dụ" in page
    assert helper.get(f"{place}/giay-tiep-nhan").content.startswith(b"%PDF-")
    helper.post("/ho-tro/huong-dan", {"bundle_id": "karaoke", "outcome": "filed"})
    assert "2026-11 1 1" in words(helper.get("/ho-tro"))
    code = place.rsplit("/", 1)[1]
    assert helper.get(f"/ho-so/{code}").status_code == 404  # it is the applicant's, not the helper's
    other = signed_in(portal, "buudien")
    assert other.get(place).status_code == 404


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("congdan", "/uy-thac"),
        ("congdan", "/ho-tro"),
        ("doanvien", "/uy-thac"),
        ("congdan", "/can-bo/bien-ban"),
        ("buudien", "/can-bo/bien-ban"),
        ("vanphong", "/can-bo/bien-ban"),
        ("congdan", "/can-bo/phan-anh"),
    ],
)
def test_helpers_pages_are_closed_to_everybody_else(portal: PortalWorld, name: str, path: str) -> None:
    assert signed_in(portal, name).get(path).status_code == 403


def test_slips_and_minutes_of_others_cannot_be_guessed(portal: PortalWorld) -> None:
    clerk, sender = signed_in(portal, "buudien"), Visitor(portal)
    number = take_in(clerk)
    assert sender.post("/tra-cuu", {"code": number, "digits": "0000"}).status_code == 404
    assert signed_in(portal, "doanvien").get(f"/uy-thac/phieu/{number}").status_code == 403
    assert clerk.get("/uy-thac/phieu/9999/2026/PGHS").status_code == 404
