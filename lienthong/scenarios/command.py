"""``lienthong test-models``: run the scenario files of ``bpmn/`` on the virtual clock."""

import argparse
import sys
from pathlib import Path

from lienthong.scenarios.format import ScenarioFileError, scenario_files
from lienthong.scenarios.report import coverage_lines, log_lines, timeline, write_junit
from lienthong.scenarios.suite import SuiteResult, run_files

DEFAULT_PATH = Path("bpmn")


def run(args: list[str]) -> int:
    """Run the scenarios under the given paths (default ``bpmn``): 0 all pass, 1 one fails, 2 a bad file."""
    options = _parser().parse_args(args)
    files = scenario_files(options.paths or [DEFAULT_PATH])
    if not files:
        _say(f"Expected scenario files under {', '.join(map(str, options.paths or [DEFAULT_PATH]))}, but found none.")
        return 2
    try:
        suite = run_files(files, write_golden=options.write_golden)
    except ScenarioFileError as error:
        _say(str(error))
        return 2
    _tell(suite, show_timeline=options.timeline)
    if options.junit:
        write_junit(suite.results, options.junit)
    return 1 if suite.failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lienthong test-models", description="Run scenario files on a virtual clock.")
    parser.add_argument("paths", nargs="*", type=Path, help="scenario files or folders (default: bpmn)")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the results as JUnit XML")
    parser.add_argument("--write-golden", action="store_true", help="write the golden stories that are there anew")
    parser.add_argument("--timeline", action="store_true", help="print every scenario's timeline")
    return parser


def _tell(suite: SuiteResult, *, show_timeline: bool) -> None:
    for result in suite.results:
        state = "ok  " if result.failure is None else "FAIL"
        _say(f"{state} {result.scenario.path.as_posix()}  {result.scenario.name}")
        if result.failure is not None:
            _say(f"     {result.failure}")
            for line in log_lines(result):
                _say(f"       {line}")
        if show_timeline:
            for line in timeline(result):
                _say(f"       {line}")
    _say("")
    for line in coverage_lines(suite.coverage):
        _say(line)
    _say(f"\n{len(suite.results) - len(suite.failed)} of {len(suite.results)} scenarios passed")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
