"""What an account tells about itself, and the electronic identities that open it.

An identity never opens an account only because both name the same personal number: whoever made the local account
could have typed a stranger's number. It opens the account that it was linked to, by somebody signed in to both.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from lienthong.dossiers import accounts, audit
from lienthong.dossiers.errors import Conflict
from lienthong.dossiers.tables import User, UserKind
from lienthong.dossiers.tables.portal import ApplicantProfile, ExternalIdentity


@dataclass(frozen=True, slots=True)
class ProvenIdentity:
    """Who an identity provider says that somebody is."""

    issuer: str
    subject: str
    name: str
    personal_number: str
    organisation: bool
    tax_code: str
    phone: str


def of_user(session: Session, user_id: int) -> ApplicantProfile:
    """The profile of an account; a new one has the usual choices."""
    return session.get(ApplicantProfile, user_id) or ApplicantProfile(user_id=user_id)


def save(session: Session, profile: ApplicantProfile, now: datetime) -> None:
    """Keep a profile; that it changed is in the audit, not what it says."""
    session.merge(profile)
    audit.record(session, f"user:{profile.user_id}", "profile-changed", f"user:{profile.user_id}", {}, now)


def identities(session: Session, user_id: int) -> list[ExternalIdentity]:
    """The identities that open an account."""
    statement = select(ExternalIdentity).where(ExternalIdentity.user_id == user_id)
    return list(session.exec(statement.order_by(col(ExternalIdentity.linked_at))).all())


def proven_number(session: Session, user_id: int) -> str:
    """The personal number that an identity provider vouches for; empty when nobody does."""
    return next((one.personal_number for one in identities(session, user_id) if one.personal_number), "")


def sign_in_by_identity(session: Session, identity: ProvenIdentity, now: datetime, link_to: int | None = None) -> User:
    """The account of an identity: the linked one, the signed-in one (which is linked now), or a new one."""
    known = session.get(ExternalIdentity, (identity.issuer, identity.subject))
    if known is not None:
        if link_to not in (None, known.user_id):
            raise Conflict(
                "identity-linked",
                "Tài khoản định danh này đã gắn với một tài khoản khác.",
                "This identity is linked to another account.",
            )
        user = session.get_one(User, known.user_id)
        if not user.active:
            raise Conflict("account-closed", "Tài khoản đã bị khóa.", "The account is closed.")
        audit.record(session, user.username, "signed-in", "account", {"by": "identity"}, now)
        return user
    user = session.get_one(User, link_to) if link_to is not None else _new_user(session, identity)
    link = ExternalIdentity(
        issuer=identity.issuer,
        subject=identity.subject,
        user_id=user.id or 0,
        personal_number=identity.personal_number,
        linked_at=now,
    )
    session.add(link)
    if identity.organisation and user.id is not None:
        profile = of_user(session, user.id)
        profile.organisation_name, profile.tax_code = identity.name, identity.tax_code
        session.merge(profile)
    audit.record(session, user.username, "identity-linked", "account", {"new": link_to is None}, now)
    return user


def _new_user(session: Session, identity: ProvenIdentity) -> User:
    """An account that only its identity opens: nobody knows its password."""
    return accounts.create_account(
        session,
        f"dd-{secrets.token_hex(6)}",
        secrets.token_urlsafe(32),
        identity.name,
        UserKind.CITIZEN,
        phone=identity.phone,
        personal_number=identity.personal_number,
    )
