"""Filing comfortably: sources beside what is prefilled, pages turned and joined, papers used again with consent."""

import io
import json
import re
from datetime import timedelta

import pypdfium2
from PIL import Image
from portal_world import NOW, PortalWorld, Visitor, scan, sending_of, words
from sqlmodel import select

from lienthong.dossiers import acceptance, audit, documents, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables import AuditEntry, Document
from lienthong.dossiers.tables.portal import FilingConsent


def upload(visitor: Visitor, papers: str, kind: str, *names: str) -> str:
    files = [(f"camera_{kind}", (f"{name}.png", scan(name), "image/png")) for name in names]
    return visitor.post(papers, {"go": "upload", "papers_shown": "yes"}, files).text


def test_what_is_prefilled_says_where_it_is_from(citizen: Visitor) -> None:
    page = words(citizen.get("/nop-ho-so/karaoke"))
    assert "Họ và tên từ tài khoản của bạn" in page
    code = citizen.file()
    citizen.post("/tai-khoan", {"phone": "0900000009", "address": "Số 9", "by_sms": "yes"})
    page = words(citizen.get("/nop-ho-so/karaoke"))
    assert "Địa chỉ từ tài khoản của bạn" in page
    assert f"từ hồ sơ {code}" not in page  # the account already says everything that the dossier would


def test_a_draft_goes_on_on_another_device(portal: PortalWorld, citizen: Visitor) -> None:
    papers = citizen.answer(organisation_name="Hộ Thử").headers["location"]
    elsewhere = Visitor(portal)
    elsewhere.sign_in()
    assert papers in elsewhere.get("/ho-so").text
    assert elsewhere.get(papers).status_code == 200
    stranger = Visitor(portal)
    stranger.sign_in("nguoikhac")
    assert stranger.get(papers).status_code == 404


def test_pages_are_turned_ordered_and_joined_into_one_document(portal: PortalWorld, citizen: Visitor) -> None:
    papers = citizen.answer().headers["location"]
    kind = re.findall(r'name="camera_([\w-]+)"', citizen.get(papers).text)[0]
    text = upload(citizen, papers, kind, "one", "two")
    first, second = re.findall(r'name="turn" value="(\w+)"', text)
    citizen.post(papers, {"turn": second, "papers_shown": "yes"})
    text = citizen.post(papers, {"move": second, "papers_shown": "yes"}).text
    assert re.findall(r'name="turn" value="(\w+)"', text) == [second, first]
    small = citizen.get(f"{papers}/anh/{second}")
    with Image.open(io.BytesIO(small.content)) as picture:
        assert picture.width > picture.height  # turned by a quarter
    check = citizen.hand_in(papers)
    code = citizen.post(sending_of(check), {"truth": "yes"}).headers["location"].rsplit("/", 1)[1]
    with read_scope(portal.database) as session:
        dossier = tracking.require(session, code)
        own = [one for one in documents.of_dossier(session, dossier.id) if one.kind == kind]
        assert [one.content_type for one in own] == ["application/pdf"]
        pages = pypdfium2.PdfDocument(portal.store.get(own[0].storage_key))
    sizes = [pages[index].get_size() for index in range(len(pages))]
    assert len(sizes) == 3  # the two and the one that was handed in after them
    assert sizes[0][0] > sizes[0][1] and sizes[1][0] < sizes[1][1]


def test_a_bad_picture_is_warned_of_and_may_still_be_sent(citizen: Visitor) -> None:
    papers = citizen.answer().headers["location"]
    kind = re.findall(r'name="camera_([\w-]+)"', citizen.get(papers).text)[0]
    blank = io.BytesIO()
    Image.new("L", (400, 500), 255).save(blank, "PNG")
    files = [(f"camera_{kind}", ("trang.png", blank.getvalue(), "image/png"))]
    answer = citizen.post(papers, {"go": "upload"}, files)
    assert answer.status_code == 200
    assert "Nên chụp lại: trang dường như trống." in words(answer)
    assert "ảnh quá nhỏ" in words(answer)
    assert "trang.png: trang dường như trống." in words(citizen.hand_in(papers))


def test_only_questions_that_change_something_are_asked(citizen: Visitor) -> None:
    form = citizen.get("/nop-ho-so/investment").text
    assert 'name="q_landPriceCase"' in form
    body = {"csrf_token": citizen.token(), "q_insideZone": "true", "q_landPriceCase": "table"}
    answer = citizen.client.post("/nop-ho-so/investment/cau-hoi", data=body)
    assert "insideZone" in json.loads(answer.text)["applies"]


def test_held_papers_are_used_again_with_consent_alone(portal: PortalWorld, citizen: Visitor) -> None:
    earlier = citizen.file()
    with session_scope(portal.database) as session:
        acceptance.accept(session, portal.store, portal.law, earlier, "tiepnhan", NOW)
    papers = citizen.answer().headers["location"]
    page = citizen.get(papers)
    assert f"Nguồn: hồ sơ {earlier}" in words(page)
    refused = citizen.post(papers, {"go": "check", "papers_shown": "yes"})
    assert refused.status_code == 422  # nothing ticked, nothing handed in
    held = re.findall(r'name="reuse" value="([\w-]+)"', page.text)
    body = {"csrf_token": citizen.token(), "go": "check", "papers_shown": "yes", "reuse": held}
    check = citizen.client.post(papers, data=body)
    assert f"dùng lại từ hồ sơ {earlier}" in words(check)
    code = citizen.post(sending_of(check), {"truth": "yes"}).headers["location"].rsplit("/", 1)[1]
    with read_scope(portal.database) as session:
        given = {one.document_id for one in session.exec(select(FilingConsent)).all()}
        assert given == set(held)
        signed = session.exec(select(AuditEntry).where(AuditEntry.act == "dossier-signed")).all()
        assert {entry.subject for entry in signed} == {earlier, code}
        assert signed[-1].data["reused"] == held and len(signed[-1].data["digest"]) == 64
        assert audit.verify(session).ok


def test_a_typed_personal_number_opens_nobody_elses_papers(portal: PortalWorld, citizen: Visitor) -> None:
    earlier = citizen.file()
    with session_scope(portal.database) as session:
        acceptance.accept(session, portal.store, portal.law, earlier, "tiepnhan", NOW)
        stolen = session.exec(select(Document.id).where(Document.role == "upload")).first()
    stranger = Visitor(portal)
    stranger.sign_in("nguoikhac")
    papers = stranger.answer().headers["location"]
    assert 'name="reuse"' not in stranger.get(papers).text
    answer = stranger.post(papers, {"go": "check", "papers_shown": "yes", "reuse": str(stolen)})
    assert answer.status_code == 422


def test_a_proxy_files_with_an_authorisation_unless_near_kin(portal: PortalWorld, citizen: Visitor) -> None:
    assert "Hãy chọn quan hệ" in words(citizen.answer(behalf="proxy"))
    papers = citizen.answer(behalf="proxy", relation="other", applicant_name="Lê Thị Khác").headers["location"]
    assert "Chưa có giấy tờ bắt buộc: Văn bản ủy quyền" in words(citizen.post(papers, {"go": "check"}))
    near = citizen.answer(behalf="proxy", relation="child", applicant_name="Lê Thị Khác").headers["location"]
    assert "Văn bản ủy quyền" not in words(citizen.post(near, {"go": "check"})).split("Cần sửa")[1].split("1.")[0]
    code = citizen.post(sending_of(citizen.hand_in(papers)), {"truth": "yes"}).headers["location"].rsplit("/", 1)[1]
    page = words(citizen.get(f"/ho-so/{code}"))
    assert "Nộp theo ủy quyền" in page and "Lê Thị Khác" in page


def test_nobody_files_in_a_right_that_they_do_not_hold(citizen: Visitor) -> None:
    assert citizen.get("/nop-ho-so/karaoke?cho=enterprise").status_code == 403
    assert citizen.answer(behalf="youth").status_code == 403


def test_post_needs_an_address(citizen: Visitor) -> None:
    assert "Hãy nhập địa chỉ" in words(citizen.answer(delivery="post"))
    assert citizen.answer(delivery="post", applicant_address="Số 1 đường Thử Nghiệm").is_redirect


def test_local_filing_is_switched_off_by_date(portal: PortalWorld, citizen: Visitor) -> None:
    sending = citizen.check()
    law = portal.law.model_copy(update={"standing_on": None})
    portal.app.state.law, portal.app.state.clock = law, lambda: NOW - timedelta(days=1)
    assert not law.takes_local_filings(NOW.date())
    assert "nay nộp trên Cổng Dịch vụ công quốc gia" in words(citizen.get("/nop-ho-so/karaoke"))
    answer = citizen.post(sending, {"truth": "yes"})
    assert (answer.status_code, "Cổng Dịch vụ công quốc gia" in words(answer)) == (409, True)
