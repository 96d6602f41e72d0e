"""Notices in both languages from one catalogue; some also record the fact that they tell of."""

from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from lienthong.dossiers import acceptance, letters, tracking
from lienthong.dossiers.errors import Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.papers import moment
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.rules.status import DeliveryStatus
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables import (
    BranchStatus,
    Document,
    DocumentRole,
    Dossier,
    Notification,
    TimelineEntry,
)

TEMPLATES: Final[dict[str, tuple[str, str]]] = {
    "accepted": (
        "Hồ sơ {code} đã được tiếp nhận, hẹn trả kết quả lúc {due}.",
        "Dossier {code} was accepted; the result is due at {due}.",
    ),
    "deadline": ("Hạn trả kết quả của hồ sơ {code}: {due}.", "The result of dossier {code} is due at {due}."),
    "payment-reminder": (
        "Hồ sơ {code} đang chờ nộp phí, lệ phí trên Cổng dịch vụ công.",
        "Dossier {code} waits for its fees to be paid on the portal.",
    ),
    "supplement-requested": (
        "Hồ sơ {code} cần bổ sung giấy tờ; xem nội dung trên Cổng dịch vụ công.",
        "Dossier {code} needs to be supplemented; see the portal for what is missing.",
    ),
    "consultation-requested": (
        "Cơ quan giải quyết hồ sơ {code} đang lấy ý kiến cơ quan liên quan ({procedure}).",
        "The authority asks other bodies for their opinion on dossier {code} ({procedure}).",
    ),
    "branch-issued": (
        "Hồ sơ {code}: đã có kết quả “{procedure}”.",
        "Dossier {code}: the result of “{procedure}” was issued.",
    ),
    "branch-refused": (
        "Hồ sơ {code}: “{procedure}” bị từ chối; lý do ghi trong phiếu gửi kèm.",
        "Dossier {code}: “{procedure}” was refused; the reason is in the letter.",
    ),
    "intake-refused": (
        "Hồ sơ {code} không được tiếp nhận; lý do ghi trong phiếu gửi kèm.",
        "Dossier {code} was not accepted; the reason is in the letter.",
    ),
    "dossier-refused": (
        "Hồ sơ {code} bị từ chối giải quyết.",
        "Dossier {code} was refused.",
    ),
    "dossier-stopped": (
        "Hồ sơ {code} đã dừng xử lý. Lý do: {ground}.",
        "The handling of dossier {code} was stopped. Reason: {ground}.",
    ),
    "dossier-withdrawn": (
        "Đã ghi nhận việc rút hồ sơ {code}.",
        "The withdrawal of dossier {code} was recorded.",
    ),
    "branch-transferred": (
        "Hồ sơ {code}: thủ tục “{procedure}” đã chuyển cho cơ quan khác giải quyết tiếp.",
        "Dossier {code}: “{procedure}” went on to another authority.",
    ),
    "authorities-changed": (
        "Hồ sơ {code} được chuyển cho cơ quan kế nhiệm; mã hồ sơ và hạn trả giữ nguyên.",
        "Dossier {code} went to the succeeding authorities; its code and due date stay.",
    ),
    "result-ready": (
        "Hồ sơ {code} đã xử lý xong, mời nhận kết quả.",
        "Dossier {code} has been handled; the result is ready.",
    ),
    "handed-over": ("Đã trả kết quả hồ sơ {code}.", "The result of dossier {code} was handed over."),
    "escalated": (
        "Hồ sơ {code} sắp đến hạn {due} ({procedure}); đề nghị chỉ đạo giải quyết.",
        "Dossier {code} is nearly due at {due} ({procedure}); please see to it.",
    ),
    "late": (
        "Hồ sơ {code} đã quá hạn {due} ({procedure}).",
        "Dossier {code} is late: it was due at {due} ({procedure}).",
    ),
}

# Short names that fit a branch when one is named, else the dossier.
_SHORT: Final = {
    "payment": ("payment-reminder", "payment-reminder"),
    "supplement": ("supplement-requested", "supplement-requested"),
    "result": ("branch-issued", "result-ready"),
    "refused": ("branch-refused", "dossier-refused"),
    "handed_over": ("handed-over", "handed-over"),
}


def notify(
    session: Session,
    law: Law,
    dossier_code: str,
    template: str,
    now: datetime,
    procedure_code: str | None = None,
    store: Store | None = None,
    recipient: str | None = None,
) -> Notification:
    """Write a notice, once a template, branch and recipient and hour; to the applicant unless ``recipient`` is given.

    ``branch-refused`` also records the refusal of the branch, ``result-ready`` that the result waits for the
    applicant; with a ``store`` a refusal is also written as form 03.
    """
    if template in _SHORT:
        template = _SHORT[template][0 if procedure_code else 1]
    if template not in TEMPLATES:
        raise Invalid("template", f"Không có mẫu thông báo “{template}”.", f"There is no notice “{template}”.")
    dossier = tracking.require(session, dossier_code)
    to = recipient or dossier.applicant_phone or dossier.applicant_name
    earlier = _same(session, dossier, template, procedure_code or "", to)
    if earlier is not None and earlier.at >= now:
        return earlier
    _record_fact(session, law, dossier, template, procedure_code, store, now)
    given = _ground(session, dossier) if template == "dossier-stopped" else ("", "")
    vi, en = (
        _filled(law, dossier, text, procedure_code, english, given[english])
        for english, text in enumerate(TEMPLATES[template])
    )
    notice = Notification(
        dossier_id=dossier.id,
        branch_code=procedure_code or "",
        template=template,
        recipient=to,
        text_vi=vi,
        text_en=en,
        at=now,
    )
    session.add(notice)
    if recipient is None:
        tracking.add(session, dossier.id, f"notice-{template}", vi, en, now, procedure_code or "")
    session.flush()
    return notice


def _same(session: Session, dossier: Dossier, template: str, branch_code: str, to: str) -> Notification | None:
    statement = select(Notification).where(
        Notification.dossier_id == dossier.id,
        Notification.template == template,
        Notification.branch_code == branch_code,
        Notification.recipient == to,
    )
    return session.exec(statement.order_by(col(Notification.at).desc())).first()


def _ground(session: Session, dossier: Dossier) -> tuple[str, str]:
    """Why a dossier was stopped, in both languages: as somebody decided, else for want of a supplement in time."""
    last = tracking.last_entry(session, dossier.id, acceptance.STOP_DECIDED, acceptance.REOPENED)
    if last is not None and last.kind == acceptance.STOP_DECIDED:
        ground = str(last.data["ground"]).rstrip(".")
        return ground, ground
    return "quá thời hạn bổ sung", "it was not supplemented in time"


def _filled(law: Law, dossier: Dossier, text: str, procedure_code: str | None, english: int, ground: str = "") -> str:
    due_at, procedure = dossier.due_at, ""
    if procedure_code:
        record = law.under(dossier).procedure(procedure_code, local(dossier.filed_at).date())
        procedure = record.name_en if english else record.name_vi
    else:
        bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
        procedure = bundle.title_en if english else bundle.title_vi
    return text.format(code=dossier.code, due=moment(due_at), procedure=procedure, ground=ground)


def _record_fact(
    session: Session,
    law: Law,
    dossier: Dossier,
    template: str,
    procedure_code: str | None,
    store: Store | None,
    now: datetime,
) -> None:
    if template == "result-ready" and dossier.delivery_status == DeliveryStatus.NONE:
        dossier.delivery_status = DeliveryStatus.READY
        session.add(dossier)
    if template == "branch-refused" and procedure_code:
        acceptance.record_status(session, dossier.code, BranchStatus.REFUSED, now, procedure_code)
    if template in ("branch-refused", "intake-refused") and store is not None:
        refusal_letter(session, store, law, dossier, procedure_code, now)


def refusal_letter(
    session: Session,
    store: Store,
    law: Law,
    dossier: Dossier,
    procedure_code: str | None,
    now: datetime,
    reason: str = "",
    actor: str = "system",
) -> Document:
    """Form 03, once a branch; the reason is the note of the person who refused unless it is given."""
    for letter in session.exec(
        select(Document).where(Document.dossier_id == dossier.id, Document.role == DocumentRole.LETTER)
    ):
        if letter.kind == "refusal" and (not procedure_code or f" {procedure_code} " in f" {letter.file_name} "):
            return letter
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    authority_id, content, basis = law.desk(dossier), bundle.title_vi, "NĐ 61/2018/NĐ-CP Điều 17, Điều 19"
    if procedure_code:
        procedure = law.under(dossier).procedure(procedure_code, local(dossier.filed_at).date())
        authority_id, content, basis = dossier.authorities[procedure_code], procedure.name_vi, procedure.basis
    said = reason or _last_note(session, dossier, procedure_code or "") or "hồ sơ không đủ điều kiện theo quy định"
    data = {"reason": said, "basis": basis, "content": content, "officer": ""}
    letter = letters.write(session, store, law, dossier, "refusal", authority_id, now, data, actor)
    if procedure_code:
        letter.file_name = letter.file_name.replace(dossier.code, f"{procedure_code} {dossier.code}")
        session.add(letter)
    return letter


def _last_note(session: Session, dossier: Dossier, branch_code: str) -> str:
    statement = (
        select(TimelineEntry)
        .where(
            TimelineEntry.dossier_id == dossier.id,
            TimelineEntry.branch_code == branch_code,
            TimelineEntry.kind == "task-completed",
        )
        .order_by(col(TimelineEntry.id).desc())
    )
    for entry in session.exec(statement):
        if entry.data.get("outcome") == "refuse" and entry.data.get("note"):
            return str(entry.data["note"])
    return ""


def of_dossier(session: Session, dossier_id: str) -> list[Notification]:
    """The notices of a dossier, oldest first."""
    statement = select(Notification).where(Notification.dossier_id == dossier_id)
    return list(session.exec(statement.order_by(col(Notification.at))).all())
