"""Whether SQLite and PostgreSQL give the same figures of a year, to the digit: ``python -m bench.year_equality [N]``.

The same made-up dossiers are loaded into both; the yearly report and the late list are compared as texts.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from bench.year_statistics import NOW, YEAR, server
from lienthong.dossiers.bulk_load import load_year
from lienthong.dossiers.database import create_database, report_scope, session_scope, upgrade
from lienthong.dossiers.law import load_law
from lienthong.dossiers.statistics import late_rows
from lienthong.dossiers.statistics.late_list import as_csv, compile_list
from lienthong.dossiers.statistics.records import PeriodKind, period
from lienthong.dossiers.statistics.yearly import of_year
from lienthong.dossiers.synthetic import write_year

DOSSIERS = 50_000


def texts(address: str, count: int) -> tuple[str, str]:
    """The report as JSON and the late list as CSV of a database that is filled first."""
    law, engine, span = load_law("law", "bpmn"), create_database(address), period(PeriodKind.YEAR, YEAR)
    upgrade(engine)
    if engine.dialect.name == "postgresql":
        load_year(engine, (Path("law"), Path("bpmn")), count, YEAR, 2, searchable=False)
    else:
        with session_scope(engine) as session:
            write_year(session, law, count, YEAR)
    report = json.dumps(of_year(engine, law, YEAR, NOW), ensure_ascii=False, sort_keys=True, default=str)
    with report_scope(engine) as session:
        late = as_csv(compile_list(late_rows.late_dossiers(session, span, NOW), span, law.calendar, NOW))
    engine.dispose()
    return report, late


def main() -> int:
    """0 when both give the same."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DOSSIERS
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-equality-") as folder:
        here = texts(f"sqlite:///{Path(folder) / 'year.sqlite3'}", count)
        with server(Path(folder) / "postgres") as address:
            there = texts(address, count)
    same = [one == other for one, other in zip(here, there, strict=True)]
    rows = here[1].count("\n") - 1
    verdict = "the same" if all(same) else "NOT the same"
    print(f"{count:,} dossiers, {len(here[0]):,} characters of report, {rows:,} late rows: {verdict} from both")
    print(f"({time.monotonic() - began:.0f} s)")
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
