"""Opinions of other bodies: asked with a time limit; no answer in time counts as consent where the question says so.

The answer (or the silence) is recorded and told to the branch that waits for it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from lienthong.dossiers import audit, comments, escalation, outbox, tracking
from lienthong.dossiers.errors import Conflict, Invalid, NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.calendar import add_working_minutes, local
from lienthong.dossiers.tables import Consultation, Dossier, Role
from lienthong.dossiers.viewers import Viewer


class Opinion(StrEnum):
    """What the body asked says."""

    AGREE = "agree"
    DISAGREE = "disagree"
    SILENCE = "silence-consent"


_WORDS = {
    Opinion.AGREE: ("đồng ý", "agrees"),
    Opinion.DISAGREE: ("không đồng ý", "does not agree"),
    Opinion.SILENCE: ("không trả lời trong hạn, coi như đồng ý", "gave no answer in time, which counts as consent"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of whom about which branch, to be answered within some working days."""

    dossier_code: str
    procedure_code: str
    asked_authority_id: str
    text: str
    working_days: int


def ask(session: Session, law: Law, viewer: Viewer, question: Question, now: datetime) -> Consultation:
    """Put a question to another body and notify its officers."""
    dossier = tracking.require(session, question.dossier_code)
    branch = tracking.require_branch(session, dossier, question.procedure_code)
    if question.asked_authority_id not in law.authorities or question.asked_authority_id == branch.authority_id:
        raise Invalid("authority", "Chọn cơ quan khác để lấy ý kiến.", "Choose another body to consult.")
    if not question.text.strip() or not 1 <= question.working_days <= 30:
        raise Invalid("question", "Ghi câu hỏi và thời hạn 1-30 ngày.", "Give a question and 1 to 30 days.")
    minutes = question.working_days * law.calendar.minutes_a_day
    row = Consultation(
        dossier_id=dossier.id,
        branch_code=question.procedure_code,
        asking_authority_id=branch.authority_id,
        asked_authority_id=question.asked_authority_id,
        question=question.text.strip(),
        asked_by=viewer.username,
        asked_at=now,
        due_at=add_working_minutes(law.calendar, now, minutes),
    )
    session.add(row)
    session.flush()
    body = law.authority(question.asked_authority_id)
    until = f"{local(row.due_at):%H:%M %d/%m/%Y}"
    vi = f"Lấy ý kiến {body.name_vi}, trả lời trước {until}; im lặng là đồng ý."
    en = f"{body.name_en} is consulted until {until}; no answer counts as consent."
    code = question.procedure_code
    tracking.add(session, dossier.id, "consultation-asked", vi, en, now, code, viewer.username)
    for role in (Role.OFFICER, Role.UNIT_HEAD):
        for username in escalation.people(session, f"{question.asked_authority_id}/{role}"):
            comments.notify(session, dossier.id, code, username, vi, en, now, "consultation")
    data = {"branch": code, "asked": question.asked_authority_id}
    audit.record(session, viewer.username, "consultation-asked", dossier.code, data, now)
    return row


def reply(
    session: Session, law: Law, consultation_id: str, opinion: Opinion, text: str, actor: str, now: datetime
) -> Consultation:
    """The body's answer; after the time, or a second one, is refused."""
    row = session.get(Consultation, consultation_id)
    if row is None:
        raise NotFound("consultation", "Không có việc lấy ý kiến này.", "There is no such consultation.")
    if row.answered_at is not None or now > row.due_at:
        raise Conflict("consultation", "Đã trả lời hoặc quá hạn trả lời.", "It was answered, or its time is over.")
    if opinion is Opinion.DISAGREE and not text.strip():
        raise Invalid("answer", "Không đồng ý thì ghi lý do.", "Say why when you do not agree.")
    _close(session, law, row, opinion, text.strip(), actor, now)
    return row


def close_silent(session: Session, law: Law, now: datetime) -> int:
    """No answer in time is consent: closes everything whose time is over; how many."""
    statement = select(Consultation).where(col(Consultation.answered_at).is_(None), Consultation.due_at < now)
    rows = session.exec(statement.limit(200)).all()
    for row in rows:
        _close(session, law, row, Opinion.SILENCE, "", "system", now)
    return len(rows)


def _close(
    session: Session, law: Law, row: Consultation, opinion: Opinion, text: str, actor: str, now: datetime
) -> None:
    row.opinion, row.answer, row.answered_by, row.answered_at = opinion, text, actor, now
    session.add(row)
    dossier = session.get_one(Dossier, row.dossier_id)
    said = f"{opinion}: {text}" if text else str(opinion)
    outbox.add_message(session, "consultation-answered", dossier.code, {"answer": said}, now, row.branch_code)
    body = law.authority(row.asked_authority_id)
    vi, en = f"{body.name_vi} {_WORDS[opinion][0]}.", f"{body.name_en} {_WORDS[opinion][1]}."
    tracking.add(session, dossier.id, "consultation-answered", vi, en, now, row.branch_code, actor)
    comments.notify(session, dossier.id, row.branch_code, row.asked_by, vi, en, now, "consultation")
    data = {"branch": row.branch_code, "opinion": opinion, "asked": row.asked_authority_id}
    audit.record(session, actor, "consultation-answered", dossier.code, data, now)


def of_dossier(session: Session, dossier_id: str) -> list[Consultation]:
    """The consultations of a dossier, oldest first."""
    statement = select(Consultation).where(Consultation.dossier_id == dossier_id)
    return list(session.exec(statement.order_by(col(Consultation.asked_at), col(Consultation.id))).all())


def open_of(session: Session, viewer: Viewer) -> list[Consultation]:
    """What the viewer's authorities have to answer, soonest due first."""
    own = sorted(viewer.authorities)
    statement = select(Consultation).where(
        col(Consultation.answered_at).is_(None), col(Consultation.asked_authority_id).in_(own)
    )
    return list(session.exec(statement.order_by(col(Consultation.due_at)).limit(200)).all())


def answer(session: Session, dossier_code: str, procedure_code: str, opinion: str, actor: str, now: datetime) -> None:
    """Record an opinion that came outside the system and tell the branch's process."""
    dossier = tracking.require(session, dossier_code)
    tracking.require_branch(session, dossier, procedure_code)
    outbox.add_message(session, "consultation-answered", dossier_code, {"answer": opinion}, now, procedure_code)
    vi, en = "Đã có ý kiến của cơ quan được hỏi.", "The body asked has given its opinion."
    tracking.add(session, dossier.id, "consultation-answered", vi, en, now, procedure_code, actor)
    audit.record(session, actor, "consultation-answered", dossier_code, {"branch": procedure_code}, now)
