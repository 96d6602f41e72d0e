"""Papers: every Vietnamese letter is printed by the one font we carry, and the same data give the same bytes."""

import re
import unicodedata
from datetime import date, datetime, timedelta

import pypdfium2
import pytest
import zxingcpp
from sqlmodel import Session

from lienthong.dossiers import acceptance, documents, letters, payments
from lienthong.dossiers.documents import MemoryStore
from lienthong.dossiers.law import Law
from lienthong.dossiers.papers import FOLDER, long_date, moment, money, render
from lienthong.dossiers.tables import Document, DocumentRole, Dossier
from tests.persistence.conftest import TUESDAY

LETTERS = sorted(
    {unicodedata.normalize("NFC", base + mark) for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for mark in ("", *"̣̀́̉̃")}
    | {"đ", "Đ"}
)
A5, A5_ACROSS, A4_ACROSS = (420, 595), (595, 420), (842, 595)
DATA = {
    **{"parent": "Cấp trên", "body": "Cơ quan", "number": "0001/2023/TCHS", "date": "ngày 03", "code": "H08-1"},
    **{"title_vi": "PHIẾU", "title_en": "Slip", "form": "Mẫu 03", "applicant": "Nguyễn Văn Thử", "content": "x"},
    **{
        "reason": " ".join(LETTERS),
        "basis": "NĐ 61/2018",
        "officer": "",
        "qr": "https://example.invalid/tra-cuu?code=H08-1",
    },
}
OLD, NEW = date(2023, 1, 3), date(2026, 7, 1)
NAMES = ("acceptance-slip", "supplement-request", "refusal", "apology", "stop-notice", "control-sheet", "register")
TITLES = {
    OLD: {
        "Mẫu số 01": "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "Mẫu số 02": "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
        "Mẫu số 03": "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        "Mẫu số 04": "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
        "Mẫu số 05": "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
        "Mẫu số 06": "SỔ THEO DÕI HỒ SƠ",
    },
    NEW: {
        "Mẫu số 01": "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "Mẫu số 02": "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
        "Mẫu số 03": "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        "Mẫu số 04": "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN",
        "Mẫu số 05": "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
        "Mẫu số 06": "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
        "Mẫu số 07": "SỔ THEO DÕI HỒ SƠ",
    },
}


def read(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def size(pdf: bytes) -> tuple[int, int]:
    width, height = pypdfium2.PdfDocument(pdf)[0].get_size()
    return round(width), round(height)


def test_every_vietnamese_letter_is_on_the_page_in_the_embedded_font() -> None:
    assert len(LETTERS) == 146
    pdf = render("refusal", DATA, TUESDAY)
    assert set(LETTERS) <= set(unicodedata.normalize("NFC", read(pdf)))
    fonts = {part.split(b"/")[0].split(b" ")[0] for part in pdf.split(b"/BaseFont/")[1:]}
    assert fonts and all(b"LibertinusSerif" in font for font in fonts), fonts


def test_the_code_on_the_paper_can_be_read() -> None:
    picture = pypdfium2.PdfDocument(render("refusal", DATA, TUESDAY))[0].render(scale=3).to_pil()
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [DATA["qr"]]


def test_the_same_data_at_the_same_time_give_the_same_bytes() -> None:
    assert render("refusal", DATA, TUESDAY) == render("refusal", DATA, TUESDAY)
    assert render("refusal", DATA, TUESDAY) != render("refusal", DATA, TUESDAY + timedelta(days=1))


def test_what_an_applicant_writes_is_text_and_never_markup() -> None:
    hostile = '#read("/etc/passwd") *x* $y$ "quoted" \\ #panic()'
    said = read(render("refusal", {**DATA, "reason": hostile}, TUESDAY))
    assert '#read("/etc/passwd") *x* $y$' in said.replace("“", '"').replace("”", '"')


def test_times_and_money_are_written_the_vietnamese_way() -> None:
    late = datetime.fromisoformat("2023-01-03T18:30:00+00:00")
    assert moment(late) == "01:30 ngày 04/01/2023" and moment(None) == ""
    assert long_date(late) == "ngày 04 tháng 01 năm 2023"
    assert money(4_300_000) == "4.300.000 đồng" and money(0) == "0 đồng"


@pytest.mark.parametrize("day", [OLD, NEW], ids=["TT 01/2018", "TT 03/2025"])
def test_a_day_has_its_set_of_forms_with_the_full_titles_of_the_circular(law: Law, day: date) -> None:
    free = law.model_copy(update={"standing_on": None})
    found = {
        one.form: one.title_vi
        for one in free.papers
        if one.name in NAMES and one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)
    }
    assert found == TITLES[day]
    assert all((FOLDER / f"{one.template or one.name}.typ").is_file() for one in free.papers)
    assert {one.form_set for one in free.papers if one.name in NAMES} == {"TT 01/2018/TT-VPCP", "TT 03/2025/TT-VPCP"}


def made(session: Session, store: MemoryStore, law: Law, dossier: Dossier, name: str, now: datetime) -> bytes:
    data = {"reason": "thử lý do", "basis": "NĐ 61/2018", "new_due": "08:00 ngày 20/01/2023", "responsible": "Sở"}
    rest = {"stage": "tiếp nhận", "how": "trực tuyến", "contact": "Bộ phận Một cửa", "fee": "Không thu phí", "rows": []}
    letter = letters.write(session, store, law, dossier, name, "bd-svhtt", now, {**data, **rest})
    return store.get(letter.storage_key)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "supplement-request",
            ["thử lý do", "Giai đoạn", "tiếp nhận", "trực tuyến", "Bộ phận Một cửa", "0900 000 123"],
        ),
        ("refusal", ["thử lý do", "NĐ 61/2018", "Nguyễn Văn Thử"]),
        ("apology", ["thử lý do", "08:00 ngày 20/01/2023", "xin lỗi", "Trung tâm Phục vụ hành chính công tỉnh"]),
        ("control-sheet", ["Giao: giờ, ngày", "Nhận: giờ, ngày", "Ghi chú"]),
    ],
)
def test_each_letter_is_an_a5_pdf_a_with_what_its_form_asks(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime, name: str, said: list[str]
) -> None:
    pdf = made(session, store, law, dossier, name, now)
    text = unicodedata.normalize("NFC", read(pdf))
    record = law.paper(name, OLD)
    for part in (
        *said,
        record.title_vi,
        record.form,
        "TT 01/2018/TT-VPCP",
        dossier.code,
        "Bình Định, ngày 03 tháng 01",
    ):
        assert part in text, part
    assert size(pdf) == (A5_ACROSS if name == "control-sheet" else A5)
    assert re.search(rb"pdfaid:part>2<", pdf) and re.search(rb"pdfaid:conformance>B<", pdf)


@pytest.mark.parametrize("name", ["apology", "stop-notice"])
def test_a_dossier_of_a_later_version_gets_the_later_forms(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, name: str
) -> None:
    now = datetime.fromisoformat("2026-07-01T08:00:00+07:00")

    class Later(Law):
        def under(self, dossier: object) -> "Later":
            return self

    later = Later.model_validate({**dict(law), "standing_on": None})
    text = unicodedata.normalize("NFC", read(made(session, store, later, dossier, name, now)))
    assert later.paper(name, NEW).title_vi in text and "TT 03/2025/TT-VPCP" in text
    assert ("gia hạn" if name == "apology" else "dừng giải quyết") in text
    notice = letters.stop_notice(session, store, later, dossier, "hết hạn bổ sung", now)
    assert notice is not None and letters.stop_notice(session, store, later, dossier, "", now) == notice
    assert letters.stop_notice(session, store, law, dossier, "", TUESDAY) is None


def slips(session: Session, dossier: Dossier) -> list[Document]:
    return [one for one in documents.of_dossier(session, dossier.id) if one.kind == "acceptance-slip"]


def test_an_accepted_dossier_has_one_slip_under_the_number_of_the_first(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime
) -> None:
    rules = [{"procedureCode": "K4", "feeItem": "security-certificate"}]
    payments.create_payment(session, law, dossier.code, rules, now)
    acceptance.accept(session, store, law, dossier.code, "canbo", now + timedelta(hours=1))
    found = slips(session, dossier)
    assert {one.role for one in found} == {DocumentRole.SLIP, DocumentRole.SUPERSEDED}
    assert len({one.file_name for one in found}) == 2 and len({one.number for one in found}) == 1
    [slip] = documents.of_dossier(session, dossier.id, DocumentRole.SLIP)
    pdf = store.get(slip.storage_key)
    text = unicodedata.normalize("NFC", read(pdf))
    for part in (
        "Cần nộp 300.000 đồng",
        "Bản sao chứng thực",
        "Chờ kết quả K4",
        "01 bộ",
        "0001",
        "K4: 5 ngày làm việc",
    ):
        assert part in text, part
    assert size(pdf) == A5 and slip.pages == len(pypdfium2.PdfDocument(pdf)) == 2
