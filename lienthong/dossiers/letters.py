"""Papers of a dossier: fills each form with what it must say and stores it with the dossier."""

from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from lienthong.dossiers import documents, tracking
from lienthong.dossiers.errors import NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.law_records import Bundle, ComponentRule
from lienthong.dossiers.numbering import next_paper_number
from lienthong.dossiers.paper_making import Paper, make
from lienthong.dossiers.papers import long_date, moment, money
from lienthong.dossiers.papers.words import COMPONENTS, DELIVERIES, KINDS, OUTCOMES, limit_text
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.rules.components import ComponentStatus
from lienthong.dossiers.rules.reuse import AWAITS
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables import (
    Branch,
    Component,
    Document,
    DocumentRole,
    Dossier,
    Payment,
    PaymentLine,
    PaymentState,
)
from lienthong.settings import settings

_ROLES: Final = {"acceptance-slip": DocumentRole.SLIP, "payment-receipt": DocumentRole.RECEIPT}


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
    again: Document | None = None,
) -> Document:
    """Number, render, sign and store one form of the desk, of the set that the dossier's version follows.

    ``data`` fills what is its own; ``again`` is the paper that this one replaces: it keeps its number.
    """
    record = law.under(dossier).paper(paper, local(now).date())
    number = next_paper_number(session, record.number, authority_id, now) if again is None else again.number
    issue = 1 if again is None else 2
    form = f"{record.form} " if record.form_set else ""  # a receipt of fees belongs to no set
    name = f"{form}{record.title_vi.capitalize()} {dossier.code}"
    filled = {
        **_head(law, dossier, authority_id, now),
        "title_vi": record.title_vi,
        "title_en": record.title_en,
        "form": record.form if record.form_set else "",
        "form_set": record.form_set,
        "officer": "",
        **data,
    }
    made = Paper(
        record.template or paper,
        paper,
        _ROLES.get(paper, DocumentRole.LETTER),
        number,
        f"{name}.pdf" if again is None else f"{name} (bản {issue}).pdf",
        issue,
    )
    return make(session, store, dossier, made, filled, now, actor)


def _head(law: Law, dossier: Dossier, authority_id: str, now: datetime) -> dict[str, Any]:
    authority = law.authority(authority_id)
    parent = law.authority(authority.parent_id).name_vi if authority.parent_id else "Bộ Công an"
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    return {
        "parent": parent,
        "body": authority.name_vi,
        "desk": law.authority(law.desk(dossier)).name_vi,
        "place": place_of(law, authority_id),
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


def place_of(law: Law, authority_id: str) -> str:
    """The province that dates a paper: what stands after ``tỉnh`` in the name of the body or of one above it."""
    record = law.authority(authority_id)
    while "tỉnh " not in record.name_vi and record.parent_id:
        record = law.authority(record.parent_id)
    return record.name_vi.split("tỉnh ", 1)[1] if "tỉnh " in record.name_vi else ""


def acceptance_slip(session: Session, store: Store, law: Law, dossier: Dossier, now: datetime) -> Document:
    """Form 01 with components and due times; a dossier has one: a later one replaces the earlier, under its number."""
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    earlier = next(iter(documents.of_dossier(session, dossier.id, DocumentRole.SLIP)), None)
    data = {
        "components": component_rows(session, law, dossier),
        "sets": "01 bộ",
        "legal_time": _legal_time(law, dossier, bundle),
        "branches": _branch_rows(session, law, dossier),
        "delivery": DELIVERIES.get(dossier.delivery, dossier.delivery),
        "fee": fee_text(session, dossier),
        "register": f"{local(dossier.filed_at).year}",
        "register_number": dossier.code.rsplit("-", 1)[-1],
        "tracking": f"{settings().web_url}/tra-cuu",
    }
    if earlier is not None:
        earlier.role = DocumentRole.SUPERSEDED
        session.add(earlier)
    return write(session, store, law, dossier, "acceptance-slip", law.desk(dossier), now, data, again=earlier)


def fee_text(session: Session, dossier: Dossier) -> str:
    """What was paid or is owed, as the slip says it."""
    payment = session.exec(select(Payment).where(Payment.dossier_id == dossier.id)).first()
    if payment is None:
        return "Theo thông báo nộp phí, lệ phí của hồ sơ"
    if payment.amount == 0:
        return "Không thu phí"
    paid = payment.status == PaymentState.PAID
    return f"{'Đã nộp' if paid else 'Cần nộp'} {money(payment.amount)}"


def _legal_time(law: Law, dossier: Dossier, bundle: Bundle) -> str:
    limits = law.under(dossier).limits(bundle, dossier.options)
    return "; ".join(f"{code}: {limit_text(limit)}" for code, limit in limits.items())


def component_rows(session: Session, law: Law, dossier: Dossier) -> list[dict[str, Any]]:
    """The components as papers list them: name, kind of paper, procedure, status, quantity."""
    statement = select(Component).where(Component.dossier_id == dossier.id)
    rows = session.exec(statement.order_by(col(Component.branch_code), col(Component.component_code))).all()
    day, under = local(dossier.filed_at).date(), law.under(dossier)
    rules = {
        (code, rule.code): rule
        for code in {row.branch_code for row in rows}
        for rule in under.procedure(code, day).components
    }
    return [_component_row(row, rules.get((row.branch_code, row.component_code))) for row in rows]


def _component_row(row: Component, rule: ComponentRule | None) -> dict[str, Any]:
    status = COMPONENTS[ComponentStatus(row.status)]
    if row.provenance.startswith(AWAITS):
        status = "Chờ kết quả " + row.provenance.removeprefix(AWAITS)
    return {
        "name": row.name,
        "kind": "Dữ liệu" if row.status == ComponentStatus.DERIVED else KINDS[rule.form] if rule else "",
        "branch": row.branch_code,
        "status": status,
        "quantity": rule.copies if rule else 1,
    }


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
    """When each authority got the dossier and gave it on, against its due time (form 05, of TT 03/2025 form 06)."""
    rows = [
        {
            "code": branch.procedure_code,
            "authority": law.authority(branch.authority_id).name_vi,
            "started": moment(branch.started_at),
            "finished": moment(branch.finished_at),
            "due": moment(branch.due_at),
            "outcome": outcome_text(branch),
            "note": f"Số {branch.result_number}" if branch.result_number else "",
        }
        for branch in tracking.branches(session, dossier.id)
    ]
    return write(session, store, law, dossier, "control-sheet", law.desk(dossier), now, {"rows": rows})


def stop_notice(
    session: Session, store: Store, law: Law, dossier: Dossier, reason: str, now: datetime, actor: str = "system"
) -> Document | None:
    """Form 05 of TT 03/2025, once; None under the older set, which has no such form."""
    try:
        law.under(dossier).paper("stop-notice", local(now).date())
    except NotFound:
        return None
    for earlier in documents.of_dossier(session, dossier.id, DocumentRole.LETTER):
        if earlier.kind == "stop-notice":
            return earlier
    data = {
        "reason": reason or "quá thời hạn bổ sung, hoàn thiện hồ sơ",
        "basis": "NĐ 61/2018/NĐ-CP và các văn bản sửa đổi; quy định của thủ tục",
        "fee": fee_text(session, dossier),
    }
    return write(session, store, law, dossier, "stop-notice", law.desk(dossier), now, data, actor)


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
    """The result of one procedure, signed, with a QR code that leads to its verification."""
    procedure = law.under(dossier).procedure(branch.procedure_code, local(dossier.filed_at).date())
    data = {
        **_head(law, dossier, branch.authority_id, now),
        "title_vi": procedure.result_name_vi.upper(),
        "title_en": procedure.result_name_en,
        "form": "",
        "basis": procedure.basis,
        "personal_number": dossier.applicant_personal_number,
        "content": procedure.name_vi,
        "facts": [],
        "officer": "",
    }
    name = f"{procedure.result_name_vi} {number}.pdf".replace("/", "-")
    paper = Paper("result", procedure.result_kind, DocumentRole.RESULT, number, name)
    return make(session, store, dossier, paper, data, now)
