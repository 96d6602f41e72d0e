"""Ends that somebody decides while a dossier runs, and their way back: stop (dừng), objection, re-opening."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from lienthong.dossiers import audit, filing, outbox, tracking
from lienthong.dossiers.acceptance import REOPENED
from lienthong.dossiers.errors import Conflict
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.rules.status import BusinessStatus, DeliveryStatus, is_final
from lienthong.dossiers.tables import BranchStatus, DeadlineEntry, Dossier

OBJECTED: Final = "objection-filed"


def stop(session: Session, dossier_code: str, ground: str, actor: str, now: datetime) -> Dossier:
    """The competent authority stops a running dossier; its process ends by message and records the status."""
    dossier = tracking.require(session, dossier_code)
    if is_final(BusinessStatus(dossier.status)):
        raise Conflict(
            "finished", "Hồ sơ đã kết thúc, không dừng được.", "The dossier has ended: it cannot be stopped."
        )
    outbox.add_message(session, "dossier-stopped", dossier_code, {"note": ground}, now)
    vi, en = f"Quyết định dừng xử lý: {ground}.", f"Decision to stop: {ground}."
    tracking.add(session, dossier.id, "stop-decided", vi, en, now, actor=actor, data={"ground": ground})
    audit.record(session, actor, "stop-decided", dossier_code, {"ground": ground}, now)
    return dossier


def object_to(session: Session, dossier_code: str, reason: str, actor: str, now: datetime) -> Dossier:
    """The applicant objects to a refusal or a stop; the Provincial Office decides on it. Once a dossier."""
    dossier = tracking.require(session, dossier_code)
    if dossier.status not in (BusinessStatus.REFUSED, BusinessStatus.STOPPED, BusinessStatus.NOT_ACCEPTED):
        raise Conflict("objection", "Hồ sơ chưa bị từ chối hoặc dừng.", "The dossier was neither refused nor stopped.")
    if any(entry.kind == OBJECTED for entry in tracking.timeline(session, dossier.id)):
        raise Conflict("objection", "Hồ sơ đã có khiếu nại.", "There is an objection already.")
    vi, en = "Người nộp khiếu nại việc từ chối, dừng hồ sơ.", "The applicant objected to the refusal or the stop."
    tracking.add(session, dossier.id, OBJECTED, vi, en, now, actor=actor, data={"reason": reason})
    audit.record(session, actor, OBJECTED, dossier_code, {"reason": reason}, now)
    return dossier


def reopen(session: Session, law: Law, dossier_code: str, ground: str, actor: str, now: datetime) -> Dossier:
    """The objection is right: the dossier goes on with the procedures that have no result yet, one after another.

    Its code, papers, payment and issued results stay; neither intake nor fee is repeated; deadlines count anew.
    """
    dossier = tracking.require(session, dossier_code)
    kinds = [entry.kind for entry in tracking.timeline(session, dossier.id)]
    if kinds.count(OBJECTED) <= kinds.count(REOPENED):
        raise Conflict("objection", "Không có khiếu nại để mở lại hồ sơ.", "There is no objection to re-open it for.")
    law, bundle = law.under(dossier), law.bundle(dossier.bundle_id, dossier.bundle_version)
    issued = set()
    for branch in tracking.branches(session, dossier.id):
        if branch.status == BranchStatus.ISSUED:
            issued.add(branch.procedure_code)
            continue
        branch.status, branch.started_at, branch.finished_at = BranchStatus.WAITING, None, None
        session.add(branch)
    dossier.status, dossier.finished_at, dossier.process_instance_key = BusinessStatus.ACCEPTED, None, None
    dossier.accepted_at, dossier.delivery_status = dossier.accepted_at or now, DeliveryStatus.NONE
    session.add(dossier)
    session.add(DeadlineEntry(dossier_id=dossier.id, branch_code="", due_at=now, ground=REOPENED, at=now))
    variables = filing.start_variables(law, dossier, bundle)
    order = filing.paper_order(law, bundle, dossier.options, local(dossier.filed_at).date())
    rest = [turn for turn in order if turn["code"] not in issued]
    outbox.add_start(session, bundle.process_id, dossier.code, {**variables, "reopened": True, "paperOrder": rest}, now)
    vi, en = f"Mở lại hồ sơ sau khiếu nại: {ground}.", f"Re-opened after the objection: {ground}."
    tracking.add(
        session, dossier.id, REOPENED, vi, en, now, actor=actor, data={"procedures": [t["code"] for t in rest]}
    )
    audit.record(session, actor, REOPENED, dossier_code, {"ground": ground}, now)
    return dossier
