"""Who looks at the tasklist: a member of staff with own roles, and those of the people stood in for today."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from sqlmodel import Session, select

from lienthong.dossiers import substitutions
from lienthong.dossiers.errors import Forbidden
from lienthong.dossiers.substitutions import NOT_PASSED_ON, StandIn
from lienthong.dossiers.tables import Role, RoleGrant, Task, User

LEADING: Final = frozenset({Role.UNIT_HEAD, Role.AUTHORITY_HEAD, Role.OFFICE})


@dataclass(frozen=True)
class Viewer:
    """A member of staff with the roles held, as (authority, role), and whom that person stands in for."""

    user_id: int
    username: str
    grants: tuple[tuple[str, str], ...]
    stands_in: tuple[StandIn, ...] = ()

    @cached_property
    def all_grants(self) -> tuple[tuple[str, str], ...]:
        """Own grants and those of the people stood in for, each once."""
        return tuple(dict.fromkeys([*self.grants, *(grant for one in self.stands_in for grant in one.grants)]))

    @cached_property
    def groups(self) -> list[str]:
        """The candidate groups, ``authority/role``."""
        return [f"{authority}/{role}" for authority, role in self.all_grants]

    @cached_property
    def names(self) -> list[str]:
        """The own user name and those stood in for."""
        return [self.username, *(one.username for one in self.stands_in)]

    @cached_property
    def authorities(self) -> frozenset[str]:
        """Authorities at which any role is held."""
        return frozenset(authority for authority, _ in self.all_grants)

    @cached_property
    def case_authorities(self) -> frozenset[str]:
        """Authorities at which the viewer handles cases; designing and administering are no such roles."""
        return frozenset(authority for authority, role in self.all_grants if role not in NOT_PASSED_ON)

    @cached_property
    def led(self) -> frozenset[str]:
        """Authorities that the viewer heads or oversees."""
        return frozenset(authority for authority, role in self.all_grants if role in LEADING)

    @property
    def oversees_all(self) -> bool:
        """Whether the viewer belongs to the Provincial Office, which sees every authority's progress."""
        return any(role == Role.OFFICE for _, role in self.all_grants)

    def acting_for(self, task: Task) -> str:
        """Whose place the viewer takes on a task; empty where the own right is enough."""
        held_by = next((one.username for one in self.stands_in if task.assignee == one.username), "")
        own = {f"{authority}/{role}" for authority, role in self.grants}
        if held_by or own.intersection(groups_of(task)):
            return held_by
        for one in self.stands_in:
            theirs = {f"{authority}/{role}" for authority, role in one.grants}
            if theirs.intersection(groups_of(task)):
                return one.username
        return ""


def groups_of(task: Task) -> set[str]:
    """The groups that may work on a task: its own, and the one it was escalated to."""
    return {f"{task.authority_id}/{task.role}", task.escalated_group} - {""}


def viewer_of(session: Session, user_id: int, now: datetime | None = None) -> Viewer:
    """The viewer of an active account; with ``now`` also for whom that person stands in."""
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise Forbidden("account", "Tài khoản không còn hoạt động.", "The account is no longer active.")
    grants = session.exec(select(RoleGrant).where(RoleGrant.user_id == user_id)).all()
    own = tuple(sorted((grant.authority_id, grant.role) for grant in grants))
    return Viewer(user_id, user.username, own, () if now is None else substitutions.stand_ins(session, user_id, now))


def holds(session: Session, username: str) -> frozenset[str]:
    """The candidate groups of an active member of staff; none for nobody."""
    user = session.exec(select(User).where(User.username == username)).first()
    if user is None or not user.active:
        return frozenset()
    grants = session.exec(select(RoleGrant).where(RoleGrant.user_id == user.id)).all()
    return frozenset(f"{grant.authority_id}/{grant.role}" for grant in grants)
