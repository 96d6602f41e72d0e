"""The gate before a deployment: all scenarios of the bundles it reaches, run on exactly what would be deployed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lienthong.scenarios.coverage import Coverage
from lienthong.scenarios.format import Scenario, ScenarioFileError, load_scenario, scenario_files
from lienthong.scenarios.play import Deployments, PlayRun
from lienthong.scenarios.pure_jobs import NoPureJobs, PureJobs
from lienthong.scenarios.report import log_lines
from lienthong.scenarios.rule_jobs import RuleJobs
from lienthong.scenarios.runner import ScenarioResult, ScenarioRun
from lienthong.scenarios.written import with_step

if TYPE_CHECKING:
    from lienthong.dossiers.law import Law

SUFFIXES = (".bpmn", ".dmn", ".form")
REPAIRS_A_FILE = 20
Rules = Callable[[Mapping[str, Any]], PureJobs]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One scenario: its path below the models, its sentence, and why it failed (empty: it passed)."""

    path: str
    name: str
    failure: str = ""
    log: tuple[str, ...] = ()


@dataclass(slots=True)
class GateResult:
    """All verdicts, and which flows of which process the scenarios have walked."""

    verdicts: list[Verdict]
    coverage: Coverage

    @property
    def failed(self) -> list[Verdict]:
        """The scenarios that hold the deployment up."""
        return [each for each in self.verdicts if each.failure]


def groups_of(files: Mapping[str, bytes], bundle: str) -> Deployments:
    """What one bundle needs deployed: steps, procedures, its own folder; called processes before their callers."""
    groups = []
    for folder in ("steps", "procedures", bundle):
        inside = [(path, files[path]) for path in sorted(files) if path.rsplit("/", 1)[0] == folder]
        found = [(path, content) for path, content in inside if path.endswith(SUFFIXES)]
        groups += [found] if found else []
    return groups


def law_rules(law: "Law", bundle: str) -> Rules:
    """The domain's own rules for a bundle's dossiers; a version the law does not know has those of its newest one."""
    name, _, version = bundle.partition("/")
    known = [each for each in law.all_bundles if each.id == name]
    if not known:
        return lambda variables: NoPureJobs()
    fitting = next((each for each in known if each.version == version), max(known, key=lambda each: each.version))
    return lambda variables: RuleJobs(law, fitting, dict(variables.get("options", {})))


def run_bundle(folder: Path, bundle: str, deployments: Deployments, rules: Rules) -> GateResult:
    """Run every scenario file of ``folder/bundle``."""
    result = GateResult([], Coverage())
    for file in scenario_files([folder / bundle]):
        path = file.relative_to(folder).as_posix()
        try:
            scenario = load_scenario(file)
        except ScenarioFileError as error:
            result.verdicts.append(Verdict(path, file.stem, str(error).removeprefix(f"{folder}/")))
            continue
        found = run_one(scenario, deployments, rules)
        log = tuple(log_lines(found)) if found.failure else ()
        result.verdicts.append(Verdict(path, scenario.name, found.failure or "", log))
        result.coverage.add(deployments, found.world.flows_taken)
    return result


def run_one(scenario: Scenario, deployments: Deployments, rules: Rules) -> ScenarioResult:
    """Run one scenario."""
    return ScenarioRun(scenario, deployments, rules(scenario.variables)).run()


def repaired(file: Path, deployments: Deployments, rules: Rules, step: dict[str, Any]) -> str | None:
    """A failing file's text with ``step`` put in wherever the run stops for it; None when that does not heal it.

    For a step (a user task, a job) that was added to a model: the old stories do not know it yet.
    """
    ((kind, value),) = step.items()
    text = file.read_text(encoding="utf-8")
    for _ in range(REPAIRS_A_FILE):
        scenario = _read_text(file, text)
        found = run_one(scenario, deployments, rules)
        if found.failure is None:
            return text
        play = PlayRun(scenario, deployments, rules(scenario.variables)).play()
        waiting = play.view["tasks" if kind == "task" else "jobs"]
        wanted = str(value.get("element") or value.get("type"))
        names = [str(each["path"]) for each in waiting] + [str(each.get("type", "")) for each in waiting]
        if not any(name == wanted or name.endswith(f"/{wanted}") for name in names):
            return None
        text = with_step(text, _place(scenario, play.done), step)
    return None


def _place(scenario: Scenario, done: int) -> int:
    """Before the step that failed, and before the expectations that lead up to it."""
    while done > 0 and scenario.steps[done - 1].kind == "expect" and done >= len(scenario.steps):
        done -= 1
    return done


def _read_text(file: Path, text: str) -> Scenario:
    beside = file.with_name(f".{file.name}.trial")
    beside.write_text(text, encoding="utf-8")
    try:
        return load_scenario(beside)
    finally:
        beside.unlink()
