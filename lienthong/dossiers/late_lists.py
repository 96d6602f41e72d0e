"""The late lists of months and years: compiled, objected to, approved by the Provincial Office, published, corrected.

A row names the body and the responsible person, never an applicant. What was published stays: a correction is shown
beside it with its ground, and a row whose objection was upheld before the approval is left out.
"""

from collections import Counter
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from lienthong.dossiers import audit
from lienthong.dossiers.database import locked
from lienthong.dossiers.errors import Conflict, Forbidden, Invalid, NotFound
from lienthong.dossiers.late_list_publication import (
    LateListPeriod,
    PublishedCorrection,
    PublishedList,
    PublishedRow,
    as_csv,
    periods,
    published,
)
from lienthong.dossiers.law import Law
from lienthong.dossiers.statistics import late_rows
from lienthong.dossiers.statistics.late_list import LateRow, compile_list
from lienthong.dossiers.statistics.records import Period, PeriodKind, period
from lienthong.dossiers.tables import (
    LateList,
    LateListCorrection,
    LateListObjection,
    LateListRow,
    ListState,
    ObjectionState,
    User,
)

__all__ = [
    "LateListPeriod",
    "PublishedCorrection",
    "PublishedList",
    "PublishedRow",
    "approve",
    "as_csv",
    "authorities",
    "compile_period",
    "correct",
    "decide",
    "earlier",
    "explain",
    "get",
    "object_to",
    "objections",
    "periods",
    "publish",
    "published",
    "rows",
    "span_of",
]
CORRECTABLE: Final = ("reason", "done", "days_late", "officer")


def span_of(year: int, month: int | None) -> Period:
    """The period of a list: a month, or the whole year."""
    return period(PeriodKind.YEAR, year) if month is None else period(PeriodKind.MONTH, year, month)


def compile_period(session: Session, law: Law, year: int, month: int | None, now: datetime) -> LateList:
    """Compile the list of a period; one that is not approved yet is compiled anew and keeps its objections."""
    span = span_of(year, month)
    found = _of_period(session, year, month)
    if found is not None and found.state != ListState.COMPILED:
        return found
    if found is None:
        found = LateList(name=span.name, year=year, month=month or 0, compiled_at=now)
    found.compiled_at = now
    session.add(found)
    session.flush()
    before = late_rows.counts(session, earlier(year, month), now) if month and month > 1 else Counter[str]()
    fresh = compile_list(late_rows.late_dossiers(session, span, now), span, law.calendar, now, before)
    known = {(row.dossier_code, row.procedure_code): row for row in rows(session, found.id)}
    names = _names(session, {row.officer for row in fresh.rows})
    for row in fresh.rows:
        new = _new_row(found.id, row, names)
        old = known.pop((row.dossier_code, row.procedure_code), None)
        if old is not None:
            new.id, new.reason = old.id, old.reason
        session.merge(new)
    for gone in known.values():
        gone.dropped = True  # its dossier is no longer late, e.g. the deadline was moved on a ground
        session.add(gone)
    session.flush()
    audit.record(session, "system", "late-list-compiled", found.name, {"rows": len(fresh.rows)}, now)
    return found


def _new_row(list_id: str, row: LateRow, names: dict[str, str]) -> LateListRow:
    return LateListRow(
        list_id=list_id,
        authority_id=row.authority_id,
        officer=names.get(row.officer, row.officer),
        procedure_code=row.procedure_code,
        dossier_code=row.dossier_code,
        received=row.received,
        due=row.due,
        done=row.done,
        days_late=row.days_late,
        apology_before_due=row.apology_before_due,
        cumulative=row.cumulative,
    )


def earlier(year: int, month: int) -> Period:
    """The months of a year before one of them."""
    first, last = period(PeriodKind.MONTH, year, 1), period(PeriodKind.MONTH, year, month - 1)
    return Period(PeriodKind.MONTH, first.first, last.last)


def _names(session: Session, usernames: set[str]) -> dict[str, str]:
    statement = select(User.username, User.display_name).where(col(User.username).in_(usernames))
    return dict(session.exec(statement).all())


def _of_period(session: Session, year: int, month: int | None) -> LateList | None:
    statement = select(LateList).where(LateList.year == year, LateList.month == (month or 0))
    return session.exec(locked(session, statement)).first()


def get(session: Session, list_id: str) -> LateList:
    """One list, or ``NotFound``."""
    found = session.exec(locked(session, select(LateList).where(LateList.id == list_id))).first()
    if found is None:
        raise NotFound("late-list", "Không có danh sách này.", "There is no such list.")
    return found


def all_lists(session: Session) -> list[LateList]:
    """Every list, the latest period first; a year stands before its months."""
    return sorted(session.exec(select(LateList)).all(), key=lambda one: (-one.year, one.month and 13 - one.month))


def rows(session: Session, list_id: str, authority_id: str = "") -> list[LateListRow]:
    """The rows of a list that were not left out, of one authority when it is named, by dossier and procedure."""
    statement = select(LateListRow).where(LateListRow.list_id == list_id, col(LateListRow.dropped).is_(False))
    if authority_id:
        statement = statement.where(LateListRow.authority_id == authority_id)
    found = session.exec(statement).all()
    return sorted(found, key=lambda row: (row.dossier_code, row.procedure_code))


def authorities(session: Session, list_id: str) -> list[str]:
    """The authorities that a list names, each of which may object."""
    return sorted({row.authority_id for row in rows(session, list_id)})


def _row(session: Session, row_id: str) -> LateListRow:
    found = session.get(LateListRow, row_id)
    if found is None:
        raise NotFound("late-row", "Danh sách không có dòng này.", "The list has no such row.")
    return found


def explain(session: Session, row_id: str, authority_id: str, author: str, reason: str, now: datetime) -> LateListRow:
    """The unit gives the reason of a late procedure, which is published with it."""
    row = _open_row(session, row_id, authority_id)
    row.reason = _said(reason)
    session.add(row)
    audit.record(session, author, "late-row-explained", row.dossier_code, {"row": row.id}, now)
    return row


def object_to(
    session: Session, row_id: str, authority_id: str, author: str, text: str, now: datetime
) -> LateListObjection:
    """A unit objects to a row of its own while the list is open."""
    row = _open_row(session, row_id, authority_id)
    objection = LateListObjection(row_id=row.id, authority_id=authority_id, author=author, text=_said(text), at=now)
    session.add(objection)
    session.flush()
    audit.record(session, author, "late-row-objected", row.dossier_code, {"objection": objection.id}, now)
    return objection


def _open_row(session: Session, row_id: str, authority_id: str) -> LateListRow:
    row = _row(session, row_id)
    if row.authority_id != authority_id:
        raise Forbidden("authority", "Dòng này của cơ quan khác.", "The row is of another authority.")
    if get(session, row.list_id).state != ListState.COMPILED:
        raise Conflict("state", "Danh sách đã được duyệt.", "The list has been approved already.")
    return row


def _said(text: str) -> str:
    if not text.strip():
        raise Invalid("text", "Cần ghi nội dung.", "A text is needed.")
    return text.strip()


def objections(session: Session, list_id: str, state: str | None = None) -> list[LateListObjection]:
    """The objections to a list, oldest first."""
    statement = (
        select(LateListObjection)
        .join(LateListRow, col(LateListRow.id) == col(LateListObjection.row_id))
        .where(LateListRow.list_id == list_id)
    )
    if state is not None:
        statement = statement.where(LateListObjection.state == state)
    return list(session.exec(statement.order_by(col(LateListObjection.at), col(LateListObjection.id))).all())


def decide(
    session: Session, objection_id: str, upheld: bool, actor: str, note: str, now: datetime
) -> LateListObjection:
    """The Office decides on an objection; an upheld one leaves its row out of the list."""
    objection = session.get(LateListObjection, objection_id)
    if objection is None:
        raise NotFound("objection", "Không có ý kiến này.", "There is no such objection.")
    row = _row(session, objection.row_id)
    if get(session, row.list_id).state != ListState.COMPILED or objection.state != ObjectionState.OPEN:
        raise Conflict("state", "Ý kiến này đã được xử lý.", "The objection has been decided already.")
    objection.state = ObjectionState.UPHELD if upheld else ObjectionState.REJECTED
    objection.decided_by, objection.decided_at, objection.note = actor, now, note.strip()
    row.dropped = upheld
    session.add(objection)
    session.add(row)
    audit.record(session, actor, f"late-objection-{objection.state}", row.dossier_code, {"row": row.id}, now)
    return objection


def approve(session: Session, list_id: str, actor: str, now: datetime) -> LateList:
    """The Office approves; every objection must have been decided. Repeating it changes nothing."""
    found = get(session, list_id)
    if found.state != ListState.COMPILED:
        return found
    if objections(session, list_id, ObjectionState.OPEN):
        raise Conflict("objections", "Còn ý kiến chưa xử lý.", "There are objections that nobody has decided.")
    found.state, found.approved_by, found.approved_at = ListState.APPROVED, actor, now
    session.add(found)
    audit.record(session, actor, "late-list-approved", found.name, {}, now)
    return found


def publish(session: Session, list_id: str, actor: str, now: datetime) -> LateList:
    """The approved list becomes public. Repeating it changes nothing."""
    found = get(session, list_id)
    if found.state == ListState.PUBLISHED:
        return found
    if found.state != ListState.APPROVED:
        raise Conflict("state", "Danh sách chưa được duyệt.", "The list has not been approved.")
    found.state, found.published_at = ListState.PUBLISHED, now
    session.add(found)
    audit.record(session, actor, "late-list-published", found.name, {"rows": len(rows(session, list_id))}, now)
    return found


def require_correctable(row: LateListRow, field: str, value: str) -> str:
    """The present value of a field that may become ``value``; ``Invalid`` in words otherwise."""
    if field not in CORRECTABLE:
        raise Invalid("field", f"Không sửa được “{field}”.", f"“{field}” cannot be corrected.")
    if field == "days_late" and not value.isdecimal():
        raise Invalid("value", "Số ngày phải là số.", "The days must be a number.")
    before = str(getattr(row, field))
    if before == value:
        raise Invalid("unchanged", "Không có gì thay đổi.", "Nothing changes.")
    return before


def correct(
    session: Session, row_id: str, field: str, value: str, actor: str, ground: str, now: datetime
) -> LateListCorrection:
    """Correct one field of a published row; the correction stays visible with its ground."""
    row = _row(session, row_id)
    if get(session, row.list_id).state != ListState.PUBLISHED:
        raise Conflict("state", "Chỉ sửa danh sách đã công bố.", "Only a published list is corrected.")
    before = require_correctable(row, field, value)
    setattr(row, field, int(value) if field == "days_late" else value)
    correction = LateListCorrection(
        row_id=row.id, at=now, actor=actor, field=field, before=before, after=value, ground=_said(ground)
    )
    session.add(row)
    session.add(correction)
    session.flush()
    audit.record(session, actor, "late-row-corrected", row.dossier_code, {"row": row.id, "field": field}, now)
    return correction
