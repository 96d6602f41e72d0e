"""``lienthong report NAME [--json]``: figures for people who decide, from the law data or the database."""

import argparse
import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import Engine

from lienthong.dossiers import late_lists, register
from lienthong.dossiers.database import create_database, read_scope, upgrade
from lienthong.dossiers.errors import DomainError
from lienthong.dossiers.law import Law, load_law
from lienthong.dossiers.statistics import late_rows, scheme, yearly
from lienthong.dossiers.statistics.late_list import as_csv, compile_list
from lienthong.dossiers.statistics.linked_time import LinkedTime, linked_time
from lienthong.settings import settings

FITTED_NOTE: Final = (
    "* Tổng 60 và 118 là số đã công bố [V]; cách chia và hai cạnh V2→V3, V5b→V7 là suy ra [I], được khớp theo tổng. "
    "/ The totals 60 and 118 are published [V]; their split and the edges V2→V3 and V5b→V7 are inferred [I] and fitted "
    "to the totals: this proves the arithmetic, not the law."
)
BASIS_NOTE: Final = (
    "Ngày làm việc; 1 ngày lịch = 5/7 ngày làm việc [I]. Cả hai bên cùng bước tiếp nhận và trả kết quả. "
    "/ Working days; a calendar day counts 5/7 [I]. Same intake and return steps on both sides. "
    "Two trips a filing [I]; limits of single handling are partly from memory [M]."
)


def run(arguments: list[str]) -> int:
    """0 when the report was printed."""
    parser = argparse.ArgumentParser(prog="lienthong report", description=__doc__)
    parser.add_argument("name", choices=["linked-time", "year", "late-list", "register", "scheme"], help="which report")
    parser.add_argument("--year", type=int, default=2023, help="of `year` and `late-list` (default 2023)")
    parser.add_argument(
        "--month", type=int, choices=range(1, 13), help="of `late-list` and `register` (default: the whole year)"
    )
    parser.add_argument("--desk", default="bd-ttpvhcc", help="of `register`: id of the desk")
    parser.add_argument("--pdf", type=Path, help="of `register`: write the signed paper to this file")
    parser.add_argument("--start", type=date.fromisoformat, help="of `scheme`: its first day (2023-06-01)")
    parser.add_argument("--days", type=int, default=90, help="of `scheme`: days before and from its start (default 90)")
    parser.add_argument("--json", action="store_true", help="as JSON in place of a table")
    given = parser.parse_args(arguments)
    law = load_law(settings().law_dir, settings().bpmn_dir)
    if given.name == "year":
        return _year(law, given.year, given.json)
    if given.name == "late-list":
        return _late_list(law, given.year, given.month)
    if given.name == "register":
        return _register(law, given.desk, given.year, given.month, given.pdf)
    if given.name == "scheme":
        return _scheme(parser, given.start, given.days, given.json)
    rows = linked_time(law)
    if given.json:
        notes = [BASIS_NOTE, FITTED_NOTE]
        print(json.dumps({"rows": [row.as_row() for row in rows], "notes": notes}, ensure_ascii=False, indent=2))
    else:
        _print_table(rows, Console())
    return 0


def _late_list(law: Law, year: int, month: int | None) -> int:
    """The list as CSV; the counts of a month go on from the earlier months of its year."""
    now, span = datetime.now(UTC), late_lists.span_of(year, month)
    engine = _database()
    with read_scope(engine) as session:
        before = late_rows.counts(session, late_lists.earlier(year, month), now) if month and month > 1 else Counter()
        found = late_rows.late_dossiers(session, span, now)
    engine.dispose()
    print(as_csv(compile_list(found, span, law.calendar, now, before)), end="")
    return 0


def _register(law: Law, desk: str, year: int, month: int | None, file: Path | None) -> int:
    """The register of a desk as CSV, or as a signed paper in a file."""
    engine = _database()
    with read_scope(engine) as session:
        found = register.rows(session, law, desk, year, month)
    engine.dispose()
    if file is None:
        print(register.as_csv(found), end="")
        return 0
    file.write_bytes(register.as_pdf(law, desk, year, found, datetime.now(UTC), month))
    print(f"{len(found)} dossiers in {file}.")
    return 0


def _scheme(parser: argparse.ArgumentParser, start: date | None, days: int, as_json: bool) -> int:
    """Online dossiers in spans of equal length around the start of a scheme."""
    if start is None:
        parser.error("Expected --start with the first day of the scheme, but got none.")
    engine = _database()
    try:
        with read_scope(engine) as session:
            change = scheme.change_since(session, start, days)
    except DomainError as refused:
        parser.error(str(refused))
    finally:
        engine.dispose()
    if as_json:
        told = {"start": start.isoformat(), "days": days, "before": change.before, "after": change.after}
        print(json.dumps({**told, "growth": change.growth.as_row()}, ensure_ascii=False, indent=2))
        return 0
    growth = "–" if change.growth.value is None else f"{change.growth.value:+} %"
    print(f"{days} ngày trước / days before {start}: {change.before}")
    print(f"{days} ngày từ / days from {start}: {change.after}")
    print(f"{change.growth.title_vi} / {change.growth.title_en}: {growth} [{change.growth.mark}]")
    return 0


def _year(law: Law, year: int, as_json: bool) -> int:
    engine = _database()
    report = yearly.of_year(engine, law, year, datetime.now(UTC))
    engine.dispose()
    if as_json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _print_year(report, Console())
    return 0


def _database() -> Engine:
    engine = create_database(settings().database_url)
    upgrade(engine)
    return engine


def _print_year(report: dict[str, Any], console: Console) -> None:
    table = Table(title=f"Năm / Year {report['year']}", box=SIMPLE, padding=(0, 1, 0, 0))
    for heading in ("Kỳ\nPeriod", "Số\nCount", "Sớm %\nEarly", "Đúng %\nOn time", "Trễ %\nLate", "Tr.tuyến %\nOnline"):
        table.add_column(heading, justify="right")
    table.add_column("766 (/100)", justify="right")
    for name, one in report["periods"].items():
        shares = [one["timely"][kind] for kind in ("early", "on_time", "late")]
        values = [share["value"] or "-" for share in (*shares, one["online"])]
        measured = 100 - one["five"]["unmeasured"]
        table.add_row(name, str(shares[0]["denominator"]), *values, f"{one['five']['total']}/{measured}")
    console.print(table)
    console.print(f"Trễ hạn / Late procedures: {report['late']['rows']}. Lượt đi / Trips: {report['trips']}.")
    console.print("766: điểm đo được / điểm tối đa đo được (points measured / points that data exist for); splits [I].")
    console.print("--json: nine indicators, formulas and dossiers behind each figure.")


def _print_table(rows: list[LinkedTime], console: Console) -> None:
    table = Table(title="Riêng lẻ và liên thông / Single and linked handling", box=SIMPLE, padding=(0, 1, 0, 0))
    table.add_column("Trường hợp / Case", min_width=20)
    for heading in ("Riêng\nSingle", "L.thông\nLinked", "1 hồ sơ\n1 file", "S.song\nParall.", "Hạn ↓\nLimits"):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in ("Lượt\nTrips", "Giấy\nPapers"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            f"{row.bundle} {row.version}\n{row.title_vi} / {row.title_en}",
            f"{row.single_days:g}",
            f"{row.linked_days:g}{'*' if row.fitted else ''}",
            f"{row.gain_one_filing:g}",
            f"{row.gain_parallel:g}",
            f"{row.gain_shorter_limits:g}",
            f"{row.single_trips}→{row.linked_trips}",
            f"{row.single_papers}→{row.linked_papers}",
        )
    console.print(table)
    console.print("Lợi ích / Gains: 1 hồ sơ (one filing), S.song (parallel), Hạn ↓ (shorter limits).")
    console.print("Đường găng / Critical paths:")
    for row in rows:
        console.print(f"  {row.bundle}, {row.title_en}: {' → '.join(row.critical_path)}")
    console.print(BASIS_NOTE)
    console.print(FITTED_NOTE)
    for row in rows:
        if row.fitted:
            console.print(
                f"  {row.title_en}: published {row.published} (before: {row.published_before}), computed "
                f"{row.linked_days:g}; without the inferred edges {row.without_inferred_edges:g}; "
                f"counted apart: {', '.join(row.apart) or 'none'}, site clearance 98 (V5a)."
            )
