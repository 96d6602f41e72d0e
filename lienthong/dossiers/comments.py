"""What staff say to one another about a dossier, at any time; ``@name`` calls a colleague, who is notified."""

import re
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from lienthong.dossiers import audit, tracking
from lienthong.dossiers.errors import Invalid, NotFound
from lienthong.dossiers.tables import Comment, Notification, User, UserKind
from lienthong.dossiers.viewers import Viewer

LONGEST_TEXT: Final = 4000
_MENTION: Final = re.compile(r"(?<![\w@.])@([a-z0-9][a-z0-9._-]{1,62}[a-z0-9])", re.IGNORECASE)


def mentioned(text: str) -> list[str]:
    """User names that a text calls, each once, in order."""
    return list(dict.fromkeys(name.lower() for name in _MENTION.findall(text)))


def add(session: Session, viewer: Viewer, dossier_code: str, branch_code: str, text: str, now: datetime) -> Comment:
    """Write a comment and notify everybody it calls; a name that is no active member of staff is refused."""
    said = text.strip()
    if not said or len(said) > LONGEST_TEXT:
        raise Invalid("comment", "Ghi từ 1 đến 4000 ký tự.", "Write between 1 and 4000 characters.")
    dossier = tracking.require(session, dossier_code)
    called = [_colleague(session, name) for name in mentioned(said)]
    comment = Comment(
        dossier_id=dossier.id,
        branch_code=branch_code,
        author=viewer.username,
        text=said,
        mentions=[user.username for user in called],
        at=now,
    )
    session.add(comment)
    for user in called:
        notify(
            session,
            dossier.id,
            branch_code,
            user.username,
            f"{viewer.username} nhắc bạn trong hồ sơ {dossier_code}: {said[:200]}",
            f"{viewer.username} mentioned you in dossier {dossier_code}: {said[:200]}",
            now,
        )
    session.flush()
    data = {"comment": comment.id, "mentions": comment.mentions}
    audit.record(session, viewer.username, "comment-written", dossier_code, data, now)
    return comment


def _colleague(session: Session, name: str) -> User:
    user = session.exec(select(User).where(User.username == name)).first()
    if user is None or user.kind != UserKind.STAFF or not user.active:
        raise NotFound("mention", f"Không có cán bộ “@{name}”.", f"There is no member of staff “@{name}”.")
    return user


def notify(
    session: Session,
    dossier_id: str,
    branch_code: str,
    username: str,
    text_vi: str,
    text_en: str,
    now: datetime,
    template: str = "mention",
) -> None:
    """A notice to a member of staff about a dossier."""
    session.add(
        Notification(
            dossier_id=dossier_id,
            branch_code=branch_code,
            template=template,
            recipient=username,
            text_vi=text_vi,
            text_en=text_en,
            at=now,
        )
    )


def of_dossier(session: Session, dossier_id: str) -> list[Comment]:
    """The comments of a dossier, oldest first."""
    statement = select(Comment).where(Comment.dossier_id == dossier_id)
    return list(session.exec(statement.order_by(col(Comment.at), col(Comment.id))).all())


def notices(session: Session, username: str, limit: int = 50) -> list[Notification]:
    """The newest notices of a member of staff."""
    statement = select(Notification).where(Notification.recipient == username)
    return list(session.exec(statement.order_by(col(Notification.at).desc()).limit(limit)).all())


def unread(session: Session, username: str) -> int:
    """How many of the newest notices were not read."""
    return sum(notice.read_at is None for notice in notices(session, username))


def mark_read(session: Session, username: str, now: datetime) -> None:
    """All notices of a member of staff have been seen."""
    statement = select(Notification).where(Notification.recipient == username, col(Notification.read_at).is_(None))
    for notice in session.exec(statement).all():
        notice.read_at = now
        session.add(notice)
