"""Accounts of staff as an administrator keeps them: made, renamed, closed, opened, passwords and roles; all audited."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlmodel import Session, col, or_, select

from lienthong.dossiers import accounts, audit, sign_in_locks
from lienthong.dossiers.errors import Conflict, Invalid, NotFound
from lienthong.dossiers.tables import AuditEntry, Authority, Role, RoleGrant, User, UserKind

Grants = Iterable[tuple[str, str]]
PASSWORD_BYTES = 9
SHORTEST_NAME = 3


def search(session: Session, text: str = "", limit: int = 200) -> list[User]:
    """Members of staff whose user name or name contains the text."""
    statement = select(User).where(User.kind == UserKind.STAFF).order_by(col(User.username)).limit(limit)
    if text.strip():
        pattern = "%" + text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        columns = (col(User.username), col(User.display_name))
        statement = statement.where(or_(*(column.ilike(pattern, escape="\\") for column in columns)))
    return list(session.exec(statement).all())


def grants(session: Session) -> dict[int, list[tuple[str, str]]]:
    """The roles of every account as (authority, role)."""
    found: dict[int, list[tuple[str, str]]] = {}
    for row in session.exec(select(RoleGrant).order_by(col(RoleGrant.authority_id), col(RoleGrant.role))).all():
        found.setdefault(row.user_id, []).append((row.authority_id, row.role))
    return found


def require(session: Session, username: str) -> User:
    """The account of a member of staff, or ``NotFound``."""
    user = session.exec(select(User).where(User.username == username, User.kind == UserKind.STAFF)).first()
    if user is None:
        raise NotFound("user", f"Không có tài khoản “{username}”.", f"There is no account “{username}”.")
    return user


def new_password() -> str:
    """A password to hand over once."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


def create(
    session: Session, username: str, display_name: str, phone: str, roles: Grants, actor: str, now: datetime
) -> str:
    """A new account of staff; returns its first password, which is shown once and kept nowhere."""
    name, wanted = username.strip(), sorted(set(roles))
    if len(name) < SHORTEST_NAME or not name.replace(".", "").replace("-", "").replace("_", "").isalnum():
        raise Invalid(
            "username",
            "Tên đăng nhập có ít nhất 3 ký tự: chữ, số, dấu chấm, gạch.",
            "A user name has at least 3 characters: letters, digits, dots, hyphens.",
        )
    if not display_name.strip():
        raise Invalid("display-name", "Hãy ghi họ tên.", "A name is needed.")
    _check_roles(session, wanted)
    password = new_password()
    accounts.create_account(session, name, password, display_name.strip(), UserKind.STAFF, wanted, phone.strip())
    _audit(session, actor, "user-created", name, {"roles": _texts(wanted)}, now)
    return password


def _audit(session: Session, actor: str, act: str, username: str, data: Mapping[str, object], now: datetime) -> None:
    audit.record(session, actor, act, f"user:{username}", dict(data), now)


def _texts(roles: Grants) -> list[str]:
    return [f"{authority}/{role}" for authority, role in roles]


def _check_roles(session: Session, roles: Grants) -> None:
    for authority_id, role in roles:
        if role not in set(Role):
            raise Invalid("role", f"Không có vai trò “{role}”.", f"There is no role “{role}”.")
        if session.get(Authority, authority_id) is None:
            raise Invalid(
                "authority", f"Không có cơ quan “{authority_id}”.", f"There is no authority “{authority_id}”."
            )


def set_roles(session: Session, username: str, roles: Grants, actor: str, now: datetime) -> None:
    """Replace the roles of an account; the last administrator keeps that role."""
    user, wanted = require(session, username), set(roles)
    _check_roles(session, wanted)
    before = {(row.authority_id, row.role): row for row in _rows(session, user)}
    if not any(role == Role.ADMINISTRATOR for _, role in wanted):
        _refuse_last_administrator(session, user)
    for key in before.keys() - wanted:
        session.delete(before[key])
    for authority_id, role in wanted - before.keys():
        session.add(RoleGrant(user_id=user.id or 0, authority_id=authority_id, role=role))
    session.flush()
    data = {"before": _texts(sorted(before)), "after": _texts(sorted(wanted))}
    _audit(session, actor, "user-roles", username, data, now)


def _rows(session: Session, user: User) -> list[RoleGrant]:
    return list(session.exec(select(RoleGrant).where(RoleGrant.user_id == user.id)).all())


def _refuse_last_administrator(session: Session, user: User) -> None:
    """There must always be somebody who can undo this."""
    statement = select(RoleGrant.user_id).join(User, col(User.id) == col(RoleGrant.user_id))
    holders = session.exec(statement.where(RoleGrant.role == Role.ADMINISTRATOR, col(User.active).is_(True))).all()
    if set(holders) == {user.id}:
        raise Conflict(
            "last-administrator",
            "Đây là quản trị viên cuối cùng, không thể bỏ.",
            "This is the last administrator and has to stay.",
        )


def set_active(session: Session, username: str, active: bool, actor: str, now: datetime) -> None:
    """Close or open an account; a closed one is signed out with its next request. Nobody closes the own one."""
    user = require(session, username)
    if user.active == active:
        return
    if not active:
        if username == actor:
            raise Conflict("own-account", "Không thể tự khóa tài khoản của mình.", "You cannot close your own account.")
        _refuse_last_administrator(session, user)
    user.active = active
    session.add(user)
    _audit(session, actor, "user-opened" if active else "user-closed", username, {}, now)


def rename(session: Session, username: str, display_name: str, phone: str, actor: str, now: datetime) -> None:
    """Another name or telephone number."""
    user = require(session, username)
    if not display_name.strip():
        raise Invalid("display-name", "Hãy ghi họ tên.", "A name is needed.")
    changed = [name for name, old, new in _differences(user, display_name, phone) if old != new]
    if not changed:
        return
    user.display_name, user.phone = display_name.strip(), phone.strip()
    session.add(user)
    _audit(session, actor, "user-changed", username, {"changed": changed}, now)


def _differences(user: User, display_name: str, phone: str) -> list[tuple[str, str, str]]:
    return [("displayName", user.display_name, display_name.strip()), ("phone", user.phone, phone.strip())]


def reset_password(session: Session, username: str, actor: str, now: datetime) -> str:
    """A fresh password, shown once; a lock after failed sign-ins ends with it."""
    require(session, username)
    password = new_password()
    accounts.set_password(session, username, password)
    sign_in_locks.forget(session, username)
    _audit(session, actor, "user-password-reset", username, {}, now)
    return password


def unlock(session: Session, username: str, actor: str, now: datetime) -> None:
    """End a lock after failed sign-ins."""
    require(session, username)
    sign_in_locks.forget(session, username)
    _audit(session, actor, "user-unlocked", username, {}, now)


def history(session: Session, username: str, limit: int = 100) -> list[AuditEntry]:
    """What administrators did to an account, newest first."""
    statement = select(AuditEntry).where(AuditEntry.subject == f"user:{username}")
    return list(session.exec(statement.order_by(col(AuditEntry.seq).desc()).limit(limit)).all())
