"""The register of a desk: numbered through the year, a month goes on, A4, signed."""

import unicodedata
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from lienthong.dossiers import acceptance, filing, handover, register
from lienthong.dossiers.documents import MemoryStore
from lienthong.dossiers.law import Law
from lienthong.dossiers.papers.verification import verify_document
from lienthong.dossiers.tables import Dossier
from tests.persistence.conftest import karaoke
from tests.persistence.test_papers import A4_ACROSS, read, size

DESK = "bd-ttpvhcc"


@pytest.fixture
def year(session: Session, store: MemoryStore, law: Law, now: datetime, paper: bytes) -> list[Dossier]:
    days = (0, 1, 31, 32, 365)
    return [
        filing.file_dossier(session, store, law, karaoke(f"r-{day}", paper), now + timedelta(days=day)) for day in days
    ]


def test_numbers_run_through_the_year_and_a_month_goes_on(session: Session, law: Law, year: list[Dossier]) -> None:
    whole = register.rows(session, law, DESK, 2023)
    assert [(row.number, row.code) for row in whole] == [(n, one.code) for n, one in enumerate(year[:4], 1)]
    february = register.rows(session, law, DESK, 2023, 2)
    assert [row.number for row in february] == [3, 4]
    assert register.rows(session, law, "bd-ubnd-xa", 2023) == []


def test_a_row_follows_its_dossier_to_the_hand_over(
    session: Session, store: MemoryStore, law: Law, year: list[Dossier], now: datetime
) -> None:
    code = year[0].code
    acceptance.set_deadline(session, law, code, "K4", now + timedelta(hours=1))
    open_row = register.rows(session, law, DESK, 2023)[0]
    assert (open_row.returned, open_row.way) == ("", "") and open_row.transferred == "09:00 ngày 03/01/2023"
    acceptance.record_status(session, code, "done", now + timedelta(days=40))
    handover.hand_over(session, store, law, code, "canbo", now + timedelta(days=40))
    row = register.rows(session, law, DESK, 2023)[0]
    assert row.returned == "08:00 ngày 12/02/2023" and row.way.startswith("Trực tuyến") and row.note == "Quá hạn"
    assert (row.sets, row.name, row.contact) == ("01", "Nguyễn Văn Thử", "0900 000 123")


def test_the_register_is_a_signed_a4_paper_and_a_table_for_other_programs(
    session: Session, law: Law, year: list[Dossier], now: datetime
) -> None:
    found = register.rows(session, law, DESK, 2023)
    pdf = register.as_pdf(law, DESK, 2023, found, now)
    text = unicodedata.normalize("NFC", read(pdf))
    for part in ("SỔ THEO DÕI HỒ SƠ", "Mẫu số 06", "Ký nhận", "Phương thức nhận", year[3].code.split("-")[-1]):
        assert part in text, part
    assert size(pdf) == A4_ACROSS and verify_document(pdf).ok
    lines = register.as_csv(found).splitlines()
    assert len(lines) == 5 and lines[0].startswith("number,code,procedure,sets,name")
