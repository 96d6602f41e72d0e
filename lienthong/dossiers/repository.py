"""The electronic repository of a person or organisation: results kept once, used again only when their owner may.

Who files through the own account asks for the own papers by filing. Everybody else (another account, a proxy, an
organisation's new clerk) needs the owner's consent, for a kind of paper or for all; a withdrawn consent ends every
reuse of that kind, the owner's own filings included, until it is given again.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, and_, col, or_, select

from lienthong.dossiers import audit, profiles
from lienthong.dossiers.errors import Conflict, NotFound
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.rules.reuse import Held, Source
from lienthong.dossiers.tables import (
    Document,
    DocumentRole,
    Dossier,
    OwnerKind,
    RepositoryItem,
    ReuseConsent,
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose papers: a person by personal number, an organisation by its name without differences of case and space."""

    kind: OwnerKind
    key: str


def owners_of(dossier: Dossier) -> list[Owner]:
    """The person and the organisation of a dossier, as far as they are known."""
    found = []
    if dossier.applicant_personal_number:
        found.append(Owner(OwnerKind.PERSON, dossier.applicant_personal_number))
    if dossier.organisation_name.strip():
        found.append(Owner(OwnerKind.ORGANISATION, " ".join(dossier.organisation_name.casefold().split())))
    return found


def keep(
    session: Session, dossier: Dossier, document: Document, now: datetime, valid_to: date | None = None
) -> list[RepositoryItem]:
    """Keep a result for its organisation, else for its person; the same document is kept once."""
    if session.exec(select(RepositoryItem.id).where(RepositoryItem.document_id == document.id)).first() is not None:
        return []
    owners = owners_of(dossier)
    if not owners:
        return []
    owner = owners[-1]
    item = RepositoryItem(
        owner_kind=owner.kind,
        owner_key=owner.key,
        kind=document.kind,
        document_id=document.id,
        source=int(Source.REPOSITORY),
        dated=local(document.created_at).date(),
        valid_to=valid_to,
        number=document.number,
        dossier_code=dossier.code,
        kept_at=now,
    )
    session.add(item)
    session.flush()
    audit.record(session, "system", "repository-kept", dossier.code, {"document": document.id}, now)
    return [item]


def items(session: Session, owner: Owner) -> list[RepositoryItem]:
    """What is kept for an owner, newest first; revoked papers are told as such."""
    statement = select(RepositoryItem).where(
        RepositoryItem.owner_kind == owner.kind, RepositoryItem.owner_key == owner.key
    )
    return list(session.exec(statement.order_by(col(RepositoryItem.dated).desc(), col(RepositoryItem.id))).all())


def of_account(session: Session, user_id: int, proven_number: str) -> list[tuple[RepositoryItem, Document, Dossier]]:
    """What is kept of an account's own dossiers and of the person whom an identity vouches for, newest first."""
    own = Dossier.applicant_user_id == user_id
    person = and_(RepositoryItem.owner_kind == OwnerKind.PERSON, RepositoryItem.owner_key == proven_number)
    statement = (
        select(RepositoryItem, Document, Dossier)
        .join(Document, col(Document.id) == col(RepositoryItem.document_id))
        .join(Dossier, col(Dossier.id) == col(Document.dossier_id))
        .where(or_(own, person) if proven_number else own)
        .order_by(col(RepositoryItem.dated).desc(), col(RepositoryItem.id))
    )
    return list(session.exec(statement).all())


def consents(session: Session, owner: Owner) -> list[ReuseConsent]:
    """What the owner said last of each kind of paper, the general word first."""
    statement = select(ReuseConsent).where(ReuseConsent.owner_kind == owner.kind, ReuseConsent.owner_key == owner.key)
    last: dict[str, ReuseConsent] = {}
    for one in sorted(session.exec(statement).all(), key=_said_at):
        last[one.kind] = one
    return [last[kind] for kind in sorted(last)]


def _said_at(consent: ReuseConsent) -> tuple[datetime, str]:
    return consent.withdrawn_at or consent.given_at, consent.id


def revoke(session: Session, item_id: str, actor: str, reason: str, now: datetime) -> RepositoryItem:
    """A paper no longer holds (withdrawn by its authority): nobody uses it again."""
    item = session.get(RepositoryItem, item_id)
    if item is None:
        raise NotFound("repository-item", "Kho không có giấy tờ này.", "The repository has no such paper.")
    if item.revoked_at is not None:
        raise Conflict("revoked", "Giấy tờ đã bị thu hồi.", "The paper has been revoked already.")
    item.revoked_at, item.revocation_reason = now, reason.strip()
    session.add(item)
    audit.record(session, actor, "repository-revoked", item.dossier_code, {"document": item.document_id}, now)
    return item


def give_consent(
    session: Session, owner: Owner, given_by: str, now: datetime, kind: str = "", until: date | None = None
) -> ReuseConsent:
    """The owner allows reuse of one kind of paper ("" = every kind), without end or until a day."""
    consent = ReuseConsent(
        owner_kind=owner.kind, owner_key=owner.key, kind=kind, given_by=given_by, given_at=now, until=until
    )
    session.add(consent)
    session.flush()
    audit.record(session, given_by, "reuse-consent-given", consent.id, {"kind": kind}, now)
    return consent


def withdraw_consent(session: Session, owner: Owner, actor: str, now: datetime, kind: str = "") -> ReuseConsent:
    """The owner takes the consent back, or refuses what was never asked: nothing of that kind is used again."""
    newest = _newest(session, owner, kind)
    if newest is None or newest.withdrawn_at is not None or newest.kind != kind:
        newest = ReuseConsent(owner_kind=owner.kind, owner_key=owner.key, kind=kind, given_by="", given_at=now)
    newest.withdrawn_at = now
    session.add(newest)
    session.flush()
    audit.record(session, actor, "reuse-consent-withdrawn", newest.id, {"kind": kind}, now)
    return newest


def _newest(session: Session, owner: Owner, kind: str) -> ReuseConsent | None:
    """The consent that decides on a kind of paper: the one said last, of this kind or of all."""
    statement = select(ReuseConsent).where(
        ReuseConsent.owner_kind == owner.kind,
        ReuseConsent.owner_key == owner.key,
        or_(ReuseConsent.kind == kind, ReuseConsent.kind == ""),
    )
    found = session.exec(statement).all()
    return max(found, key=_said_at, default=None)


def may_reuse(session: Session, dossier: Dossier, owner: Owner, kind: str, earlier: Dossier, on: date) -> bool:
    """Whether a paper of an earlier dossier may be used in this one."""
    consent = _newest(session, owner, kind)
    if consent is not None:
        return consent.withdrawn_at is None and (consent.until is None or on <= consent.until)
    if dossier.applicant_user_id == earlier.applicant_user_id:
        return owner.kind is OwnerKind.PERSON or dossier.applicant_user_id is not None
    if owner.kind is OwnerKind.PERSON and dossier.applicant_user_id is not None:
        return profiles.proven_number(session, dossier.applicant_user_id) == owner.key  # never one that was typed
    return False


def held(session: Session, dossier: Dossier, on: date) -> list[Held]:
    """Papers that this dossier may use again: results (repository), then accepted uploads (the province's system)."""
    found: dict[str, Held] = {}
    for owner in owners_of(dossier):
        for document, earlier in _earlier(session, dossier, owner):
            if _holds(session, document.id, on) and may_reuse(session, dossier, owner, document.kind, earlier, on):
                source = Source.REPOSITORY if document.role == DocumentRole.RESULT else Source.PROVINCE
                dated = local(document.created_at).date()
                found[document.id] = Held(document.kind, document.id, dated, source, f"dossier:{earlier.code}")
    return list(found.values())


def _earlier(session: Session, dossier: Dossier, owner: Owner) -> list[tuple[Document, Dossier]]:
    statement = (
        select(Document, Dossier)
        .join(Dossier, col(Dossier.id) == col(Document.dossier_id))
        .where(
            Dossier.id != dossier.id,
            col(Document.role).in_([DocumentRole.RESULT, DocumentRole.UPLOAD]),
            col(Dossier.accepted_at).is_not(None),
        )
    )
    if owner.kind is OwnerKind.PERSON:
        own = statement.where(Dossier.applicant_personal_number == owner.key)
        return [(document, earlier) for document, earlier in session.exec(own)]
    kept = select(RepositoryItem.document_id).where(
        RepositoryItem.owner_kind == owner.kind, RepositoryItem.owner_key == owner.key
    )
    own = statement.where(or_(col(Document.id).in_(kept), Dossier.organisation_name == dossier.organisation_name))
    return [(document, earlier) for document, earlier in session.exec(own)]


def _holds(session: Session, document_id: str, on: date) -> bool:
    """Whether a paper was neither revoked nor has run out; what is in no repository has no such mark."""
    item = session.exec(select(RepositoryItem).where(RepositoryItem.document_id == document_id)).first()
    return item is None or (item.revoked_at is None and (item.valid_to is None or on <= item.valid_to))
