"""Acceptance and deadlines: a date for the bundle and one for each branch, each change with its ground.

The clock starts when a full file was received: at filing, or at the last supplement before acceptance. Working time
spent on waiting for the fee is not counted [I].
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from lienthong.dossiers import audit, letters, outbox, tracking
from lienthong.dossiers.errors import Conflict, Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.calendar import add_working_minutes, local, working_minutes_between
from lienthong.dossiers.rules.deadline import (
    DEFAULT_WARNING_SHARE,
    bundle_deadlines,
    clock_start,
    due,
    escalation_times,
)
from lienthong.dossiers.rules.status import BusinessStatus, DeliveryStatus, is_final, may_follow
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables import (
    Branch,
    BranchStatus,
    DeadlineEntry,
    Document,
    Dossier,
    Payment,
    Supplement,
)

RE_APPOINTMENT: Final = "re-appointment"
REOPENED: Final = "dossier-reopened"
STOP_DECIDED: Final = "stop-decided"
_FINISHED_BRANCH: Final = frozenset({BranchStatus.ISSUED, BranchStatus.REFUSED, BranchStatus.SKIPPED})
_STATUS_TEXTS: Final = {
    BusinessStatus.ACCEPTED: ("Hồ sơ được tiếp nhận.", "The dossier was accepted."),
    BusinessStatus.NOT_ACCEPTED: ("Hồ sơ không được tiếp nhận.", "The dossier was not accepted."),
    BusinessStatus.PROCESSING: (
        "Các cơ quan bắt đầu giải quyết song song.",
        "The authorities have started to work side by side.",
    ),
    BusinessStatus.SUPPLEMENT: ("Hồ sơ cần bổ sung giấy tờ.", "The dossier needs to be supplemented."),
    BusinessStatus.WITHDRAWN: ("Công dân rút hồ sơ.", "The applicant withdrew the dossier."),
    BusinessStatus.STOPPED: ("Dừng xử lý hồ sơ.", "The handling of the dossier was stopped."),
    BusinessStatus.REFUSED: ("Hồ sơ bị từ chối giải quyết.", "The dossier was refused."),
    BusinessStatus.DONE: ("Hồ sơ đã xử lý xong.", "The dossier has been handled."),
}


@dataclass(frozen=True, slots=True)
class DeadlineSet:
    """A due time with the times of escalation still to come."""

    due_at: datetime
    escalations: list[datetime]

    def as_variables(self) -> dict[str, Any]:
        """The process variables ``dueAt`` and ``escalations`` (ISO with zone)."""
        return {
            "dueAt": local(self.due_at).isoformat(),
            "escalations": [local(at).isoformat() for at in self.escalations],
        }


def plan_deadlines(session: Session, law: Law, dossier: Dossier, received: datetime, ground: str) -> None:
    """Set the due time of the bundle and of each branch that has not started: the longest path over the graph."""
    law = law.under(dossier)
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    start = add_working_minutes(
        law.calendar,
        clock_start(law.calendar, received, bundle.start_rule),
        bundle.intake_limit.value * law.calendar.minutes_a_day,
    )
    finished = {one.procedure_code for one in tracking.branches(session, dossier.id) if one.status in _FINISHED_BRANCH}
    graph = {
        code: needs
        for code, needs in law.graph(bundle, dossier.options).items()
        if bundle.in_total(code) and code not in finished
    }
    dues = bundle_deadlines(graph, law.limits(bundle, dossier.options), start, law.calendar)
    for branch in tracking.branches(session, dossier.id):
        if branch.procedure_code in dues and branch.status == BranchStatus.WAITING:
            _enter(session, dossier, branch, dues[branch.procedure_code], ground, received)
    last = due(law.calendar, max(dues.values(), default=start), bundle.return_limit)
    if bundle.total_limit is not None:
        start = clock_start(law.calendar, received, bundle.start_rule)
        last = min(last, due(law.calendar, start, bundle.total_limit))
    _enter(session, dossier, None, last, ground, received)


def _enter(
    session: Session, dossier: Dossier, branch: Branch | None, due_at: datetime, ground: str, now: datetime
) -> None:
    subject: Dossier | Branch = dossier if branch is None else branch
    due_at = due_at.replace(microsecond=0)  # what processes and papers carry has whole seconds
    subject.due_at = due_at
    session.add(subject)
    code = "" if branch is None else branch.procedure_code
    session.add(DeadlineEntry(dossier_id=dossier.id, branch_code=code, due_at=due_at, ground=ground, at=now))


def received_at(session: Session, law: Law, dossier: Dossier) -> datetime:
    """When the full file was there: the last supplement before acceptance, else the filing; plus the fee's wait.

    A dossier that was re-opened after an objection counts from then.
    """
    reopened = _last_entry(session, dossier, REOPENED)
    if reopened is not None:
        return reopened.at
    statement = select(Supplement).where(Supplement.dossier_id == dossier.id, Supplement.branch_code == "")
    supplements = [one.received_at for one in session.exec(statement) if one.received_at is not None]
    base = max([dossier.filed_at, *supplements])
    payment = session.exec(select(Payment).where(Payment.dossier_id == dossier.id)).first()
    if payment is None or payment.paid_at is None or payment.amount == 0:
        return base
    if law.bundle(dossier.bundle_id, dossier.bundle_version).clock_start == "full-file-and-fee":
        return max(base, payment.paid_at)
    waited = working_minutes_between(law.calendar, payment.created_at, payment.paid_at)
    return add_working_minutes(law.calendar, base, waited) if waited else base


def accept(session: Session, store: Store, law: Law, dossier_code: str, actor: str, now: datetime) -> Dossier:
    """The desk accepts: deadlines are planned anew and the slip is given with them. Repeating it changes nothing."""
    dossier = tracking.require(session, dossier_code)
    if dossier.accepted_at is not None:
        return dossier
    record_status(session, dossier_code, BusinessStatus.ACCEPTED, now, actor=actor)
    plan_deadlines(session, law, dossier, received_at(session, law, dossier), "acceptance")
    letters.acceptance_slip(session, store, law, dossier, now)
    return dossier


def reject(
    session: Session, store: Store, law: Law, dossier_code: str, actor: str, reason: str, now: datetime
) -> Document:
    """The desk does not accept: form 03 with the reason."""
    dossier = record_status(session, dossier_code, BusinessStatus.NOT_ACCEPTED, now, actor=actor)
    data = {"reason": reason, "basis": "NĐ 61/2018/NĐ-CP Điều 17", "officer": actor}
    return letters.write(session, store, law, dossier, "refusal", law.desk(dossier), now, data, actor)


def set_deadline(
    session: Session,
    law: Law,
    dossier_code: str,
    procedure_code: str | None,
    now: datetime,
    share: float = DEFAULT_WARNING_SHARE,
) -> DeadlineSet:
    """Start the clock of the bundle (None) or of a branch, and tell its watch by ``deadline-set``, once."""
    dossier = tracking.require(session, dossier_code)
    if procedure_code:
        branch = tracking.require_branch(session, dossier, procedure_code)
        if branch.started_at is None:
            _start_branch(session, law, dossier, branch, now)
            answer = _current(law, branch.due_at, branch.started_at or now, share)
            outbox.add_message(session, "deadline-set", dossier_code, answer.as_variables(), now, procedure_code)
            return answer
        return _current(law, branch.due_at, branch.started_at, share)
    started = _bundle_started(session, dossier)
    base = received_at(session, law, dossier)
    if started is None:
        if dossier.accepted_at is None:
            record_status(session, dossier_code, BusinessStatus.ACCEPTED, now)
        plan_deadlines(session, law, dossier, base, "acceptance")
        _enter(session, dossier, None, dossier.due_at or now, "deadline-set", now)
        answer = _current(law, dossier.due_at, base, share)
        outbox.add_message(session, "deadline-set", dossier_code, answer.as_variables(), now)
        return answer
    return _current(law, dossier.due_at, base, share)


def consultation_due(session: Session, law: Law, dossier_code: str, procedure_code: str, now: datetime) -> datetime:
    """Until when the bodies asked may answer; silence after it counts as consent."""
    dossier = tracking.require(session, dossier_code)
    procedure = law.under(dossier).procedure(procedure_code, local(dossier.filed_at).date())
    return due(law.calendar, now, procedure.consultation.limit).replace(microsecond=0)


def _bundle_started(session: Session, dossier: Dossier) -> DeadlineEntry | None:
    started, reopened = _last_entry(session, dossier, "deadline-set"), _last_entry(session, dossier, REOPENED)
    if started is None or reopened is None:
        return started
    return started if (started.id or 0) > (reopened.id or 0) else None


def _last_entry(session: Session, dossier: Dossier, ground: str) -> DeadlineEntry | None:
    statement = select(DeadlineEntry).where(
        DeadlineEntry.dossier_id == dossier.id, DeadlineEntry.branch_code == "", DeadlineEntry.ground == ground
    )
    return session.exec(statement.order_by(col(DeadlineEntry.id).desc())).first()


def _start_branch(session: Session, law: Law, dossier: Dossier, branch: Branch, now: datetime) -> None:
    law = law.under(dossier)
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    limit = bundle.limit(branch.procedure_code, dossier.options)
    branch.status, branch.started_at = BranchStatus.ACTIVE, now
    _enter(session, dossier, branch, due(law.calendar, now, limit), "branch-started", now)
    _finish_stages(session, law, dossier, branch, now)
    procedure = law.procedure(branch.procedure_code, local(dossier.filed_at).date())
    authority = law.authority(branch.authority_id)
    tracking.add(
        session,
        dossier.id,
        "branch-started",
        f"{authority.name_vi} bắt đầu giải quyết: {procedure.name_vi}.",
        f"{authority.name_en} has started: {procedure.name_en}.",
        now,
        branch.procedure_code,
    )


def _finish_stages(session: Session, law: Law, dossier: Dossier, branch: Branch, now: datetime) -> None:
    """A stage without a result paper (K5a) has ended when the procedure that needed it starts."""
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    for code in law.graph(bundle, dossier.options)[branch.procedure_code]:
        needed = tracking.require_branch(session, dossier, code)
        if needed.status == BranchStatus.ACTIVE:
            needed.status, needed.finished_at = BranchStatus.ISSUED, now
            session.add(needed)


def _current(law: Law, due_at: datetime | None, start: datetime, share: float) -> DeadlineSet:
    if due_at is None:
        raise Conflict("deadline", "Hồ sơ chưa có hạn.", "The dossier has no deadline yet.")
    rungs = escalation_times(law.calendar, start, due_at, share)
    return DeadlineSet(due_at, [at.replace(microsecond=0) for _, at in rungs])


def move_deadline(
    session: Session,
    law: Law,
    dossier_code: str,
    procedure_code: str | None,
    due_at: datetime,
    ground: str,
    actor: str,
    now: datetime,
    share: float = DEFAULT_WARNING_SHARE,
) -> DeadlineSet:
    """Move a due time on a ground and tell the running watch; a re-appointment is allowed once (art. 19(9))."""
    dossier = tracking.require(session, dossier_code)
    branch = tracking.require_branch(session, dossier, procedure_code) if procedure_code else None
    if due_at <= now:
        raise Invalid("due", "Hạn mới phải ở tương lai.", "The new due time must lie in the future.")
    if ground == RE_APPOINTMENT and _moved_before(session, dossier, procedure_code or ""):
        raise Conflict("re-appointment", "Chỉ được hẹn lại một lần.", "A new date may be set only once.")
    _enter(session, dossier, branch, due_at, ground, now)
    answer = _current(law, due_at, now, share)
    outbox.add_message(session, "deadline-changed", dossier_code, answer.as_variables(), now, procedure_code)
    text = f"{local(due_at):%H:%M %d/%m/%Y}"
    tracking.add(
        session,
        dossier.id,
        "deadline-moved",
        f"Hạn trả kết quả mới: {text}.",
        f"New due time: {text}.",
        now,
        procedure_code or "",
        actor,
        {"ground": ground},
    )
    audit.record(session, actor, "deadline-moved", dossier_code, {"branch": procedure_code, "ground": ground}, now)
    return answer


def _moved_before(session: Session, dossier: Dossier, branch_code: str) -> bool:
    statement = select(DeadlineEntry).where(
        DeadlineEntry.dossier_id == dossier.id,
        DeadlineEntry.branch_code == branch_code,
        DeadlineEntry.ground == RE_APPOINTMENT,
    )
    return session.exec(statement).first() is not None


def deadline_entries(session: Session, dossier_id: str) -> list[DeadlineEntry]:
    """Every deadline of a dossier as it was set or moved, oldest first."""
    statement = select(DeadlineEntry).where(DeadlineEntry.dossier_id == dossier_id)
    return list(session.exec(statement.order_by(col(DeadlineEntry.id))).all())


def record_status(
    session: Session,
    dossier_code: str,
    status: str,
    now: datetime,
    procedure_code: str | None = None,
    actor: str = "system",
) -> Dossier:
    """Record a business status of the dossier, or the status of one branch; repeating it changes nothing."""
    dossier = tracking.require(session, dossier_code)
    if procedure_code:
        _record_branch(session, dossier, procedure_code, status, now)
        return dossier
    if status not in set(BusinessStatus):
        raise Invalid("status", f"Trạng thái “{status}” không có.", f"There is no status “{status}”.")
    current, wanted = BusinessStatus(dossier.status), BusinessStatus(status)
    if current == wanted:
        return dossier
    if not may_follow(current, wanted):
        raise Conflict(
            "status",
            f"Không thể chuyển từ {current} sang {wanted}.",
            f"A dossier cannot go from {current} to {wanted}.",
        )
    dossier.status = wanted
    if wanted in (BusinessStatus.ACCEPTED, BusinessStatus.PROCESSING) and dossier.accepted_at is None:
        dossier.accepted_at = now
    if is_final(wanted):
        dossier.finished_at = now
        close_branches(session, dossier, now)
    if wanted == BusinessStatus.REFUSED and dossier.delivery_status == DeliveryStatus.NONE:
        dossier.delivery_status = DeliveryStatus.READY
    session.add(dossier)
    vi, en = _STATUS_TEXTS[wanted]
    tracking.add(session, dossier.id, f"status-{wanted}", vi, en, now, actor=actor)
    audit.record(session, actor, "status-recorded", dossier_code, {"status": wanted}, now)
    return dossier


def close_branches(session: Session, dossier: Dossier, now: datetime) -> None:
    """A dossier that has ended has no open branch: what was not finished is skipped and can no longer be late."""
    for branch in tracking.branches(session, dossier.id):
        if branch.status not in _FINISHED_BRANCH:
            branch.status = BranchStatus.SKIPPED
            session.add(branch)


def _record_branch(session: Session, dossier: Dossier, procedure_code: str, status: str, now: datetime) -> None:
    branch = tracking.require_branch(session, dossier, procedure_code)
    if status not in set(BranchStatus):
        raise Invalid("status", f"Trạng thái “{status}” không có.", f"There is no status “{status}”.")
    if branch.status == status or branch.status in _FINISHED_BRANCH:
        return
    branch.status = BranchStatus(status)
    if status in _FINISHED_BRANCH:
        branch.finished_at = now
    session.add(branch)
    audit.record(session, "system", "branch-status", dossier.code, {"branch": procedure_code, "status": status}, now)
