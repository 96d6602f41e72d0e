"""For the designer: projects, where-used, history and drafts, comparison, time limits, the FEEL check."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, UploadFile
from pydantic import BaseModel, Field
from starlette.responses import Response

from lienthong.api import model_drafts, model_projects, model_seed
from lienthong.api.deps import ConsoleDep, EngineDep, LawDep, ModelsDep, NowDep
from lienthong.api.engine_view import EngineView
from lienthong.api.model_limits import limits_of
from lienthong.api.model_store import BadPath, ModelStore, NoSuchModel, revision_of
from lienthong.redeploy.comparison import compared
from lienthong.redeploy.difference import decisions, executable_processes, newest_decision, newest_process
from lienthong.redeploy.feel_check import check_feel
from lienthong.web.problems import Problem, problem_for_status

router = APIRouter(prefix="/designer", tags=["designer"])
Json = dict[str, Any]
CONTENT_LIMIT = 5_000_000


class Side(BaseModel):
    """One side of a comparison: a save, what runs, what was delivered, another file, or a text from the editor."""

    kind: Literal["working", "save", "deployed", "delivered", "file", "text"]
    reference: str = Field(default="", max_length=300)
    content: str = Field(default="", max_length=CONTENT_LIMIT)


class Question(BaseModel):
    """Which file, from what to what."""

    path: str = Field(max_length=300)
    old: Side
    new: Side


class Draft(BaseModel):
    """A drawing that is not saved yet."""

    content: str = Field(max_length=CONTENT_LIMIT)
    revision: str


class Restore(BaseModel):
    """Back to a save."""

    path: str
    revision: str


class Carry(BaseModel):
    """The changes of a file since a save, for other versions; without ``apply`` only looked at."""

    path: str
    revision: str
    targets: list[str] = Field(min_length=1, max_length=20)
    apply: bool = False
    message: str = Field(default="", max_length=500)


class NewVersion(BaseModel):
    """A bundle's next version as a copy."""

    bundle: str
    version: str


class NewFile(BaseModel):
    """A new model."""

    path: str = Field(max_length=200)
    content: str = Field(max_length=CONTENT_LIMIT)
    message: str = Field(min_length=1, max_length=500)


class Answer(BaseModel):
    """What to do with a delivered change that could not be merged."""

    path: str
    take: Literal["delivered", "mine"]


class Feel(BaseModel):
    """A FEEL text, and variables to try it with."""

    text: str = Field(max_length=20_000)
    unary: bool = False
    variables: Json | None = None


@router.get("/projects")
def read_projects(_user: ConsoleDep, models: ModelsDep) -> Json:
    """The bundles with their versions and scenarios, and the delivered changes that wait for an answer."""
    bundles = [
        {
            "bundle": bundle,
            "scenarios": models.scenarios(bundle),
            "files": [path for path in models.paths() if path.startswith(f"{bundle}/")],
        }
        for bundle in models.bundles()
    ]
    waiting = [{"path": path, **notice} for path, notice in sorted(model_seed.notices(models).items())]
    return {"bundles": bundles, "notices": waiting}


@router.get("/usage/{path:path}")
def read_usage(path: str, _user: ConsoleDep, models: ModelsDep) -> Json:
    """Every element, file and bundle version that a change of this file would reach."""
    _read(models, path)
    found = model_projects.usage(models)
    reach = found.reach(path)
    return {
        "direct": [
            {"path": use.path, "processId": use.process_id, "elementId": use.element_id, "name": use.element_name}
            for use in reach.direct
        ],
        "files": list(reach.files),
        "bundles": list(reach.bundles),
        "siblings": model_projects.siblings(models, path),
        "calls": found.called_by(path),
    }


@router.get("/limits/{path:path}")
def read_limits(path: str, _user: ConsoleDep, models: ModelsDep, law: LawDep, now: NowDep) -> Json:
    """Time limits of the law as they belong to the elements of a diagram."""
    return {"limits": limits_of(_read(models, path), path, law, now.date())}


@router.post("/compare")
def compare(question: Question, _user: ConsoleDep, models: ModelsDep, engine: EngineDep) -> Json:
    """Two versions of one file: both texts, and every difference in words with the place where it is drawn."""
    old, new = (_side(each, question.path, models, engine) for each in (question.old, question.new))
    lines = compared(question.path, old, new)
    return {
        "old": old.decode("utf-8"),
        "new": new.decode("utf-8"),
        "lines": [{"elementId": each.element_id, "kind": each.kind, "text": each.text} for each in lines],
    }


def _side(side: Side, path: str, models: ModelStore, engine: EngineView) -> bytes:
    if side.kind == "text":
        return side.content.encode()
    if side.kind == "deployed":
        return _deployed(path, models, engine)
    if side.kind == "file":
        return _read(models, side.reference)
    if side.kind == "save":
        return _at(models, path, side.reference)
    if side.kind == "delivered":
        found = model_seed.delivered_content(models, path)
        if found is None:
            raise problem_for_status(404)
        return found
    return _read(models, path)


def _deployed(path: str, models: ModelStore, engine: EngineView) -> bytes:
    """The engine's newest version of what the file holds; of a form what was noted at its deployment."""
    working = _read(models, path)
    for process_id in executable_processes(working) if path.endswith(".bpmn") else {}:
        newest = newest_process(engine.client, process_id)
        if newest is not None:
            return engine.xml(str(newest["processDefinitionKey"])).encode()
    for decision_id in decisions(working) if path.endswith(".dmn") else {}:
        found = newest_decision(engine.client, decision_id)
        if found is not None:
            return str(engine.client.decision_definition_xml(str(found["decisionDefinitionKey"]))).encode()
    return models.deployed_content(path)


@router.get("/drafts/{path:path}")
def read_draft(path: str, user: ConsoleDep, models: ModelsDep) -> Json:
    """One's own draft of a file, or nothing."""
    return {"draft": model_drafts.draft_of(models, user.username, path)}


@router.put("/drafts/{path:path}")
def keep_draft(path: str, draft: Draft, user: ConsoleDep, models: ModelsDep, now: NowDep) -> Json:
    """Keep what is drawn."""
    _read(models, path)
    kept = model_drafts.keep(models, user.username, path, draft.content, draft.revision, now)
    return {"at": kept["at"]}


@router.delete("/drafts/{path:path}", status_code=204)
def drop_draft(path: str, user: ConsoleDep, models: ModelsDep) -> Response:
    """Forget what was drawn."""
    model_drafts.drop(models, user.username, path)
    return Response(status_code=204)


@router.get("/saves/{revision}/{path:path}")
def read_save(revision: str, path: str, _user: ConsoleDep, models: ModelsDep) -> Json:
    """A file as it was after a save."""
    return {"content": _at(models, path, revision).decode("utf-8")}


@router.post("/restore")
def restore(order: Restore, user: ConsoleDep, models: ModelsDep) -> Json:
    """Go back to a save, as a save of one's own: nothing is lost."""
    content = _at(models, order.path, order.revision)
    author = (user.display_name, user.username)
    message = f"Khôi phục bản {order.revision[:8]} · Restore {order.revision[:8]}"
    revision = models.save(order.path, content, message, author, revision_of(models.read(order.path)))
    return {"revision": revision}


@router.post("/carry")
def carry(order: Carry, user: ConsoleDep, models: ModelsDep) -> Json:
    """Do one change in other versions too; where they contradict it, nothing is changed and the place is named."""
    try:
        found = model_projects.carry(models, order.path, order.revision, order.targets)
    except NoSuchModel as failure:
        raise problem_for_status(404) from failure
    if order.apply:
        files = {each.path: each.content for each in found if each.carried}
        message = order.message.strip() or f"Theo {order.path} · As in {order.path}"
        model_projects.take_over(models, files, message, (user.display_name, user.username))
    return {
        "results": [
            {
                "path": each.path,
                "carried": list(each.carried),
                "conflicts": list(each.conflicts),
                "lines": [line.text for line in compared(each.path, _read(models, each.path), each.content)],
            }
            for each in found
        ]
    }


@router.post("/versions")
def new_version(order: NewVersion, user: ConsoleDep, models: ModelsDep) -> Json:
    """A bundle's next version as a copy of one that is there."""
    try:
        files = model_projects.new_version(models, order.bundle, order.version, (user.display_name, user.username))
    except BadPath as failure:
        raise _bad_path(str(failure)) from failure
    return {"files": files}


@router.post("/files")
def new_file(order: NewFile, user: ConsoleDep, models: ModelsDep) -> Json:
    """A new model in a project."""
    try:
        author = (user.display_name, user.username)
        return {"revision": models.create(order.path, order.content.encode(), order.message, author)}
    except BadPath as failure:
        raise _bad_path(order.path) from failure


@router.get("/export")
def export(_user: ConsoleDep, models: ModelsDep, folder: str = "") -> Response:
    """A project as a zip file."""
    name = folder.replace("/", "-") or "bpmn"
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return Response(model_projects.exported(models, folder), media_type="application/zip", headers=headers)


@router.post("/import")
def take_in(
    user: ConsoleDep,
    models: ModelsDep,
    archive: Annotated[UploadFile, File()],
    message: Annotated[str, Form(min_length=1, max_length=500)],
) -> Json:
    """A zip file of models, as one save."""
    try:
        author = (user.display_name, user.username)
        return {"changed": model_projects.imported(models, archive.file.read(), message, author)}
    except ValueError as failure:
        raise Problem(422, "zip", "Không đọc được tệp zip.", str(failure)) from failure
    except BadPath as failure:
        raise _bad_path(str(failure)) from failure


@router.post("/notices")
def answer_notice(answer: Answer, user: ConsoleDep, models: ModelsDep) -> Json:
    """Take the delivered version, or keep one's own."""
    _read(models, answer.path)
    model_seed.settle(models, answer.path, answer.take == "delivered", (user.display_name, user.username))
    return {"notices": model_seed.notices(models)}


@router.post("/feel")
def feel(question: Feel, _user: ConsoleDep, now: NowDep) -> Json:
    """The engine's own check of a FEEL text."""
    answer = check_feel(question.text, now, question.variables, unary=question.unary)
    return {
        "good": not answer.message,
        "text": answer.text,
        "line": answer.line,
        "column": answer.column,
        "names": answer.names,
        "evaluated": answer.evaluated,
        "value": answer.value,
        "warnings": answer.warnings,
    }


def _read(models: ModelStore, path: str) -> bytes:
    try:
        return models.read(path)
    except NoSuchModel as failure:
        raise problem_for_status(404) from failure


def _at(models: ModelStore, path: str, revision: str) -> bytes:
    try:
        return models.content_at(path, revision)
    except NoSuchModel as failure:
        raise problem_for_status(404) from failure


def _bad_path(path: str) -> Problem:
    return Problem(
        422,
        "path",
        f"Tên “{path}” không dùng được hoặc đã có.",
        f"The name “{path}” cannot be used, or is there already.",
    )
