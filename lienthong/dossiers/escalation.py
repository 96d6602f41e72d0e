"""The ladder of responsibility: officer → head of unit → head of authority → Provincial Office.

A rung is climbed at the warning share, one working day before due, and at due. Each step is recorded with who is
responsible now; from the second rung on, open tasks of the branch are also given to that group. The letter of
apology is written one working day before due at the latest; at due the branch is marked late.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from lienthong.dossiers import audit, letters, notifications, tracking
from lienthong.dossiers.law import Law
from lienthong.dossiers.papers import moment
from lienthong.dossiers.rules.calendar import add_working_minutes, local
from lienthong.dossiers.rules.deadline import EscalationStage, stage_of_next
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables import Branch, BranchStatus, Dossier, EscalationEntry, Role, RoleGrant, Task, User

TOP_LEVEL: Final = 3
REASSIGN_FROM_LEVEL: Final = 2  # [I]: the head of unit is told, from the head of the authority on the work moves
EXTENSION_DAYS: Final = 2  # [I]: the new date that a letter of apology proposes
_LADDER: Final = {1: Role.UNIT_HEAD, 2: Role.AUTHORITY_HEAD, 3: Role.OFFICE}


@dataclass(frozen=True, slots=True)
class EscalationOutcome:
    """What one escalation did; ``escalations`` are the times still to come."""

    level: int
    stage: str
    escalations: list[datetime]
    responsible: str
    reassigned_to: str | None
    letter_document_id: str | None


def escalate(
    session: Session,
    store: Store,
    law: Law,
    dossier_code: str,
    procedure_code: str | None,
    due_at: datetime,
    escalations: list[datetime],
    now: datetime,
) -> EscalationOutcome:
    """Climb the rung that ``escalations`` begins with; repeating it for the same rung records nothing again."""
    dossier = tracking.require(session, dossier_code)
    branch = tracking.require_branch(session, dossier, procedure_code) if procedure_code else None
    subject: Dossier | Branch = dossier if branch is None else branch
    rung_at = escalations[0] if escalations else due_at
    stage, rest = stage_of_next(law.calendar, escalations, due_at), escalations[1:]
    if dossier.finished_at is not None or subject.finished_at is not None:
        return EscalationOutcome(subject.escalation_level, stage, rest, "", None, None)
    done = _entry(session, dossier, procedure_code or "", stage, rung_at)
    if done is not None:
        return EscalationOutcome(done.level, stage, rest, done.responsible, done.reassigned_to, done.letter_document_id)
    entry = _climb(session, law, dossier, branch, stage, rung_at, now)
    if stage is not EscalationStage.WARNING:
        entry.letter_document_id = _apologise(session, store, law, dossier, branch, due_at, now)
    if stage is EscalationStage.DUE:
        _mark_late(session, dossier, branch)
    session.add(entry)
    session.flush()
    template = "late" if stage is EscalationStage.DUE else "escalated"
    notifications.notify(session, law, dossier_code, template, now, procedure_code, recipient=entry.responsible)
    data = {"branch": procedure_code, "level": entry.level, "stage": stage, "responsible": entry.responsible}
    audit.record(session, "system", "escalated", dossier_code, data, now)
    return EscalationOutcome(entry.level, stage, rest, entry.responsible, entry.reassigned_to, entry.letter_document_id)


def _entry(
    session: Session, dossier: Dossier, branch_code: str, stage: str, rung_at: datetime
) -> EscalationEntry | None:
    statement = select(EscalationEntry).where(
        EscalationEntry.dossier_id == dossier.id,
        EscalationEntry.branch_code == branch_code,
        EscalationEntry.stage == stage,
        EscalationEntry.rung_at == rung_at,
    )
    return session.exec(statement).first()


def _climb(
    session: Session,
    law: Law,
    dossier: Dossier,
    branch: Branch | None,
    stage: EscalationStage,
    rung_at: datetime,
    now: datetime,
) -> EscalationEntry:
    subject: Dossier | Branch = dossier if branch is None else branch
    subject.escalation_level = min(subject.escalation_level + 1, TOP_LEVEL)
    session.add(subject)
    group = ladder_group(law, dossier, branch, subject.escalation_level)
    responsible = ", ".join(people(session, group)) or group
    code = "" if branch is None else branch.procedure_code
    reassigned = None
    if branch is not None and subject.escalation_level >= REASSIGN_FROM_LEVEL:
        reassigned = group if _give_tasks_to(session, dossier, branch, group) else None
    authority = law.authority(group.partition("/")[0])
    tracking.add(
        session,
        dossier.id,
        "escalated",
        f"Đã báo {authority.name_vi} về tiến độ giải quyết.",
        f"{authority.name_en} was told about the progress.",
        now,
        code,
        data={"level": subject.escalation_level, "stage": stage, "responsible": responsible},
    )
    return EscalationEntry(
        dossier_id=dossier.id,
        branch_code=code,
        level=subject.escalation_level,
        stage=stage,
        rung_at=rung_at,
        responsible=responsible,
        at=now,
        reassigned_to=reassigned,
    )


def ladder_group(law: Law, dossier: Dossier, branch: Branch | None, level: int) -> str:
    """Who answers on a rung, as ``authority/role``: the last rung is always the Provincial Office."""
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    role = _LADDER[level]
    if role is Role.OFFICE:
        return f"{dossier.authorities.get('office') or bundle.office}/{role}"
    return f"{law.desk(dossier) if branch is None else branch.authority_id}/{role}"


def people(session: Session, group: str) -> list[str]:
    """User names of the active accounts of a group."""
    authority_id, _, role = group.partition("/")
    statement = (
        select(User.username)
        .join(RoleGrant, col(RoleGrant.user_id) == col(User.id))
        .where(RoleGrant.authority_id == authority_id, RoleGrant.role == role, col(User.active).is_(True))
        .order_by(User.username)
    )
    return list(session.exec(statement).all())


def _give_tasks_to(session: Session, dossier: Dossier, branch: Branch, group: str) -> int:
    statement = select(Task).where(
        Task.dossier_code == dossier.code,
        Task.procedure_code == branch.procedure_code,
        col(Task.hidden).is_(False),
    )
    tasks = session.exec(statement).all()
    for task in tasks:
        task.escalated_group = group
        session.add(task)
    return len(tasks)


def _apologise(
    session: Session, store: Store, law: Law, dossier: Dossier, branch: Branch | None, due_at: datetime, now: datetime
) -> str:
    """Form 04, once for a due time: reason, promised date and the new date it proposes."""
    code = "" if branch is None else branch.procedure_code
    statement = select(EscalationEntry).where(
        EscalationEntry.dossier_id == dossier.id,
        EscalationEntry.branch_code == code,
        col(EscalationEntry.letter_document_id).is_not(None),
    )
    for earlier in session.exec(statement):
        if earlier.letter_document_id and earlier.rung_at >= add_working_minutes(
            law.calendar, due_at, -2 * law.calendar.minutes_a_day
        ):
            return earlier.letter_document_id
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    authority_id = law.desk(dossier) if branch is None else branch.authority_id
    new_due = add_working_minutes(law.calendar, due_at, EXTENSION_DAYS * law.calendar.minutes_a_day)
    day = local(dossier.filed_at).date()
    data = {
        "content": bundle.title_vi if branch is None else law.under(dossier).procedure(code, day).name_vi,
        "due": moment(due_at),
        "responsible": law.authority(authority_id).name_vi,
        "reason": "việc giải quyết tại đơn vị chưa hoàn thành",
        "new_due": moment(new_due),
    }
    return letters.write(session, store, law, dossier, "apology", authority_id, now, data).id


def _mark_late(session: Session, dossier: Dossier, branch: Branch | None) -> None:
    dossier.late = True
    session.add(dossier)
    if branch is not None:
        branch.late = True
        session.add(branch)


def entries(session: Session, dossier_id: str) -> list[EscalationEntry]:
    """The steps up the ladder of a dossier, oldest first."""
    statement = select(EscalationEntry).where(EscalationEntry.dossier_id == dossier_id)
    return list(session.exec(statement.order_by(col(EscalationEntry.at), col(EscalationEntry.id))).all())


def late_list(session: Session, now: datetime) -> list[Branch]:
    """Branches that are late: finished after due, or still open past it; for the monthly publication."""
    active = select(Branch).where(col(Branch.due_at) < now, col(Branch.status) == BranchStatus.ACTIVE)
    finished = select(Branch).where(col(Branch.finished_at) > col(Branch.due_at))
    found = {branch.id: branch for branch in [*session.exec(active), *session.exec(finished)]}
    return sorted(found.values(), key=lambda branch: (branch.due_at or now, branch.id))
