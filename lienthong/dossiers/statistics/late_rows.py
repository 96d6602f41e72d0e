"""Reads what a late list is made of: only the branches that missed their due time, by SQL; no applicant is read."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_
from sqlmodel import Session, col, select

from lienthong.dossiers.rules.calendar import ZONE
from lienthong.dossiers.statistics.records import BranchRecord, DossierRecord, Period
from lienthong.dossiers.tables import Branch, BranchStatus, Document, DocumentRole, Dossier, Role, Task


def late_dossiers(session: Session, span: Period, now: datetime) -> list[DossierRecord]:
    """The dossiers with a branch due in the period that ended late or is still open late; only such branches."""
    officers, apologies = _officers(session, span, now), _apologies(session, span, now)
    columns: tuple[Any, ...] = (
        Dossier.code,
        Dossier.filed_at,
        Dossier.due_at,
        Dossier.finished_at,
        Branch.procedure_code,
        Branch.authority_id,
        Branch.started_at,
        Branch.due_at,
        Branch.finished_at,
        Branch.status,
    )
    statement = select(*columns).join(Dossier, col(Dossier.id) == col(Branch.dossier_id))
    found: dict[str, list[BranchRecord]] = defaultdict(list)
    around: dict[str, tuple[datetime, datetime | None, datetime | None]] = {}
    for row in session.exec(statement.where(_late(span, now))):
        code, filed, due, ended, procedure, authority, started, branch_due, finished, status = row
        around[code] = (filed, due, ended)
        officer = officers.get((code, procedure), "")
        refused = status == BranchStatus.REFUSED
        found[code].append(BranchRecord(procedure, authority, officer, started, branch_due, finished, refused))
    return [_record(code, around[code], branches, apologies.get(code)) for code, branches in sorted(found.items())]


def counts(session: Session, span: Period, now: datetime) -> Counter[str]:
    """How many branches of each authority were due in the period and missed it."""
    statement = select(Branch.authority_id, func.count()).join(Dossier, col(Dossier.id) == col(Branch.dossier_id))
    rows = session.exec(statement.where(_late(span, now)).group_by(col(Branch.authority_id)))
    return Counter({authority: int(count) for authority, count in rows})


def _late(span: Period, now: datetime) -> Any:
    """Due within the period, and the end lies after the due time; an open branch ends with its dossier, else now."""
    end = case(
        (col(Branch.finished_at).is_not(None), col(Branch.finished_at)),
        (col(Dossier.finished_at).is_not(None), col(Dossier.finished_at)),
    )
    first, after = bounds(span)
    within = and_(col(Branch.due_at) >= first, col(Branch.due_at) < after)
    return and_(within, or_(end > col(Branch.due_at), and_(end.is_(None), col(Branch.due_at) < now)))


def bounds(span: Period) -> tuple[datetime, datetime]:
    """The instants at which a period begins and has ended, on the clocks of Viet Nam."""
    return _midnight(span.first), _midnight(span.last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)


def _officers(session: Session, span: Period, now: datetime) -> dict[tuple[str, str], str]:
    """Who worked on the late branches last, by dossier and procedure."""
    statement = (
        select(Task.dossier_code, Task.procedure_code, Task.assignee)
        .join(Dossier, col(Dossier.code) == col(Task.dossier_code))
        .join(Branch, and_(col(Branch.dossier_id) == Dossier.id, col(Branch.procedure_code) == Task.procedure_code))
        .where(_late(span, now), Task.role == Role.OFFICER)
        .order_by(col(Task.created_at), col(Task.user_task_key))
    )
    return {(code, procedure): assignee or "" for code, procedure, assignee in session.exec(statement)}


def _apologies(session: Session, span: Period, now: datetime) -> dict[str, datetime]:
    statement = (
        select(Dossier.code, func.min(col(Document.created_at)))
        .join(Document, col(Document.dossier_id) == Dossier.id)
        .join(Branch, col(Branch.dossier_id) == Dossier.id)
        .where(_late(span, now), Document.role == DocumentRole.LETTER, Document.kind == "apology")
        .group_by(col(Dossier.code))
    )
    return dict(session.exec(statement).all())


def _record(
    code: str,
    around: tuple[datetime, datetime | None, datetime | None],
    branches: Iterable[BranchRecord],
    apology: datetime | None,
) -> DossierRecord:
    filed, due, finished = around
    return DossierRecord(
        code=code,
        bundle_id="",
        channel="",
        delivery="",
        filed_at=filed,
        accepted_at=None,
        due_at=due,
        finished_at=finished,
        supplements=0,
        desk_visits=0,
        synced=False,
        paid=False,
        paid_online=False,
        components=0,
        components_digital=0,
        components_reused=0,
        apology_before_due=apology is not None and due is not None and apology < due,
        branches=tuple(branches),
    )
