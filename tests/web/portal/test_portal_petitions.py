"""Petitions and objections: sent with or without an account, answered by the right authority, judged by the author."""

import re

import pytest
from portal_world import PortalWorld, Visitor, words

from lienthong.dossiers import petitions
from lienthong.dossiers.database import read_scope

LETTER = {
    "subject": "Chờ lâu ở quầy",
    "body": "Tôi chờ hai giờ mà chưa được gọi số.",
    "author_name": "Lê Thị Khác",
    "author_phone": "0900 005 678",
}


def signed_in(portal: PortalWorld, name: str) -> Visitor:
    visitor = Visitor(portal)
    visitor.sign_in(name)
    return visitor


def code_of(portal: PortalWorld) -> str:
    with read_scope(portal.database) as session:
        return petitions.to_answer(session, None, open_only=False)[-1].code


def test_a_petition_without_an_account_is_followed_by_code_and_phone(portal: PortalWorld) -> None:
    visitor, office = Visitor(portal), signed_in(portal, "vanphong")
    visitor.post("/phan-anh", LETTER)
    code = code_of(portal)
    assert code.startswith("PA-261124-")
    assert visitor.post("/phan-anh/tra-cuu", {"code": code, "digits": "0000"}).status_code == 404
    page = words(visitor.post("/phan-anh/tra-cuu", {"code": code, "digits": "5678"}))
    assert "Đang xem xét" in page and "15/12/2026" in page  # 15 working days later
    assert LETTER["subject"] in words(office.get("/can-bo/phan-anh"))
    short = office.post(f"/can-bo/phan-anh/{code}", {"text": "Vâng.", "outcome": "upheld"})
    assert short.headers["location"] == f"/can-bo/phan-anh/{code}"
    reply = {"text": "Đã tăng thêm một quầy từ ngày mai.", "outcome": "upheld"}
    assert office.post(f"/can-bo/phan-anh/{code}", reply).is_redirect
    assert office.post(f"/can-bo/phan-anh/{code}", reply).status_code == 409
    page = words(visitor.post("/phan-anh/tra-cuu", {"code": code, "digits": "5678"}))
    assert "Đã tăng thêm một quầy" in page and "Phản ánh đúng" in page
    visitor.post(f"/phan-anh/{code}/hai-long", {"satisfied": "no", "digits": "5678"})
    with read_scope(portal.database) as session:
        assert petitions.get(session, code).satisfied is False
        (record,) = petitions.records(session)
        assert record.in_time and record.justified and not record.satisfied


def test_an_objection_belongs_to_its_dossier_and_goes_to_its_authority(portal: PortalWorld, citizen: Visitor) -> None:
    code = citizen.file()
    objection = {**LETTER, "dossier_code": code, "branch_code": "K4"}
    stranger = signed_in(portal, "nguoikhac")
    assert stranger.post("/phan-anh", objection).status_code == 404
    assert Visitor(portal).post("/phan-anh", objection).status_code == 404
    sent = citizen.post("/phan-anh", objection)
    number = sent.headers["location"].rsplit("/", 1)[1]
    assert number.startswith("KN-")
    page = words(citizen.get(sent.headers["location"]))
    assert "Khiếu nại" in page and "Công an huyện Thử Nghiệm" in page and "08/12/2026" in page
    assert number in citizen.get(f"/ho-so/{code}").text
    assert stranger.get(f"/phan-anh/{number}").status_code == 404
    desk = signed_in(portal, "tiepnhan")
    assert desk.get(f"/can-bo/phan-anh/{number}").status_code == 404  # another authority's
    office = signed_in(portal, "vanphong")
    office.post(f"/can-bo/phan-anh/{number}", {"text": "Đã yêu cầu cơ quan xem lại.", "outcome": "partly"})
    assert f"{number} đã được trả lời." in words(citizen.get("/thong-bao"))
    assert "Thông báo 1" in words(citizen.get("/"))
    citizen.post("/thong-bao/da-doc")
    assert "Thông báo 1" not in words(citizen.get("/"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"subject": ""}, "Hãy viết vấn đề"),
        ({"body": "ngắn"}, "ít nhất 10 ký tự"),
        ({"author_name": " "}, "Hãy nhập họ và tên"),
        ({"author_phone": "không"}, "Hãy nhập số điện thoại"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    portal: PortalWorld, change: dict[str, str], said: str
) -> None:
    answer = Visitor(portal).post("/phan-anh", {**LETTER, **change})
    assert answer.status_code == 422 and said in words(answer)
    kept = {**LETTER, **change}
    assert kept["subject"] in answer.text and kept["body"] in answer.text


def test_petitions_from_one_place_are_limited(portal: PortalWorld) -> None:
    visitor = Visitor(portal)
    answers = [visitor.post("/phan-anh", LETTER).status_code for _ in range(12)]
    assert answers == [303] * 10 + [429] * 2


def test_a_finished_dossier_is_rated_and_the_rating_may_be_changed(portal: PortalWorld, citizen: Visitor) -> None:
    code = citizen.file()
    assert "Đánh giá việc giải quyết" not in words(citizen.get(f"/ho-so/{code}"))
    marks = {"overall": "5", "attitude": "4", "speed": "3"}
    assert citizen.post(f"/ho-so/{code}/danh-gia", marks).status_code == 409
    citizen.post(f"/ho-so/{code}/rut", {"sure": "yes"})
    citizen.post(f"/ho-so/{code}/danh-gia", marks)
    citizen.post(f"/ho-so/{code}/danh-gia", {**marks, "overall": "2", "comment": "Tạm được"})
    assert "Bạn đã đánh giá 2/5" in words(citizen.get(f"/ho-so/{code}"))
    assert citizen.post(f"/ho-so/{code}/danh-gia", {"overall": "9"}).headers["location"] == f"/ho-so/{code}"
    figures = words(Visitor(portal).get("/cong-khai/chi-so"))
    assert re.search(r"1 lượt đánh giá, trung bình 2\.0/5, hài lòng 0\.0 %", figures)
