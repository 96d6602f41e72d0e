"""Sign-in, sign-out and who is signed in, on the cookie that the portal uses too."""

from typing import Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.requests import Request

from lienthong.api.deps import DatabaseDep, LawDep, NowDep
from lienthong.dossiers import accounts
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.law import Law
from lienthong.web.problems import Problem
from lienthong.web.session import csrf_token, sign_in_session, sign_out_session
from lienthong.web.users import CurrentUser, load_user, optional_user

router = APIRouter(tags=["session"])


class Credentials(BaseModel):
    """What a person types to sign in."""

    username: str = Field(max_length=64)
    password: str = Field(max_length=256)


def _answer(request: Request, user: CurrentUser | None, law: Law) -> dict[str, Any]:
    return {"csrfToken": csrf_token(request), "user": None if user is None else _user(user, law)}


def _user(user: CurrentUser, law: Law) -> dict[str, Any]:
    names = {key: authority.name_vi for key, authority in law.authorities.items()}
    return {
        "id": user.id,
        "username": user.username,
        "displayName": user.display_name,
        "kind": user.kind,
        "roles": [
            {
                "authorityId": grant.authority_id,
                "authorityName": names.get(grant.authority_id, grant.authority_id),
                "role": grant.role,
            }
            for grant in user.grants
        ],
    }


@router.get("/session")
def read_session(request: Request, law: LawDep, user: CurrentUser | None = Depends(optional_user)) -> dict[str, Any]:
    """Who is signed in, and the CSRF token of this session."""
    return _answer(request, user, law)


@router.post("/session")
def sign_in(
    request: Request, credentials: Credentials, database: DatabaseDep, law: LawDep, now: NowDep
) -> dict[str, Any]:
    """Sign in; a wrong name and a wrong password are told apart to nobody."""
    with session_scope(database) as session:
        user = accounts.sign_in(session, credentials.username, credentials.password, now)
        user_id = None if user is None else user.id
    if user_id is None:
        raise Problem(
            401,
            "credentials",
            "Tên đăng nhập hoặc mật khẩu không đúng.",
            "The user name or the password is wrong.",
        )
    sign_in_session(request, user_id)
    return _answer(request, load_user(database, user_id), law)


@router.delete("/session")
def sign_out(request: Request, law: LawDep) -> dict[str, Any]:
    """Forget who was signed in."""
    sign_out_session(request)
    return _answer(request, None, law)
