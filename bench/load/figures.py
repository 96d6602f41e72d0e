"""What a run of the load said: requests, errors, times in ms by kind of request, from locust's CSV files."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

READ_P95_MS = 200
WRITE_P95_MS = 500
LOOK_UP_P95_MS = 150
ERROR_SHARE = 0.001
LOOK_UPS = ("read: queue", "read: search")


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of request: how many, how many failed, median, 95th and 99th percentile and longest in ms."""

    name: str
    requests: int
    failures: int
    p50: float
    p95: float
    p99: float
    longest: float
    a_second: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One run: what was asked of it, its rows, and the seconds' 95th percentile."""

    filings: float
    reads: float
    rows: list[Row]
    seconds: list[tuple[float, float, float]] = field(default_factory=list)

    def worst(self, prefix: str) -> float:
        """The highest 95th percentile in ms of the rows of one kind."""
        return max((row.p95 for row in self.rows if row.name.startswith(prefix)), default=0.0)

    def errors(self) -> float:
        """Share of the requests that failed."""
        total = sum(row.requests for row in self.rows)
        return sum(row.failures for row in self.rows) / total if total else 1.0

    def reached(self) -> bool:
        """Whether the load asked for was really put: nine tenths of the filings arrived."""
        sent = next((row.a_second for row in self.rows if row.name == "write: send"), 0.0)
        return sent >= 0.9 * self.filings

    def holds(self) -> bool:
        """Whether every limit holds."""
        return (
            self.reached()
            and self.worst("read:") < READ_P95_MS
            and self.worst("write:") < WRITE_P95_MS
            and self.errors() < ERROR_SHARE
        )

    def line(self) -> str:
        """The run in one line."""
        rate = sum(row.a_second for row in self.rows)
        return (
            f"{rate:.0f} requests/s; worst p95 of reads {self.worst('read:'):.0f} ms, of writes "
            f"{self.worst('write:'):.0f} ms; errors {self.errors():.3%}; {'holds' if self.holds() else 'does not hold'}"
        )


def read_figures(stats: Path, history: Path, filings: float, reads: float) -> Figures:
    """The figures of one run; setting up is left out."""
    with stats.open(encoding="utf-8") as file:
        rows = [_row(line) for line in csv.DictReader(file) if line["Name"].startswith(("read:", "write:"))]
    return Figures(filings, reads, rows, _seconds(history))


def _row(line: dict[str, str]) -> Row:
    return Row(
        name=line["Name"],
        requests=int(line["Request Count"]),
        failures=int(line["Failure Count"]),
        p50=float(line["50%"]),
        p95=float(line["95%"]),
        p99=float(line["99%"]),
        longest=float(line["Max Response Time"]),
        a_second=float(line["Requests/s"]),
    )


def _seconds(history: Path) -> list[tuple[float, float, float]]:
    """Second of the run, requests a second, 95th percentile in ms over all requests of the last ten seconds."""
    if not history.is_file():
        return []
    with history.open(encoding="utf-8") as file:
        lines = [line for line in csv.DictReader(file) if line["Name"] == "Aggregated" and line["95%"] != "N/A"]
    if not lines:
        return []
    began = float(lines[0]["Timestamp"])
    return [(float(line["Timestamp"]) - began, float(line["Requests/s"]), float(line["95%"])) for line in lines]
