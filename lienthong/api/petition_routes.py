"""Petitions and objections for the staff app: what own authorities have to answer, and the answer."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlmodel import Session

from lienthong.api.deps import DatabaseDep, LawDep, NowDep
from lienthong.dossiers import audit, petitions
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.law import Law
from lienthong.dossiers.petitions import Outcome
from lienthong.dossiers.tables import Dossier
from lienthong.dossiers.tables.portal import Petition
from lienthong.web.problems import problem_for_status
from lienthong.web.users import CurrentUser, require_staff

router = APIRouter(prefix="/petitions", tags=["petitions"])
answering = require_staff(*petitions.ANSWERING)


class Answer(BaseModel):
    """What staff answer, and what came of it."""

    text: str = Field(min_length=10, max_length=5000)
    outcome: Outcome


def own_authorities(user: CurrentUser) -> set[str] | None:
    """The authorities whose petitions somebody answers; None is all."""
    return petitions.own_authorities((grant.authority_id, grant.role) for grant in user.grants)


@router.get("")
def waiting(
    database: DatabaseDep, law: LawDep, now: NowDep, all: bool = False, user: CurrentUser = Depends(answering)
) -> dict[str, Any]:
    """What own authorities have to answer, the one due first at the top; ``all`` with those answered."""
    with read_scope(database) as session:
        found = petitions.to_answer(session, own_authorities(user), open_only=not all)
        return {"items": [_row(session, law, one, now) for one in found]}


@router.get("/{code}")
def one(
    code: str, database: DatabaseDep, law: LawDep, now: NowDep, user: CurrentUser = Depends(answering)
) -> dict[str, Any]:
    """One petition, whole; the view is in the audit, as it shows who sent it."""
    with session_scope(database) as session:
        found = _require(session, code, user)
        audit.record(session, user.username, "petition-viewed", code, {}, now)
        return _whole(session, law, found, now)


@router.post("/{code}/answer")
def answer(
    code: str,
    given: Answer,
    database: DatabaseDep,
    law: LawDep,
    now: NowDep,
    user: CurrentUser = Depends(answering),
) -> dict[str, Any]:
    """Answer it; its author is told. 409 when it has been answered already."""
    with session_scope(database) as session:
        _require(session, code, user)
        return _whole(session, law, petitions.answer(session, code, given.text, given.outcome, user.username, now), now)


def _require(session: Session, code: str, user: CurrentUser) -> Petition:
    """A petition of own authorities; another's answers as if it did not exist."""
    found = petitions.get(session, code)
    own = own_authorities(user)
    if own is not None and found.authority_id not in own:
        raise problem_for_status(404)
    return found


def _row(session: Session, law: Law, petition: Petition, now: datetime) -> dict[str, Any]:
    dossier = session.get(Dossier, petition.dossier_id) if petition.dossier_id else None
    authority = law.authorities.get(petition.authority_id)
    return {
        "code": petition.code,
        "kind": petition.kind,
        "subject": petition.subject,
        "authorityId": petition.authority_id,
        "authorityVi": authority.name_vi if authority else petition.authority_id,
        "authorityEn": authority.name_en if authority else petition.authority_id,
        "dossierCode": dossier.code if dossier else None,
        "procedureCode": petition.branch_code or None,
        "status": petition.status,
        "receivedAt": petition.received_at.isoformat(),
        "dueAt": petition.due_at.isoformat(),
        "late": petition.answered_at is None and petition.due_at < now,
    }


def _whole(session: Session, law: Law, petition: Petition, now: datetime) -> dict[str, Any]:
    return {
        **_row(session, law, petition, now),
        "body": petition.body,
        "authorName": petition.author_name,
        "authorPhone": petition.author_phone,
        "authorEmail": petition.author_email,
        "answer": petition.answer,
        "outcome": petition.outcome or None,
        "answeredAt": petition.answered_at.isoformat() if petition.answered_at else None,
        "answeredBy": petition.answered_by or None,
        "satisfied": petition.satisfied,
    }
