"""The tasklist: own authority's queue, claim, form, diagram, completion. The server decides who may see what."""

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.engine import Engine
from sqlmodel import Session

from lienthong.api.deps import DatabaseDep, EngineDep, LawDep, NowDep, SettingsDep, StaffDep
from lienthong.api.dossier_view import Reader, dossier_view, dossiers_of, needs_review, task_view
from lienthong.dossiers import documents, tasks, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.law import Law
from lienthong.dossiers.tables import Task
from lienthong.dossiers.tasks import Viewer
from lienthong.orchestration.client import EngineRejected
from lienthong.settings import Settings
from lienthong.web.problems import Problem
from lienthong.web.users import CurrentUser

router = APIRouter(prefix="/tasks", tags=["tasklist"])
View = Literal["all", "mine", "free", "overdue", "soon"]
Json = dict[str, Any]
QUEUE_LIMIT = 500
SOON_MINUTES = 480
SENDS_BACK = frozenset({"supplement", "refuse", "return"})
GONE_STATUSES = frozenset({404, 409})


class Completion(BaseModel):
    """What the form was filled in with."""

    variables: dict[str, Any] = {}


def _reader(session: Session, user: CurrentUser, law: Law, settings: Settings, now: datetime) -> Reader:
    return Reader(law, tasks.viewer_of(session, user.id), now, settings.field_confidence)


def _order(item: Json) -> tuple[bool, float, int]:
    remaining = item["remainingMinutes"]
    return (remaining is None, remaining if remaining is not None else 0, -item["priority"])


def _in_view(item: Json, view: View) -> bool:
    remaining = item["remainingMinutes"]
    match view:
        case "mine":
            return bool(item["mine"])
        case "free":
            return item["assignee"] is None
        case "overdue":
            return remaining is not None and remaining < 0
        case "soon":
            return remaining is not None and 0 <= remaining <= SOON_MINUTES
        case "all":
            return True


@router.get("")
def queue(
    user: StaffDep,
    database: DatabaseDep,
    law: LawDep,
    settings: SettingsDep,
    now: NowDep,
    view: View = "all",
    text: str = "",
) -> Json:
    """The open tasks of one's own authorities and roles, by remaining working time; counts follow the search."""
    with read_scope(database) as session:
        reader = _reader(session, user, law, settings, now)
        found = tasks.queue(session, reader.viewer, text=text.strip(), limit=QUEUE_LIMIT)
        dossiers = dossiers_of(session, {task.dossier_code for task in found})
        items = sorted((task_view(reader, task, dossiers) for task in found), key=_order)
    views: tuple[View, ...] = ("all", "mine", "free", "overdue", "soon")
    counts = {each: sum(_in_view(item, each) for item in items) for each in views}
    shown = [item for item in items if _in_view(item, view)]
    return {"items": shown, "counts": counts, "total": len(shown)}


@router.get("/{key}")
def read_task(key: str, user: StaffDep, database: DatabaseDep, law: LawDep, settings: SettingsDep, now: NowDep) -> Json:
    """One task with its dossier, and the key of the next task in one's queue."""
    with read_scope(database) as session:
        reader = _reader(session, user, law, settings, now)
        task = _open_task(session, reader.viewer, key)
        dossier = tracking.by_code(session, task.dossier_code)
        if dossier is None:
            raise _gone()
        following = [
            other.user_task_key
            for other in tasks.queue(session, reader.viewer, limit=QUEUE_LIMIT)
            if other.user_task_key != key and other.assignee in (None, "", user.username)
        ]
        return {
            "task": task_view(reader, task, {dossier.code: dossier}),
            "dossier": dossier_view(session, reader, dossier),
            "next": following[0] if following else None,
        }


def _open_task(session: Session, viewer: Viewer, key: str) -> Task:
    task = tasks.get(session, viewer, key)
    if task.hidden:
        raise _gone()
    return task


def _gone() -> Problem:
    return Problem(
        409,
        "task-gone",
        "Việc này đã xong hoặc không còn nữa.",
        "This task has been completed or is no longer there.",
    )


@router.get("/{key}/form")
def read_form(key: str, user: StaffDep, database: DatabaseDep, engine: EngineDep) -> Json:
    """The form of the task and the data it shows, as the engine has them."""
    with read_scope(database) as session:
        _open_task(session, tasks.viewer_of(session, user.id), key)
    return {"schema": engine.task_form(key), "data": engine.task_variables(key)}


@router.get("/{key}/diagram")
def read_diagram(key: str, user: StaffDep, database: DatabaseDep, engine: EngineDep) -> Json:
    """The task's process and every process that called it, each with where it stands."""
    with read_scope(database) as session:
        task = _open_task(session, tasks.viewer_of(session, user.id), key)
        instance_key = task.process_instance_key
    return {"diagrams": engine.diagrams_up_from(instance_key)}


@router.post("/{key}/claim", status_code=204)
def claim(key: str, user: StaffDep, database: DatabaseDep, engine: EngineDep, now: NowDep) -> None:
    """Take a task; of two clerks at once exactly one gets it."""
    with session_scope(database) as session:
        viewer = tasks.viewer_of(session, user.id)
        _open_task(session, viewer, key)
        tasks.claim(session, viewer, key, now)
    try:
        engine.assign(key, user.username)
    except EngineRejected as rejected:
        _hide_when_gone(database, key, rejected)
        raise


@router.delete("/{key}/claim", status_code=204)
def release(key: str, user: StaffDep, database: DatabaseDep, engine: EngineDep, now: NowDep) -> None:
    """Give a task back to the queue."""
    with session_scope(database) as session:
        viewer = tasks.viewer_of(session, user.id)
        _open_task(session, viewer, key)
        tasks.release(session, viewer, key, now)
    try:
        engine.unassign(key)
    except EngineRejected as rejected:
        _hide_when_gone(database, key, rejected)
        raise


@router.post("/{key}/complete", status_code=204)
def complete(
    key: str,
    completion: Completion,
    user: StaffDep,
    database: DatabaseDep,
    engine: EngineDep,
    settings: SettingsDep,
    now: NowDep,
) -> None:
    """Complete a task that one has claimed; hidden as soon as the engine has acknowledged it."""
    outcome = str(completion.variables.get("outcome") or "")
    note = str(completion.variables.get("note") or "")
    with read_scope(database) as session:
        task = _open_task(session, tasks.viewer_of(session, user.id), key)
        _check_holder(task, user)
        if outcome not in SENDS_BACK:
            _check_fields(session, task.dossier_code, settings.field_confidence)
    try:
        engine.complete(key, completion.variables)
    except EngineRejected as rejected:
        _hide_when_gone(database, key, rejected)
        raise
    with session_scope(database) as session:
        tasks.complete(session, tasks.viewer_of(session, user.id), key, outcome, note, now)


def _hide_when_gone(database: Engine, key: str, rejected: EngineRejected) -> None:
    if rejected.status in GONE_STATUSES:
        with session_scope(database) as session:
            tasks.hide(session, key)
        raise _gone() from rejected


def _check_holder(task: Task, user: CurrentUser) -> None:
    if task.assignee == user.username:
        return
    if not task.assignee:
        raise Problem(409, "not-claimed", "Hãy nhận việc trước khi hoàn thành.", "Claim the task before completing it.")
    raise Problem(
        409,
        "held",
        f"{task.assignee} đang xử lý việc này. Nội dung bạn nhập chưa được gửi.",
        f"{task.assignee} holds this task. What you entered has not been sent.",
    )


def _check_fields(session: Session, dossier_code: str, field_confidence: float) -> None:
    dossier = tracking.by_code(session, dossier_code)
    papers = [] if dossier is None else documents.of_dossier(session, dossier.id, role="upload")
    doubtful = [
        field.name
        for paper in papers
        for field in documents.fields(session, paper.id)
        if needs_review(field, field_confidence)
    ]
    if doubtful:
        raise Problem(
            409,
            "fields-unreviewed",
            f"Còn {len(doubtful)} thông tin đọc chưa chắc chắn. Hãy xác nhận hoặc sửa trước khi hoàn thành.",
            f"{len(doubtful)} fields were read without certainty. Confirm or correct them before completing.",
        )
