"""Runs many scenario files: finds what each needs deployed, runs it, and collects coverage."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from lienthong.scenarios.coverage import Coverage
from lienthong.scenarios.format import load_scenario
from lienthong.scenarios.pure_jobs import PureJobs
from lienthong.scenarios.rule_jobs import rule_jobs
from lienthong.scenarios.runner import ScenarioResult, ScenarioRun
from lienthong.scenarios.story import Names, difference, golden_file, names_of, story

SUFFIXES = (".bpmn", ".dmn", ".form")


@dataclass(slots=True)
class SuiteResult:
    """All results in the order of the files."""

    results: list[ScenarioResult] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)

    @property
    def failed(self) -> list[ScenarioResult]:
        """The scenarios that did not pass."""
        return [result for result in self.results if result.failure is not None]


def deployments_of(bundle_dir: Path) -> list[list[tuple[str, bytes]]]:
    """The deployments of one bundle, called processes before their callers; names are paths below ``bpmn/``."""
    root = bundle_dir.parent.parent
    folders = [folder for folder in (root / "steps", root / "procedures", bundle_dir) if folder.is_dir()]
    groups = []
    for folder in folders:
        files = [file for file in sorted(folder.iterdir()) if file.suffix in SUFFIXES]
        groups.append([(file.relative_to(root).as_posix(), file.read_bytes()) for file in files])
    return [group for group in groups if group]


CALLED = re.compile(rb"<zeebe:calledElement processId=(?:\"([^\"]*)\"|'([^']*)')")
FORM = re.compile(rb'formId="([^"]*)"')


def needed(deployments: list[list[tuple[str, bytes]]], bundle_dir: Path) -> list[list[tuple[str, bytes]]]:
    """The part of the deployments that a bundle can reach: what it calls, in turn, and the forms these use."""
    models = {Path(name).stem: content for group in deployments for name, content in group if name.endswith(".bpmn")}
    wanted, work = set[str](), ["bundle"]
    while work:
        stem = work.pop()
        if stem in wanted or stem not in models:
            continue
        wanted.add(stem)
        for plain, quoted in CALLED.findall(models[stem]):
            process_id = (plain or quoted).decode()
            work += _processes_of(bundle_dir) if process_id.startswith("=") else [process_id]
    forms = {form.decode() for stem in wanted for form in FORM.findall(models[stem])}

    def kept(name: str) -> bool:
        path = Path(name)
        return {".bpmn": path.stem in wanted, ".form": path.stem in forms}.get(path.suffix, True)

    own = bundle_dir.relative_to(bundle_dir.parent.parent).as_posix()
    return [[one for one in group if one[0].startswith(f"{own}/") or kept(one[0])] for group in deployments]


def _processes_of(bundle_dir: Path) -> list[str]:
    """The processes that an expression may call: those of the bundle's graph."""
    graph = bundle_dir / "graph.yaml"
    if not graph.is_file():
        return []
    return [str(entry["process"]) for entry in yaml.safe_load(graph.read_text(encoding="utf-8"))["procedures"]]


def run_files(files: Iterable[Path], pure_jobs: PureJobs | None = None, *, write_golden: bool = False) -> SuiteResult:
    """Run scenario files; ``pure_jobs`` None means the rules of the domain for the bundle, where they are there.

    A scenario with a golden story must tell it; ``write_golden`` writes the stories that are there anew.
    """
    suite = SuiteResult()
    deployed: dict[Path, list[list[tuple[str, bytes]]]] = {}
    names: dict[Path, Names] = {}
    for file in files:
        scenario = load_scenario(file)
        folder = scenario.bundle_dir
        if folder not in deployed:
            deployed[folder] = needed(deployments_of(folder), folder)
            names[folder] = names_of(deployed[folder])
        rules = pure_jobs or rule_jobs(folder, scenario.variables)
        result = ScenarioRun(scenario, deployed[folder], rules).run()
        _compare_with_golden(result, names[folder], write=write_golden)
        suite.results.append(result)
        suite.coverage.add(deployed[folder], result.world.flows_taken)
    return suite


def _compare_with_golden(result: ScenarioResult, names: Names, *, write: bool) -> None:
    golden = golden_file(result.scenario.path)
    if not golden.is_file() or result.failure is not None:
        return
    lines = story(result, names)
    if write:
        golden.write_text("\n".join(lines) + "\n", encoding="utf-8")
    result.failure = difference(golden.read_text(encoding="utf-8"), lines)
