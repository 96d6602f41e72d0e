"""The bodies of the National Portal in its own words [V*: domain.md 8.4], as pure functions."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

SYSTEM: Final = "national_portal"
ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")


class FilingAnswer(IntEnum):
    """What an incoming filing is answered."""

    ACCEPTED = 0
    DUPLICATE = 1
    ERROR = -1


class MalformedFiling(Exception):
    """An incoming filing that cannot be read; ``str`` says what was expected."""


@dataclass(frozen=True, slots=True)
class FiledPaper:
    """A file of an incoming filing: which paper, under which name, where to fetch it."""

    kind: str
    file_name: str
    address: str


@dataclass(frozen=True, slots=True)
class IncomingFiling:
    """A filing as the National Portal tells it."""

    code: str
    procedure: str
    applicant: str
    applicant_kind: int
    personal_number: str
    phone: str
    email: str
    address: str
    delivery: int
    options: dict[str, Any]
    papers: tuple[FiledPaper, ...]


@dataclass(frozen=True, slots=True)
class DossierStatus:
    """A change of status to tell; ``code`` is 1 to 10."""

    dossier_code: str
    code: int
    handler: str
    unit: str
    content: str
    at: datetime
    started_at: datetime | None
    due_at: datetime | None


def stamp(at: datetime | None) -> str:
    """A time as the protocol writes it: yyyyMMddHHmmss in Vietnam, empty for none."""
    return "" if at is None else at.astimezone(ZONE).strftime("%Y%m%d%H%M%S")


def status_body(status: DossierStatus) -> dict[str, Any]:
    """A status in the protocol's words."""
    return {
        "MaHoSo": status.dossier_code,
        "NguoiXuLy": status.handler,
        "ChucDanh": "",
        "ThoiDiemXuLy": stamp(status.at),
        "PhongBanXuLy": status.unit,
        "NoiDungXuLy": status.content,
        "TrangThai": str(status.code),
        "NgayBatDau": stamp(status.started_at),
        "NgayKetThucTheoQuyDinh": stamp(status.due_at),
    }


def parse_filing(value: Any) -> IncomingFiling:
    """An incoming filing, checked. Raises `MalformedFiling` with what was expected."""
    if not isinstance(value, dict):
        raise MalformedFiling("Expected an object")
    for name in ("MaHoSo", "MaTTHC", "ChuHoSo", "MaDoiTuong", "SoDienThoai"):
        if not isinstance(value.get(name), str) or not value[name].strip():
            raise MalformedFiling(f"Expected {name} as a text")
    papers = value.get("TaiLieuNop", [])
    options = value.get("DuLieuKhai", {})
    if not isinstance(papers, list) or not isinstance(options, dict):
        raise MalformedFiling("Expected TaiLieuNop as a list and DuLieuKhai as an object")
    try:
        return IncomingFiling(
            code=value["MaHoSo"].strip(),
            procedure=value["MaTTHC"].strip(),
            applicant=value["ChuHoSo"].strip(),
            applicant_kind=int(value.get("LoaiDoiTuong", 1)),
            personal_number=value["MaDoiTuong"].strip(),
            phone=value["SoDienThoai"].strip(),
            email=str(value.get("Email", "")),
            address=str(value.get("DiaChi", "")),
            delivery=int(value.get("HinhThuc", 0)),
            options=dict(options),
            papers=tuple(_paper(paper) for paper in papers if paper.get("IsDeleted") is not True),
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise MalformedFiling("Expected LoaiDoiTuong and HinhThuc as numbers and papers as objects") from error


def _paper(value: dict[str, Any]) -> FiledPaper:
    names = ("MaThanhPhanHoSo", "TenTepDinhKem", "DuongDanTaiTepTin")
    if any(not isinstance(value.get(name), str) or not value[name] for name in names):
        raise MalformedFiling(f"Expected {', '.join(names)} for every paper")
    return FiledPaper(*(value[name] for name in names))
