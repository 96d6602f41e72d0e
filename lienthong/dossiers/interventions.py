"""Interventions of administrators in running instances: kept with before and after, audited, marked when taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from lienthong.dossiers import audit
from lienthong.dossiers.errors import Conflict, Invalid, NotFound
from lienthong.dossiers.tables import Intervention, InterventionKind

Json = dict[str, Any]
UNDOABLE = frozenset({InterventionKind.VARIABLES, InterventionKind.DEADLINE, InterventionKind.MODIFICATION})
SHORTEST_GROUND = 5


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done to which instance; ``before`` and ``after`` hold only what changed."""

    kind: InterventionKind
    instance_key: str
    dossier_code: str
    ground: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = ""


def require_ground(ground: str) -> str:
    """The ground without the blanks around it; ``Invalid`` when it says nothing."""
    text = ground.strip()
    if len(text) < SHORTEST_GROUND:
        raise Invalid("ground", "Hãy ghi lý do can thiệp.", "Say on what ground you intervene.")
    return text


def record(session: Session, actor: str, deed: Deed, now: datetime, undo_of: str = "") -> Intervention:
    """Keep a deed; the audit names what changed, never a value (values may be personal data)."""
    row = Intervention(
        at=now,
        actor=actor,
        kind=deed.kind,
        dossier_code=deed.dossier_code,
        process_instance_key=deed.instance_key,
        ground=deed.ground,
        before=dict(deed.before),
        after=dict(deed.after),
        outcome=deed.outcome,
        undo_of=undo_of,
    )
    session.add(row)
    session.flush()
    data = {"id": row.id, "changed": sorted({*deed.before, *deed.after}), "outcome": deed.outcome, "undoOf": undo_of}
    subject = deed.dossier_code or deed.instance_key
    audit.record(session, actor, f"intervened-{deed.kind}", subject, data, now)
    if undo_of:
        taken_back = get(session, undo_of)
        taken_back.undone_by = row.id
        session.add(taken_back)
    return row


def get(session: Session, intervention_id: str) -> Intervention:
    """One intervention, or ``NotFound``."""
    row = session.get(Intervention, intervention_id)
    if row is None:
        raise NotFound("intervention", "Không có can thiệp này.", "There is no such intervention.")
    return row


def require_undoable(row: Intervention) -> Intervention:
    """``Conflict`` when this intervention cannot be taken back, or has been."""
    if row.kind not in UNDOABLE:
        raise Conflict("undo", "Can thiệp này không hoàn tác được.", "This intervention cannot be undone.")
    if row.undone_by or row.undo_of:
        raise Conflict("undo", "Can thiệp này đã được hoàn tác.", "This intervention has been undone already.")
    return row


def is_undoable(row: Intervention) -> bool:
    """Whether the kind allows it and nobody has done it."""
    return row.kind in UNDOABLE and not row.undone_by and not row.undo_of


def history(session: Session, instance_key: str, dossier_code: str = "", limit: int = 200) -> list[Intervention]:
    """The interventions in an instance and, when a dossier is named, in the dossier's deadlines; newest first."""
    mine = col(Intervention.process_instance_key) == instance_key
    if dossier_code:
        of_dossier = (col(Intervention.dossier_code) == dossier_code) & (
            col(Intervention.kind) == InterventionKind.DEADLINE
        )
        mine = or_(mine, of_dossier)
    statement = select(Intervention).where(mine).order_by(col(Intervention.at).desc()).limit(limit)
    return list(session.exec(statement).all())


def latest(session: Session, limit: int = 100) -> list[Intervention]:
    """The newest interventions everywhere."""
    return list(session.exec(select(Intervention).order_by(col(Intervention.at).desc()).limit(limit)).all())
