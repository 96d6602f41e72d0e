"""Who is asking: the signed-in user with the roles granted, as FastAPI dependencies."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Depends
from sqlalchemy.engine import Engine
from sqlmodel import select
from starlette.requests import Request

from lienthong.dossiers.database import read_scope
from lienthong.dossiers.tables import RoleGrant, User
from lienthong.web.problems import Problem, problem_for_status
from lienthong.web.session import web_session


@dataclass(frozen=True, slots=True)
class Grant:
    """One role at one authority."""

    authority_id: str
    role: str


@dataclass(frozen=True, slots=True)
class CurrentUser:
    """The signed-in person, copied out of the database so that no route holds a row."""

    id: int
    username: str
    display_name: str
    kind: str
    grants: tuple[Grant, ...]

    @property
    def is_staff(self) -> bool:
        return self.kind == "staff"

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def holds(self, authority_id: str, role: str) -> bool:
        return Grant(authority_id, role) in self.grants


def load_user(database: Engine, user_id: int) -> CurrentUser | None:
    """The active user of an id with all grants; None when there is none (any more)."""
    with read_scope(database) as session:
        user = session.get(User, user_id)
        if user is None or user.id is None or not user.active:
            return None
        rows = session.exec(select(RoleGrant).where(RoleGrant.user_id == user_id)).all()
        grants = tuple(
            sorted((Grant(row.authority_id, row.role) for row in rows), key=lambda g: (g.authority_id, g.role))
        )
        return CurrentUser(user.id, user.username, user.display_name, str(user.kind), grants)


def optional_user(request: Request) -> CurrentUser | None:
    """Dependency: the signed-in user, or None."""
    user_id = web_session(request).user_id
    return None if user_id is None else load_user(request.app.state.database, user_id)


def current_user(user: CurrentUser | None = Depends(optional_user)) -> CurrentUser:
    """Dependency: the signed-in user; 401 when nobody is signed in."""
    if user is None:
        raise problem_for_status(401)
    return user


def require_staff(*roles: str) -> Callable[[CurrentUser], CurrentUser]:
    """Dependency factory: a member of staff who holds one of ``roles`` somewhere (any role when none is named)."""

    def dependency(user: CurrentUser = Depends(current_user)) -> CurrentUser:
        if not user.is_staff or (roles and not user.roles.intersection(roles)):
            raise Problem(
                403,
                "role",
                "Tài khoản của bạn không có vai trò cần cho việc này.",
                "Your account does not hold the role this needs.",
            )
        return user

    return dependency
