"""The page and the plot of a load run."""

import argparse
import os
from datetime import datetime
from pathlib import Path

from bench.load.figures import ERROR_SHARE, LOOK_UP_P95_MS, LOOK_UPS, READ_P95_MS, WRITE_P95_MS, Figures

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 220, 46, 26


def plot(figures: Figures) -> str:
    """95th percentile of all requests over the run, with the limit of reads."""
    seconds = figures.seconds or [(0.0, 0.0, 0.0)]
    last = max(second for second, _, _ in seconds) or 1.0
    top = max(READ_P95_MS * 1.2, *(p95 for _, _, p95 in seconds))

    def place(second: float, value: float) -> str:
        x = LEFT + second / last * (WIDTH - LEFT - 10)
        return f"{x:.1f},{HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - 12):.1f}"

    line = " ".join(place(second, p95) for second, _, p95 in seconds)
    limit = f"{place(0, READ_P95_MS)} {place(last, READ_P95_MS)}"
    ticks = "".join(
        f'<text x="{LEFT - 6}" y="{place(0, value).split(",")[1]}" text-anchor="end">{value:.0f}</text>'
        for value in (0, READ_P95_MS)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" '
        'font-size="11"><title>95th percentile of all requests over the run, ms</title>'
        '<rect width="100%" height="100%" fill="#fff"/>'
        f'<polyline points="{limit}" fill="none" stroke="#a3161e" stroke-dasharray="5 4"/>'
        f'<polyline points="{line}" fill="none" stroke="#0b4f8a" stroke-width="1.5"/>{ticks}'
        f'<text x="{WIDTH - 10}" y="{HEIGHT - 8}" text-anchor="end">{last / 60:.1f} min</text>'
        f'<text x="{LEFT}" y="{HEIGHT - 8}">p95, ms (dashed: the limit of reads)</text></svg>\n'
    )


def write_report(folder: Path, steady: Figures, steps: list[Figures], given: argparse.Namespace, at: datetime) -> None:
    """``load.md`` and ``load.svg``."""
    look_up = max((row.p95 for row in steady.rows if row.name in LOOK_UPS), default=0.0)
    checks = (
        ("reads, worst p95, ms", steady.worst("read:"), READ_P95_MS),
        ("writes, worst p95, ms", steady.worst("write:"), WRITE_P95_MS),
        ("queue and search, worst p95, ms", look_up, LOOK_UP_P95_MS),
        ("errors, share", steady.errors(), ERROR_SHARE),
    )
    lines = [
        "# Load\n",
        f"Made by `make load` on {at:%Y-%m-%d}: {steady.filings:g} filings and {steady.reads:g} reads a second for "
        f"{given.minutes:g} minutes on one machine with {os.cpu_count()} processors, which also ran PostgreSQL, the "
        f"engine, the document store, the worker, the sandbox and the load itself; {given.history:,} dossiers in the "
        f"database, {given.web_processes} web processes. Reading of papers (OCR) was off. A filing is four requests: "
        "questions, answers, scanned pages, sending; it makes a signed acceptance slip and starts the process. The "
        "aim, 5 filings and 100 reads a second, is seven times a province's busiest hour.\n",
        "![95th percentile over the run](load.svg)\n",
        "| limit | measured | holds |\n|---|---:|---|",
        *(
            f"| {name} < {limit:g} | {value:,.{0 if limit > 1 else 4}f} | {'yes' if value < limit else '**no**'} |"
            for name, value, limit in checks
        ),
        f"| filings that arrived | {'all' if steady.reached() else 'fewer than asked'} | "
        f"{'yes' if steady.reached() else '**no**'} |",
        "\n| request | a second | p50 ms | p95 ms | p99 ms | longest ms | failed |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {row.name} | {row.a_second:.1f} | {row.p50:.0f} | {row.p95:.0f} | {row.p99:.0f} | {row.longest:.0f} | "
            f"{row.failures} |"
            for row in steady.rows
        ),
    ]
    if steps:
        held = [one for one in [steady, *steps] if one.holds()]
        most = max(held, key=lambda one: one.filings, default=None)
        lines += [
            "\n## Ceiling\n",
            "No step held every limit.\n"
            if most is None
            else f"The most that held every limit: {most.filings:.2f} filings and {most.reads:.0f} reads a second.\n",
            "| filings/s | reads/s | what came |\n|---:|---:|---|",
        ]
        lines += [f"| {step.filings:.1f} | {step.reads:.0f} | {step.line()} |" for step in steps]
    (folder / "load.md").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "load.svg").write_text(plot(steady), "utf-8")
