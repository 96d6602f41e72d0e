"""Local accounts with argon2 hashes; a wrong name takes as long as a wrong password, and is locked as soon."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlmodel import Session, select

from lienthong.dossiers import audit, sign_in_locks
from lienthong.dossiers.demo_accounts import DEMO_ACCOUNTS
from lienthong.dossiers.errors import Conflict, Invalid
from lienthong.dossiers.tables import RoleGrant, User, UserKind

_HASHER = PasswordHasher()
SHORTEST_PASSWORD = 8


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _HASHER.hash("nobody's password, only to spend the same time")


def sign_in(session: Session, username: str, password: str, now: datetime) -> User | None:
    """The active account of this name and password; every try is in the audit. ``TooManyTries`` while it is locked."""
    sign_in_locks.refuse_locked(session, username, now)
    user = session.exec(select(User).where(User.username == username)).first()
    fits = _fits(user.password_hash if user is not None else _nobodys_hash(), password)
    if user is None or not fits or not user.active:
        audit.record(session, "anonymous", "sign-in-refused", "account", {}, now)
        sign_in_locks.failed(session, username, now)
        return None
    sign_in_locks.forget(session, username)
    if _HASHER.check_needs_rehash(user.password_hash):
        user.password_hash = _HASHER.hash(password)
        session.add(user)
    audit.record(session, user.username, "signed-in", "account", {}, now)
    return user


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def create_account(
    session: Session,
    username: str,
    password: str,
    display_name: str,
    kind: str,
    grants: Iterable[tuple[str, str]] = (),
    phone: str = "",
    personal_number: str = "",
) -> User:
    """A new account with its roles as (authority, role)."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(
            "password",
            f"Mật khẩu phải có ít nhất {SHORTEST_PASSWORD} ký tự.",
            f"A password has at least {SHORTEST_PASSWORD} characters.",
        )
    if session.exec(select(User).where(User.username == username)).first() is not None:
        raise Conflict("username", f"Tên “{username}” đã có.", f"The name “{username}” is taken.")
    user = User(
        username=username,
        password_hash=_HASHER.hash(password),
        display_name=display_name,
        phone=phone,
        personal_number=personal_number,
        kind=UserKind(kind),
    )
    session.add(user)
    session.flush()
    for authority_id, role in grants:
        session.add(RoleGrant(user_id=user.id or 0, authority_id=authority_id, role=role))
    session.flush()
    return user


def set_password(session: Session, username: str, password: str) -> None:
    """A new password for an account."""
    user = session.exec(select(User).where(User.username == username)).one()
    user.password_hash = _HASHER.hash(password)
    session.add(user)


def create_demo_accounts(session: Session, password: str) -> list[str]:
    """The demonstration's accounts with one password; the user names created, existing ones are kept."""
    created = []
    for account in DEMO_ACCOUNTS:
        if session.exec(select(User).where(User.username == account.username)).first() is None:
            create_account(
                session,
                account.username,
                password,
                account.display_name,
                account.kind,
                account.grants,
                account.phone,
                account.personal_number,
            )
            created.append(account.username)
    return created
