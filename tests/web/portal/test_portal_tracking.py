"""Pages without an account: tracking by code and phone, verifying a result by its number."""

import re

import pytest
from portal_world import NOW, PortalWorld, Visitor, words

from lienthong.dossiers import documents, results, tracking
from lienthong.dossiers.database import read_scope, session_scope


@pytest.fixture
def code(citizen: Visitor) -> str:
    return citizen.file()


def test_code_and_phone_show_the_dossier_without_personal_data(portal: PortalWorld, code: str) -> None:
    answer = Visitor(portal).post("/tra-cuu", {"code": f" {code} ", "digits": "0001"})
    shown = words(answer)
    assert answer.status_code == 200
    assert code in shown
    assert "N*** V*** Thử" in shown
    assert "Nguyễn Văn Thử" not in shown
    assert "052099000001" not in shown
    assert "/tai-lieu/" not in answer.text
    assert "/rut" not in answer.text


def test_a_wrong_phone_and_an_unknown_code_get_the_same_answer(portal: PortalWorld, code: str) -> None:
    visitor = Visitor(portal)
    wrong = visitor.post("/tra-cuu", {"code": code, "digits": "9999"})
    unknown = visitor.post("/tra-cuu", {"code": "000.00.08.H08-990101-0001", "digits": "0001"})
    assert wrong.status_code == unknown.status_code == 404
    assert words(wrong) == words(unknown)
    for digits in ("", "1", "00000001"):
        assert visitor.post("/tra-cuu", {"code": code, "digits": digits}).status_code == 404


def test_the_code_of_the_slip_is_filled_in(portal: PortalWorld, code: str) -> None:
    assert f'value="{code}"' in Visitor(portal).get(f"/tra-cuu?code={code}").text


def test_the_applicant_comes_straight_to_the_own_dossier(citizen: Visitor, portal: PortalWorld, code: str) -> None:
    assert citizen.get(f"/tra-cuu?code={code}").headers["location"] == f"/ho-so/{code}"
    stranger = Visitor(portal)
    stranger.sign_in("nguoikhac")
    assert stranger.get(f"/tra-cuu?code={code}").status_code == 200


def test_a_result_is_verified_by_its_number_and_by_its_content(portal: PortalWorld, code: str) -> None:
    with session_scope(portal.database) as session:
        authority = tracking.require_branch(session, tracking.require(session, code), "K4").authority_id
        issued = results.issue(session, portal.store, portal.law, code, "K4", authority, "thutruong", NOW)
        found = results.by_number(session, issued.number or "")
        assert found is not None
        number, sha256, key = found.number, found.sha256, found.storage_key
    page = Visitor(portal).get(f"/xac-minh/{number}")
    assert page.status_code == 200
    assert sha256 in words(page)
    assert "không bị thay đổi" in words(page)
    assert re.search("Nguyễn|052099", words(page)) is None
    portal.store._contents.pop(key)
    assert "không còn nguyên vẹn" in words(Visitor(portal).get(f"/xac-minh/{number}"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_unknown_number_is_no_result(portal: PortalWorld, language: str) -> None:
    answer = Visitor(portal, language).get("/xac-minh/1/GP-KHONG")
    assert answer.status_code == 404
    assert ("Không có văn bản nào" if language == "vi" else "There is no document") in words(answer)


def test_guessing_is_limited_by_place_and_by_code(portal: PortalWorld, citizen: Visitor) -> None:
    code = citizen.file()
    guesser = Visitor(portal)
    answers = [guesser.post("/tra-cuu", {"code": code, "digits": f"{n:04}"}).status_code for n in range(1000, 1012)]
    assert answers == [404] * 10 + [429] * 2
    assert guesser.post("/tra-cuu", {"code": code, "digits": "0001"}).status_code == 429


def test_looking_up_ones_own_dossier_often_is_no_guessing(portal: PortalWorld, citizen: Visitor) -> None:
    code = citizen.file()
    visitor = Visitor(portal)
    answers = {visitor.post("/tra-cuu", {"code": code, "digits": "0001"}).status_code for _ in range(15)}
    assert answers == {200}


def test_a_signed_paper_is_verified_by_its_file_and_a_changed_one_is_not(portal: PortalWorld, citizen: Visitor) -> None:
    code = citizen.file()
    with read_scope(portal.database) as session:
        dossier = tracking.require(session, code)
        slip = documents.of_dossier(session, dossier.id, "slip")[-1]
        content = portal.store.get(slip.storage_key)
    visitor = Visitor(portal)
    good = visitor.post("/xac-minh", {}, {"file": ("giay.pdf", content, "application/pdf")})
    assert "Giấy còn nguyên vẹn" in words(good) and "Đúng là văn bản do hệ thống này" in words(good)
    changed = content.replace(b"%%EOF", b"%%EOG", 1)
    bad = visitor.post("/xac-minh", {}, {"file": ("giay.pdf", changed, "application/pdf")})
    assert "Giấy còn nguyên vẹn" not in words(bad) and "không trùng với văn bản nào" in words(bad)
    none = visitor.post("/xac-minh", {}, {"file": ("anh.pdf", b"nothing", "application/pdf")})
    assert none.status_code == 200 and "Đúng là" not in words(none)
    assert visitor.post("/xac-minh", {}).status_code == 422
