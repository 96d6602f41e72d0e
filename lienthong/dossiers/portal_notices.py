"""The notice centre: notices of one's dossiers and other messages to an account in one list; and what leaves by SMS."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from lienthong.dossiers import profiles
from lienthong.dossiers.outbox import back_off
from lienthong.dossiers.tables import Dossier, Notification, User
from lienthong.dossiers.tables.portal import ApplicantProfile, NoticeSeen, OutgoingMessage, PortalNotice

LONGEST_SMS: Final = 480
TRIES: Final = 30
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of the notice centre; ``link`` is a path of the portal."""

    at: datetime
    text_vi: str
    text_en: str
    link: str
    new: bool


def of_user(session: Session, user_id: int, limit: int = 100) -> list[Notice]:
    """The newest notices of an account: those to the applicants of its dossiers, and its own."""
    seen = _seen_at(session, user_id)
    own = session.exec(
        select(PortalNotice).where(PortalNotice.user_id == user_id).order_by(col(PortalNotice.at).desc()).limit(limit)
    ).all()
    found = [Notice(one.at, one.text_vi, one.text_en, one.link, one.at > seen) for one in own]
    told = (
        select(Notification, Dossier.code)
        .join(Dossier, col(Dossier.id) == col(Notification.dossier_id))
        .where(Dossier.applicant_user_id == user_id, _to_applicant())
        .order_by(col(Notification.at).desc())
        .limit(limit)
    )
    for notice, code in session.exec(told).all():
        found.append(Notice(notice.at, notice.text_vi, notice.text_en, f"/ho-so/{code}", notice.at > seen))
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


def unread(session: Session, user_id: int) -> int:
    """How many notices came since the account looked last."""
    seen = _seen_at(session, user_id)
    own = select(func.count()).where(PortalNotice.user_id == user_id, PortalNotice.at > seen)
    told = (
        select(func.count())
        .select_from(Notification)
        .join(Dossier, col(Dossier.id) == col(Notification.dossier_id))
        .where(Dossier.applicant_user_id == user_id, _to_applicant(), Notification.at > seen)
    )
    return session.exec(own).one() + session.exec(told).one()


def mark_seen(session: Session, user_id: int, now: datetime) -> None:
    """Everything up to now has been read."""
    session.merge(NoticeSeen(user_id=user_id, seen_at=now))


def _to_applicant() -> ColumnElement[bool]:
    """Notices to the applicant, not to the staff of an authority."""
    return or_(
        col(Notification.recipient) == col(Dossier.applicant_phone),
        col(Notification.recipient) == col(Dossier.applicant_name),
    )


def _seen_at(session: Session, user_id: int) -> datetime:
    row = session.get(NoticeSeen, user_id)
    return _LONG_AGO if row is None else row.seen_at


def tell(
    session: Session, user_id: int, kind: str, text_vi: str, text_en: str, link: str, now: datetime
) -> PortalNotice:
    """Write a message to an account and queue it for the ways it wants to be reached by."""
    notice = PortalNotice(user_id=user_id, kind=kind, text_vi=text_vi, text_en=text_en, link=link, at=now)
    session.add(notice)
    session.flush()
    user, profile = session.get_one(User, user_id), profiles.of_user(session, user_id)
    text = text_en if profile.language == "en" else text_vi
    queue(session, f"notice:{notice.id}", profile, user.phone, profile.email, text, now)
    return notice


def tell_applicant(session: Session, dossier: Dossier, source: str, text_vi: str, text_en: str, now: datetime) -> None:
    """Queue a message about a dossier to its applicant, by what the filing and the account say."""
    profile = ApplicantProfile(user_id=0)
    if dossier.applicant_user_id is not None:
        profile = profiles.of_user(session, dossier.applicant_user_id)
    text = text_en if dossier.language == "en" else text_vi
    email = dossier.applicant_email or profile.email
    queue(session, source, profile, dossier.applicant_phone, email, text, now)


def queue(
    session: Session, source: str, profile: ApplicantProfile, phone: str, email: str, text: str, now: datetime
) -> list[OutgoingMessage]:
    """One message a channel and source; a repeated call adds nothing."""
    ways = [("sms", phone, profile.by_sms), ("email", email, profile.by_email)]
    made = []
    for channel, address, wanted in ways:
        if not (address and wanted) or _queued(session, source, channel):
            continue
        message = OutgoingMessage(
            source=source,
            channel=channel,
            address=address,
            subject="" if channel == "sms" else "Liên Thông",
            text=text[:LONGEST_SMS] if channel == "sms" else text,
            created_at=now,
            next_attempt_at=now,
        )
        session.add(message)
        made.append(message)
    session.flush()
    return made


def _queued(session: Session, source: str, channel: str) -> bool:
    statement = select(OutgoingMessage.id).where(OutgoingMessage.source == source, OutgoingMessage.channel == channel)
    return session.exec(statement).first() is not None


def due(session: Session, now: datetime, limit: int = 50) -> list[OutgoingMessage]:
    """Messages that wait and whose time has come, oldest first."""
    statement = (
        select(OutgoingMessage)
        .where(
            col(OutgoingMessage.sent_at).is_(None),
            col(OutgoingMessage.next_attempt_at) <= now,
            col(OutgoingMessage.attempts) < TRIES,
        )
        .order_by(col(OutgoingMessage.created_at))
        .limit(limit)
    )
    return list(session.exec(statement).all())


def sent(session: Session, message_id: str, now: datetime) -> None:
    """The gateway has it."""
    row = session.get_one(OutgoingMessage, message_id)
    row.sent_at, row.last_error = now, ""
    session.add(row)


def failed(session: Session, message_id: str, error: str, now: datetime, final: bool = False) -> None:
    """Try again later each time; ``final``: the gateway said no, so that it is not tried again."""
    row = session.get_one(OutgoingMessage, message_id)
    row.attempts = TRIES if final else row.attempts + 1
    row.last_error = error[:500]
    row.next_attempt_at = now + (timedelta(0) if final else back_off(row.attempts))
    session.add(row)
