"""Ends that somebody decides while a dossier runs, and their way back: stop (dừng), and re-opening.

A stop is status 8 of the National Portal's list. An objection is a petition (`petitions.py`): when it is found right,
the dossier that was refused or stopped may be re-opened.
"""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from lienthong.dossiers import access, audit, filing, outbox, petitions, tracking
from lienthong.dossiers.acceptance import REOPENED, STOP_DECIDED
from lienthong.dossiers.errors import Conflict, Forbidden, Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.rules.status import BusinessStatus, DeliveryStatus, is_final, may_follow
from lienthong.dossiers.tables import BranchStatus, DeadlineEntry, Dossier, Role
from lienthong.dossiers.tables.portal import PetitionKind
from lienthong.dossiers.viewers import Viewer

STOPPING_ROLES: Final = frozenset({Role.UNIT_HEAD, Role.AUTHORITY_HEAD})
TURNED_DOWN: Final = (BusinessStatus.REFUSED, BusinessStatus.STOPPED, BusinessStatus.NOT_ACCEPTED)


def may_stop(viewer: Viewer, dossier: Dossier) -> bool:
    """Whether the viewer heads the desk or an authority of the dossier, which is not at its end."""
    status = BusinessStatus(dossier.status)
    return _heads(viewer, dossier) and not is_final(status) and may_follow(status, BusinessStatus.STOPPED)


def _heads(viewer: Viewer, dossier: Dossier) -> bool:
    taking_part = {str(one) for one in dossier.authorities.values()}
    return any(authority in taking_part and role in STOPPING_ROLES for authority, role in viewer.all_grants)


def stop(session: Session, viewer: Viewer, dossier_code: str, ground: str, now: datetime) -> Dossier:
    """A head stops a running dossier on a ground; its process tells everybody, records the status and ends.

    Repeating it changes nothing.
    """
    dossier = tracking.require(session, dossier_code)
    if not _heads(viewer, dossier):
        raise Forbidden("stop", "Chỉ lãnh đạo mới được dừng hồ sơ.", "Only a head may stop a dossier.")
    if dossier.status == BusinessStatus.STOPPED or _stop_is_decided(session, dossier):
        return dossier
    if not may_follow(BusinessStatus(dossier.status), BusinessStatus.STOPPED):
        raise Conflict("status", "Hồ sơ ở trạng thái này không dừng được.", "A dossier in this state is not stopped.")
    ground = _ground(ground)
    outbox.add_message(session, "dossier-stopped", dossier_code, {"note": ground}, now)
    vi, en = f"Quyết định dừng xử lý: {ground}", f"Decision to stop: {ground}"
    tracking.add(session, dossier.id, STOP_DECIDED, vi, en, now, actor=viewer.username, data={"ground": ground})
    audit.record(session, viewer.username, STOP_DECIDED, dossier_code, {"ground": ground}, now)
    return dossier


def _stop_is_decided(session: Session, dossier: Dossier) -> bool:
    """Whether the process has been told to stop since the dossier was last opened."""
    last = tracking.last_entry(session, dossier.id, STOP_DECIDED, REOPENED)
    return last is not None and last.kind == STOP_DECIDED


def _ground(text: str) -> str:
    if not text.strip():
        raise Invalid("reason", "Cần ghi căn cứ.", "The ground is needed.")
    return text.strip()


def may_reopen(session: Session, viewer: Viewer, dossier: Dossier) -> bool:
    """Whether the viewer is of the dossier's Provincial Office, and an objection to its end was found right."""
    return access.of_the_office(viewer, dossier) and dossier.status in TURNED_DOWN and _upheld(session, dossier)


def _upheld(session: Session, dossier: Dossier) -> bool:
    """An objection that was found right, wholly or in part, since the dossier was last opened."""
    opened = tracking.last_entry(session, dossier.id, REOPENED)
    return any(
        one.kind == PetitionKind.OBJECTION
        and one.outcome in petitions.FOUND_RIGHT
        and one.answered_at is not None
        and (opened is None or one.answered_at > opened.at)
        for one in petitions.of_dossier(session, dossier.id)
    )


def _wait_again(session: Session, dossier: Dossier) -> set[str]:
    """Every branch without a result waits once more; the procedures that have theirs."""
    issued = set()
    for branch in tracking.branches(session, dossier.id):
        if branch.status == BranchStatus.ISSUED:
            issued.add(branch.procedure_code)
            continue
        branch.status, branch.started_at, branch.finished_at = BranchStatus.WAITING, None, None
        session.add(branch)
    return issued


def reopen(session: Session, law: Law, viewer: Viewer, dossier_code: str, ground: str, now: datetime) -> Dossier:
    """An objection was found right: the dossier goes on with the procedures that have no result yet, one after another.

    Its code, papers, payment and issued results stay; neither intake nor fee is repeated; deadlines count anew.
    """
    dossier = tracking.require(session, dossier_code)
    if not access.of_the_office(viewer, dossier):
        raise Forbidden(
            "reopen", "Chỉ Văn phòng UBND được mở lại hồ sơ.", "Only the Provincial Office re-opens a dossier."
        )
    if dossier.status not in TURNED_DOWN or not _upheld(session, dossier):
        raise Conflict(
            "objection",
            "Chỉ mở lại hồ sơ bị từ chối hoặc dừng khi khiếu nại đã được giải quyết là đúng.",
            "Only a refused or stopped dossier with an objection found right is re-opened.",
        )
    actor, ground = viewer.username, _ground(ground)
    law, bundle = law.under(dossier), law.bundle(dossier.bundle_id, dossier.bundle_version)
    issued = _wait_again(session, dossier)
    dossier.status, dossier.finished_at, dossier.process_instance_key = BusinessStatus.ACCEPTED, None, None
    dossier.accepted_at, dossier.delivery_status = dossier.accepted_at or now, DeliveryStatus.NONE
    session.add(dossier)
    session.add(DeadlineEntry(dossier_id=dossier.id, branch_code="", due_at=now, ground=REOPENED, at=now))
    variables = filing.start_variables(law, dossier, bundle)
    order = filing.paper_order(law, bundle, dossier.options, local(dossier.filed_at).date())
    rest = [turn for turn in order if turn["code"] not in issued]
    outbox.add_start(session, bundle.process_id, dossier.code, {**variables, "reopened": True, "paperOrder": rest}, now)
    vi, en = f"Mở lại hồ sơ sau khiếu nại: {ground}", f"Re-opened after the objection: {ground}"
    tracking.add(
        session, dossier.id, REOPENED, vi, en, now, actor=actor, data={"procedures": [t["code"] for t in rest]}
    )
    audit.record(session, actor, REOPENED, dossier_code, {"ground": ground}, now)
    return dossier
