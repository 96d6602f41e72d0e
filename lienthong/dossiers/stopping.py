"""Stopping the handling of a dossier on a stated ground (status 8 of the National Portal's list)."""

from datetime import datetime

from sqlmodel import Session, col, select

from lienthong.dossiers import acceptance, audit, notifications, tasks, tracking
from lienthong.dossiers.errors import Conflict, Forbidden, Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.status import BusinessStatus, is_final, may_follow
from lienthong.dossiers.tables import Dossier, Role, Task
from lienthong.dossiers.viewers import Viewer

STOPPING_ROLES = frozenset({Role.UNIT_HEAD, Role.AUTHORITY_HEAD})


def may_stop(viewer: Viewer, dossier: Dossier) -> bool:
    """Whether the viewer heads the desk or an authority of the dossier, which is not at its end."""
    taking_part = {str(one) for one in dossier.authorities.values()}
    heads = any(authority in taking_part and role in STOPPING_ROLES for authority, role in viewer.all_grants)
    status = BusinessStatus(dossier.status)
    return heads and not is_final(status) and may_follow(status, BusinessStatus.STOPPED)


def require_may_stop(viewer: Viewer, dossier: Dossier) -> None:
    """The error in words unless ``may_stop``."""
    if not may_follow(BusinessStatus(dossier.status), BusinessStatus.STOPPED):
        raise Conflict("status", "Hồ sơ ở trạng thái này không dừng được.", "A dossier in this state is not stopped.")
    if dossier.status != BusinessStatus.STOPPED and not may_stop(viewer, dossier):
        raise Forbidden("stop", "Chỉ lãnh đạo mới được dừng hồ sơ.", "Only a head may stop a dossier.")


def stop(session: Session, law: Law, code: str, reason: str, actor: str, now: datetime) -> Dossier:
    """Record that the handling has ended, why and by whom; the tasks leave the queues, the applicant is told.

    Repeating it changes nothing.
    """
    if tracking.require(session, code).status == BusinessStatus.STOPPED:
        return tracking.require(session, code)
    if not reason.strip():
        raise Invalid("reason", "Ghi căn cứ dừng xử lý.", "Give the ground of stopping.")
    dossier = acceptance.record_status(session, code, BusinessStatus.STOPPED, now, actor=actor)
    vi, en = f"Lý do dừng xử lý: {reason.strip()}", f"Ground of stopping: {reason.strip()}"
    tracking.add(session, dossier.id, "stop-ground", vi, en, now, actor=actor, data={"reason": reason.strip()})
    open_tasks = select(Task).where(Task.dossier_code == code, col(Task.hidden).is_(False))
    for task in session.exec(open_tasks).all():
        tasks.hide(session, task.user_task_key)
    notifications.notify(session, law, code, "dossier-stopped", now)
    audit.record(session, actor, "dossier-stopped", code, {"reason": reason.strip()}, now)
    return dossier
