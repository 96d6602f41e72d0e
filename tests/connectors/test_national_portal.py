"""The National Portal: statuses out, filings in, files only from its own address."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from connectors.errors import Refused, Unavailable
from connectors.national_portal.messages import DossierStatus, MalformedFiling, parse_filing, status_body

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
STATUS = DossierStatus("HS-1", 4, "Cán bộ thử", "Sở Văn hóa và Thể thao", "Đang xử lý", AT, AT, None)
FILING = {
    "MaHoSo": "G00.99-261124-0001",
    "MaTTHC": "karaoke",
    "ChuHoSo": "Nguyễn Văn Thử",
    "MaDoiTuong": "052099000001",
    "SoDienThoai": "0900000001",
    "DuLieuKhai": {"area": "elsewhere"},
    "TaiLieuNop": [
        {"MaThanhPhanHoSo": "application-form", "TenTepDinhKem": "don.pdf", "DuongDanTaiTepTin": "http://x/1"},
        {"IsDeleted": True},
    ],
}


def test_a_status_is_told_in_the_protocols_words_and_kept_once(sandbox: Any) -> None:
    assert status_body(STATUS)["ThoiDiemXuLy"] == "20261124100000"
    portal = sandbox.national_portal()
    portal.tell_status(STATUS)
    portal.tell_status(STATUS)
    told = httpx.get(f"{sandbox.url}/national-portal/statuses/HS-1").json()
    assert [(status["TrangThai"], status["NgayKetThucTheoQuyDinh"]) for status in told] == [("4", "")]


def test_a_code_out_of_range_is_refused(sandbox: Any) -> None:
    wrong = DossierStatus("HS-1", 11, "", "", "", AT, None, None)
    with pytest.raises(Refused, match="did not take"):
        sandbox.national_portal().tell_status(wrong)


def test_a_dossier_may_be_told_twice(sandbox: Any) -> None:
    portal = sandbox.national_portal()
    portal.tell_dossier({"MaHoSo": "HS-1"})
    portal.tell_dossier({"MaHoSo": "HS-1"})


def test_files_are_fetched_from_the_national_portal_alone(sandbox: Any) -> None:
    with pytest.raises(Refused, match="not its own"):
        sandbox.national_portal().file("http://127.0.0.1:1/somebody-else")
    with pytest.raises(Refused, match="HTTP 404"):
        sandbox.national_portal().file(f"{sandbox.url}/national-portal/files/none")


def test_a_portal_that_is_down_is_unavailable(sandbox: Any) -> None:
    sandbox.fault("national-portal", down=True)
    with pytest.raises(Unavailable):
        sandbox.national_portal().tell_status(STATUS)


def test_a_filing_that_nobody_takes_is_kept_with_minus_one(sandbox: Any) -> None:
    answer = httpx.post(f"{sandbox.url}/national-portal/push", content=json.dumps(FILING)).json()
    assert answer["status"] == -1  # no province listens in this test


def test_a_filing_is_read_and_what_is_missing_is_named() -> None:
    filing = parse_filing(FILING)
    assert (filing.procedure, filing.options, len(filing.papers)) == ("karaoke", {"area": "elsewhere"}, 1)
    with pytest.raises(MalformedFiling, match="MaTTHC"):
        parse_filing({**FILING, "MaTTHC": " "})
    with pytest.raises(MalformedFiling, match="TenTepDinhKem"):
        parse_filing({**FILING, "TaiLieuNop": [{"MaThanhPhanHoSo": "x"}]})
    with pytest.raises(MalformedFiling, match="Expected an object"):
        parse_filing([])
