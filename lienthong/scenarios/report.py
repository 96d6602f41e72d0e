"""What a run leaves behind: a timeline in words, JUnit XML for CI, and a coverage table."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from xml.etree import ElementTree

from lienthong.scenarios.coverage import Coverage
from lienthong.scenarios.runner import ScenarioResult

VIETNAM = timezone(timedelta(hours=7))
SHOWN_TYPES = frozenset({"CALL_ACTIVITY", "USER_TASK"})


def timeline(result: ScenarioResult) -> list[str]:
    """Every user task and called process: from, to, where; in the order of their start."""
    world = result.world
    shown = [seen for seen in world.elements.values() if seen.element_type in SHOWN_TYPES]
    lines = []
    for seen in sorted(shown, key=lambda one: (one.started_ms, one.key)):
        ended = _local(seen.ended_ms) if seen.ended_ms is not None else "…"
        mark = " (terminated)" if seen.terminated else ""
        lines.append(f"{_local(seen.started_ms)} → {ended}  {world.path(seen.key)}{mark}")
    return lines


def log_lines(result: ScenarioResult) -> list[str]:
    """Everything the runner did, with the virtual time."""
    return [f"{at.astimezone(VIETNAM):%Y-%m-%d %H:%M}  {text}" for at, text in result.log]


def coverage_lines(coverage: Coverage) -> list[str]:
    """One line a model: share of its flows, and the flows that nobody took."""
    lines = []
    for model in coverage.walked():
        missed = f"  not taken: {', '.join(model.missed)}" if model.missed else ""
        lines.append(f"{model.share:4.0%}  {model.process_id}{missed}")
    return lines


def write_junit(results: list[ScenarioResult], file: Path) -> None:
    """JUnit XML: one suite a bundle folder, one case a scenario."""
    failures = sum(result.failure is not None for result in results)
    root = ElementTree.Element("testsuites", tests=str(len(results)), failures=str(failures))
    suites: dict[str, ElementTree.Element] = {}
    for result in results:
        folder = result.scenario.bundle_dir
        name = f"{folder.parent.name}/{folder.name}"
        if name not in suites:
            suites[name] = ElementTree.SubElement(root, "testsuite", name=name)
        case = ElementTree.SubElement(
            suites[name],
            "testcase",
            classname=name,
            name=result.scenario.path.stem,
            file=result.scenario.path.as_posix(),
        )
        if result.failure is not None:
            ElementTree.SubElement(case, "failure", message=result.failure).text = "\n".join(log_lines(result))
    for suite in suites.values():
        suite.set("tests", str(len(suite)))
        suite.set("failures", str(len(suite.findall("testcase/failure"))))
    file.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)


def _local(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(VIETNAM):%Y-%m-%d %H:%M}"
