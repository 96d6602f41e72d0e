"""Authorities that end, merge or are renamed: open dossiers go to the successor and keep their codes and dates.

A dossier holds its authorities itself (desk, office, one a procedure), so that moving it is changing what it holds,
its branches, its open tasks and its running process. Results that were issued stay with who issued them.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from lienthong.dossiers import access, audit, outbox, tracking
from lienthong.dossiers.errors import Conflict, Forbidden, Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.rules.status import BusinessStatus, is_final
from lienthong.dossiers.tables import Branch, BranchStatus, Dossier, Role, Task
from lienthong.dossiers.viewers import Viewer

OPEN_BRANCH = frozenset({BranchStatus.WAITING, BranchStatus.ACTIVE})


def move_open_dossiers(session: Session, law: Law, now: datetime, actor: str = "system") -> list[str]:
    """Move every open dossier from bodies that have ended to their successors; the codes of those moved.

    Idempotent: what stands with bodies that exist is left alone. ``law`` is that of the installation, not a dossier's.
    """
    day = local(now).date()
    if all(law.successor(one, day) == one for one in law.authorities):
        return []
    law.sync_authorities(session)
    final = [status for status in BusinessStatus if is_final(status)]
    statement = select(Dossier).where(col(Dossier.status).not_in(final)).order_by(col(Dossier.code))
    moved = []
    for dossier in session.exec(statement).all():
        changes = {held: law.successor(held, day) for held in set(dossier.authorities.values())}
        changes = {old: new for old, new in changes.items() if old != new}
        if changes:
            _move(session, law, dossier, changes, actor, now)
            moved.append(dossier.code)
    return moved


def _move(session: Session, law: Law, dossier: Dossier, changes: Mapping[str, str], actor: str, now: datetime) -> None:
    dossier.authorities = {place: changes.get(held, held) for place, held in dossier.authorities.items()}
    session.add(dossier)
    outbox.add_message(session, "authorities-changed", dossier.code, {"newAuthorities": dossier.authorities}, now)
    for branch in tracking.branches(session, dossier.id):
        if branch.status in OPEN_BRANCH and branch.authority_id in changes:
            _hand_branch(session, dossier, branch, changes[branch.authority_id], now)
    for task in _open_tasks(session, dossier.code):
        task.authority_id = changes.get(task.authority_id, task.authority_id)
        session.add(task)
    for old, new in sorted(changes.items()):
        before, after = law.authority(old), law.authority(new)
        tracking.add(
            session,
            dossier.id,
            "authority-succeeded",
            f"{after.name_vi} tiếp nhận hồ sơ từ {before.name_vi}; mã hồ sơ và hạn trả giữ nguyên.",
            f"{after.name_en} has taken the dossier over from {before.name_en}; its code and due date stay.",
            now,
            actor=actor,
            data={"from": old, "to": new},
        )
    audit.record(session, actor, "dossier-moved", dossier.code, {"successors": dict(changes)}, now)


def may_transfer(viewer: Viewer, dossier: Dossier, branch: Branch) -> bool:
    """Whether the viewer heads the authority that handles an open branch, or is of the dossier's Provincial Office."""
    heads = {(branch.authority_id, Role.UNIT_HEAD), (branch.authority_id, Role.AUTHORITY_HEAD)}
    decides = not heads.isdisjoint(viewer.all_grants) or access.of_the_office(viewer, dossier)
    return branch.status in OPEN_BRANCH and decides


def transfer_branch(
    session: Session,
    law: Law,
    viewer: Viewer,
    dossier_code: str,
    procedure_code: str,
    to_authority: str,
    reason: str,
    now: datetime,
) -> Branch:
    """Hand one open branch to another authority; its clock goes on. Repeating it changes nothing."""
    dossier = tracking.require(session, dossier_code)
    branch = tracking.require_branch(session, dossier, procedure_code)
    after, actor, reason = law.authority(to_authority), viewer.username, reason.strip()
    if branch.authority_id == to_authority:
        return branch
    if branch.status not in OPEN_BRANCH:
        raise Conflict(
            "transfer", "Thủ tục đã kết thúc, không chuyển được.", "The procedure has ended: it cannot be transferred."
        )
    if not may_transfer(viewer, dossier, branch):
        raise Forbidden(
            "transfer",
            "Chỉ lãnh đạo cơ quan đang giải quyết hoặc Văn phòng UBND được chuyển thủ tục.",
            "Only a head of the handling authority, or the Provincial Office, may transfer a procedure.",
        )
    if not reason:
        raise Invalid("reason", "Cần ghi lý do chuyển.", "The reason of the transfer is needed.")
    before = branch.authority_id
    dossier.authorities = {**dossier.authorities, procedure_code: to_authority}
    session.add(dossier)
    if branch.status == BranchStatus.WAITING:
        outbox.add_message(session, "authorities-changed", dossier.code, {"newAuthorities": dossier.authorities}, now)
    _hand_branch(session, dossier, branch, to_authority, now)
    for task in _open_tasks(session, dossier_code):
        if task.procedure_code == procedure_code and task.authority_id == before:
            task.authority_id, task.assignee = to_authority, None
            session.add(task)
    tracking.add(
        session,
        dossier.id,
        "branch-transferred",
        f"Chuyển cho {after.name_vi} giải quyết: {reason}",
        f"Transferred to {after.name_en}: {reason}",
        now,
        procedure_code,
        actor,
        {"from": before, "to": to_authority},
    )
    audit.record(
        session, actor, "branch-transferred", dossier_code, {"branch": procedure_code, "to": to_authority}, now
    )
    return branch


def _hand_branch(session: Session, dossier: Dossier, branch: Branch, to_authority: str, now: datetime) -> None:
    branch.authority_id = to_authority
    session.add(branch)
    if branch.status == BranchStatus.ACTIVE:
        data = {"newAuthority": to_authority}
        outbox.add_message(session, "branch-transferred", dossier.code, data, now, branch.procedure_code)


def _open_tasks(session: Session, dossier_code: str) -> list[Task]:
    statement = select(Task).where(Task.dossier_code == dossier_code, col(Task.hidden).is_(False))
    return list(session.exec(statement).all())
