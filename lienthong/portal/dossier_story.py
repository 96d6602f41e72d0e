"""Who holds a dossier now, how long still, and why it is late: in words, out of the domain's rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from lienthong.dossiers import documents, escalation, supplements
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.calendar import working_minutes_between
from lienthong.dossiers.tables import (
    Branch,
    BranchStatus,
    DeadlineEntry,
    DocumentRole,
    Dossier,
    EscalationEntry,
    Task,
    User,
)
from lienthong.portal.text import translator
from lienthong.web.language import Language

APOLOGIES = ("apology", "apology-extension")


@dataclass(frozen=True, slots=True)
class Holder:
    """Where a dossier lies: for which branch ("" for the desk), at which authority, with whom, since when."""

    branch_code: str
    authority: str
    person: str
    since: datetime


def holders(session: Session, law: Law, dossier: Dossier, language: Language, named: bool) -> list[Holder]:
    """The open tasks of a dossier; persons are named only to its applicant."""
    statement = select(Task).where(Task.dossier_code == dossier.code, col(Task.hidden).is_(False))
    found = []
    for task in session.exec(statement.order_by(col(Task.created_at))).all():
        if task.authority_id not in law.authorities:
            continue
        authority = law.authority(task.authority_id)
        name = authority.name_vi if language == "vi" else authority.name_en
        person = _display_name(session, task.assignee) if named and task.assignee else ""
        found.append(Holder(task.procedure_code, name, person, task.created_at))
    return found


def _display_name(session: Session, username: str) -> str:
    user = session.exec(select(User).where(User.username == username)).first()
    return user.display_name if user is not None else ""


def time_left(law: Law, due_at: datetime | None, now: datetime, language: Language) -> str:
    """The working time until a due time, or since it passed, in words; empty without a due time."""
    if due_at is None:
        return ""
    t = translator(language)
    late = now > due_at
    first, last = (due_at, now) if late else (now, due_at)
    minutes = working_minutes_between(law.calendar, first, last)
    days, rest = divmod(minutes, law.calendar.minutes_a_day)
    amount = t("left.days", days=days) if days else t("left.hours", hours=max(1, round(rest / 60)))
    return t("left.late" if late else "left.left", amount=amount)


def reasons(session: Session, dossier: Dossier, branch: Branch | None, language: Language) -> list[str]:
    """Why a deadline moved or was missed: waiting for a supplement, a moved deadline, an escalation."""
    t = translator(language)
    code = "" if branch is None else branch.procedure_code
    found = []
    request = supplements.open_request(session, dossier.id)
    if request is not None and request.branch_code in ("", code):
        found.append(t("reason.supplement"))
    moves = select(DeadlineEntry).where(DeadlineEntry.dossier_id == dossier.id, DeadlineEntry.branch_code == code)
    grounds = [entry.ground for entry in session.exec(moves.order_by(col(DeadlineEntry.at))).all()]
    for ground, words in (("supplement", "reason.moved_supplement"), ("extension", "reason.extended")):
        if any(one.startswith(ground) for one in grounds):
            found.append(t(words))
    raised = [one for one in escalation.entries(session, dossier.id) if one.branch_code == code]
    if raised:
        found.append(t("reason.escalated", level=t(f"reason.level.{min(3, max(one.level for one in raised))}")))
    return found


def apologies(session: Session, dossier: Dossier) -> list[dict[str, str]]:
    """Letters of apology, the newest first."""
    letters = [one for one in documents.of_dossier(session, dossier.id, DocumentRole.LETTER) if one.kind in APOLOGIES]
    return [{"id": one.id, "name": one.file_name} for one in reversed(letters)]


def letter_of(session: Session, dossier: Dossier, branch_code: str) -> str | None:
    """The apology that belongs to one branch, by the escalation that made it."""
    statement = select(EscalationEntry).where(
        EscalationEntry.dossier_id == dossier.id,
        EscalationEntry.branch_code == branch_code,
        col(EscalationEntry.letter_document_id).is_not(None),
    )
    found = session.exec(statement.order_by(col(EscalationEntry.at).desc())).first()
    return None if found is None else found.letter_document_id


def branch_story(
    session: Session, law: Law, dossier: Dossier, branch: Branch, language: Language, now: datetime, own: bool
) -> dict[str, Any]:
    """Holder, time left and reasons of one branch that is at work."""
    if branch.status != BranchStatus.ACTIVE:
        return {"holders": [], "left": "", "reasons": [], "letter": None}
    late = branch.late or (branch.due_at is not None and branch.due_at < now)
    return {
        "holders": [
            one for one in holders(session, law, dossier, language, own) if one.branch_code == branch.procedure_code
        ],
        "left": time_left(law, branch.due_at, now, language),
        "reasons": reasons(session, dossier, branch, language) if late else [],
        "letter": letter_of(session, dossier, branch.procedure_code) if own else None,
    }
