"""Hand-over: the applicant has the results, the control sheet closes the dossier."""

from datetime import datetime

from sqlmodel import Session

from lienthong.dossiers import acceptance, audit, letters, payments, tracking
from lienthong.dossiers.errors import Conflict
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.status import BusinessStatus, DeliveryStatus
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables import BranchStatus


def hand_over(session: Session, store: Store, law: Law, dossier_code: str, actor: str, now: datetime) -> bool:
    """Hand over what was issued; repeating it changes nothing. ``Conflict`` while a branch is still at work."""
    dossier = tracking.require(session, dossier_code)
    if dossier.delivery_status == DeliveryStatus.HANDED_OVER:
        return True
    open_codes = [
        branch.procedure_code
        for branch in tracking.branches(session, dossier.id)
        if branch.status == BranchStatus.ACTIVE
    ]
    if open_codes:
        codes = ", ".join(open_codes)
        raise Conflict("branch", f"Thủ tục {codes} chưa xong.", f"The procedures {codes} are not finished.")
    if dossier.status not in (BusinessStatus.DONE, BusinessStatus.REFUSED):
        acceptance.record_status(session, dossier_code, BusinessStatus.DONE, now, actor=actor)
    dossier.delivery_status = DeliveryStatus.HANDED_OVER
    session.add(dossier)
    payments.ensure_receipt(session, store, law, dossier, now)
    sheet = letters.control_sheet(session, store, law, dossier, now)
    tracking.add(
        session,
        dossier.id,
        "handed-over",
        "Đã trả kết quả cho người nộp hồ sơ.",
        "The results were handed over to the applicant.",
        now,
        actor=actor,
        data={"controlSheet": sheet.id},
    )
    audit.record(session, actor, "handed-over", dossier_code, {"controlSheet": sheet.id}, now)
    return True
