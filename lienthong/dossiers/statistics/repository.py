"""Reads the records of the figures by portable SQL (SQLite and PostgreSQL): one read a table, no loop of queries.

No column with the identity of an applicant is read.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from lienthong.dossiers.rules.components import ComponentStatus
from lienthong.dossiers.rules.status import DeliveryStatus, SyncStatus
from lienthong.dossiers.statistics.component_review import ComponentCount
from lienthong.dossiers.statistics.late_rows import bounds
from lienthong.dossiers.statistics.records import BranchRecord, DossierRecord, Period
from lienthong.dossiers.statistics.trips import desk_visits
from lienthong.dossiers.tables import (
    Branch,
    BranchStatus,
    Component,
    Document,
    DocumentRole,
    Dossier,
    Payment,
    PaymentState,
    Role,
    Supplement,
    Task,
)

_REUSED: Final = (ComponentStatus.REUSED, ComponentStatus.DERIVED)
_DIGITAL_DATA: Final = (*_REUSED, ComponentStatus.RESULT_OF_SIBLING)


@dataclass(slots=True)
class _Around:
    """What lies in other tables, by the id of the dossier."""

    branches: dict[str, list[BranchRecord]] = field(default_factory=lambda: defaultdict(list))
    supplements: dict[str, int] = field(default_factory=dict)
    components: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    payments: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    apologies: dict[str, datetime] = field(default_factory=dict)


def dossiers(session: Session) -> list[DossierRecord]:
    """Every dossier as a record, in the order of codes."""
    around = _Around()
    _read_branches(session, around)
    _read_counts(session, around)
    _read_papers(session, around)
    columns = (
        Dossier.id,
        Dossier.code,
        Dossier.bundle_id,
        Dossier.channel,
        Dossier.delivery,
        Dossier.delivery_status,
        Dossier.sync_status,
        Dossier.filed_at,
        Dossier.accepted_at,
        Dossier.due_at,
        Dossier.finished_at,
    )
    rows = session.execute(select(*columns).order_by(col(Dossier.code)))  # type: ignore[call-overload]
    return [_record(around, *row) for row in rows]


def component_counts(session: Session, span: Period | None = None) -> list[ComponentCount]:
    """How many components stand in each way, by procedure and component; of dossiers filed in a period, or of all."""
    columns = (col(Component.branch_code), col(Component.component_code), col(Component.status))
    statement = select(*columns, func.count())
    if span is not None:
        first, after = bounds(span)
        statement = statement.join(Dossier, col(Dossier.id) == col(Component.dossier_id)).where(
            col(Dossier.filed_at) >= first, col(Dossier.filed_at) < after
        )
    rows = session.exec(statement.group_by(*columns))
    return sorted((ComponentCount(*row) for row in rows), key=_place)


def _place(one: ComponentCount) -> tuple[str, str, str]:
    return one.procedure_code, one.component_code, one.status


def _record(
    around: _Around,
    key: str,
    code: str,
    bundle: str,
    channel: str,
    delivery: str,
    delivery_status: str,
    sync_status: str,
    filed_at: datetime,
    accepted_at: datetime | None,
    due_at: datetime | None,
    finished_at: datetime | None,
) -> DossierRecord:
    supplements = around.supplements.get(key, 0)
    paid, paid_online = around.payments.get(key, (False, False))
    components, digital, reused = around.components.get(key, (0, 0, 0))
    apology = around.apologies.get(key)
    return DossierRecord(
        code=code,
        bundle_id=bundle,
        channel=channel,
        delivery=delivery,
        filed_at=filed_at,
        accepted_at=accepted_at,
        due_at=due_at,
        finished_at=finished_at,
        supplements=supplements,
        desk_visits=desk_visits(channel, delivery, delivery_status == DeliveryStatus.HANDED_OVER, supplements),
        synced=sync_status == SyncStatus.SYNCED,
        paid=paid,
        paid_online=paid_online,
        components=components,
        components_digital=digital,
        components_reused=reused,
        apology_before_due=apology is not None and due_at is not None and apology < due_at,
        branches=tuple(around.branches.get(key, ())),
    )


def _read_branches(session: Session, around: _Around) -> None:
    officer = col(Task.role) == Role.OFFICER
    tasks = select(col(Task.dossier_code), col(Task.procedure_code), col(Task.assignee)).where(officer)
    ordered = tasks.order_by(col(Task.created_at), col(Task.user_task_key))
    officers = {(code, procedure): assignee or "" for code, procedure, assignee in session.exec(ordered)}
    columns = (
        Branch.dossier_id,
        Dossier.code,
        Branch.procedure_code,
        Branch.authority_id,
        Branch.started_at,
        Branch.due_at,
        Branch.finished_at,
        Branch.status,
    )
    joined = select(*columns).join(Dossier, col(Dossier.id) == col(Branch.dossier_id))  # type: ignore[call-overload]
    for key, code, procedure, authority, started, due, finished, status in session.execute(
        joined.order_by(col(Dossier.code), col(Branch.procedure_code))
    ):
        record = BranchRecord(
            procedure,
            authority,
            officers.get((code, procedure), ""),
            started,
            due,
            finished,
            status == BranchStatus.REFUSED,
        )
        around.branches[key].append(record)


def _read_counts(session: Session, around: _Around) -> None:
    supplements = select(col(Supplement.dossier_id), func.count()).group_by(col(Supplement.dossier_id))
    around.supplements = dict(session.exec(supplements).all())
    columns = (col(Component.dossier_id), col(Component.status), col(Component.document_id).is_(None))
    for key, status, paperless, count in session.exec(select(*columns, func.count()).group_by(*columns)):
        if status in (ComponentStatus.MISSING, ComponentStatus.WAIVED):
            continue
        counts = around.components[key]
        counts[0] += count
        counts[1] += count if status in _DIGITAL_DATA or not paperless else 0
        counts[2] += count if status in _REUSED else 0


def _read_papers(session: Session, around: _Around) -> None:
    paid = select(col(Payment.dossier_id), col(Payment.transaction_id)).where(
        col(Payment.status) == PaymentState.PAID, col(Payment.amount) > 0
    )
    around.payments = {key: (True, transaction is not None) for key, transaction in session.exec(paid)}
    first = func.min(col(Document.created_at))
    letters = select(col(Document.dossier_id), first).where(
        col(Document.role) == DocumentRole.LETTER, col(Document.kind) == "apology"
    )
    around.apologies = dict(session.exec(letters.group_by(col(Document.dossier_id))).all())
