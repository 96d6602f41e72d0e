"""Whole papers, from bytes to key fields, on the committed sample pages."""

import io
import json

import cv2
import numpy as np
import pytest
from PIL import Image

from lienthong.reading import picture
from lienthong.reading.classify import KINDS
from lienthong.reading.confidence import settle
from lienthong.reading.engine import EngineMissing, RecognitionEngine, create_engine
from lienthong.reading.fields import find_fields
from lienthong.reading.reader import read_document
from lienthong.reading.result import Box, Line, Page
from lienthong.reading.samples import PAGES, NoSample, sample_kinds, sample_page
from lienthong.settings import Settings

THRESHOLD = Settings().field_confidence


def labels(stem: str) -> dict[str, str]:
    fields: dict[str, str] = json.loads((PAGES / f"{stem}.fields.json").read_text(encoding="utf-8"))["fields"]
    return fields


@pytest.mark.parametrize("stem", ["criminal-record.bad", "karaoke-licence-request.photo", "passport.scanned"])
def test_a_page_is_read_with_kind_and_no_wrong_field_above_the_threshold(stem: str, engine: RecognitionEngine) -> None:
    kind, condition = stem.split(".")
    reading = read_document(sample_page(kind, condition)[1], "image/jpeg", engine)
    truth = labels(stem)
    assert reading.kind == kind
    sure = [field for field in reading.fields if field.confidence >= THRESHOLD]
    assert [(field.name, field.value) for field in sure if truth[field.name] != field.value] == []
    assert len(sure) >= 0.6 * len(truth)
    assert json.loads(json.dumps(reading.as_json(), ensure_ascii=False))["kind"] == kind


def test_a_field_knows_its_place_on_the_page(engine: RecognitionEngine) -> None:
    field = read_document(sample_page("criminal-record", "scanned")[1], "image/jpeg", engine).field("personal_number")
    assert field is not None and field.page == 1
    assert 0 < field.box.x < 1 and 0.2 < field.box.y < 0.5 and field.box.height < 0.05


def test_a_code_on_the_paper_proves_what_is_printed(engine: RecognitionEngine) -> None:
    reading = read_document(sample_page("identity-card", "photo")[1], "image/jpeg", engine)
    number, name = reading.field("personal_number"), reading.field("full_name")
    assert number is not None and number.checks == ("proven",)
    assert name is not None and name.confidence > 0.9 and name.value == labels("identity-card.photo")["full_name"]


class NoEngine:
    """An engine that must not be asked."""

    name = "none"

    def read(self, page: picture.Grey) -> list[Line]:
        raise AssertionError("A text layer needs no recognition")

    def read_again(self, page: picture.Grey, box: Box) -> str:
        raise AssertionError("A text layer needs no recognition")


@pytest.mark.parametrize("kind", ["fire-acceptance", "criminal-record-declaration"])
def test_a_pdf_with_text_is_taken_as_it_is(kind: str) -> None:
    reading = read_document(sample_page(kind, "text")[1], "application/pdf", NoEngine())
    assert reading.engine == "text-layer" and reading.kind == kind
    assert {field.name: field.value for field in reading.fields} == labels(f"{kind}.text")
    assert reading.low_confidence(THRESHOLD) == []


def test_a_scan_inside_a_pdf_is_recognised(engine: RecognitionEngine) -> None:
    buffer = io.BytesIO()
    Image.open(io.BytesIO(sample_page("diploma", "scanned")[1])).save(buffer, "PDF", resolution=200)
    reading = read_document(buffer.getvalue(), "application/pdf", engine)
    assert (reading.kind, reading.engine) == ("diploma", "aster")


def test_lines_wider_than_the_network_takes_are_cut_and_joined(engine: RecognitionEngine) -> None:
    page = picture.prepare(picture.decode(sample_page("criminal-record", "clean")[1]))
    rows = [line for line in engine.read(page) if line.text.startswith("Căn cứ")]
    wide = np.full((1754, 2600), 255, np.uint8)
    box = rows[0].box
    cut = page[round(box.y * 1754) - 2 : round((box.y + box.height) * 1754) + 2, round(box.x * 1240) :][:, :700]
    for number in range(3):
        wide[100 : 100 + cut.shape[0], 100 + number * 760 : 100 + number * 760 + cut.shape[1]] = cut
    text = engine.read_again(wide, Box(0.02, 98 / 1754, 0.97, (cut.shape[0] + 4) / 1754))
    assert text.count("pháp") == 3


@pytest.mark.parametrize("angle", [-3.0, 0.0, 2.0])
def test_a_turned_page_comes_out_straight(angle: float) -> None:
    page = picture.scale(picture.decode(sample_page("karaoke-licence-request", "clean")[1]))
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    turned = picture.as_grey(cv2.warpAffine(page, turn, (width, height), borderValue=(255,)))
    assert picture.skew(turned) == pytest.approx(angle, abs=0.25)


def test_shading_is_divided_out() -> None:
    page = picture.decode(sample_page("criminal-record", "bad")[1])
    flat = picture.flatten(page)
    corners = [flat[20:220, 20:220], flat[20:220, -220:-20], flat[-220:-20, 20:220], flat[-220:-20, -220:-20]]
    medians = [float(np.median(corner)) for corner in corners]
    assert max(medians) - min(medians) < 12


def page_of(*texts: str, certainty: float = 0.99) -> Page:
    lines = [
        Line(text, certainty, Box(0.1, 0.1 + 0.03 * row, 0.015 * len(text), 0.02), (certainty,) * len(text))
        for row, text in enumerate(texts)
    ]
    return Page(1, 1000, 1400, tuple(lines))


def settled(kind: str, page: Page, again: str = "", **evidence: str) -> dict[str, tuple[str, float]]:
    fields = settle(find_fields(kind, (page,)), evidence, lambda _page, _box: again)
    return {field.name: (field.value, field.confidence) for field in fields}


def test_words_that_read_differently_the_second_time_are_doubtful() -> None:
    page = page_of("1. Họ và tên: Nguyễn Văn Thử")
    assert settled("criminal-record", page, again="Nguyễn Văn Thư")["full_name"][1] < THRESHOLD
    assert settled("criminal-record", page, again="Nguyễn Văn Thử")["full_name"][1] > THRESHOLD


def test_words_that_are_not_near_certain_are_doubtful_whatever_the_second_reading_says() -> None:
    page = page_of("1. Họ và tên: Nguyễn Văn Thử", certainty=0.95)
    assert settled("criminal-record", page, again="Nguyễn Văn Thử")["full_name"][1] < THRESHOLD


def test_a_code_that_says_otherwise_makes_a_field_doubtful() -> None:
    page = page_of("7. Số căn cước công dân: 052099000001")
    found = settled("criminal-record", page, personal_number="052099000002")
    assert found["personal_number"] == ("052099000001", 0.5)


def test_a_number_that_contradicts_sex_or_birth_makes_both_doubtful() -> None:
    page = page_of("2. Giới tính: Nữ", "7. Số căn cước công dân: 052099000001")
    found = settled("criminal-record", page, again="Nữ 052099000001")
    assert found["sex"][1] <= 0.5 and found["personal_number"][1] <= 0.5


def test_a_label_without_a_possible_value_is_shown_to_the_officer() -> None:
    found = settled("criminal-record", page_of("3. Ngày, tháng, năm sinh: 31/02/2022"))
    assert found["date_of_birth"] == ("31/02/2022", 0.3)


def test_an_address_runs_on_into_the_next_row() -> None:
    first = "6. Nơi thường trú: 271 Thử Nghiệm, phường Mẫu Một, tỉnh Bình"
    found = settled("criminal-record", page_of(first, "Định", "7. Số căn cước công dân: 052099000001"))
    assert found["address"][0] == "271 Thử Nghiệm, phường Mẫu Một, tỉnh Bình Định"


def test_every_kind_has_sample_pages_in_every_condition() -> None:
    for kind in KINDS:
        for condition in ("clean", "scanned", "bad", "photo"):
            assert len(sample_page(kind, condition)[1]) > 1000
    assert set(KINDS) < set(sample_kinds())
    assert sum(path.stat().st_size for path in PAGES.iterdir()) < 8 * 1024 * 1024
    with pytest.raises(NoSample):
        sample_page("identity-card", "burnt")


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(EngineMissing, match="'aster' or 'tesseract'"):
        create_engine("other")


def test_tesseract_reads_behind_the_same_interface() -> None:
    try:
        tesseract = create_engine("tesseract")
    except EngineMissing as missing:
        pytest.skip(str(missing))
    reading = read_document(sample_page("criminal-record", "scanned")[1], "image/jpeg", tesseract)
    assert (reading.kind, reading.engine) == ("criminal-record", "tesseract")
    number = reading.field("personal_number")
    assert number is not None and number.value == labels("criminal-record.scanned")["personal_number"]
