"""The outbox: what must reach the engine is written with the change itself and sent by the relay afterwards."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, func, select

from lienthong.dossiers.numbering import next_serial
from lienthong.dossiers.tables import OutboxRow

START: Final = "start"
MESSAGE: Final = "message"
MESSAGE_TTL_MS: Final = 24 * 3600 * 1000  # a receiver that opens its subscription within a day still gets it
START_TTL_MS: Final = 60_000  # a start is published again until its instance has registered
FIRST_BACK_OFF_S: Final = 2
BACK_OFF_CAP_S: Final = 60


def add(session: Session, kind: str, payload: dict[str, Any], now: datetime) -> OutboxRow:
    """Write a row that is due at once."""
    position = next_serial(session, "outbox")
    row = OutboxRow(position=position, kind=kind, payload=payload, created_at=now, next_attempt_at=now)
    session.add(row)
    session.flush()
    return row


def add_start(
    session: Session, process_id: str, dossier_code: str, variables: dict[str, Any], now: datetime
) -> OutboxRow:
    """The start message of a dossier: done only when its instance has registered."""
    return add(session, START, _payload(process_id, dossier_code, dossier_code, variables, dossier_code, now), now)


def add_message(
    session: Session,
    name: str,
    dossier_code: str,
    variables: dict[str, Any],
    now: datetime,
    procedure_code: str | None = None,
) -> OutboxRow:
    """A message to a running dossier, or to one of its branches when ``procedure_code`` is given."""
    key = correlation_key(dossier_code, procedure_code)
    message_id = f"{name}:{key}:{int(now.timestamp() * 1000)}"
    payload = _payload(name, key, message_id, variables, dossier_code, now)
    return add(session, MESSAGE, payload, now)


def correlation_key(dossier_code: str, procedure_code: str | None) -> str:
    """``dossierCode``, or ``dossierCode/procedureCode`` for a branch."""
    return f"{dossier_code}/{procedure_code}" if procedure_code else dossier_code


def _payload(
    name: str, key: str, message_id: str, variables: dict[str, Any], dossier_code: str, now: datetime
) -> dict[str, Any]:
    return {
        "name": name,
        "correlationKey": key,
        "variables": variables,
        "messageId": message_id,
        "ttlMs": START_TTL_MS if key == message_id else MESSAGE_TTL_MS,
        "dossierCode": dossier_code,
    }


def due(session: Session, now: datetime, limit: int = 100) -> list[OutboxRow]:
    """Rows that wait and whose time has come, oldest first."""
    statement = (
        select(OutboxRow)
        .where(col(OutboxRow.done_at).is_(None), col(OutboxRow.next_attempt_at) <= now)
        .order_by(col(OutboxRow.position))
        .limit(limit)
    )
    return list(session.exec(statement).all())


def done(session: Session, row_id: str, now: datetime) -> None:
    """The row's message has arrived; it is never sent again."""
    row = session.get_one(OutboxRow, row_id)
    row.done_at = now
    row.last_error = ""
    session.add(row)


def retry(session: Session, row_id: str, error: str, now: datetime) -> OutboxRow:
    """The row has to be tried again, later each time."""
    row = session.get_one(OutboxRow, row_id)
    row.attempts += 1
    row.last_error = error
    row.next_attempt_at = now + back_off(row.attempts)
    session.add(row)
    return row


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 2 s doubled each time, at most 60 s."""
    return timedelta(seconds=min(FIRST_BACK_OFF_S * 2 ** min(attempts - 1, 10), BACK_OFF_CAP_S))


def pending(session: Session) -> int:
    """How many rows still wait."""
    return session.exec(select(func.count()).where(col(OutboxRow.done_at).is_(None))).one()
