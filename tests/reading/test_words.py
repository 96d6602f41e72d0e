"""The small rules under the reading: folding, approximate search, syllables, values, codes, kinds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.reading import evidence, values
from lienthong.reading.classify import UNKNOWN, classify, fits
from lienthong.reading.folding import best_match, ends_of, fold
from lienthong.reading.syllables import is_syllable, mend

LETTERS = st.text(alphabet="abc ", max_size=12)


def slow_ends(needle: str, haystack: str, most: int) -> list[tuple[int, int]]:
    """The textbook table, as a second opinion."""
    column, ends = list(range(len(needle) + 1)), []
    for position, letter in enumerate(haystack, 1):
        new = [0]
        for row, wanted in enumerate(needle, 1):
            new.append(min(column[row - 1] + (letter != wanted), column[row] + 1, new[-1] + 1))
        column = new
        if column[-1] <= most:
            ends.append((column[-1], position))
    return ends


@given(needle=st.text(alphabet="abc ", min_size=1, max_size=8), haystack=LETTERS, most=st.integers(0, 4))
def test_the_fast_search_finds_what_the_textbook_table_finds(needle: str, haystack: str, most: int) -> None:
    assert ends_of(needle, haystack, most) == slow_ends(needle, haystack, most)


def test_folding_keeps_every_position() -> None:
    text = "Đường Nguyễn Thị Ứng, số 5"
    assert fold(text) == "duong nguyen thi ung, so 5"
    assert len(fold(text)) == len(text)


def test_a_label_is_found_through_recognition_errors() -> None:
    found = best_match("ma so doanh nghiep", fold("2. mã sổ đoanhn nghep: 41"), 3)
    assert found is not None and found[0] <= 3


@pytest.mark.parametrize("word", ["Nguyễn", "nghiệm", "THUYẾT", "quý", "giường", "gì", "khoẻ", "Ẩn"])
def test_syllables_are_known(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["tiỉnh", "gửửi", "nTuy", "Karaoke", "chẵáy", "bcd"])
def test_what_is_no_syllable_is_known(word: str) -> None:
    assert not is_syllable(word)


def test_a_doubled_unsure_letter_is_left_out_and_the_doubt_stays() -> None:
    text, certainty = mend("ở tiỉnh Bình", [1.0, 1.0, 1.0, 0.4, 0.8, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    assert text == "ở tỉnh Bình"
    assert len(certainty) == len(text)
    assert certainty[2:6] == [0.4] * 4


@pytest.mark.parametrize(("seen", "meant"), [("Thư'Nghiệm", "Thử Nghiệm"), ("đê' làm", "để làm"), ("5' nữa", "5' nữa")])
def test_a_hook_seen_as_an_apostrophe_is_put_back_with_doubt(seen: str, meant: str) -> None:
    text, certainty = mend(seen, [1.0] * len(seen))
    assert text == meant and len(certainty) == len(text)
    assert (min(certainty) < 0.85) == (seen != meant)


def test_certain_letters_are_never_left_out() -> None:
    assert mend("tiỉnh", [1.0] * 5)[0] == "tiỉnh"


@pytest.mark.parametrize(
    ("kind", "printed", "normal"),
    [
        ("personal_number", "052 099 000 001", "052099000001"),
        ("personal_number", "O5209900000l", "052099000001"),
        ("personal_number", "05209900001", None),
        ("personal_number", "999099000001", None),
        ("date", "05/01/2022", "2022-01-05"),
        ("date", "31/02/2022", None),
        ("date", "14/07/19", None),
        ("long_date", "Bình Định, ngày 05 tháng 01 năm 2022", "2022-01-05"),
        ("count", "06 phòng", "6"),
        ("count", "phòng", None),
        ("money", "500.000.000 đồng", "500.000.000 đồng"),
        ("money", "50.00.000 đồng", None),
        ("passport_number", "X5565459", "X5565459"),
        ("passport_number", "5565459", None),
        ("person", "NGUYỄN VĂN THỬ", "Nguyễn Văn Thử"),
        ("person", "TEST ALEX", "TEST ALEX"),
        ("person", "Nguyễn Văn 7hử", None),
        ("sex", "Nữ", "Nữ"),
        ("document_number", "276/NT-PCCC", "276/NT-PCCC"),
        ("conviction", "Không có án tích.", "Không có án tích"),
    ],
)
def test_values_have_one_normal_form_or_none(kind: str, printed: str, normal: str | None) -> None:
    assert values.PARSERS[kind](printed) == normal


def test_a_wrong_digit_breaks_the_tax_check() -> None:
    right = "4101790802"
    assert values.tax_check(right)
    for position in range(10):
        wrong = right[:position] + str((int(right[position]) + 1) % 10) + right[position + 1 :]
        assert not values.tax_check(wrong)


def test_the_code_of_a_citizen_card_gives_its_fields() -> None:
    code = "052099000001||Nguyễn Văn Thử|01021999|Nam|1 Thử, Quy Nhơn|05012022"
    found = evidence.from_codes([code])
    assert found["full_name"] == "Nguyễn Văn Thử"
    assert (found["date_of_birth"], found["issue_date"]) == ("1999-02-01", "2022-01-05")


def test_a_machine_readable_line_counts_only_with_right_check_digits() -> None:
    line = "X5565459<4UTO9211063F3111231<<<<<<<<<<<<<<00"
    assert evidence.from_machine_readable(line) == {
        "passport_number": "X5565459",
        "date_of_birth": "1992-11-06",
        "expiry_date": "2031-11-23",
    }
    assert "date_of_birth" not in evidence.from_machine_readable(line.replace("921106", "921107"))


def test_a_title_with_errors_still_tells_the_kind() -> None:
    kind, confidence = classify("PHIÊU LÝ LỊCH TỪ PHÁP SỐ 1\nXÁC NHÂN:\n8. Tình trạng án tich: Không")
    assert kind == "criminal-record" and confidence > 0.85


def test_the_declaration_is_not_taken_for_the_certificate_that_it_asks_for() -> None:
    text = (
        "TỜ KHAI YÊU CẦU CẤP PHIẾU LÝ LỊCH TƯ PHÁP\nMục đích yêu cầu: việc làm\nPhiếu lý lịch tư pháp: Số 1\nNGƯỜI KHAI"
    )
    assert classify(text)[0] == "criminal-record-declaration"


def test_any_other_text_is_of_unknown_kind() -> None:
    assert classify("Thực đơn hôm nay: phở, bún chả, cơm tấm") == (UNKNOWN, 0.0)


def test_a_filled_form_fits_where_the_law_asks_for_an_application() -> None:
    assert fits("application-form", "karaoke-licence-request")
    assert not fits("application-form", "identity-card")
    assert not fits("passport", "identity-card")
    assert fits("design-drawings", "unknown")
