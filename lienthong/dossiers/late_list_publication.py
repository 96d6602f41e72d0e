"""What the public sees of the late lists: body, responsible person and dossier code, never an applicant."""

import csv
import io
from dataclasses import dataclass, fields
from datetime import datetime

from sqlmodel import Session, col, func, select

from lienthong.dossiers.law import Law
from lienthong.dossiers.tables import LateList, LateListCorrection, LateListRow, ListState


@dataclass(frozen=True, slots=True)
class LateListPeriod:
    """A published list as the index names it."""

    name: str
    year: int
    month: int | None
    rows: int
    published_at: datetime
    corrections: int


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One late procedure as the public sees it."""

    authority_id: str
    authority_vi: str
    authority_en: str
    officer: str
    procedure_code: str
    procedure_vi: str
    procedure_en: str
    dossier_code: str
    received: str
    due: str
    done: str
    days_late: int
    reason: str
    apology_before_due: bool
    cumulative: int


@dataclass(frozen=True, slots=True)
class PublishedCorrection:
    """A change after the publication, with its ground."""

    dossier_code: str
    procedure_code: str
    at: datetime
    field: str
    before: str
    after: str
    ground: str


@dataclass(frozen=True, slots=True)
class PublishedList:
    """A published list with its corrections."""

    name: str
    year: int
    month: int | None
    published_at: datetime
    approved_by: str
    rows: list[PublishedRow]
    corrections: list[PublishedCorrection]


def periods(session: Session) -> list[LateListPeriod]:
    """The published lists, newest first; of a year, the year itself before its months."""
    statement = select(LateList).where(LateList.state == ListState.PUBLISHED)
    found = sorted(session.exec(statement), key=lambda one: (-one.year, one.month != 0, -one.month))
    return [
        LateListPeriod(
            one.name,
            one.year,
            one.month or None,
            _count(session, one.id),
            one.published_at or one.compiled_at,
            len(_corrections(session, one.id)),
        )
        for one in found
    ]


def _count(session: Session, list_id: str) -> int:
    statement = select(func.count()).select_from(LateListRow)
    return session.exec(statement.where(LateListRow.list_id == list_id, col(LateListRow.dropped).is_(False))).one()


def _corrections(session: Session, list_id: str) -> list[PublishedCorrection]:
    statement = (
        select(LateListCorrection, LateListRow)
        .join(LateListRow, col(LateListRow.id) == col(LateListCorrection.row_id))
        .where(LateListRow.list_id == list_id)
        .order_by(col(LateListCorrection.id))
    )
    return [
        PublishedCorrection(row.dossier_code, row.procedure_code, one.at, one.field, one.before, one.after, one.ground)
        for one, row in session.exec(statement)
    ]


def published(session: Session, law: Law, year: int, month: int | None = None) -> PublishedList | None:
    """The published list of a month or year; None while there is none."""
    found = session.exec(select(LateList).where(LateList.year == year, LateList.month == (month or 0))).first()
    if found is None or found.state != ListState.PUBLISHED or found.published_at is None:
        return None
    return PublishedList(
        name=found.name,
        year=found.year,
        month=found.month or None,
        published_at=found.published_at,
        approved_by=found.approved_by,
        rows=[_shown(law, row) for row in _rows(session, found.id)],
        corrections=_corrections(session, found.id),
    )


def _rows(session: Session, list_id: str) -> list[LateListRow]:
    statement = select(LateListRow).where(LateListRow.list_id == list_id, col(LateListRow.dropped).is_(False))
    return sorted(session.exec(statement), key=lambda row: (row.dossier_code, row.procedure_code))


def _shown(law: Law, row: LateListRow) -> PublishedRow:
    authority = law.authorities.get(row.authority_id)
    procedure = max(
        (one for one in law.procedures if one.code == row.procedure_code), key=lambda one: one.valid_from, default=None
    )
    return PublishedRow(
        authority_id=row.authority_id,
        authority_vi=authority.name_vi if authority else row.authority_id,
        authority_en=authority.name_en if authority else row.authority_id,
        officer=row.officer,
        procedure_code=row.procedure_code,
        procedure_vi=procedure.name_vi if procedure else row.procedure_code,
        procedure_en=procedure.name_en if procedure else row.procedure_code,
        dossier_code=row.dossier_code,
        received=row.received,
        due=row.due,
        done=row.done,
        days_late=row.days_late,
        reason=row.reason,
        apology_before_due=row.apology_before_due,
        cumulative=row.cumulative,
    )


def as_csv(shown: PublishedList) -> str:
    """The published rows as CSV with a heading line; yes and no as Y and N."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = [field.name for field in fields(PublishedRow)]
    writer.writerow(["period", *names])
    for row in shown.rows:
        values = [getattr(row, name) for name in names]
        writer.writerow([shown.name, *(("Y" if one else "N") if isinstance(one, bool) else one for one in values)])
    return out.getvalue()
