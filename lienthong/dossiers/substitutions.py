"""Substitution: for some days a colleague works in the place of an absent one; the audit names both.

A substitution covers the days from first to last in Viet Nam, both included. It gives the tasks and roles of the
absent person (at one authority, or at all), never the rights to design or to administer, and is not passed on: who
stands in for somebody does not get what that person stands in for.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, col, or_, select

from lienthong.dossiers import audit
from lienthong.dossiers.errors import Conflict, Forbidden, Invalid, NotFound
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.tables import Role, RoleGrant, Substitution, User, UserKind

LONGEST_DAYS: Final = 366
NOT_PASSED_ON: Final = frozenset({Role.DESIGNER, Role.ADMINISTRATOR})
_HEADS: Final = frozenset({Role.UNIT_HEAD, Role.AUTHORITY_HEAD})


@dataclass(frozen=True, slots=True)
class StandIn:
    """Whom one stands in for today, and with which of that person's roles, as (authority, role)."""

    username: str
    display_name: str
    grants: tuple[tuple[str, str], ...]


def appoint(
    session: Session,
    absent: str,
    substitute: str,
    first_day: date,
    last_day: date,
    actor: str,
    now: datetime,
    authority_id: str = "",
    reason: str = "",
) -> Substitution:
    """Let ``substitute`` work for ``absent``; both are user names of active staff. ``actor`` is who says so."""
    if last_day < first_day or last_day < local(now).date():
        raise Invalid("days", "Ngày kết thúc phải từ ngày bắt đầu và chưa qua.", "The last day is before the first.")
    if (last_day - first_day).days >= LONGEST_DAYS:
        raise Invalid("days", "Thay thế tối đa một năm.", "A substitution lasts at most a year.")
    gone, standing = _member(session, absent), _member(session, substitute)
    if gone.id == standing.id:
        raise Invalid("substitute", "Không thể tự thay thế mình.", "Nobody stands in for themselves.")
    _check_authority(session, gone, authority_id)
    for other in _overlapping(session, gone.id or 0, first_day, last_day):
        if not authority_id or not other.authority_id or other.authority_id == authority_id:
            raise Conflict(
                "substitution",
                f"{gone.display_name} đã có người thay từ {other.first_day:%d/%m/%Y} đến {other.last_day:%d/%m/%Y}.",
                f"{gone.display_name} has a substitute from {other.first_day} to {other.last_day} already.",
            )
    row = Substitution(
        absent_user_id=gone.id or 0,
        substitute_user_id=standing.id or 0,
        first_day=first_day,
        last_day=last_day,
        authority_id=authority_id,
        reason=reason.strip()[:500],
        created_by=actor,
        created_at=now,
    )
    session.add(row)
    session.flush()
    data = {
        "absent": absent,
        "substitute": substitute,
        "first": first_day.isoformat(),
        "last": last_day.isoformat(),
        "authority": authority_id,
    }
    audit.record(session, actor, "substitution-appointed", row.id, data, now)
    return row


def _member(session: Session, username: str) -> User:
    user = session.exec(select(User).where(User.username == username)).first()
    if user is None or user.kind != UserKind.STAFF or not user.active:
        raise NotFound("staff", f"Không có cán bộ “{username}”.", f"There is no member of staff “{username}”.")
    return user


def _check_authority(session: Session, absent: User, authority_id: str) -> None:
    if not authority_id:
        return
    held = select(RoleGrant).where(RoleGrant.user_id == absent.id, RoleGrant.authority_id == authority_id)
    if session.exec(held).first() is None:
        raise Invalid(
            "authority",
            f"{absent.display_name} không giữ vai trò tại đơn vị này.",
            f"{absent.display_name} holds no role at this authority.",
        )


def _overlapping(session: Session, absent_user_id: int, first_day: date, last_day: date) -> list[Substitution]:
    statement = select(Substitution).where(
        Substitution.absent_user_id == absent_user_id,
        col(Substitution.ended_at).is_(None),
        Substitution.first_day <= last_day,
        Substitution.last_day >= first_day,
    )
    return list(session.exec(statement).all())


def end(session: Session, substitution_id: str, actor: str, now: datetime) -> Substitution:
    """End a substitution at once; ending it again changes nothing."""
    row = session.get(Substitution, substitution_id)
    if row is None:
        raise NotFound("substitution", "Không có việc thay thế này.", "There is no such substitution.")
    if row.ended_at is None:
        row.ended_at, row.ended_by = now, actor
        session.add(row)
        audit.record(session, actor, "substitution-ended", row.id, {}, now)
    return row


def may_appoint(session: Session, actor_id: int, absent: str) -> bool:
    """Oneself, a head at an authority of the absent person, or an administrator."""
    gone = session.exec(select(User).where(User.username == absent)).first()
    if gone is None:
        return False
    held = session.exec(select(RoleGrant).where(RoleGrant.user_id == actor_id)).all()
    if gone.id == actor_id or any(grant.role == Role.ADMINISTRATOR for grant in held):
        return True
    headed = {grant.authority_id for grant in held if grant.role in _HEADS}
    of_absent = session.exec(select(RoleGrant.authority_id).where(RoleGrant.user_id == gone.id)).all()
    return bool(headed.intersection(of_absent))


def require_may_appoint(session: Session, actor_id: int, absent: str) -> None:
    """``Forbidden`` unless ``may_appoint``."""
    if not may_appoint(session, actor_id, absent):
        raise Forbidden(
            "substitution",
            "Chỉ bản thân, lãnh đạo đơn vị hoặc quản trị mới được cử người thay.",
            "Only oneself, a head or an administrator may appoint a substitute.",
        )


def stand_ins(session: Session, user_id: int, now: datetime) -> tuple[StandIn, ...]:
    """Everybody whom an account stands in for at this moment, by name."""
    today = local(now).date()
    statement = (
        select(Substitution, User)
        .join(User, col(User.id) == col(Substitution.absent_user_id))
        .where(
            Substitution.substitute_user_id == user_id,
            col(Substitution.ended_at).is_(None),
            Substitution.first_day <= today,
            Substitution.last_day >= today,
        )
    )
    found: dict[str, tuple[User, set[tuple[str, str]]]] = {}
    for row, absent in session.exec(statement).all():
        grants = session.exec(select(RoleGrant).where(RoleGrant.user_id == absent.id)).all()
        given = found.setdefault(absent.username, (absent, set()))[1]
        given.update(
            (grant.authority_id, grant.role)
            for grant in grants
            if grant.role not in NOT_PASSED_ON and row.authority_id in ("", grant.authority_id)
        )
    return tuple(
        StandIn(username, absent.display_name, tuple(sorted(given)))
        for username, (absent, given) in sorted(found.items())
    )


def current_and_coming(session: Session, now: datetime, user_id: int | None = None) -> list[Substitution]:
    """Substitutions that hold today or later, soonest first; of one person (absent or substitute) when named."""
    statement = select(Substitution).where(
        col(Substitution.ended_at).is_(None), Substitution.last_day >= local(now).date()
    )
    if user_id is not None:
        statement = statement.where(
            or_(Substitution.absent_user_id == user_id, Substitution.substitute_user_id == user_id)
        )
    return list(session.exec(statement.order_by(col(Substitution.first_day), col(Substitution.id))).all())
