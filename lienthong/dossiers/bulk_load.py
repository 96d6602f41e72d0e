"""A large made-up year into PostgreSQL: drawn by several processes, written by COPY, indexed once at the end.

The rows are those of ``synthetic.write_year``, to the last one.
"""

import io
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection, Engine
from sqlmodel import SQLModel

from lienthong.dossiers.database import session_scope
from lienthong.dossiers.law import Law, load_law
from lienthong.dossiers.synthetic import TABLES, Year, marker, part
from lienthong.dossiers.tables import Dossier

PART: Final = 25_000
_UNSAFE: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
Texts = dict[str, bytes]


def load_year(
    engine: Engine, law_dirs: tuple[Path, Path], count: int, year: int, processes: int = 2, searchable: bool = True
) -> int:
    """Write a year of ``count`` dossiers; how many were written (0 when it was there). Triggers rest meanwhile."""
    law = load_law(*law_dirs)
    with session_scope(engine) as session:
        if session.get(Dossier, marker(year)) is not None:
            return 0
        law.sync_authorities(session)
        connection = session.connection()
        with _resting(connection, searchable and f"synthetic-{year}-%"), ProcessPoolExecutor(processes) as pool:
            for texts in pool.map(_drawn, *zip(*_parts(law, law_dirs, count, year), strict=True)):
                for table in TABLES:
                    _copy(connection, table, texts[_name(table)])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in TABLES:
            connection.execute(text(f"VACUUM (ANALYZE) {_name(table)}"))
    return count


def _parts(
    law: Law, law_dirs: tuple[Path, Path], count: int, year: int
) -> Iterator[tuple[tuple[Path, Path], int, range, dict[int, int]]]:
    """Each part with the serials that the parts before it have used."""
    shared = Year.of(law, year)
    for first in range(0, count, PART):
        numbers = range(first, min(first + PART, count))
        yield law_dirs, year, numbers, dict(shared.serials)
        shared.count(numbers)


def _drawn(law_dirs: tuple[Path, Path], year: int, numbers: range, serials: dict[int, int]) -> Texts:
    """One part as the text that COPY reads, by table."""
    shared = Year.of(_law(law_dirs), year)
    shared.serials = serials
    texts = {_name(table): io.StringIO() for table in TABLES}
    for rows in part(shared, numbers):
        for table in TABLES:
            columns = _columns(table)
            for row in rows[table]:
                texts[_name(table)].write(
                    "\t".join([_text(row.get(name, default)) for name, default in columns]) + "\n"
                )
    return {name: one.getvalue().encode() for name, one in texts.items()}


_laws: Final[dict[tuple[Path, Path], Law]] = {}


def _law(law_dirs: tuple[Path, Path]) -> Law:
    if law_dirs not in _laws:
        _laws[law_dirs] = load_law(*law_dirs)
    return _laws[law_dirs]


def _name(table: type[SQLModel]) -> str:
    return str(table.__tablename__)


def _columns(table: type[SQLModel]) -> list[tuple[str, Any]]:
    """Every column of a table with its plain default: what a row does not say is what the program would have said."""
    if table not in _known_columns:
        _known_columns[table] = [
            (column.name, column.default.arg if column.default is not None and column.default.is_scalar else None)
            for column in inspect(table).columns
        ]
    return _known_columns[table]


_known_columns: Final[dict[type[SQLModel], list[tuple[str, Any]]]] = {}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.translate(_UNSAFE) if "\\" in value or "\t" in value or "\n" in value else str(value)
    if value is None:
        return "\\N"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False).translate(_UNSAFE)
    return str(value)


def _copy(connection: Connection, table: type[SQLModel], content: bytes) -> None:
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {_name(table)} ({', '.join(name for name, _ in _columns(table))}) FROM STDIN") as copy,
    ):
        copy.write(content)


class _resting:  # noqa: N801 (a context manager named as it reads)
    """Constraints, indexes and triggers of the tables away while rows come, and back as they were afterwards."""

    def __init__(self, connection: Connection, search: str | bool) -> None:
        self._connection, self._search = connection, search
        self._back: list[str] = []

    def __enter__(self) -> None:
        names = [_name(table) for table in TABLES]
        for kind in ("f", "u", "p"):
            for table, name, definition in self._constraints(names, kind):
                self._connection.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE'))
                self._back.insert(0, f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        for name, definition in self._indexes(names):
            self._connection.execute(text(f'DROP INDEX "{name}"'))
            self._back.insert(0, definition)
        for name in names:
            self._connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))

    def __exit__(self, kind: object, *_rest: object) -> None:
        if kind is not None:
            return  # the transaction is rolled back, and with it everything that was dropped
        self._connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        for statement in self._ordered():
            self._connection.execute(text(statement.replace(":", "\\:")))
        for table in TABLES:
            self._connection.execute(text(f"ALTER TABLE {_name(table)} ENABLE TRIGGER USER"))
        if self._search:
            self._connection.execute(text("UPDATE dossier SET code = code WHERE id LIKE :name"), {"name": self._search})

    def _ordered(self) -> list[str]:
        """Keys first, then indexes, then what refers to keys."""
        return sorted(self._back, key=lambda one: ("FOREIGN KEY" in one, "PRIMARY KEY" not in one))

    def _constraints(self, names: Sequence[str], kind: str) -> list[tuple[str, str, str]]:
        """Constraints of the tables; of foreign keys also those of other tables that refer to them."""
        rows = self._connection.execute(
            text(
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE contype = :kind AND (conrelid::regclass::text = ANY(:names)"
                " OR (contype = 'f' AND confrelid::regclass::text = ANY(:names)))"
            ),
            {"kind": kind, "names": list(names)},
        )
        return [(str(table), str(name), str(definition)) for table, name, definition in rows]

    def _indexes(self, names: Sequence[str]) -> list[tuple[str, str]]:
        rows = self._connection.execute(
            text("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(:names)"),
            {"names": list(names)},
        )
        return [(str(name), str(definition)) for name, definition in rows]
