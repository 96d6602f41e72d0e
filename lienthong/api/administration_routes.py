"""Administration of people: accounts, roles, locks; and the audit with its verification."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlmodel import Session

from lienthong.api.deps import AdministratorDep, DatabaseDep, LawDep, NowDep
from lienthong.dossiers import audit, audit_search, sign_in_locks, staff_accounts
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.law import Law
from lienthong.dossiers.tables import AuditEntry, Role, User

router = APIRouter(prefix="/administration", tags=["administration"])
Json = dict[str, Any]
PAGE = 50


class Grant(BaseModel):
    """One role at one authority."""

    authorityId: str = Field(max_length=64)
    role: str = Field(max_length=32)


class NewUser(BaseModel):
    """A member of staff."""

    username: str = Field(max_length=64)
    displayName: str = Field(max_length=200)
    phone: str = Field("", max_length=30)
    roles: list[Grant] = Field(default=[], max_length=100)


class Change(BaseModel):
    """What may change about an account; what is left out stays."""

    displayName: str | None = Field(None, max_length=200)
    phone: str = Field("", max_length=30)
    active: bool | None = None
    roles: list[Grant] | None = Field(None, max_length=100)


def _shown(user: User, roles: list[tuple[str, str]], locked: dict[str, datetime]) -> Json:
    until = locked.get(user.username)
    return {
        "username": user.username,
        "displayName": user.display_name,
        "phone": user.phone,
        "active": user.active,
        "lockedUntil": until and until.isoformat(),
        "roles": [{"authorityId": authority, "role": role} for authority, role in roles],
    }


def _pairs(roles: list[Grant]) -> list[tuple[str, str]]:
    return [(grant.authorityId, grant.role) for grant in roles]


def _one(session: Session, username: str, now: datetime) -> Json:
    user = staff_accounts.require(session, username)
    roles = staff_accounts.grants(session).get(user.id or 0, [])
    return _shown(user, roles, sign_in_locks.locked_until(session, now))


@router.get("/users")
def read_users(_user: AdministratorDep, database: DatabaseDep, law: LawDep, now: NowDep, text: str = "") -> Json:
    """Members of staff, and what roles and authorities there are."""
    with read_scope(database) as session:
        roles, locked = staff_accounts.grants(session), sign_in_locks.locked_until(session, now)
        users = [_shown(user, roles.get(user.id or 0, []), locked) for user in staff_accounts.search(session, text)]
    return {"users": users, "roles": [str(role) for role in Role], "authorities": _authorities(law)}


def _authorities(law: Law) -> list[Json]:
    found = [{"id": key, "vi": each.name_vi, "en": each.name_en} for key, each in law.authorities.items()]
    return sorted(found, key=lambda each: each["vi"])


@router.post("/users", status_code=201)
def create_user(new: NewUser, actor: AdministratorDep, database: DatabaseDep, now: NowDep) -> Json:
    """A new account; the password in the answer is shown once."""
    with session_scope(database) as session:
        roles = _pairs(new.roles)
        password = staff_accounts.create(session, new.username, new.displayName, new.phone, roles, actor.username, now)
        return {"user": _one(session, new.username.strip(), now), "password": password}


@router.get("/users/{username}")
def read_user(username: str, _user: AdministratorDep, database: DatabaseDep, now: NowDep) -> Json:
    """One account with what administrators did to it."""
    with read_scope(database) as session:
        entries = [_entry(row) for row in staff_accounts.history(session, username)]
        return {"user": _one(session, username, now), "history": entries}


@router.patch("/users/{username}")
def change_user(username: str, change: Change, actor: AdministratorDep, database: DatabaseDep, now: NowDep) -> Json:
    """Rename, close, open, or replace the roles."""
    with session_scope(database) as session:
        if change.displayName is not None:
            staff_accounts.rename(session, username, change.displayName, change.phone, actor.username, now)
        if change.roles is not None:
            staff_accounts.set_roles(session, username, _pairs(change.roles), actor.username, now)
        if change.active is not None:
            staff_accounts.set_active(session, username, change.active, actor.username, now)
        return {"user": _one(session, username, now)}


@router.post("/users/{username}/password")
def reset_password(username: str, actor: AdministratorDep, database: DatabaseDep, now: NowDep) -> Json:
    """A fresh password, shown once."""
    with session_scope(database) as session:
        return {"password": staff_accounts.reset_password(session, username, actor.username, now)}


@router.post("/users/{username}/unlock")
def unlock(username: str, actor: AdministratorDep, database: DatabaseDep, now: NowDep) -> Json:
    """End a lock after failed sign-ins."""
    with session_scope(database) as session:
        staff_accounts.unlock(session, username, actor.username, now)
        return {"user": _one(session, username, now)}


def _entry(row: AuditEntry) -> Json:
    return {
        "seq": row.seq,
        "at": row.at.isoformat(),
        "actor": row.actor,
        "act": row.act,
        "subject": row.subject,
        "data": row.data,
        "hash": row.hash,
    }


@router.get("/audit")
def search_audit(
    _user: AdministratorDep,
    database: DatabaseDep,
    actor: str = "",
    act: str = "",
    subject: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = Query(None, ge=1),
) -> Json:
    """Entries of the audit, newest first, a page at a time (``before``: the number to go on below)."""
    wanted = audit_search.Wanted(actor, act, subject, since, until, before)
    with read_scope(database) as session:
        rows = [_entry(row) for row in audit_search.find(session, wanted, PAGE)]
        acts = audit_search.acts(session)
    return {"entries": rows, "acts": acts, "next": rows[-1]["seq"] if len(rows) == PAGE else None}


@router.post("/audit/verification")
def verify_audit(_user: AdministratorDep, database: DatabaseDep) -> Json:
    """Recompute the whole chain."""
    with read_scope(database) as session:
        report = audit.verify(session)
    return {"entries": report.entries, "ok": report.ok, "brokenAt": report.broken_at}
