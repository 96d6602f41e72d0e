"""Petitions (phản ánh, kiến nghị) and objections to what was done in a dossier: received, answered, judged.

An answer has a time limit (`law/portal.yaml`); whoever sent it follows it by its code and phone, or in the account.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, func, select

from lienthong.dossiers import audit, portal_notices, tracking
from lienthong.dossiers.errors import Conflict, Invalid, NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.numbering import next_serial
from lienthong.dossiers.portal_rules import PortalRules
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.rules.deadline import due
from lienthong.dossiers.statistics.records import PetitionRecord
from lienthong.dossiers.tables import Dossier, Role
from lienthong.dossiers.tables.portal import ApplicantProfile, Petition, PetitionKind

OUTCOMES = ("upheld", "partly", "rejected", "explained")
FOUND_RIGHT = ("upheld", "partly")
Outcome = Literal["upheld", "partly", "rejected", "explained"]
ANSWERING = (Role.RECEPTION, Role.UNIT_HEAD, Role.AUTHORITY_HEAD, Role.OFFICE)


def own_authorities(grants: Iterable[tuple[str, str]]) -> set[str] | None:
    """The authorities whose petitions somebody answers, by (authority, role); None (all) for the Provincial Office."""
    held = list(grants)
    if any(role == Role.OFFICE for _, role in held):
        return None
    return {authority for authority, role in held if role in ANSWERING}


class NewPetition(BaseModel):
    """What somebody sends; an objection names the dossier, and the branch when it is about one."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    kind: PetitionKind = PetitionKind.PETITION
    subject: str = Field(min_length=3, max_length=200)
    body: str = Field(min_length=10, max_length=5000)
    authority_id: str = ""
    dossier_code: str = ""
    branch_code: str = ""
    author_user_id: int | None = None
    author_name: str = Field(min_length=1, max_length=120)
    author_phone: str = Field("", pattern=r"^(\+?\d{9,11})?$")
    author_email: str = Field("", max_length=200)


def submit(session: Session, law: Law, rules: PortalRules, new: NewPetition, now: datetime) -> Petition:
    """Receive it under a code; an objection goes to the authority of the branch and into the dossier's story."""
    dossier = tracking.require(session, new.dossier_code) if new.dossier_code else None
    if new.kind is PetitionKind.OBJECTION and dossier is None:
        raise Invalid("objection", "Khiếu nại phải nêu mã hồ sơ.", "An objection names its dossier.")
    authority_id = _authority(session, law, dossier, new, now)
    limit = rules.answers.objection if new.kind is PetitionKind.OBJECTION else rules.answers.petition
    day = local(now).date()
    prefix = "KN" if new.kind is PetitionKind.OBJECTION else "PA"
    petition = Petition(
        code=f"{prefix}-{day:%y%m%d}-{next_serial(session, f'petition:{prefix}:{day:%y%m%d}'):04}",
        kind=new.kind,
        subject=new.subject,
        body=new.body,
        dossier_id=None if dossier is None else dossier.id,
        branch_code=new.branch_code,
        authority_id=authority_id,
        author_user_id=new.author_user_id,
        author_name=new.author_name,
        author_phone=new.author_phone,
        author_email=new.author_email,
        received_at=now,
        due_at=due(law.calendar, now, limit.limit()),
    )
    session.add(petition)
    session.flush()
    if dossier is not None:
        vi, en = f"Đã nhận {petition.code}: {new.subject}", f"{petition.code} was received: {new.subject}"
        tracking.add(session, dossier.id, "objection", vi, en, now, new.branch_code, new.author_name)
    actor = "anonymous" if new.author_user_id is None else f"user:{new.author_user_id}"
    audit.record(session, actor, f"{new.kind}-received", petition.code, {"authority": authority_id}, now)
    return petition


def _authority(session: Session, law: Law, dossier: Dossier | None, new: NewPetition, now: datetime) -> str:
    """Who answers: the branch's authority, the dossier's desk, the one that was named, else the Provincial Office."""
    if dossier is not None:
        if new.branch_code:
            return tracking.require_branch(session, dossier, new.branch_code).authority_id
        return str(dossier.authorities["desk"])
    if new.authority_id:
        return law.authority(new.authority_id).id
    return law.bundles(local(now).date())[0].office


def get(session: Session, code: str) -> Petition:
    """One petition by its code, or ``NotFound``."""
    found = session.exec(select(Petition).where(Petition.code == code)).first()
    if found is None:
        raise NotFound("petition", f"Không có phản ánh “{code}”.", f"There is no petition “{code}”.")
    return found


def by_code_and_phone(session: Session, code: str, digits: str) -> Petition | None:
    """A petition for whoever knows its code and the last four digits of its phone; else None, without saying why."""
    found = session.exec(select(Petition).where(Petition.code == code)).first()
    phone = "".join(filter(str.isdigit, found.author_phone)) if found else ""
    fits = len(digits) == tracking.PHONE_DIGITS and phone[-tracking.PHONE_DIGITS :] == digits
    return found if found is not None and fits else None


def of_user(session: Session, user_id: int) -> list[Petition]:
    """What an account sent, newest first."""
    statement = select(Petition).where(Petition.author_user_id == user_id)
    return list(session.exec(statement.order_by(col(Petition.received_at).desc())).all())


def of_dossier(session: Session, dossier_id: str) -> list[Petition]:
    """What was said about a dossier, oldest first."""
    statement = select(Petition).where(Petition.dossier_id == dossier_id)
    return list(session.exec(statement.order_by(col(Petition.received_at))).all())


def to_answer(session: Session, authority_ids: set[str] | None, open_only: bool = True) -> list[Petition]:
    """What authorities have to answer (None: all of them), the one due first at the top."""
    statement = select(Petition).order_by(col(Petition.due_at))
    if open_only:
        statement = statement.where(col(Petition.answered_at).is_(None))
    if authority_ids is not None:
        statement = statement.where(col(Petition.authority_id).in_(sorted(authority_ids)))
    return list(session.exec(statement.limit(500)).all())


def answer(session: Session, code: str, text: str, outcome: Outcome, actor: str, now: datetime) -> Petition:
    """Answer once; the author is told, and the dossier's story says so."""
    petition = get(session, code)
    if petition.answered_at is not None:
        raise Conflict("answered", "Đã trả lời rồi.", "It has been answered already.")
    if len(text.strip()) < 10 or outcome not in OUTCOMES:
        raise Invalid("answer", "Hãy viết câu trả lời (ít nhất 10 ký tự).", "Write an answer (10 characters or more).")
    petition.answer, petition.outcome, petition.answered_by = text.strip(), outcome, actor
    petition.answered_at, petition.status = now, "answered"
    session.add(petition)
    vi, en = f"{petition.code} đã được trả lời.", f"{petition.code} was answered."
    if petition.author_user_id is not None:
        portal_notices.tell(session, petition.author_user_id, "petition", vi, en, f"/phan-anh/{code}", now)
    else:
        everyone = ApplicantProfile(user_id=0)
        source, to = f"petition:{code}", (petition.author_phone, petition.author_email)
        portal_notices.queue(session, source, everyone, *to, vi, now)
    if petition.dossier_id is not None:
        tracking.add(session, petition.dossier_id, "objection-answered", vi, en, now, petition.branch_code, actor)
    audit.record(session, actor, f"{petition.kind}-answered", code, {"outcome": outcome}, now)
    return petition


def judge(session: Session, code: str, satisfied: bool, now: datetime) -> Petition:
    """Whether its author is satisfied with the answer; may be changed later."""
    petition = get(session, code)
    if petition.answered_at is None:
        raise Conflict("open", "Chưa có câu trả lời để đánh giá.", "There is no answer to judge yet.")
    petition.satisfied, petition.status = satisfied, "closed"
    session.add(petition)
    audit.record(session, "author", "petition-judged", code, {"satisfied": satisfied}, now)
    return petition


def counts(session: Session) -> dict[str, int]:
    """How many there are by state, for the public page."""
    rows = session.exec(select(Petition.status, func.count()).group_by(Petition.status)).all()
    return {str(status): int(count) for status, count in rows}


def records(session: Session) -> list[PetitionRecord]:
    """What the indicators need of each; unanswered satisfaction counts as satisfied."""
    codes = dict(session.exec(select(Dossier.id, Dossier.code).join(Petition)).all())
    return [
        PetitionRecord(
            dossier_code=codes.get(one.dossier_id or "", ""),
            received_at=one.received_at,
            due_at=one.due_at,
            answered_at=one.answered_at,
            justified=one.outcome in FOUND_RIGHT,
            satisfied=one.satisfied is not False,
        )
        for one in session.exec(select(Petition)).all()
    ]
