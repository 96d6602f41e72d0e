"""The values of variables as the console has seen them: the engine's public interfaces tell only the last value."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from lienthong.dossiers.tables import VariableSighting

Sight = tuple[str, str, str]  # scope key, name, value
LONGEST_VALUE = 8_000


def unseen(session: Session, instance_key: str, seen: Iterable[Sight]) -> list[Sight]:
    """Those that differ from what was seen last."""
    last = {(row.scope_key, row.name): row.value for row in of_instance(session, instance_key)}
    cut = [(scope, name, value[:LONGEST_VALUE]) for scope, name, value in seen]
    return [(scope, name, value) for scope, name, value in cut if last.get((scope, name)) != value]


def note(session: Session, instance_key: str, seen: Iterable[Sight], now: datetime) -> None:
    """Keep what is new."""
    for scope, name, value in unseen(session, instance_key, seen):
        row = VariableSighting(process_instance_key=instance_key, scope_key=scope, name=name, value=value, at=now)
        session.add(row)


def of_instance(session: Session, instance_key: str) -> list[VariableSighting]:
    """All that was seen in an instance, oldest first."""
    statement = select(VariableSighting).where(VariableSighting.process_instance_key == instance_key)
    return list(session.exec(statement.order_by(col(VariableSighting.id))).all())
