"""Filters of the queue under a name, kept on the server: one's own, and those shared with an authority."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, or_, select

from lienthong.dossiers.errors import Forbidden, Invalid, NotFound
from lienthong.dossiers.queue import QueueFilter, View
from lienthong.dossiers.tables import SavedFilter
from lienthong.dossiers.viewers import Viewer

LONGEST_NAME: Final = 80
MOST_FILTERS: Final = 50


def save(
    session: Session, viewer: Viewer, name: str, wanted: QueueFilter, shared_with: str, now: datetime
) -> SavedFilter:
    """Keep a filter; the same name of the same person is replaced. Shared only with an own authority."""
    called = name.strip()
    if not called or len(called) > LONGEST_NAME:
        raise Invalid("name", "Tên bộ lọc từ 1 đến 80 ký tự.", "A filter's name has 1 to 80 characters.")
    if shared_with and shared_with not in {authority for authority, _ in viewer.grants}:
        raise Forbidden("share", "Chỉ chia sẻ trong đơn vị của mình.", "Share only within your own authority.")
    own = session.exec(select(SavedFilter).where(SavedFilter.owner_id == viewer.user_id)).all()
    existing = next((row for row in own if row.name == called), None)
    if existing is None and len(own) >= MOST_FILTERS:
        raise Invalid("filters", "Tối đa 50 bộ lọc.", "At most 50 filters.")
    row = existing or SavedFilter(owner_id=viewer.user_id, name=called, created_at=now)
    row.query = {name: value for name, value in asdict(wanted).items() if value and value != View.ALL}
    row.shared_with = shared_with
    session.add(row)
    session.flush()
    return row


def visible(session: Session, viewer: Viewer) -> list[SavedFilter]:
    """Own filters and those shared with an authority of one's own, by name."""
    shared = col(SavedFilter.shared_with).in_(sorted(viewer.authorities))
    statement = select(SavedFilter).where(or_(SavedFilter.owner_id == viewer.user_id, shared))
    return list(session.exec(statement.order_by(col(SavedFilter.name), col(SavedFilter.id))).all())


def remove(session: Session, viewer: Viewer, filter_id: str) -> None:
    """Forget an own filter."""
    row = session.get(SavedFilter, filter_id)
    if row is None or row.owner_id != viewer.user_id:
        raise NotFound("filter", "Không có bộ lọc này của bạn.", "You have no such filter.")
    session.delete(row)


def of_query(query: dict[str, Any]) -> QueueFilter:
    """The filter of a stored query; what is unknown is left out."""
    known = {name: str(value) for name, value in query.items() if name in QueueFilter.__dataclass_fields__}
    view = known.pop("view", View.ALL)
    return QueueFilter(View(view) if view in set(View) else View.ALL, **known)
