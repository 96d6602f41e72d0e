"""Extension: a new date once, on a ground, with the letter of form 04, at least one working day before the old date.

NĐ 61/2018 art. 19(9) [V]: the authority tells the desk at least one day before the time ends, with reason and proposed
new date; a new date may be set only once. "One day" is counted here as one working day [I], which is never later.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from lienthong.dossiers import acceptance, letters, tracking
from lienthong.dossiers.errors import Conflict, Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.papers import moment
from lienthong.dossiers.rules.calendar import add_working_minutes, local, working_minutes_between
from lienthong.dossiers.rules.deadline import day_before
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables import Branch, Document, Dossier


@dataclass(frozen=True, slots=True)
class Extension:
    """By how many working days one branch is put off, and why."""

    dossier_code: str
    procedure_code: str
    working_days: int
    reason: str


def extend(
    session: Session, store: Store, law: Law, wanted: Extension, actor: str, now: datetime
) -> tuple[datetime, Document]:
    """Move the due time of a branch, and of the bundle by as much; the new time and the letter."""
    dossier = tracking.require(session, wanted.dossier_code)
    branch = tracking.require_branch(session, dossier, wanted.procedure_code)
    due_at = _require_in_time(law, wanted, branch, now)
    minutes = wanted.working_days * law.calendar.minutes_a_day
    new_due = add_working_minutes(law.calendar, due_at, minutes)
    ground = acceptance.RE_APPOINTMENT
    acceptance.move_deadline(session, law, dossier.code, wanted.procedure_code, new_due, ground, actor, now)
    letter = _letter(session, store, law, dossier, branch, wanted, due_at, new_due, actor, now)
    if dossier.due_at is not None and dossier.due_at < new_due:
        shift = working_minutes_between(law.calendar, due_at, new_due)
        bundle_due = max(add_working_minutes(law.calendar, dossier.due_at, shift), new_due)
        ground = f"extended-{wanted.procedure_code}"
        acceptance.move_deadline(session, law, dossier.code, None, bundle_due, ground, actor, now)
    return new_due, letter


def _require_in_time(law: Law, wanted: Extension, branch: Branch, now: datetime) -> datetime:
    if not wanted.reason.strip() or wanted.working_days < 1:
        raise Invalid("extension", "Ghi lý do và số ngày làm việc.", "Give the reason and the number of working days.")
    if branch.due_at is None or branch.finished_at is not None:
        raise Conflict("extension", "Thủ tục này không có hạn đang chạy.", "This procedure has no running time limit.")
    if now > day_before(law.calendar, branch.due_at):
        raise Conflict(
            "extension-late",
            "Chỉ được hẹn lại trước hạn ít nhất một ngày làm việc.",
            "A new date may be set only one working day before the old one at the latest.",
        )
    return branch.due_at


def _letter(
    session: Session,
    store: Store,
    law: Law,
    dossier: Dossier,
    branch: Branch,
    wanted: Extension,
    old_due: datetime,
    new_due: datetime,
    actor: str,
    now: datetime,
) -> Document:
    day = local(dossier.filed_at).date()
    data = {
        "content": law.under(dossier).procedure(branch.procedure_code, day).name_vi,
        "due": moment(old_due),
        "responsible": law.authority(branch.authority_id).name_vi,
        "reason": wanted.reason.strip(),
        "new_due": moment(new_due),
    }
    return letters.write(session, store, law, dossier, "apology", branch.authority_id, now, data, actor)
