"""The National Portal's part: filings that came from there, and the statuses (1 to 10) that it has to be told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from lienthong.dossiers import audit, filing, payments, tracking
from lienthong.dossiers.filing import Filing
from lienthong.dossiers.law import Law
from lienthong.dossiers.outbox import back_off
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.rules.status import NationalCode, SyncStatus
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables import Dossier
from lienthong.dossiers.tables.portal import NationalFiling, NationalStatus

ACCEPTED, DUPLICATE, ERROR = 0, 1, -1
TRIES: Final = 50
WORDS: Final = {
    NationalCode.NEWLY_REGISTERED: "Mới đăng ký",
    NationalCode.RECEIVED: "Được tiếp nhận",
    NationalCode.NOT_RECEIVED: "Không được tiếp nhận",
    NationalCode.PROCESSING: "Đang xử lý",
    NationalCode.SUPPLEMENT_REQUESTED: "Yêu cầu bổ sung giấy tờ",
    NationalCode.FINANCIAL_DUTY: "Yêu cầu thực hiện nghĩa vụ tài chính",
    NationalCode.WITHDRAWAL_REQUESTED: "Công dân yêu cầu rút hồ sơ",
    NationalCode.STOPPED: "Dừng xử lý",
    NationalCode.PROCESSED: "Đã xử lý xong",
    NationalCode.RETURNED: "Đã trả kết quả",
}


@dataclass(frozen=True, slots=True)
class PendingStatus:
    """A status to tell, with what the protocol wants beside it; ``dossier`` is its body when it was filed here."""

    row_id: int
    dossier_code: str
    code: NationalCode
    unit: str
    at: datetime
    started_at: datetime | None
    due_at: datetime | None
    dossier: dict[str, Any] | None


def token_of(national_code: str) -> str:
    """The filing token of a filing from there: the same filing again is the same dossier."""
    return f"national:{national_code}"[:64]


def answered(session: Session, national_code: str) -> NationalFiling | None:
    """What this filing was answered before."""
    return session.get(NationalFiling, national_code)


def accept(session: Session, store: Store, law: Law, national_code: str, asked: Filing, now: datetime) -> Dossier:
    """File it here, once a code of the National Portal."""
    dossier = filing.file_dossier(session, store, law, asked, now)
    row = NationalFiling(national_code=national_code, dossier_id=dossier.id, answer=ACCEPTED, received_at=now)
    session.merge(row)
    audit.record(session, "national-portal", "filing-received", dossier.code, {"nationalCode": national_code}, now)
    session.flush()
    return dossier


def refuse(session: Session, national_code: str, reason: str, now: datetime) -> None:
    """It could not be taken: kept with its reason; a better filing under the same code may follow."""
    if not national_code:
        return
    row = NationalFiling(national_code=national_code, answer=ERROR, reason=reason[:500], received_at=now)
    session.merge(row)
    audit.record(session, "national-portal", "filing-refused", national_code, {"reason": reason[:200]}, now)


def origin_of(session: Session, dossier_id: str) -> str:
    """The code there of a dossier that came from there; empty for one filed here."""
    statement = select(NationalFiling.national_code).where(NationalFiling.dossier_id == dossier_id)
    return session.exec(statement).first() or ""


def note_change(session: Session, dossier: Dossier, now: datetime) -> NationalStatus | None:
    """Queue the dossier's present status unless it is the one that was queued last."""
    code = tracking.national_status(dossier)
    last = session.exec(
        select(NationalStatus).where(NationalStatus.dossier_id == dossier.id).order_by(col(NationalStatus.id).desc())
    ).first()
    if last is not None and last.status == code:
        return None
    row = NationalStatus(dossier_id=dossier.id, status=int(code), at=now, next_attempt_at=now)
    session.add(row)
    dossier.sync_status = SyncStatus.PENDING
    session.add(dossier)
    session.flush()
    return row


def due(session: Session, law: Law, now: datetime, limit: int = 50) -> list[PendingStatus]:
    """Statuses that wait and whose time has come, in order; one a dossier, so that none overtakes another."""
    statement = (
        select(NationalStatus, Dossier)
        .join(Dossier, col(Dossier.id) == col(NationalStatus.dossier_id))
        .where(
            col(NationalStatus.sent_at).is_(None),
            col(NationalStatus.next_attempt_at) <= now,
            col(NationalStatus.attempts) < TRIES,
        )
        .order_by(col(NationalStatus.id))
        .limit(limit)
    )
    found: dict[str, PendingStatus] = {}
    for row, dossier in session.exec(statement).all():
        if dossier.id not in found and _is_next(session, row):
            found[dossier.id] = _pending(session, law, row, dossier)
    return list(found.values())


def _is_next(session: Session, row: NationalStatus) -> bool:
    """Whether no earlier status of the same dossier still waits."""
    earlier = select(NationalStatus.id).where(
        NationalStatus.dossier_id == row.dossier_id,
        col(NationalStatus.id) < (row.id or 0),
        col(NationalStatus.sent_at).is_(None),
        col(NationalStatus.attempts) < TRIES,
    )
    return session.exec(earlier).first() is None


def _pending(session: Session, law: Law, row: NationalStatus, dossier: Dossier) -> PendingStatus:
    first = select(NationalStatus.id).where(
        NationalStatus.dossier_id == dossier.id, col(NationalStatus.sent_at).is_not(None)
    )
    new_there = not origin_of(session, dossier.id) and session.exec(first).first() is None
    return PendingStatus(
        row_id=row.id or 0,
        dossier_code=origin_of(session, dossier.id) or dossier.code,
        code=NationalCode(row.status),
        unit=law.authority(str(dossier.authorities["desk"])).name_vi,
        at=row.at,
        started_at=dossier.accepted_at,
        due_at=dossier.due_at,
        dossier=dossier_body(session, law, dossier) if new_there else None,
    )


def dossier_body(session: Session, law: Law, dossier: Dossier) -> dict[str, Any]:
    """A dossier in the words of the protocol [V*: domain.md 8.4]; times as yyyyMMddHHmmss in Vietnam."""
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    payment = payments.of_dossier(session, dossier.id)
    lines = payments.lines(session, payment.id) if payment is not None else []
    return {
        "MaHoSo": dossier.code,
        "MaTTHC": bundle.id,
        "TenTTHC": bundle.title_vi,
        "ChuHoSo": dossier.organisation_name or dossier.applicant_name,
        "LoaiDoiTuong": 2 if dossier.organisation_name else 1,
        "MaDoiTuong": dossier.applicant_personal_number,
        "Email": dossier.applicant_email,
        "SoDienThoai": dossier.applicant_phone,
        "TrichYeuHoSo": bundle.title_vi,
        "NgayTiepNhan": _stamp(dossier.filed_at),
        "NgayHenTra": _stamp(dossier.due_at),
        "TrangThaiHoSo": str(int(tracking.national_status(dossier))),
        "HinhThuc": 0 if dossier.delivery == "desk" else 1,
        "DonViXuLy": law.authority(str(dossier.authorities["desk"])).name_vi,
        "DanhSachLePhi": [{"TenPhiLePhi": line.name, "SoTien": line.amount} for line in lines],
    }


def _stamp(at: datetime | None) -> str:
    return "" if at is None else f"{local(at):%Y%m%d%H%M%S}"


def told(session: Session, row_id: int, now: datetime) -> None:
    """The National Portal has it; the dossier is in step when nothing newer waits."""
    row = session.get_one(NationalStatus, row_id)
    row.sent_at, row.last_error = now, ""
    session.add(row)
    session.flush()
    newer = select(NationalStatus.id).where(
        NationalStatus.dossier_id == row.dossier_id, col(NationalStatus.sent_at).is_(None)
    )
    if session.exec(newer).first() is None:
        dossier = session.get_one(Dossier, row.dossier_id)
        dossier.sync_status = SyncStatus.SYNCED
        session.add(dossier)


def not_told(session: Session, row_id: int, error: str, now: datetime) -> None:
    """Try again later each time; the dossier shows that the National Portal does not know."""
    row = session.get_one(NationalStatus, row_id)
    row.attempts += 1
    row.last_error = error[:500]
    row.next_attempt_at = now + back_off(row.attempts)
    session.add(row)
    dossier = session.get_one(Dossier, row.dossier_id)
    dossier.sync_status = SyncStatus.FAILED
    session.add(dossier)
