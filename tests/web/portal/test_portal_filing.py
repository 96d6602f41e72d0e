"""Filing in three steps: what is wrong is said in words, nothing typed is lost, sending twice files once."""

import re

import pytest
from portal_world import ANSWERS, PortalWorld, Visitor, scan, sending_of, words
from sqlmodel import select

from lienthong.dossiers.database import read_scope
from lienthong.dossiers.tables import Dossier, OutboxRow

PDF_BOMB = b"PK\x03\x04" + b"0" * 200


def filed_codes(portal: PortalWorld) -> list[str]:
    with read_scope(portal.database) as session:
        return [dossier.code for dossier in session.exec(select(Dossier)).all()]


def test_a_dossier_is_filed_in_three_steps(portal: PortalWorld, citizen: Visitor) -> None:
    form = citizen.get("/nop-ho-so/karaoke")
    assert 'value="052099000001"' in form.text  # filled in from the account
    papers = citizen.answer().headers["location"]
    check = citizen.hand_in(papers)
    assert check.status_code == 200
    assert "Nguyễn Văn Thử" in words(check)
    sent = citizen.post(sending_of(check), {"truth": "yes"})
    code = sent.headers["location"].removeprefix("/ho-so/")
    assert filed_codes(portal) == [code]
    page = citizen.get(f"/ho-so/{code}")
    assert f"Đã nhận hồ sơ {code}" in words(page)
    assert "Mở giấy tiếp nhận" in words(page)
    assert f"Đã nhận hồ sơ {code}. Giấy" not in words(citizen.get(f"/ho-so/{code}"))  # said once
    with read_scope(portal.database) as session:
        assert len(session.exec(select(OutboxRow)).all()) == 1  # the start message


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("applicant_name", "  ", "Nhập họ và tên"),
        ("applicant_personal_number", "12345", "12 chữ số, nhưng đã nhập “12345”"),
        ("applicant_phone", "không có", "9 đến 11 chữ số, nhưng đã nhập “khôngcó”"),
        ("q_roomCount", "-3", "nhưng đã nhập “-3”"),
        ("q_roomCount", "9" * 40, "nhập số từ 1 đến"),
        ("q_area", "moon", "Hãy trả lời câu hỏi"),
        ("delivery", "pigeon", "Hãy chọn cách nhận kết quả"),
    ],
)
def test_bad_input_is_answered_with_what_was_expected_and_what_came(
    citizen: Visitor, field: str, given: str, said: str
) -> None:
    answer = citizen.answer(**{field: given, "organisation_name": "Hộ kinh doanh Thử"})
    assert answer.status_code == 422
    assert said in words(answer)
    assert 'value="Hộ kinh doanh Thử"' in answer.text  # nothing typed is lost


def test_bad_input_is_answered_in_english_too(portal: PortalWorld) -> None:
    visitor = Visitor(portal, "en")
    visitor.sign_in()
    assert "exactly 12 digits, but “12345” was entered" in words(visitor.answer(applicant_personal_number="12345"))


def test_numbers_may_be_typed_with_spaces(citizen: Visitor) -> None:
    assert citizen.answer(applicant_personal_number="052 099 000 001", applicant_phone="0900.000.001").is_redirect


def test_a_refused_file_is_named_and_the_others_are_kept(citizen: Visitor) -> None:
    papers = citizen.answer().headers["location"]
    kinds = re.findall(r'name="file_([\w-]+)"', citizen.get(papers).text)
    files = [
        (f"file_{kinds[0]}", ("tot.png", scan("good"), "image/png")),
        (f"file_{kinds[1]}", ("xau.pdf", PDF_BOMB, "application/pdf")),
        (f"file_{kinds[1]}", ("rong.pdf", b"", "application/pdf")),
        (f"file_{kinds[1]}", ("to.png", b"\x89PNG\r\n\x1a\n" + b"0" * 1_100_000, "image/png")),
        ("file_khong-hoi", ("la.png", scan("unasked"), "image/png")),
    ]
    answer = citizen.post(papers, {"go": "upload"}, files)
    assert answer.status_code == 422
    assert answer.text.count("<li>") >= 3
    again = words(citizen.get(papers))
    assert "tot.png" in again
    for name in ("xau.pdf", "rong.pdf", "to.png", "la.png"):
        assert f"{name} (" not in again


def test_a_file_can_be_taken_back(citizen: Visitor) -> None:
    papers = citizen.answer().headers["location"]
    kind = re.findall(r'name="file_([\w-]+)"', citizen.get(papers).text)[0]
    kept = citizen.post(papers, {"go": "upload"}, [(f"file_{kind}", ("nham.png", scan("x"), "image/png"))])
    found = re.search(r'name="remove" value="(\w+)"', kept.text)
    assert found is not None
    assert "nham.png" not in words(citizen.post(papers, {"remove": found.group(1)}))


def test_a_missing_paper_keeps_the_dossier_from_being_sent(portal: PortalWorld, citizen: Visitor) -> None:
    papers = citizen.answer().headers["location"]
    stopped = citizen.post(papers, {"go": "check"})
    assert stopped.status_code == 422
    assert "Chưa có giấy tờ bắt buộc" in words(stopped)
    assert citizen.post(papers.replace("/giay-to/", "/gui/"), {"truth": "yes"}).status_code == 422
    assert filed_codes(portal) == []


def test_the_declaration_must_be_ticked(portal: PortalWorld, citizen: Visitor) -> None:
    action = sending_of(citizen.hand_in(citizen.answer().headers["location"]))
    answer = citizen.post(action)
    assert answer.status_code == 422
    assert "đánh dấu vào ô cam đoan" in words(answer)
    assert filed_codes(portal) == []


def test_sending_twice_files_once_and_leads_to_the_same_dossier(portal: PortalWorld, citizen: Visitor) -> None:
    action = sending_of(citizen.hand_in(citizen.answer().headers["location"]))
    first, second = (citizen.post(action, {"truth": "yes"}) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert len(filed_codes(portal)) == 1


def test_going_back_keeps_answers_and_files_in_the_same_draft(citizen: Visitor) -> None:
    papers = citizen.answer(organisation_name="Quán Thử").headers["location"]
    citizen.hand_in(papers)
    draft = papers.rsplit("/", 1)[1]
    assert 'value="Quán Thử"' in citizen.get(f"/nop-ho-so/karaoke?draft={draft}").text
    again = citizen.answer(draft=draft, organisation_name="Quán Mới").headers["location"]
    assert again == papers
    assert ".png (" in words(citizen.get(papers))


def test_an_unfinished_filing_waits_among_the_persons_own(citizen: Visitor) -> None:
    papers = citizen.answer().headers["location"]
    assert papers in citizen.get("/ho-so").text


def test_a_strangers_draft_does_not_exist(portal: PortalWorld, citizen: Visitor) -> None:
    papers = citizen.answer().headers["location"]
    stranger = Visitor(portal)
    stranger.sign_in("nguoikhac")
    assert stranger.get(papers).status_code == 404
    assert stranger.post(papers, {"go": "check"}).status_code == 404
    assert stranger.post(papers.replace("/giay-to/", "/gui/"), {"truth": "yes"}).status_code == 404
    draft = papers.rsplit("/", 1)[1]
    assert 'name="draft"' not in stranger.get(f"/nop-ho-so/karaoke?draft={draft}").text


@pytest.mark.parametrize("draft", ["...", "0" * 32, "%2e%2e%2fdomain.sqlite3"])
def test_a_made_up_draft_does_not_exist(citizen: Visitor, draft: str) -> None:
    assert citizen.get(f"/nop-ho-so/karaoke/giay-to/{draft}").status_code == 404


def test_the_check_page_shows_the_expected_fees(portal: PortalWorld, citizen: Visitor) -> None:
    shown = words(citizen.hand_in(citizen.answer().headers["location"]))
    assert "Phí, lệ phí dự kiến" in shown
    assert re.search(r"Tổng cộng: [\d.]+ đồng", shown)
    (decision, variables), *_ = portal.engine.asked
    assert decision == "karaoke-fee"
    assert variables["options"]["roomCount"] == int(ANSWERS["q_roomCount"])


def test_without_an_engine_a_dossier_can_still_be_filed(portal: PortalWorld, citizen: Visitor) -> None:
    portal.engine.down = True
    check = citizen.hand_in(citizen.answer().headers["location"])
    assert "dự kiến" not in words(check)
    assert citizen.post(sending_of(check), {"truth": "yes"}).status_code == 303
