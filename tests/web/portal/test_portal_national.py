"""Filings that the National Portal pushes over HTTP: answered 0, 1, -1; never without its signature."""

import json
from datetime import timedelta
from typing import Any

import pytest
from portal_world import NOW, PortalWorld, Visitor, scan
from sqlmodel import select

from connectors.errors import Refused
from lienthong.dossiers import national_portal, payments, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables import Dossier

ADDRESS = "/lien-thong/quoc-gia/ho-so"
FILING = {
    "MaHoSo": "G00.99-261124-0001",
    "MaTTHC": "karaoke",
    "ChuHoSo": "Nguyễn Văn Thử",
    "LoaiDoiTuong": 1,
    "MaDoiTuong": "052099000001",
    "SoDienThoai": "0900000001",
    "HinhThuc": 0,
    "DuLieuKhai": {"area": "elsewhere", "roomCount": 4},
    "TaiLieuNop": [
        {"MaThanhPhanHoSo": "application-form", "TenTepDinhKem": "don.png", "DuongDanTaiTepTin": "http://x/1"}
    ],
}


class Files:
    """The National Portal's files, without the wire."""

    def file(self, address: str) -> bytes:
        if address != "http://x/1":
            raise Refused("national_portal", "named a file that is not its own", "")
        return scan("đơn")


def push(portal: PortalWorld, filing: Any, secret: str | None = None) -> tuple[int, dict[str, Any]]:
    portal.app.state.national_portal = Files()
    body = json.dumps(filing).encode()
    signature = payments.sign(secret or portal.settings.national_portal_secret, body)
    answer = Visitor(portal).client.post(ADDRESS, content=body, headers={"X-Signature": signature})
    return answer.status_code, answer.json()


def dossiers(portal: PortalWorld) -> list[Dossier]:
    with read_scope(portal.database) as session:
        found = list(session.exec(select(Dossier)).all())
        session.expunge_all()
        return found


def test_a_filing_is_taken_once_and_known_afterwards(portal: PortalWorld) -> None:
    status, answer = push(portal, FILING)
    assert (status, answer["status"]) == (200, 0)
    (dossier,) = dossiers(portal)
    assert (dossier.code, dossier.options["roomCount"], dossier.delivery) == (answer["MaHoSo"], 4, "desk")
    assert push(portal, FILING) == (200, {"status": 1, "MaHoSo": dossier.code})
    assert len(dossiers(portal)) == 1


def test_it_is_taken_after_local_filing_has_been_switched_off(portal: PortalWorld) -> None:
    portal.app.state.law = portal.law.model_copy(update={"standing_on": None})
    assert not portal.app.state.law.takes_local_filings(NOW.date())
    options = {question.name: question.default for question in portal.app.state.law.bundles(NOW.date())[0].questions}
    bundle = portal.app.state.law.bundles(NOW.date())[0].id
    assert push(portal, {**FILING, "MaTTHC": bundle, "DuLieuKhai": options})[1]["status"] == 0


@pytest.mark.parametrize(
    "change",
    [
        {"MaTTHC": "unknown"},
        {"ChuHoSo": ""},
        {"MaDoiTuong": "12"},
        {"DuLieuKhai": {"area": "moon"}},
        {"TaiLieuNop": [{"MaThanhPhanHoSo": "a", "TenTepDinhKem": "b.png", "DuongDanTaiTepTin": "http://elsewhere/"}]},
    ],
)
def test_what_cannot_be_taken_is_answered_minus_one_with_a_reason(portal: PortalWorld, change: dict[str, Any]) -> None:
    status, answer = push(portal, {**FILING, **change})
    assert (status, answer["status"]) == (200, -1) and answer["message"]
    assert dossiers(portal) == []
    assert push(portal, FILING)[1]["status"] == 0  # a better one under the same code may follow


def test_nothing_is_read_without_the_signature(portal: PortalWorld) -> None:
    status, answer = push(portal, FILING, "another secret")
    assert (status, answer["status"]) == (401, -1)
    assert dossiers(portal) == []


def test_statuses_are_told_in_order_and_again_when_nobody_answered(portal: PortalWorld) -> None:
    push(portal, FILING)
    with session_scope(portal.database) as session:
        dossier = session.exec(select(Dossier)).one()
        assert national_portal.note_change(session, dossier, NOW) is not None
        assert national_portal.note_change(session, dossier, NOW) is None  # the same status again
        dossier.status = "processing"
        national_portal.note_change(session, dossier, NOW)
        (first,) = national_portal.due(session, portal.law, NOW)  # one a dossier at a time
        assert (first.dossier_code, int(first.code), first.dossier) == (FILING["MaHoSo"], 1, None)
        national_portal.not_told(session, first.row_id, "down", NOW)
        assert dossier.sync_status == "failed"
        assert national_portal.due(session, portal.law, NOW) == []
        later = NOW + timedelta(minutes=5)
        (again,) = national_portal.due(session, portal.law, later)
        assert again.row_id == first.row_id
        national_portal.told(session, again.row_id, later)
        (second,) = national_portal.due(session, portal.law, later)
        assert int(second.code) == 4
        national_portal.told(session, second.row_id, later)
        assert dossier.sync_status == "synced"


def test_a_dossier_filed_here_is_told_with_its_body_first(portal: PortalWorld, citizen: Visitor) -> None:
    code = citizen.file()
    with session_scope(portal.database) as session:
        national_portal.note_change(session, tracking.require(session, code), NOW)
        (first,) = national_portal.due(session, portal.law, NOW)
        assert first.dossier is not None
        assert (first.dossier["MaHoSo"], first.dossier["TrangThaiHoSo"]) == (code, "1")
        national_portal.told(session, first.row_id, NOW)
