"""Proactive service, level 2 (NĐ 224/2026 Điều 16 [V]): remind before a paper expires, with a prefilled filing."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from lienthong.dossiers import portal_notices
from lienthong.dossiers.errors import NotFound
from lienthong.dossiers.portal_rules import PortalRules, ReminderRule
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.tables import Document, DocumentRole, Dossier
from lienthong.dossiers.tables.portal import Reminder


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last day of a shorter month."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    after = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), after - timedelta(days=1))


def remind(session: Session, rules: PortalRules, now: datetime, limit: int = 500) -> list[Reminder]:
    """Remind of every result that expires within its days of notice, once each, when its owner has an account."""
    made = []
    for rule in rules.reminders:
        for document, dossier in _expiring(session, rule, now, limit):
            expires = months_later(local(document.created_at).date(), rule.valid_months)
            if dossier.applicant_user_id is None or not _in_time(expires, rule, now):
                continue
            made.append(_remind(session, rule, document, dossier, expires, now))
    session.flush()
    return made


def _expiring(session: Session, rule: ReminderRule, now: datetime, limit: int) -> list[tuple[Document, Dossier]]:
    first = now - timedelta(days=31 * rule.valid_months + 3)
    last = now - timedelta(days=28 * rule.valid_months - rule.remind_days - 3)
    reminded = select(Reminder.document_id)
    statement = (
        select(Document, Dossier)
        .join(Dossier, col(Dossier.id) == col(Document.dossier_id))
        .where(
            Document.kind == rule.kind,
            Document.role == DocumentRole.RESULT,
            col(Document.created_at).between(first, last),
            col(Document.id).not_in(reminded),
            col(Dossier.applicant_user_id).is_not(None),
        )
        .limit(limit)
    )
    return [(document, dossier) for document, dossier in session.exec(statement).all()]


def _in_time(expires: date, rule: ReminderRule, now: datetime) -> bool:
    left = (expires - local(now).date()).days
    return 0 <= left <= rule.remind_days


def _remind(
    session: Session, rule: ReminderRule, document: Document, dossier: Dossier, expires: date, now: datetime
) -> Reminder:
    user_id = dossier.applicant_user_id or 0
    reminder = Reminder(
        user_id=user_id,
        document_id=document.id,
        dossier_id=dossier.id,
        bundle_id=rule.bundle,
        expires_on=expires,
        created_at=now,
    )
    session.add(reminder)
    session.flush()
    vi = f"{document.file_name.removesuffix('.pdf')} hết hạn ngày {expires:%d/%m/%Y}. Hồ sơ gia hạn đã điền sẵn."
    en = f"{document.number} expires on {expires:%d/%m/%Y}. A filing to renew it is prefilled for you."
    portal_notices.tell(session, user_id, "reminder", vi, en, f"/nhac-han/{reminder.id}", now)
    return reminder


def of_user(session: Session, user_id: int) -> list[tuple[Reminder, Document]]:
    """The open reminders of an account with the papers that expire, the next one first."""
    statement = (
        select(Reminder, Document)
        .join(Document, col(Document.id) == col(Reminder.document_id))
        .where(Reminder.user_id == user_id, Reminder.status == "open")
        .order_by(col(Reminder.expires_on))
    )
    return [(reminder, document) for reminder, document in session.exec(statement).all()]


def own(session: Session, reminder_id: str, user_id: int) -> tuple[Reminder, Document, Dossier]:
    """One's own reminder with its paper and the earlier dossier, or ``NotFound``."""
    reminder = session.get(Reminder, reminder_id)
    if reminder is None or reminder.user_id != user_id:
        raise NotFound("reminder", "Không có lời nhắc này.", "There is no such reminder.")
    return reminder, session.get_one(Document, reminder.document_id), session.get_one(Dossier, reminder.dossier_id)


def settle(session: Session, reminder: Reminder, status: str) -> None:
    """The owner used the prefilled filing, or wants to hear no more of it."""
    reminder.status = status
    session.add(reminder)
