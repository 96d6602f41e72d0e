"""Models for designers and administrators: open, check, save, see what a deployment changes, deploy."""

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from lienthong.api.deps import AdministratorDep, ConsoleDep, DatabaseDep, EngineDep, LawDep, ModelsDep, NowDep
from lienthong.api.model_comparison import Comparison, ModelState
from lienthong.api.model_gate import failures, gate
from lienthong.api.model_store import NoSuchModel, SavedMeanwhile, revision_of
from lienthong.dossiers import audit
from lienthong.dossiers.database import session_scope
from lienthong.redeploy.advice.check import advise, template_job_types
from lienthong.redeploy.check import check_model
from lienthong.redeploy.difference import executable_processes
from lienthong.redeploy.rule_words import in_words
from lienthong.scenarios.gate import Verdict
from lienthong.web.problems import Problem, problem_for_status

router = APIRouter(prefix="/models", tags=["models"])
Json = dict[str, Any]
CONTENT_LIMIT = 5_000_000
NAMED = 5  # failed scenarios named in the refusal; the gate's own page lists all


class Content(BaseModel):
    """A model as it is in the editor."""

    name: str = Field(max_length=300)
    content: str = Field(max_length=CONTENT_LIMIT)


class Save(BaseModel):
    """A save: what, why, and on top of which revision."""

    content: str = Field(max_length=CONTENT_LIMIT)
    message: str = Field(min_length=1, max_length=500)
    revision: str


class Selection(BaseModel):
    """The files of one deployment."""

    paths: list[str] = Field(min_length=1, max_length=200)


class Deployment(Selection):
    """A deployment; a ground lets it pass although scenarios fail."""

    ground: str = Field(default="", max_length=1000)


@router.get("")
def read_models(_user: ConsoleDep, models: ModelsDep, engine: EngineDep) -> Json:
    """All working copies, and whether each is what runs."""
    saves = models.last_saves()
    comparison = Comparison(models, engine)
    rows = []
    for path in models.paths():
        content = models.read(path)
        processes = executable_processes(content) if path.endswith(".bpmn") else {}
        state: ModelState = comparison.state(path, content)
        saved = saves.get(path)
        rows.append(
            {
                "path": path,
                "name": next(iter(processes.values()), path.rsplit("/", 1)[-1]),
                "kind": path.rsplit(".", 1)[-1],
                "processId": next(iter(processes), ""),
                "changedAt": saved.at.isoformat() if saved else None,
                "author": saved.author if saved else "",
                "state": state,
            }
        )
    return {"models": rows}


@router.get("/element-templates")
def read_element_templates(_user: ConsoleDep, models: ModelsDep) -> Json:
    """The element templates for every job type."""
    return {"templates": models.element_templates()}


@router.post("/check")
def check(content: Content, _user: ConsoleDep, models: ModelsDep) -> Json:
    """What the engine would refuse, before it is asked, and what our own rules have to say."""
    data = content.content.encode()
    found = [
        {
            "elementId": each.element_id,
            "rule": each.rule,
            "message": each.message,
            "severity": "error",
            "text": in_words(each.rule, each.message),
        }
        for each in check_model(content.name, data)
    ]
    advice = [] if any(each["rule"] == "readable" for each in found) else _advice(content.name, data, models)
    return {"problems": found, "advice": advice}


def _advice(name: str, content: bytes, models: ModelsDep) -> list[Json]:
    found = advise(name, content, models.files(), template_job_types(models.element_templates()))
    return [
        {
            "elementId": each.element_id,
            "rule": each.rule,
            "message": each.text["en"],
            "severity": each.severity.value,
            "text": each.text,
        }
        for each in found
    ]


@router.get("/file/{path:path}")
def read_model(path: str, _user: ConsoleDep, models: ModelsDep) -> Json:
    """One working copy with its history."""
    try:
        content = models.read(path)
        history = models.history(path)
    except NoSuchModel as failure:
        raise problem_for_status(404) from failure
    return {
        "path": path,
        "content": content.decode("utf-8"),
        "revision": revision_of(content),
        "history": [
            {"revision": each.revision, "author": each.author, "message": each.message, "at": each.at.isoformat()}
            for each in history
        ],
    }


@router.put("/file/{path:path}")
def save_model(path: str, save: Save, user: ConsoleDep, models: ModelsDep) -> Json:
    """Save as a commit of one's own; refused when somebody saved in between."""
    try:
        author = (user.display_name, user.username)
        revision = models.save(path, save.content.encode(), save.message, author, save.revision)
    except NoSuchModel as failure:
        raise problem_for_status(404) from failure
    except SavedMeanwhile as failure:
        raise Problem(
            409,
            "saved-meanwhile",
            "Người khác đã lưu mô hình này sau khi bạn mở. Hãy tải lại rồi sửa tiếp.",
            "Somebody else saved this model after you opened it. Reload it, then change it again.",
        ) from failure
    return {"revision": revision}


@router.post("/deployment/preview")
def preview(selection: Selection, _user: AdministratorDep, models: ModelsDep, engine: EngineDep) -> Json:
    """What a deployment would change, how many instances run on what is there, and what forbids it."""
    comparison = Comparison(models, engine)
    changes: list[Json] = []
    problems: list[Json] = []
    for path, content in _chosen(models, selection.paths):
        changes += comparison.changes(path, content)
        problems += [
            {"path": path, "elementId": p.element_id, "rule": p.rule, "message": p.message}
            for p in check_model(path, content)
        ]
    return {"changes": changes, "problems": problems}


@router.post("/deployment/gate")
def look_at_gate(selection: Selection, _user: ConsoleDep, models: ModelsDep, law: LawDep) -> Json:
    """Run the scenarios of every bundle that the chosen files reach."""
    _chosen(models, selection.paths)
    results = gate(models, law, selection.paths)
    return {
        "bundles": [
            {
                "bundle": bundle,
                "scenarios": [_verdict(each) for each in result.verdicts],
                "failed": len(result.failed),
                "coverage": [
                    {"processId": each.process_id, "share": each.share, "missed": each.missed}
                    for each in result.coverage.walked()
                ],
            }
            for bundle, result in sorted(results.items())
        ]
    }


def _verdict(verdict: Verdict) -> Json:
    return {"path": verdict.path, "name": verdict.name, "failure": verdict.failure, "log": list(verdict.log)}


@router.post("/deployment")
def deploy(
    selection: Deployment,
    user: AdministratorDep,
    models: ModelsDep,
    engine: EngineDep,
    database: DatabaseDep,
    law: LawDep,
    now: NowDep,
) -> Json:
    """Deploy the chosen files together; refused when the check finds something or a scenario fails. Audited.

    An administrator may pass the gate with a ground; the ground and the failed scenarios stand in the audit.
    """
    chosen = _chosen(models, selection.paths)
    found = [problem for path, content in chosen for problem in check_model(path, content)]
    if found:
        first = found[0]
        raise Problem(
            422,
            "model",
            f"Mô hình có {len(found)} lỗi; lỗi đầu tiên: {first.element_id} {first.message}",
            f"The models have {len(found)} problems; the first: {first.element_id} {first.message}",
        )
    failed = failures(gate(models, law, selection.paths))
    if failed and not selection.ground.strip():
        raise _stopped(failed)
    reply = engine.client.deploy(chosen)
    models.note_deployed(dict(chosen))
    deployed = _deployed(reply)
    with session_scope(database) as session:
        said: Json = {"deployed": deployed}
        if failed:
            said |= {"ground": selection.ground.strip(), "failedScenarios": [each.path for each in failed]}
        audit.record(session, user.username, "deploy-models", ", ".join(selection.paths), said, now)
    return {"deployed": deployed, "failedScenarios": [each.path for each in failed]}


def _stopped(failed: list[Verdict]) -> Problem:
    shown = "; ".join(each.path for each in failed[:NAMED])
    more = "…" if len(failed) > NAMED else ""
    return Problem(
        409,
        "scenarios-failed",
        f"Không triển khai: {len(failed)} kịch bản không đạt ({shown}{more}).",
        f"Not deployed: {len(failed)} scenarios fail ({shown}{more}).",
    )


def _chosen(models: ModelsDep, paths: list[str]) -> list[tuple[str, bytes]]:
    try:
        return [(path, models.read(path)) for path in sorted(set(paths))]
    except NoSuchModel as failure:
        raise problem_for_status(404) from failure


_IDS: tuple[tuple[Literal["processDefinition", "decisionDefinition", "form"], str, str], ...] = (
    ("processDefinition", "processDefinitionId", "processDefinitionVersion"),
    ("decisionDefinition", "decisionDefinitionId", "version"),
    ("form", "formId", "version"),
)


def _deployed(reply: Json) -> list[Json]:
    rows = []
    for entry in reply.get("deployments", []):
        for kind, id_name, version_name in _IDS:
            item = entry.get(kind)
            if item:
                rows.append({"processId": item[id_name], "version": int(item[version_name])})
    return rows
