"""`make bench`: how fast the engine is, as ratios beside what the same machine does at the same moment.

Every figure stands beside a calibration loop, bare SQLite with the same bytes and fsync policy, or a
grpc.aio echo of the same messages, all measured in this run. `--quick` measures less of everything;
`--write` puts table and plot into docs/reference. Ends with 1 when a floor is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import engine_core
import engine_wire
import peers

Figures = dict[str, float]
REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
REFERENCE_LOOPS = 16.0  # million rounds a second of the calibration loop on the machine of the first table
PEACEFUL_LOAD = 3.0
PEACEFUL_SPREAD = 1.3
PEERS = {"spiff": "SpiffWorkflow 3.2", "elements": "bpmn-elements 17.3"}


@dataclass(frozen=True, slots=True)
class Floor:
    """What a ratio must reach (or, `most`, must not exceed)."""

    text: str
    measure: Callable[[Figures], float]
    limit: float
    most: bool = False

    def holds(self, figures: Figures) -> bool:
        """Whether it does."""
        value = self.measure(figures)
        return value <= self.limit if self.most else value >= self.limit


def _scaled(name: str, per: float = 1.0) -> Callable[[Figures], float]:
    """A speed as it would be on the machine of the first table."""
    return lambda figures: figures[name] / per * REFERENCE_LOOPS / figures["calibration"]


def _slowed(name: str) -> Callable[[Figures], float]:
    return lambda figures: figures[name] * figures["calibration"] / REFERENCE_LOOPS


def _over(one: str, other: str) -> Callable[[Figures], float]:
    return lambda figures: figures[one] / figures[other]


FLOORS = (
    Floor(
        "core in memory, jobs/s of ten-task processes, calibrated", lambda figures: figures["core_ten_jobs"], 100_000
    ),
    Floor("durable, groups of 100, one-task instances/s, calibrated", _scaled("durable_100_instances"), 15_000),
    Floor("durable one by one: share of bare SQLite", _over("durable_1_instances", "durable_1_bare"), 0.7),
    Floor("gRPC, 1 caller: share of an echo that fsyncs", _over("grpc_1_engine", "grpc_1_synced_echo"), 0.85),
    Floor("gRPC, 1 caller: share of the echo", _over("grpc_1_engine", "grpc_1_echo"), 0.5),
    Floor("gRPC, 16 callers: share of the echo", _over("grpc_16_engine", "grpc_16_echo"), 0.85),
    Floor("gRPC, 64 callers: share of the echo", _over("grpc_64_engine", "grpc_64_echo"), 0.85),
    Floor("pyzeebe drain 32/256, jobs/s, calibrated", _scaled("drain_32_256_jobs"), 3_500),
    Floor("pyzeebe drain with defaults, jobs/s, calibrated", _scaled("drain_32_32_jobs"), 3_500),
    Floor("with result, 64 callers, one-task/s, calibrated", _scaled("result_one_64"), 1_500),
    Floor("idle round trip with result p50, ms, calibrated", _slowed("result_one_1_p50_ms"), 2.5, most=True),
    Floor("idle round trip with result p99, ms, calibrated", _slowed("result_one_1_p99_ms"), 6.0, most=True),
    Floor("recovery of the log after kill -9, s, calibrated", _slowed("recovery_s"), 5.0, most=True),
    Floor(
        "resident memory with 100k running instances, MB", lambda figures: figures["resident_mb_100k"], 400, most=True
    ),
    Floor(
        "resident memory of the served engine with 100k, MB", lambda each: each["engine_resident_mb_100k"], 400, True
    ),
    Floor("a life at 100k running against 1k", _over("growth_100000_us", "growth_1000_us"), 1.2, most=True),
    Floor("a life at 10k running against 1k", _over("growth_10000_us", "growth_1000_us"), 1.2, most=True),
)


def measured(quick: bool) -> Figures:
    """Everything, the calibration loop before, between and after."""
    loops = [engine_core.calibration_loops()]
    figures: Figures = {}
    scale = 1 if quick else 2
    figures |= engine_core.core_in_memory(10_000 * scale)
    for group, count in ((1, 500), (16, 4_000), (64, 8_000), (100, 8_000)):
        figures |= engine_core.durable(count * scale, group)
    for group, count in ((1, 100), (100, 800)):
        figures |= engine_core.durable(count * scale, group, "ten-tasks")
    figures |= peers.measured(scale)
    figures |= engine_core.following(5_000 * scale)
    loops.append(engine_core.calibration_loops())
    figures |= asyncio.run(engine_wire.calls(3_200 * scale))
    for most, running in ((32, 256), (32, 32)):
        figures |= asyncio.run(engine_wire.drain(5_120 * scale, most, running))
    figures |= asyncio.run(engine_wire.with_result(1_600 * scale))
    figures |= asyncio.run(engine_wire.resident(100_000))
    loops.append(engine_core.calibration_loops())
    figures |= engine_core.growth()
    figures |= engine_core.recovery(200_000 if quick else 1_000_000)
    loops.append(engine_core.calibration_loops())
    figures["calibration"] = statistics.median(loops)
    figures["calibration_spread"] = max(loops) / min(loops)
    return figures


def table(figures: Figures) -> str:
    """Markdown: the floors, then every figure with its ratio to the calibration loop."""
    lines = ["| floor | measured | limit | holds |", "|---|---:|---:|---|"]
    for floor in FLOORS:
        sign = "≤" if floor.most else "≥"
        value = floor.measure(figures)
        lines.append(f"| {floor.text} | {value:,.2f} | {sign} {floor.limit:,g} | {_yes(floor.holds(figures))} |")
    lines += ["", beside_peers(figures)]
    lines += ["| figure | raw | a million calibration rounds |", "|---|---:|---:|"]
    for name, value in figures.items():
        timed = name.endswith(("_ms", "_us", "_s", "_100k", "calibration", "_spread"))
        ratio = "" if timed else f"{value / figures['calibration']:,.1f}"
        lines.append(f"| {name} | {value:,.2f} | {ratio} |")
    return "\n".join(lines) + "\n"


def beside_peers(figures: Figures) -> str:
    """Markdown: instances a second of every engine on the two models."""
    lines = [
        "| instances/s, every completion fsynced | one task | one task, by 100 | ten tasks | ten tasks, by 100 |",
        "|---|---:|---:|---:|---:|",
    ]
    ours = [figures[f"durable_{name}_instances"] for name in ("1", "100", "ten_1", "ten_100")]
    rows = {"this engine, without the wire": ours}
    for key, name in PEERS.items():
        columns = [f"peer_{key}_{model}_{group}" for model in ("one", "ten") for group in (1, 100)]
        if all(column in figures for column in columns):
            rows[name] = [figures[column] for column in columns]
        else:
            lines.append(f"| {name} | not installed: left out | | | |")
    lines += [f"| {name} | {' | '.join(f'{value:,.1f}' for value in values)} |" for name, values in rows.items()]
    return "\n".join(lines) + "\n"


def _yes(holds: bool) -> str:
    return "yes" if holds else "**no**"


def plot(figures: Figures) -> str:
    """SVG: calls a second beside the echo, by callers."""
    bars = [
        (f"{count} {name}", figures[f"grpc_{count}_{name}"]) for count in (1, 16, 64) for name in ("echo", "engine")
    ]
    bars += [(name, figures[key]) for name, key in (("drain", "drain_32_256_jobs"), ("with result", "result_one_64"))]
    top = max(value for _, value in bars)
    parts = []
    for number, (name, value) in enumerate(bars):
        y, width = 24 + number * 26, 420 * value / top
        color = "#8d99ae" if name.endswith("echo") else "#1d6f8a"
        parts.append(
            f'<text x="96" y="{y + 13}" text-anchor="end">{name}</text>'
            f'<rect x="104" y="{y}" width="{width:.0f}" height="18" fill="{color}"/>'
            f'<text x="{110 + width:.0f}" y="{y + 13}">{value:,.0f}/s</text>'
        )
    height = 40 + 26 * len(bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="620" height="{height}" font-family="sans-serif" '
        f'font-size="12"><title>gRPC calls, drained jobs and results a second</title>{"".join(parts)}</svg>\n'
    )


def written(figures: Figures, quick: bool) -> None:
    """Table and plot into the reference."""
    mode = "quick" if quick else "full"
    records = "200,000" if quick else "1,000,000"
    head = (
        "# Performance\n\nMade by `make bench` (`bench/engine.py --write`), "
        f"{mode} mode, Python {platform.python_version()}, {records} log records in the recovery. "
        "Speeds are of this run; *calibrated* ones are scaled by a loop of plain Python measured in the same run, "
        f"to a machine that does {REFERENCE_LOOPS:g} million rounds of it a second. The durable figures fsync every "
        "group, and bare SQLite writes the same bytes with the same policy. The echo is a grpc.aio server that "
        "answers the same messages with nothing behind; *an echo that fsyncs* adds one row of SQLite a call, which is "
        "the least that an answer after the commit can cost a lone caller. *engine on grpcio* is the same engine with "
        "`--transport grpcio` in place of its own HTTP/2. Callers and servers share the machine. "
        "The peers are libraries without a store: each completion of a task stores the state of its instance in SQLite "
        "in the library's own format and with the same fsync policy, a group in one transaction. "
        "The aim of 50,000 durable one-task instances a second in groups is out of one process's reach, and why stands "
        "in [the engine's limits](engine-limits.md); its floor guards against getting slower. "
        f"While this ran, the load average was {os.getloadavg()[1]:.1f} on {os.cpu_count()} processors and the "
        f"calibration loop varied by a factor of {figures['calibration_spread']:.1f}: above a load of "
        f"{PEACEFUL_LOAD:g} or a factor of {PEACEFUL_SPREAD:g} the misses say as much about the neighbours as "
        "about the engine.\n\n"
        "![calls a second](performance.svg)\n\n"
    )
    (REFERENCE / "performance.md").write_text(head + table(figures))
    (REFERENCE / "performance.svg").write_text(plot(figures))


def main() -> int:
    """0 when every floor holds."""
    parser = argparse.ArgumentParser(description="Measure the engine.")
    parser.add_argument("--quick", action="store_true", help="about a minute")
    parser.add_argument("--write", action="store_true", help="table and plot into docs/reference")
    given = parser.parse_args()
    figures = measured(given.quick)
    print(table(figures))
    if given.write:
        written(figures, given.quick)
    return 0 if all(floor.holds(figures) for floor in FLOORS) else 1


if __name__ == "__main__":
    sys.exit(main())
