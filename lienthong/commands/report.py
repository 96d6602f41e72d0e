"""``lienthong report NAME [--json]``: figures for people who decide, from the law data or the database."""

import argparse
import json
from typing import Final

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from lienthong.dossiers.law import load_law
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
    parser.add_argument("name", choices=["linked-time"], help="which report")
    parser.add_argument("--json", action="store_true", help="rows as JSON in place of a table")
    given = parser.parse_args(arguments)
    rows = linked_time(load_law(settings().law_dir, settings().bpmn_dir))
    if given.json:
        notes = [BASIS_NOTE, FITTED_NOTE]
        print(json.dumps({"rows": [row.as_row() for row in rows], "notes": notes}, ensure_ascii=False, indent=2))
    else:
        _print_table(rows, Console())
    return 0


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
