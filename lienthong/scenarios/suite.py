"""Runs many scenario files: finds what each needs deployed, runs it, and collects coverage."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from lienthong.scenarios.coverage import Coverage
from lienthong.scenarios.format import load_scenario
from lienthong.scenarios.pure_jobs import PureJobs
from lienthong.scenarios.rule_jobs import rule_jobs
from lienthong.scenarios.runner import ScenarioResult, ScenarioRun

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


def run_files(files: Iterable[Path], pure_jobs: PureJobs | None = None) -> SuiteResult:
    """Run scenario files; ``pure_jobs`` None means the rules of the domain for the bundle, where they are there."""
    suite = SuiteResult()
    deployed: dict[Path, list[list[tuple[str, bytes]]]] = {}
    for file in files:
        scenario = load_scenario(file)
        folder = scenario.bundle_dir
        if folder not in deployed:
            deployed[folder] = deployments_of(folder)
        rules = pure_jobs or rule_jobs(folder, scenario.variables)
        result = ScenarioRun(scenario, deployed[folder], rules).run()
        suite.results.append(result)
        suite.coverage.add(deployed[folder], result.world.flows_taken)
    return suite
