"""Papers of a dossier: fills each form with what it must say and stores it with the dossier."""

from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from lienthong.dossiers import documents, tracking
from lienthong.dossiers.law import Law
from lienthong.dossiers.law_records import Bundle
from lienthong.dossiers.numbering import next_paper_number
from lienthong.dossiers.papers import long_date, moment, money, render
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.rules.components import ComponentStatus
from lienthong.dossiers.rules.deadline import Limit, LimitUnit
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables import Branch, Component, Document, DocumentRole, Dossier, Payment, PaymentLine
from lienthong.settings import settings

UNITS: Final = {
    LimitUnit.WORKING_DAYS: "ngày làm việc",
    LimitUnit.CALENDAR_DAYS: "ngày",
    LimitUnit.WORKING_HOURS: "giờ làm việc",
}
COMPONENTS: Final = {
    ComponentStatus.PROVIDED: "Đã nộp",
    ComponentStatus.REUSED: "Dùng lại giấy tờ đã có",
    ComponentStatus.DERIVED: "Tra từ cơ sở dữ liệu",
    ComponentStatus.RESULT_OF_SIBLING: "Kết quả thủ tục liên thông",
    ComponentStatus.WAIVED: "Không phải nộp",
    ComponentStatus.MISSING: "Chưa có",
}
OUTCOMES: Final = {
    "issued": "Đã có kết quả",
    "refused": "Từ chối",
    "skipped": "Không thực hiện",
    "active": "Đang giải quyết",
    "waiting": "Chưa bắt đầu",
}
DELIVERIES: Final = {
    "online": "Trực tuyến, trên Cổng dịch vụ công",
    "desk": "Bộ phận Một cửa",
    "post": "Dịch vụ bưu chính công ích",
}


def limit_text(limit: Limit) -> str:
    """A time limit as papers write it: ``5 ngày làm việc``."""
    return f"{limit.value:g} {UNITS[limit.unit]}".replace(".", ",")


def write(
    session: Session,
    store: Store,
    law: Law,
    dossier: Dossier,
    paper: str,
    authority_id: str,
    now: datetime,
    data: dict[str, Any],
    actor: str = "system",
) -> Document:
    """Number, render and store one form of the desk; ``data`` fills what is its own."""
    record = law.paper(paper, local(now).date())
    number = next_paper_number(session, record.number, authority_id, now)
    content = render(
        paper,
        {
            **_head(law, dossier, authority_id, now),
            "title_vi": record.title_vi,
            "title_en": record.title_en,
            "form": record.form,
            "number": number,
            "qr": f"{settings().web_url}/tra-cuu?code={dossier.code}",
            "officer": "",
            **data,
        },
        now,
    )
    role = {"acceptance-slip": DocumentRole.SLIP, "payment-receipt": DocumentRole.RECEIPT}.get(
        paper, DocumentRole.LETTER
    )
    name = f"{record.form} {record.title_vi.capitalize()} {dossier.code}.pdf"
    return documents.attach_pdf(session, store, dossier, content, paper, name, role, now, actor, number)


def _head(law: Law, dossier: Dossier, authority_id: str, now: datetime) -> dict[str, Any]:
    authority = law.authority(authority_id)
    parent = law.authority(authority.parent_id).name_vi if authority.parent_id else "Bộ Công an"
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    return {
        "parent": parent,
        "body": authority.name_vi,
        "date": long_date(now),
        "code": dossier.code,
        "applicant": dossier.applicant_name,
        "organisation": dossier.organisation_name,
        "address": dossier.applicant_address,
        "phone": dossier.applicant_phone,
        "email": dossier.applicant_email,
        "content": bundle.title_vi,
        "received": moment(dossier.filed_at),
        "due": moment(dossier.due_at),
    }


def acceptance_slip(session: Session, store: Store, law: Law, dossier: Dossier, now: datetime) -> Document:
    """Form 01 with components, the due time of the bundle and of each branch."""
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    data = {
        "desk": law.authority(law.desk(dossier)).name_vi,
        "components": _component_rows(session, dossier),
        "sets": "01 bộ",
        "legal_time": _legal_time(law, dossier, bundle),
        "branches": _branch_rows(session, law, dossier),
        "delivery": DELIVERIES.get(dossier.delivery, dossier.delivery),
        "fee": "Theo thông báo nộp phí, lệ phí của hồ sơ",
        "register": f"Sổ theo dõi hồ sơ năm {local(now).year}",
        "tracking": f"{settings().web_url}/tra-cuu",
    }
    return write(session, store, law, dossier, "acceptance-slip", law.desk(dossier), now, data)


def _legal_time(law: Law, dossier: Dossier, bundle: Bundle) -> str:
    limits = law.under(dossier).limits(bundle, dossier.options)
    return "; ".join(f"{code}: {limit_text(limit)}" for code, limit in limits.items())


def _component_rows(session: Session, dossier: Dossier) -> list[dict[str, Any]]:
    statement = select(Component).where(Component.dossier_id == dossier.id)
    rows = session.exec(statement.order_by(col(Component.branch_code), col(Component.component_code))).all()
    return [
        {
            "name": row.name,
            "branch": row.branch_code,
            "status": "Chờ kết quả " + row.provenance.removeprefix("awaits:")
            if row.provenance.startswith("awaits:")
            else COMPONENTS[ComponentStatus(row.status)],
            "quantity": 1,
        }
        for row in rows
    ]


def _branch_rows(session: Session, law: Law, dossier: Dossier) -> list[dict[str, str]]:
    day = local(dossier.filed_at).date()
    return [
        {
            "code": branch.procedure_code,
            "name": law.under(dossier).procedure(branch.procedure_code, day).name_vi,
            "authority": law.authority(branch.authority_id).name_vi,
            "due": moment(branch.due_at) or "Khi bắt đầu",
        }
        for branch in tracking.branches(session, dossier.id)
    ]


def control_sheet(session: Session, store: Store, law: Law, dossier: Dossier, now: datetime) -> Document:
    """Form 05: when each authority got the dossier and gave it on, against its due time."""
    rows = [
        {
            "code": branch.procedure_code,
            "authority": law.authority(branch.authority_id).name_vi,
            "started": moment(branch.started_at),
            "finished": moment(branch.finished_at),
            "due": moment(branch.due_at),
            "outcome": outcome_text(branch),
        }
        for branch in tracking.branches(session, dossier.id)
    ]
    desk = law.desk(dossier)
    return write(session, store, law, dossier, "control-sheet", desk, now, {"rows": rows})


def outcome_text(branch: Branch) -> str:
    """The result of a branch with its timeliness: trước hạn / đúng hạn / quá hạn."""
    text = OUTCOMES[branch.status]
    if branch.finished_at is None or branch.due_at is None:
        return text
    if branch.finished_at > branch.due_at:
        return f"{text}, quá hạn"
    same_day = local(branch.finished_at).date() == local(branch.due_at).date()
    return f"{text}, {'đúng hạn' if same_day else 'trước hạn'}"


def payment_receipt(
    session: Session, store: Store, law: Law, dossier: Dossier, payment: Payment, now: datetime
) -> Document:
    """The receipt with a line an authority."""
    lines = session.exec(select(PaymentLine).where(PaymentLine.payment_id == payment.id)).all()
    data = {
        "lines": [
            {
                "code": line.procedure_code,
                "name": line.name,
                "authority": law.authority(line.authority_id).name_vi,
                "amount": money(line.amount),
            }
            for line in lines
        ],
        "total": money(payment.amount),
        "transaction": payment.transaction_id or "",
        "paid": moment(payment.paid_at),
    }
    desk = law.desk(dossier)
    return write(session, store, law, dossier, "payment-receipt", desk, now, data)


def result(
    session: Session, store: Store, law: Law, dossier: Dossier, branch: Branch, number: str, now: datetime
) -> Document:
    """The result of one procedure with a QR code that leads to its verification."""
    procedure = law.under(dossier).procedure(branch.procedure_code, local(dossier.filed_at).date())
    content = render(
        "result",
        {
            **_head(law, dossier, branch.authority_id, now),
            "title_vi": procedure.result_name_vi.upper(),
            "title_en": procedure.result_name_en,
            "form": "",
            "number": number,
            "qr": f"{settings().web_url}/xac-minh/{number}",
            "basis": procedure.basis,
            "personal_number": dossier.applicant_personal_number,
            "content": procedure.name_vi,
            "facts": [],
            "officer": "",
        },
        now,
    )
    name = f"{procedure.result_name_vi} {number}.pdf".replace("/", "-")
    return documents.attach_pdf(
        session, store, dossier, content, procedure.result_kind, name, DocumentRole.RESULT, now, "system", number
    )
