"""What heads and the Provincial Office decide about a running or ended dossier: stop, re-open, transfer."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from lienthong.api.deps import DeskDep
from lienthong.dossiers import closing, succession
from lienthong.dossiers.database import session_scope

router = APIRouter(prefix="/dossiers/{code}", tags=["oversight"])


class Ground(BaseModel):
    """Why."""

    reason: str = Field(min_length=1, max_length=1000)


class Transfer(BaseModel):
    """Which open branch goes to which authority, and why."""

    branchCode: str = Field(min_length=1, max_length=16)
    authorityId: str = Field(min_length=1, max_length=64)
    reason: str = Field(min_length=1, max_length=1000)


@router.post("/stop", status_code=204)
def stop(code: str, wanted: Ground, desk: DeskDep) -> None:
    """Stop the handling on a stated ground; repeating it does no harm."""
    with session_scope(desk.database) as session:
        desk.dossier(session, code)
        closing.stop(session, desk.viewer(session), code, wanted.reason, desk.now)


@router.post("/reopen", status_code=204)
def reopen(code: str, wanted: Ground, desk: DeskDep) -> None:
    """Go on with what was refused or stopped, after an objection was found right."""
    with session_scope(desk.database) as session:
        desk.dossier(session, code)
        closing.reopen(session, desk.law, desk.viewer(session), code, wanted.reason, desk.now)


@router.post("/transfer", status_code=204)
def transfer(code: str, wanted: Transfer, desk: DeskDep) -> None:
    """Hand an open branch to the authority that is competent; repeating it does no harm."""
    with session_scope(desk.database) as session:
        desk.dossier(session, code)
        viewer, to = desk.viewer(session), wanted.authorityId
        succession.transfer_branch(session, desk.law, viewer, code, wanted.branchCode, to, wanted.reason, desk.now)
