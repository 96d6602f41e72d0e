"""``lienthong seed --dossiers N --year Y``: a made-up, repeatable year of dossiers straight into the database."""

import argparse
import time

from sqlalchemy.engine import Engine

from lienthong.dossiers.bulk_load import load_year
from lienthong.dossiers.database import create_database, session_scope, upgrade
from lienthong.dossiers.law import load_law
from lienthong.dossiers.synthetic import write_year
from lienthong.settings import settings

_YEARS = range(2023, 2028)


def run(arguments: list[str]) -> int:
    """0 when the year was written, 1 when it was there already."""
    parser = argparse.ArgumentParser(prog="lienthong seed", description=__doc__)
    parser.add_argument("--dossiers", type=int, default=50_000, help="how many (default 50000)")
    parser.add_argument("--year", type=int, default=2023, choices=_YEARS, help="the year of filing (default 2023)")
    parser.add_argument("--database", default=settings().database_url, help="address of another database")
    parser.add_argument("--processes", type=int, default=2, help="that draw dossiers, on PostgreSQL (default 2)")
    parser.add_argument("--not-searchable", action="store_true", help="on PostgreSQL: leave them out of the search")
    given = parser.parse_args(arguments)
    if given.dossiers < 1:
        parser.error(f"Expected at least one dossier, but got {given.dossiers}.")
    began = time.monotonic()
    engine = create_database(given.database)
    upgrade(engine)
    written = _write(engine, given)
    engine.dispose()
    if not written:
        print(f"The synthetic year {given.year} is in the database already: nothing was written.")
        return 1
    print(f"{written} synthetic dossiers of {given.year} written in {time.monotonic() - began:.1f} s.")
    return 0


def _write(engine: Engine, given: argparse.Namespace) -> int:
    """By COPY on PostgreSQL, by INSERT on SQLite: the same rows."""
    folders = (settings().law_dir, settings().bpmn_dir)
    if engine.dialect.name == "postgresql":
        return load_year(engine, folders, given.dossiers, given.year, given.processes, not given.not_searchable)
    with session_scope(engine) as session:
        return write_year(session, load_law(*folders), given.dossiers, given.year)
