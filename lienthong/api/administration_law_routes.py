"""Administration of the dated data: fees, limits, days off, names, competence, components; substitutions of staff."""

from datetime import date
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlmodel import Session, col, select

from lienthong.api.deps import AdministratorDep, DatabaseDep, LawDep, NowDep
from lienthong.api.substitution_routes import NewSubstitution
from lienthong.dossiers import law_edits, substitutions
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.law import Law
from lienthong.dossiers.law_edits import EditKind, LawEdit, Proposal
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.tables import Substitution, User

router = APIRouter(prefix="/administration", tags=["administration"])
Json = dict[str, Any]


class NewEdit(BaseModel):
    """A change of the dated data, from a day on, on a legal ground."""

    kind: EditKind
    subject: dict[str, Any]
    value: dict[str, Any]
    fromDate: date
    ground: str = Field(max_length=500)
    mark: str = Field("I", max_length=2)

    def proposal(self) -> Proposal:
        """As the domain takes it."""
        return Proposal(self.kind, self.subject, self.value, self.fromDate, self.ground, self.mark)


class Reason(BaseModel):
    """Why an edit is taken back."""

    reason: str = Field(max_length=500)


def _edit(row: LawEdit) -> Json:
    return {
        "id": row.id,
        "kind": str(row.kind),
        "subject": row.subject,
        "value": row.value,
        "fromDate": row.from_date.isoformat(),
        "ground": row.ground,
        "mark": row.mark,
        "state": str(row.state),
        "author": row.author,
        "proposedAt": row.proposed_at.isoformat(),
        "appliedBy": row.applied_by,
        "appliedAt": row.applied_at and row.applied_at.isoformat(),
        "withdrawnBy": row.withdrawn_by,
        "withdrawalReason": row.withdrawal_reason,
    }


def _preview(law: Law, proposal: Proposal) -> Json:
    seen = law_edits.preview(law, proposal)
    return {"before": seen.before, "after": seen.after, "text": {"vi": seen.text_vi, "en": seen.text_en}}


@router.get("/law/{kind}")
def read_law(kind: EditKind, _user: AdministratorDep, database: DatabaseDep, law: LawDep, now: NowDep) -> Json:
    """What may be edited of one kind as it stands today, and every edit of that kind so far."""
    found = law_edits.editable(law, kind, local(now).date())
    with read_scope(database) as session:
        edits = [_edit(row) for row in law_edits.history(session, kind)]
    rows = [
        {
            "key": one.key,
            "subject": one.subject,
            "title": {"vi": one.title_vi, "en": one.title_en},
            "value": one.value,
            "mark": one.mark,
            "source": one.source,
        }
        for one in found
    ]
    return {"rows": rows, "edits": edits}


@router.post("/law/preview")
def preview_edit(new: NewEdit, _user: AdministratorDep, law: LawDep) -> Json:
    """What a change would alter; nothing is written."""
    return _preview(law, new.proposal())


@router.post("/law", status_code=201)
def propose_edit(new: NewEdit, actor: AdministratorDep, database: DatabaseDep, law: LawDep, now: NowDep) -> Json:
    """Write a change down; it holds only when it has been applied."""
    with session_scope(database) as session:
        return _edit(law_edits.propose(session, law, new.proposal(), actor.username, now))


@router.post("/law/edits/{edit_id}/application")
def apply_edit(edit_id: str, actor: AdministratorDep, database: DatabaseDep, law: LawDep, now: NowDep) -> Json:
    """Make a proposed change law from its day on."""
    with session_scope(database) as session:
        return _edit(law_edits.apply(session, law, edit_id, actor.username, now))


@router.post("/law/edits/{edit_id}/withdrawal")
def withdraw_edit(edit_id: str, why: Reason, actor: AdministratorDep, database: DatabaseDep, now: NowDep) -> Json:
    """Take a change back that does not hold yet."""
    with session_scope(database) as session:
        return _edit(law_edits.withdraw(session, edit_id, actor.username, why.reason, now))


def _substitution(session: Session, row: Substitution) -> Json:
    names = {
        user.id: user.username
        for user in session.exec(select(User).where(col(User.id).in_((row.absent_user_id, row.substitute_user_id))))
    }
    return {
        "id": row.id,
        "absent": names.get(row.absent_user_id, ""),
        "substitute": names.get(row.substitute_user_id, ""),
        "firstDay": row.first_day.isoformat(),
        "lastDay": row.last_day.isoformat(),
        "authorityId": row.authority_id,
        "reason": row.reason,
        "createdBy": row.created_by,
        "endedAt": row.ended_at and row.ended_at.isoformat(),
    }


@router.get("/substitutions")
def read_substitutions(_user: AdministratorDep, database: DatabaseDep, now: NowDep) -> Json:
    """Who works for whom today or later, and what was before."""
    with read_scope(database) as session:
        current = substitutions.current_and_coming(session, now)
        known = {row.id for row in current}
        past = session.exec(select(Substitution).order_by(col(Substitution.first_day).desc()).limit(100)).all()
        return {
            "current": [_substitution(session, row) for row in current],
            "past": [_substitution(session, row) for row in past if row.id not in known],
        }


@router.post("/substitutions", status_code=201)
def appoint(new: NewSubstitution, actor: AdministratorDep, database: DatabaseDep, now: NowDep) -> Json:
    """Let a colleague work in the place of an absent one."""
    with session_scope(database) as session:
        return _substitution(session, new.appoint(session, actor.username, now))


@router.delete("/substitutions/{substitution_id}")
def end_substitution(substitution_id: str, actor: AdministratorDep, database: DatabaseDep, now: NowDep) -> Json:
    """End a substitution at once."""
    with session_scope(database) as session:
        return _substitution(session, substitutions.end(session, substitution_id, actor.username, now))
