"""The gate before a deployment: all scenarios of the bundles it reaches, run on exactly what would be deployed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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
    ruling = law.under_bundle(fitting)
    return lambda variables: RuleJobs(ruling, fitting, dict(variables.get("options", {})))


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
    """A failing file's text with ``step`` put in wherever it is first waited for; None when that does not heal it.

    For a step (a user task, a job) that was added to a model: the old stories do not know it yet.
    """
    text = file.read_text(encoding="utf-8")
    for _ in range(REPAIRS_A_FILE):
        scenario = _read_text(file, text)
        if run_one(scenario, deployments, rules).failure is None:
            return text
        place = _waited_for(scenario, deployments, rules, step)
        if place is None:
            return None
        text = with_step(text, place, step)
    return None


def _waited_for(scenario: Scenario, deployments: Deployments, rules: Rules, step: dict[str, Any]) -> int | None:
    """After how many steps the new one is waited for, and none of those that follow is the same."""
    ((kind, value),) = step.items()
    wanted = str(value.get("element") or value.get("type"))
    for done in range(len(scenario.steps) + 1):
        following = [each.value for each in scenario.steps[done:] if each.kind == kind]
        if any(_is_for(each, wanted) for each in following):
            continue
        begun = replace(scenario, steps=scenario.steps[:done])
        play = PlayRun(begun, deployments, rules(scenario.variables), ask=kind == "job").play()
        waiting = play.view["tasks" if kind == "task" else "jobs"]
        names = [str(name) for each in waiting for name in (each["path"], each.get("type", ""))]
        if any(name == wanted or name.endswith(f"/{wanted}") for name in names):
            return done
        if play.failure:
            return None
    return None


def _is_for(value: Any, wanted: str) -> bool:
    element = str(value["element"] if isinstance(value, dict) else value.element or value.type)
    return element == wanted or element.endswith(f"/{wanted}")


def _read_text(file: Path, text: str) -> Scenario:
    beside = file.with_name(f".{file.name}.trial")
    beside.write_text(text, encoding="utf-8")
    try:
        return load_scenario(beside)
    finally:
        beside.unlink()
