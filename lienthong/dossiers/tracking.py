"""Finding dossiers, their timeline, and what the public may see of them with code and phone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, or_, select

from lienthong.dossiers.database import locked
from lienthong.dossiers.errors import NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.status import BusinessStatus, DeliveryStatus, NationalCode, PaymentStatus, national_code
from lienthong.dossiers.tables import Branch, Dossier, TimelineEntry

PHONE_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class PublicView:
    """A dossier without personal data."""

    code: str
    title_vi: str
    title_en: str
    applicant: str
    status: str
    national_code: NationalCode
    filed_at: datetime
    due_at: datetime | None
    branches: list[Branch]
    timeline: list[TimelineEntry]


def by_code(session: Session, code: str) -> Dossier | None:
    """The dossier of a code."""
    return session.exec(select(Dossier).where(Dossier.code == code)).first()


def require(session: Session, code: str) -> Dossier:
    """The dossier of a code, or ``NotFound``; a transaction that writes has it for itself until it ends."""
    found = session.exec(locked(session, select(Dossier).where(Dossier.code == code))).first()
    if found is None:
        raise NotFound("dossier", f"Không có hồ sơ “{code}”.", f"There is no dossier “{code}”.")
    return found


def require_branch(session: Session, dossier: Dossier, procedure_code: str) -> Branch:
    """One branch of a dossier, or ``NotFound``."""
    statement = select(Branch).where(Branch.dossier_id == dossier.id, Branch.procedure_code == procedure_code)
    found = session.exec(statement).first()
    if found is None:
        raise NotFound(
            "branch",
            f"Hồ sơ {dossier.code} không có thủ tục {procedure_code}.",
            f"Dossier {dossier.code} has no procedure {procedure_code}.",
        )
    return found


def by_token(session: Session, token: str) -> Dossier | None:
    """The dossier that an access token opens; an empty token opens none."""
    return session.exec(select(Dossier).where(Dossier.access_token == token)).first() if token else None


def of_user(session: Session, user_id: int) -> list[Dossier]:
    """The dossiers of an account, newest first."""
    statement = select(Dossier).where(Dossier.applicant_user_id == user_id).order_by(col(Dossier.filed_at).desc())
    return list(session.exec(statement).all())


def search(session: Session, text: str, limit: int = 50) -> list[Dossier]:
    """Dossiers whose code, applicant or organisation contains the text, newest first."""
    statement = select(Dossier).order_by(col(Dossier.filed_at).desc()).limit(limit)
    if text.strip():
        pattern = "%" + text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        columns = (col(Dossier.code), col(Dossier.applicant_name), col(Dossier.organisation_name))
        statement = statement.where(or_(*(column.ilike(pattern, escape="\\") for column in columns)))
    return list(session.exec(statement).all())


def last_entry(session: Session, dossier_id: str, *kinds: str) -> TimelineEntry | None:
    """The newest entry of a dossier's story that is of one of these kinds."""
    return next((entry for entry in reversed(timeline(session, dossier_id)) if entry.kind in kinds), None)


def branches(session: Session, dossier_id: str) -> list[Branch]:
    """The branches of a dossier in the order of their codes."""
    found = session.exec(select(Branch).where(Branch.dossier_id == dossier_id)).all()
    return sorted(found, key=lambda branch: natural(branch.procedure_code))


def natural(code: str) -> tuple[str, int, str]:
    """A key that sorts V2 before V10 and V5 before V5a."""
    letters = code.rstrip("0123456789abcdefghijklmnopqrstuvwxyz")
    digits = "".join(character for character in code[len(letters) :] if character.isdigit())
    return letters, int(digits or 0), code[len(letters) + len(digits) :]


def timeline(session: Session, dossier_id: str) -> list[TimelineEntry]:
    """What happened to a dossier, oldest first."""
    statement = select(TimelineEntry).where(TimelineEntry.dossier_id == dossier_id)
    return list(session.exec(statement.order_by(col(TimelineEntry.at), col(TimelineEntry.id))).all())


def add(
    session: Session,
    dossier_id: str,
    kind: str,
    text_vi: str,
    text_en: str,
    now: datetime,
    branch_code: str = "",
    actor: str = "",
    data: dict[str, Any] | None = None,
) -> TimelineEntry:
    """Write one event; its texts are read by the applicant."""
    entry = TimelineEntry(
        dossier_id=dossier_id,
        at=now,
        kind=kind,
        branch_code=branch_code,
        actor=actor,
        text_vi=text_vi,
        text_en=text_en,
        data=data or {},
    )
    session.add(entry)
    session.flush()
    return entry


def national_status(dossier: Dossier) -> NationalCode:
    """The dossier's code on the National Portal."""
    payment = PaymentStatus(dossier.payment_status)
    return national_code(BusinessStatus(dossier.status), payment, DeliveryStatus(dossier.delivery_status))


def named_in_lists(dossier: Dossier) -> str:
    """Whose dossier a list shows: an organisation by its name, a person masked; the dossier itself tells, audited."""
    return dossier.organisation_name or masked(dossier.applicant_name)


def masked(name: str) -> str:
    """A name with only its first and last word's initials shown: ``N*** V*** Thử`` keeps the given name."""
    words = name.split()
    return " ".join([*(word[0] + "***" for word in words[:-1]), *words[-1:]])


def public_view(session: Session, law: Law, code: str, phone_digits: str) -> PublicView | None:
    """A dossier for whoever knows its code and the last four digits of its phone; else None, without saying why."""
    dossier = by_code(session, code)
    digits = "".join(filter(str.isdigit, dossier.applicant_phone)) if dossier else ""
    if dossier is None or len(phone_digits) != PHONE_DIGITS or digits[-PHONE_DIGITS:] != phone_digits:
        return None
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    return PublicView(
        dossier.code,
        bundle.title_vi,
        bundle.title_en,
        masked(dossier.applicant_name),
        dossier.status,
        national_status(dossier),
        dossier.filed_at,
        dossier.due_at,
        branches(session, dossier.id),
        timeline(session, dossier.id),
    )
