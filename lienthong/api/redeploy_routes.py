"""A deployment over running dossiers: the impact before it, the move after it, with progress, pause and undo."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy.engine import Engine
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from lienthong.api.deps import AdministratorDep, DatabaseDep, EngineDep, ModelsDep, NowDep
from lienthong.api.engine_view import EngineView
from lienthong.api.model_store import ModelStore, NoSuchModel
from lienthong.dossiers import audit
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables import Dossier
from lienthong.redeploy.batch import Batches, BatchFiles
from lienthong.redeploy.changes import Process, read_process
from lienthong.redeploy.difference import executable_processes, newest_process
from lienthong.redeploy.report import VersionImpact, as_csv, as_json, impact_on, items
from lienthong.web.problems import Problem, problem_for_status

router = APIRouter(prefix="/redeploy", tags=["redeploy"])
Json = dict[str, Any]
KEYS_A_QUERY = 500
ITEMS_SHOWN = 200


class Question(BaseModel):
    """Which files, and whether their working copies or what has been deployed is the new version."""

    paths: list[str] = Field(min_length=1, max_length=200)
    against: Literal["working", "deployed"] = "working"
    mapping: dict[str, dict[str, str]] = {}  # process id → source element id → target element id


class Move(BaseModel):
    """The groups of one running version that move to the newest one."""

    processId: str
    source: str
    groups: list[str] = Field(min_length=1)
    mapping: dict[str, str] = {}


class Order(BaseModel):
    """A batch; a trial moves one instance."""

    moves: list[Move] = Field(min_length=1)
    trial: bool = False


def _batches(request: Request) -> Batches:
    state = request.app.state
    if not hasattr(state, "batches"):
        state.batches = Batches(BatchFiles(state.settings.var_dir / "redeploy"), state.orchestration)
    return cast(Batches, state.batches)


BatchesDep = Annotated[Batches, Depends(_batches)]


def _codes(database: Engine, roots: set[str]) -> Mapping[str, str]:
    keys = sorted(roots)
    found: dict[str, str] = {}
    with read_scope(database) as session:
        for start in range(0, len(keys), KEYS_A_QUERY):
            wanted = keys[start : start + KEYS_A_QUERY]
            rows = session.exec(select(Dossier).where(col(Dossier.process_instance_key).in_(wanted))).all()
            found |= {str(row.process_instance_key): row.code for row in rows}
    return found


def _read(content: bytes, process_id: str) -> Process:
    try:
        return read_process(content, process_id)
    except Exception as failure:  # whatever the parser says of a model that cannot be read
        raise Problem(
            422, "model", f"Không đọc được mô hình: {failure}", f"The model cannot be read: {failure}"
        ) from failure


def _new_versions(question: Question, models: ModelStore, engine: EngineView) -> list[tuple[Process, str]]:
    found = []
    for path in sorted(set(question.paths)):
        try:
            content = models.read(path)
        except NoSuchModel as failure:
            raise problem_for_status(404) from failure
        if not path.endswith(".bpmn"):
            continue
        for process_id in executable_processes(content):
            newest = newest_process(engine.client, process_id)
            if question.against == "working":
                found.append((_read(content, process_id), ""))
            elif newest is not None:
                key = str(newest["processDefinitionKey"])
                found.append((_read(engine.xml(key).encode(), process_id), key))
    return found


@router.post("/impact")
def impact(
    question: Question, _user: AdministratorDep, models: ModelsDep, engine: EngineDep, database: DatabaseDep
) -> Json:
    """Every running instance of every version of the chosen processes, sorted by what the new version means for it."""
    reports: list[Json] = []
    for new, key in _new_versions(question, models, engine):
        chosen = question.mapping.get(new.id)
        found = impact_on(engine.client, new, lambda roots: _codes(database, roots), chosen, key)
        reports += [as_json(each) for each in found]
    return {"against": question.against, "reports": reports}


def _ordered(move: Move, engine: EngineView, database: Engine) -> tuple[list[VersionImpact], str]:
    newest = newest_process(engine.client, move.processId)
    if newest is None:
        raise problem_for_status(404)
    key = str(newest["processDefinitionKey"])
    new = _read(engine.xml(key).encode(), move.processId)
    found = impact_on(engine.client, new, lambda roots: _codes(database, roots), move.mapping, key)
    return [each for each in found if each.key == move.source], key


@router.post("/jobs")
def start(
    order: Order, user: AdministratorDep, engine: EngineDep, database: DatabaseDep, batches: BatchesDep, now: NowDep
) -> Json:
    """Move the chosen groups in the background; where each stands is looked at once more. Audited."""
    limit = 1 if order.trial else None
    rows: list[Json] = []
    for move in order.moves:
        found, key = _ordered(move, engine, database)
        for each in found:
            rows += items(each, key, move.groups, limit)
    rows = rows[:limit]
    if not rows:
        raise Problem(
            409,
            "nothing-to-move",
            "Không còn hồ sơ nào trong các nhóm đã chọn có thể chuyển. Hãy xem lại báo cáo.",
            "No dossier of the chosen groups can be moved any more. Look at the report again.",
        )
    job_id = batches.files.create(rows, user.username, now.isoformat())
    with session_scope(database) as session:
        audit.record(session, user.username, "move-dossiers", job_id, {"instances": len(rows)}, now)
    batches.start(job_id)
    return _shown(_progress(batches, job_id))


def _progress(batches: Batches, job_id: str) -> Json:
    try:
        return batches.progress(job_id)
    except LookupError as failure:
        raise problem_for_status(404) from failure


def _shown(progress: Json) -> Json:
    names = ("key", "dossierCode", "outcome", "detail")
    over = [item for item in progress["items"] if item["outcome"] != "waiting"]
    over.sort(key=lambda item: item["outcome"] in ("moved", "undone"))  # what went wrong comes first
    return {**progress, "items": [{name: item[name] for name in names} for item in over[:ITEMS_SHOWN]]}


@router.get("/jobs")
def jobs(_user: AdministratorDep, batches: BatchesDep) -> Json:
    """All batches, the newest first, without their items."""
    found = [batches.progress(job_id) for job_id in batches.files.ids()]
    found.sort(key=lambda job: job["at"], reverse=True)
    return {"jobs": [{**job, "items": []} for job in found]}


@router.get("/jobs/{job_id}")
def job(job_id: str, _user: AdministratorDep, batches: BatchesDep) -> Json:
    """One batch with its counts and the newest outcomes; all of them are in the report."""
    return _shown(_progress(batches, job_id))


@router.get("/jobs/{job_id}/report.csv")
def report(job_id: str, _user: AdministratorDep, batches: BatchesDep) -> Response:
    """The batch for the file."""
    headers = {"Content-Disposition": f'attachment; filename="{job_id}.csv"'}
    content = "\ufeff" + as_csv(_progress(batches, job_id))  # the mark lets a spreadsheet read Vietnamese
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/jobs/{job_id}/report.json")
def report_as_json(job_id: str, _user: AdministratorDep, batches: BatchesDep) -> Json:
    """The batch with the outcome and the mapping of every item."""
    return _progress(batches, job_id)


@router.post("/jobs/{job_id}/{act}")
def steer(
    job_id: str,
    act: Literal["pause", "resume", "undo"],
    user: AdministratorDep,
    database: DatabaseDep,
    batches: BatchesDep,
    now: NowDep,
) -> Json:
    """Pause after the item in hand, go on, or move back what has moved. Audited."""
    before = _progress(batches, job_id)
    if act == "undo" and before["state"] == "running":
        batches.pause(job_id)
        batches.wait(job_id)
    with session_scope(database) as session:
        audit.record(session, user.username, f"move-dossiers-{act}", job_id, {}, now)
    if act == "pause":
        batches.pause(job_id)
    else:
        batches.start(job_id, "undo" if act == "undo" else None)
    return _shown(_progress(batches, job_id))
