"""Serials from counters in the database: each is given once."""

from datetime import date, datetime

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from lienthong.dossiers.database import beside
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.rules.code import counter_name, dossier_code
from lienthong.dossiers.tables import Counter


def next_serial(session: Session, name: str) -> int:
    """The next value of a counter, from 1; the counter is this transaction's until it ends."""
    return _counted(session.connection(), name)


def next_serial_apart(session: Session, name: str) -> int:
    """The next value of a counter, committed at once where many write side by side (PostgreSQL).

    Nobody then waits for the counter while a paper is rendered and signed. A transaction that fails leaves a gap in
    the numbers; none is ever given twice.
    """
    engine = session.get_bind().engine
    if engine.dialect.name != "postgresql":
        return next_serial(session, name)
    with beside(engine).begin() as connection:
        return _counted(connection, name)


def _counted(connection: Connection, name: str) -> int:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    first = insert(Counter).values(name=name, value=1)
    counted = first.on_conflict_do_update(index_elements=["name"], set_={"value": col(Counter.value) + 1})
    return int(connection.execute(counted.returning(col(Counter.value))).scalar_one())


def next_dossier_code(session: Session, pattern: str, day: date) -> str:
    """The next code of an agency on a day; ``SerialOverflowError`` after 9999."""
    return dossier_code(pattern, day, next_serial_apart(session, counter_name(pattern, day)))


def next_paper_number(session: Session, pattern: str, authority_id: str, now: datetime) -> str:
    """The next number of a kind of paper of an authority; numbers begin again each year."""
    year = local(now).year
    serial = next_serial_apart(session, f"paper:{authority_id}:{pattern}:{year}")
    return pattern.replace("{serial}", f"{serial:04}/{year}")
