"""Trying a model out: a play is its start and its steps; every answer is the whole view after them."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from fastapi import APIRouter
from pydantic import BaseModel, Field

from lienthong.api import model_gate, model_projects
from lienthong.api.deps import ConsoleDep, LawDep, ModelsDep
from lienthong.api.model_store import BadPath, ModelStore, NoSuchModel, revision_of
from lienthong.redeploy.difference import executable_processes
from lienthong.redeploy.usage import bundle_of
from lienthong.scenarios.format import Scenario, ScenarioFileError, read_document, scenario_of
from lienthong.scenarios.gate import groups_of, law_rules, repaired, run_one
from lienthong.scenarios.play import Deployments, PlayRun
from lienthong.scenarios.written import ROUTINE_ANSWERS, scenario_text
from lienthong.web.problems import Problem, problem_for_status

router = APIRouter(prefix="/play", tags=["play"])
Json = dict[str, Any]
STEP_LIMIT = 400
CONTENT_LIMIT = 5_000_000
_FILE_NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,60}$")
_BUNDLE_OF_NONE = "karaoke/2023"
NOTHING_YET: Json = {"expect": {}}  # a scenario has a step at least; a play begins without one


class Play(BaseModel):
    """A play: which file, the texts that are not saved yet, how it starts, what was done."""

    path: str = Field(max_length=300)
    contents: dict[str, str] = {}
    bundle: str = ""
    start: Json = {}
    defaults: list[Json] = []
    use: str = ""
    steps: list[Json] = Field(default=[], max_length=STEP_LIMIT)
    ask: bool = False


class SavedPlay(Play):
    """A play to be kept as a scenario."""

    title: str = Field(min_length=1, max_length=200)
    name: str
    replaces: bool = False


class Repair(BaseModel):
    """A step that the old stories do not know yet."""

    bundle: str
    step: Json
    apply: bool = False


@router.get("/start/{path:path}")
def read_start(path: str, _user: ConsoleDep, models: ModelsDep) -> Json:
    """How plays of this file begin: the shared start of its bundle, or a plain start of a called process."""
    content = _read(models, path)
    bundle = bundle_of(path)
    shared = _shared(models, bundle)
    processes = executable_processes(content)
    if shared:
        return {"bundle": bundle, "use": "_shared.yaml", "start": shared.get("start", {}), "defaults": []}
    others = model_projects.usage(models).reach(path).bundles
    likely = _BUNDLE_OF_NONE if not others or _BUNDLE_OF_NONE in others else others[0]
    start = {**_shared(models, likely).get("start", {}), "process": next(iter(processes), "")}
    start.pop("message", None)
    if bundle:
        return {"bundle": bundle, "use": "", "start": start, "defaults": list(ROUTINE_ANSWERS)}
    variables = dict(start.get("variables", {}))
    authorities = dict(variables.get("authorities", {}))
    known = {"procedureCode": next((code for code in authorities if code not in ("desk", "office")), "K4")}
    start["variables"] = {**variables, **known, "authority": authorities.get(known["procedureCode"], "bd-ttpvhcc")}
    return {"bundle": likely, "use": "", "start": start, "defaults": list(ROUTINE_ANSWERS)}


@router.post("")
def play(order: Play, _user: ConsoleDep, models: ModelsDep, law: LawDep) -> Json:
    """Run the steps and show where everything stands; nothing is kept."""
    bundle, deployments = _deployments(order, models)
    scenario = _scenario(order, models, bundle, "play")
    played = PlayRun(scenario, deployments, law_rules(law, bundle)(scenario.variables), ask=order.ask).play()
    return {"done": played.done, "failure": played.failure, "models": _homes(deployments), **played.view}


@router.get("/scenarios/{bundle:path}")
def read_scenarios(bundle: str, _user: ConsoleDep, models: ModelsDep) -> Json:
    """The scenario files of a bundle version."""
    found = []
    for path in models.scenarios(bundle):
        try:
            found.append({"path": path, "name": str(read_document(models.folder / path).get("scenario", path))})
        except ScenarioFileError:
            found.append({"path": path, "name": path})
    return {"scenarios": found}


@router.get("/scenario/{path:path}")
def read_scenario(path: str, _user: ConsoleDep, models: ModelsDep) -> Json:
    """One scenario as a play: start and defaults laid over those it shares, and its steps."""
    _read(models, path)
    raw = _document(models.folder / path)
    shared = _document(models.folder / Path(path).parent / str(raw["use"])) if raw.get("use") else {}
    start = {**shared.get("start", {}), **raw.get("start", {})}
    start["variables"] = {
        **shared.get("start", {}).get("variables", {}),
        **raw.get("start", {}).get("variables", {}),
    }
    return {
        "path": path,
        "title": str(raw.get("scenario", "")),
        "use": str(raw.get("use", "")),
        "start": start,
        "defaults": raw.get("defaults", {}).get("jobs", []),
        "steps": raw.get("steps", []),
    }


@router.post("/save")
def save(order: SavedPlay, user: ConsoleDep, models: ModelsDep, law: LawDep) -> Json:
    """Keep a play as a scenario file, after it was run as one; what it ends in is expected at its end."""
    if not _FILE_NAME.match(order.name):
        raise _refused("Tên tệp chỉ gồm chữ thường không dấu, số và gạch nối.", "Lower-case letters, digits, hyphens.")
    bundle, deployments = _deployments(order, models)
    path = f"{bundle}/scenarios/{order.name}.yaml"
    scenario = _scenario(order, models, bundle, order.title)
    played = PlayRun(scenario, deployments, law_rules(law, bundle)(scenario.variables)).play()
    if played.failure:
        raise _refused(f"Kịch bản dừng: {played.failure}", f"The scenario stops: {played.failure}")
    order.steps = _closed(order.steps, played.view)
    found = run_one(_scenario(order, models, bundle, order.title), deployments, law_rules(law, bundle))
    if found.failure:
        raise _refused(f"Kịch bản chưa đạt: {found.failure}", f"The scenario fails: {found.failure}")
    text = _text(order, models, bundle)
    author = (user.display_name, user.username)
    message = f"Kịch bản · Scenario: {order.title}"
    try:
        if order.replaces and path in models.scenarios(bundle):
            models.save(path, text.encode(), message, author, revision_of(models.read(path)))
        else:
            models.create(path, text.encode(), message, author)
    except BadPath as failure:
        raise _refused("Đã có kịch bản tên này.", "There is a scenario of this name already.") from failure
    return {"path": path, "text": text}


@router.post("/gate")
def run_all(order: Play, _user: ConsoleDep, models: ModelsDep, law: LawDep) -> Json:
    """Run all scenarios of the play's bundle on the working copies (and the texts not saved yet)."""
    bundle, _ = _deployments(order, models)
    files = models.files() | {path: text.encode() for path, text in order.contents.items()}
    result = model_gate.of_bundle(models, law, bundle, files)
    return {
        "bundle": bundle,
        "failed": len(result.failed),
        "scenarios": [
            {"path": each.path, "name": each.name, "failure": each.failure, "log": list(each.log)}
            for each in result.verdicts
        ],
        "coverage": {
            each.process_id: {"share": each.share, "taken": sorted(each.taken & each.flows), "missed": each.missed}
            for each in result.coverage.walked()
        },
    }


@router.post("/repair")
def repair(order: Repair, user: ConsoleDep, models: ModelsDep, law: LawDep) -> Json:
    """Put one step into every failing scenario that stops for it; only what then passes is changed."""
    if order.bundle not in models.bundles() or len(order.step) != 1:
        raise problem_for_status(404)
    files = models.files()
    deployments, rules = groups_of(files, order.bundle), law_rules(law, order.bundle)
    healed: dict[str, bytes] = {}
    left: list[str] = []
    for verdict in model_gate.of_bundle(models, law, order.bundle, files).failed:
        text = repaired(models.folder / verdict.path, deployments, rules, order.step)
        if text is None:
            left.append(verdict.path)
        else:
            healed[verdict.path] = text.encode()
    if order.apply and healed:
        author = (user.display_name, user.username)
        model_projects.take_over(models, healed, "Kịch bản theo bước mới · Scenarios follow the new step", author)
    return {"healed": sorted(healed), "left": left}


def _deployments(order: Play, models: ModelStore) -> tuple[str, Deployments]:
    bundle = order.bundle or bundle_of(order.path) or _BUNDLE_OF_NONE
    files = models.files() | {path: text.encode() for path, text in order.contents.items()}
    if order.path not in files or bundle not in models.bundles():
        raise problem_for_status(404)
    return bundle, groups_of(files, bundle)


def _homes(deployments: Deployments) -> dict[str, str]:
    """Process id → path of its file, so that the page can show the diagram of whatever is called."""
    found: dict[str, str] = {}
    for name, content in (each for group in deployments for each in group):
        if name.endswith(".bpmn"):
            found |= dict.fromkeys(executable_processes(content), name)
    return found


def _scenario(order: Play, models: ModelStore, bundle: str, title: str) -> Scenario:
    document: Json = {"scenario": title, "start": order.start, "steps": order.steps or [NOTHING_YET]}
    if order.defaults:
        document["defaults"] = {"jobs": order.defaults}
    shared = _shared(models, bundle) if order.use else {}
    try:
        scenario = scenario_of(Path(models.folder, bundle, "scenarios", "play.yaml"), document, shared)
    except ScenarioFileError as error:
        said = str(error).removeprefix(f"{models.folder}/")
        raise _refused(f"Bước chưa đúng: {said}", said) from error
    return scenario if order.steps else replace(scenario, steps=[])


def _text(order: SavedPlay, models: ModelStore, bundle: str) -> str:
    """Of the start only what differs from the shared one is written."""
    shared = _shared(models, bundle).get("start", {}) if order.use else {}
    start = {key: value for key, value in order.start.items() if key != "variables" and shared.get(key) != value}
    known = shared.get("variables", {})
    variables = {key: value for key, value in order.start.get("variables", {}).items() if known.get(key) != value}
    if variables:
        start["variables"] = variables
    return scenario_text(order.title, start, order.steps, order.use, order.defaults or None)


def _closed(steps: list[Json], view: Json) -> list[Json]:
    """The steps with a last expectation: the end, or exactly who is waited for."""
    last = steps[-1].get("expect", {}) if steps else {}
    if "ended" in last or "waiting" in last:
        return steps
    if view["ended"]:
        return [*steps, {"expect": {"ended": True}}]
    return [*steps, {"expect": {"waiting": [str(task["path"]) for task in view["tasks"]]}}]


def _shared(models: ModelStore, bundle: str) -> Json:
    file = models.folder / bundle / "scenarios" / "_shared.yaml"
    return _document(file) if bundle and file.is_file() else {}


def _document(file: Path) -> Json:
    """A file as data that JSON can carry: moments as texts."""
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    return dict(found) if isinstance(found, dict) else {}


def _read(models: ModelStore, path: str) -> bytes:
    try:
        return models.read(path)
    except NoSuchModel as failure:
        raise problem_for_status(404) from failure


def _refused(vi: str, en: str) -> Problem:
    return Problem(422, "scenario", vi, en)
