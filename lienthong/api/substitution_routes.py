"""Substitutions as staff see and make them: one's own absence, or as a head that of a colleague."""

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlmodel import Session

from lienthong.api.deps import DeskDep
from lienthong.dossiers import substitutions
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.errors import NotFound
from lienthong.dossiers.tables import Role, Substitution, User

router = APIRouter(prefix="/substitutions", tags=["tasklist"])
Json = dict[str, Any]


class NewSubstitution(BaseModel):
    """Who stands in for whom, from when to when (both days included), at one authority or at all."""

    absent: str = Field(min_length=1, max_length=64)
    substitute: str = Field(min_length=1, max_length=64)
    firstDay: date
    lastDay: date
    authorityId: str = Field("", max_length=64)
    reason: str = Field("", max_length=500)

    def appoint(self, session: Session, actor: str, now: datetime) -> Substitution:
        """Write it down; whether ``actor`` may do so was asked before."""
        return substitutions.appoint(
            session,
            self.absent,
            self.substitute,
            self.firstDay,
            self.lastDay,
            actor,
            now,
            self.authorityId,
            self.reason,
        )


def substitution_view(session: Session, row: Substitution) -> Json:
    """A substitution with both names."""
    absent, substitute = session.get_one(User, row.absent_user_id), session.get_one(User, row.substitute_user_id)
    return {
        "id": row.id,
        "absent": {"username": absent.username, "displayName": absent.display_name},
        "substitute": {"username": substitute.username, "displayName": substitute.display_name},
        "firstDay": row.first_day.isoformat(),
        "lastDay": row.last_day.isoformat(),
        "authorityId": row.authority_id,
        "reason": row.reason,
        "createdBy": row.created_by,
    }


@router.get("")
def read_own(desk: DeskDep) -> Json:
    """Substitutions of today and later that concern the viewer: as absent, as substitute, or as a head."""
    with read_scope(desk.database) as session:
        viewer = desk.viewer(session)
        administers = any(role == Role.ADMINISTRATOR for _, role in viewer.grants)
        rows = [
            row
            for row in substitutions.current_and_coming(session, desk.now)
            if administers
            or viewer.user_id in (row.absent_user_id, row.substitute_user_id)
            or substitutions.may_appoint(session, viewer.user_id, session.get_one(User, row.absent_user_id).username)
        ]
        return {"items": [substitution_view(session, row) for row in rows]}


@router.post("", status_code=201)
def appoint(new: NewSubstitution, desk: DeskDep) -> Json:
    """Appoint a substitute for oneself, or as a head or administrator for somebody."""
    with session_scope(desk.database) as session:
        substitutions.require_may_appoint(session, desk.user.id, new.absent)
        return substitution_view(session, new.appoint(session, desk.user.username, desk.now))


@router.delete("/{substitution_id}", status_code=204)
def end(substitution_id: str, desk: DeskDep) -> None:
    """End a substitution at once."""
    with session_scope(desk.database) as session:
        row = session.get(Substitution, substitution_id)
        if row is None:
            raise NotFound("substitution", "Không có việc thay thế này.", "There is no such substitution.")
        absent = session.get_one(User, row.absent_user_id)
        substitutions.require_may_appoint(session, desk.user.id, absent.username)
        substitutions.end(session, substitution_id, desk.user.username, desk.now)
