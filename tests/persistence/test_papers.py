"""Papers: every Vietnamese letter is printed by the one font we carry, and the same data give the same bytes."""

import unicodedata
from datetime import datetime, timedelta

import pypdfium2
import zxingcpp

from lienthong.dossiers.papers import long_date, moment, money, render
from tests.persistence.conftest import TUESDAY

LETTERS = sorted(
    {unicodedata.normalize("NFC", base + mark) for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for mark in ("", *"̣̀́̉̃")}
    | {"đ", "Đ"}
)
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


def read(pdf: bytes) -> str:
    return pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()


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
