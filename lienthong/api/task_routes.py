"""One task: read, claim, draft, complete, undo, give to others. The server decides who may see and do what."""

from datetime import timedelta
from typing import Any

import structlog
from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlmodel import Session

from lienthong.api.deps import Desk, DeskDep
from lienthong.api.dossier_view import Reader, dossier_view, iso, needs_review, task_view
from lienthong.api.step_law import step_law
from lienthong.dossiers import audit, documents, drafts, held_completions, queue, task_acts, tasks, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.errors import Conflict
from lienthong.dossiers.held_completions import Decision
from lienthong.dossiers.ports import DatabaseCompletions
from lienthong.dossiers.queue import QueueFilter
from lienthong.dossiers.rules.undo import lacks_ground
from lienthong.dossiers.tables import HeldCompletion, Task, TaskDraft
from lienthong.dossiers.viewers import Viewer
from lienthong.orchestration.client import EngineRejected, EngineUnavailable
from lienthong.orchestration.completions import CompletionSender, Sent
from lienthong.web.problems import Problem

router = APIRouter(prefix="/tasks", tags=["tasklist"])
Json = dict[str, Any]
SENDS_BACK = frozenset({"supplement", "refuse", "return"})
GONE_STATUSES = frozenset({404, 409})
log = structlog.get_logger(__name__)


class Completion(BaseModel):
    """What the form was filled in with; ``hold`` asks for time to undo, ``draftVersion`` is the draft that was seen."""

    variables: dict[str, Any] = {}
    hold: bool = False
    draftVersion: int | None = None


class Draft(BaseModel):
    """What was typed so far, over the version that was read."""

    data: dict[str, Any]
    version: int = Field(0, ge=0)


class Assignment(BaseModel):
    """To whom a task is given."""

    to: str = Field(min_length=1, max_length=64)
    note: str = Field("", max_length=1000)


class Transfer(BaseModel):
    """To which group a task goes, and why."""

    authorityId: str
    role: str
    reason: str = Field(min_length=1, max_length=1000)


@router.get("/{key}")
def read_task(key: str, desk: DeskDep) -> Json:
    """One task with its dossier, its draft, and the key of the next task in one's queue; the view is audited."""
    with session_scope(desk.database) as session:
        viewer = desk.viewer(session)
        reader = Reader(desk.law, viewer, desk.now, desk.settings.field_confidence)
        task = _open_task(session, viewer, key)
        dossier = tracking.by_code(session, task.dossier_code)
        if dossier is None:  # the task of a process about no single dossier: a late list
            return {
                "task": task_view(reader, task, {}),
                "dossier": None,
                "draft": _draft_view(drafts.read(session, key)),
                "next": _next(session, desk, viewer, key),
                "undoSeconds": desk.settings.undo_grace_s,
            }
        audit.record(session, viewer.username, "dossier-viewed", dossier.code, {"task": task.element_id}, desk.now)
        return {
            "task": task_view(reader, task, {dossier.code: dossier}),
            "dossier": dossier_view(session, reader, dossier),
            "draft": _draft_view(drafts.read(session, key)),
            "next": _next(session, desk, viewer, key),
            "undoSeconds": desk.settings.undo_grace_s,
        }


def _next(session: Session, desk: Desk, viewer: Viewer, key: str) -> str | None:
    soon = queue.soon_until(desk.law, desk.now)
    found = queue.page(session, viewer, QueueFilter(), desk.now, soon, limit=20)
    keys = [
        task.user_task_key
        for task in found.tasks
        if task.user_task_key != key and task.assignee in (None, "", viewer.username)
    ]
    return keys[0] if keys else None


def _draft_view(draft: TaskDraft | None) -> Json | None:
    if draft is None:
        return None
    return {"data": draft.data, "version": draft.version, "savedBy": draft.saved_by, "savedAt": iso(draft.saved_at)}


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
def read_form(key: str, desk: DeskDep) -> Json:
    """The form of the task and the data it shows, as the engine has them."""
    with read_scope(desk.database) as session:
        _open_task(session, desk.viewer(session), key)
    return {"schema": desk.engine.task_form(key), "data": desk.engine.task_variables(key)}


@router.get("/{key}/diagram")
def read_diagram(key: str, desk: DeskDep) -> Json:
    """The task's process and every process that called it, each with where it stands."""
    with read_scope(desk.database) as session:
        instance_key = _open_task(session, desk.viewer(session), key).process_instance_key
    return {"diagrams": desk.engine.diagrams_up_from(instance_key)}


@router.get("/{key}/law")
def read_law(key: str, desk: DeskDep) -> Json:
    """What the law asks at this step, each fact with its mark."""
    with read_scope(desk.database) as session:
        task = _open_task(session, desk.viewer(session), key)
        dossier = tracking.by_code(session, task.dossier_code)
        return step_law(desk.law, desk.engine, task, dossier)


@router.post("/{key}/claim", status_code=204)
def claim(key: str, desk: DeskDep) -> None:
    """Take a task; of two clerks at once exactly one gets it."""
    claim_task(desk, key)


def claim_task(desk: Desk, key: str) -> None:
    """Claim here, then tell the engine; an engine that is away does not stop the clerk."""
    with session_scope(desk.database) as session:
        viewer = desk.viewer(session)
        _open_task(session, viewer, key)
        tasks.claim(session, viewer, key, desk.now)
    tell_engine(desk, key, desk.user.username)


def tell_engine(desk: Desk, key: str, assignee: str | None) -> None:
    """Let the engine know who has a task; one that it no longer has leaves the queue."""
    try:
        if assignee is None:
            desk.engine.unassign(key)
        else:
            desk.engine.assign(key, assignee)
    except EngineUnavailable as away:
        log.warning("the engine did not hear of a change of hands", user_task_key=key, reason=str(away))
    except EngineRejected as rejected:
        if rejected.status in GONE_STATUSES:
            with session_scope(desk.database) as session:
                tasks.hide(session, key)
            raise _gone() from rejected
        raise


@router.delete("/{key}/claim", status_code=204)
def release(key: str, desk: DeskDep) -> None:
    """Give a task back to the queue; its draft stays with it."""
    with session_scope(desk.database) as session:
        viewer = desk.viewer(session)
        _open_task(session, viewer, key)
        tasks.release(session, viewer, key, desk.now)
    tell_engine(desk, key, None)


@router.put("/{key}/draft")
def save_draft(key: str, draft: Draft, desk: DeskDep) -> Json:
    """Keep what was typed; refused with a name when somebody else was faster."""
    with session_scope(desk.database) as session:
        viewer = desk.viewer(session)
        _open_task(session, viewer, key)
        row = drafts.save(session, viewer, key, draft.data, draft.version, desk.now)
        return {"version": row.version, "savedAt": iso(row.saved_at)}


@router.post("/{key}/assign", status_code=204)
def assign(key: str, assignment: Assignment, desk: DeskDep) -> None:
    """Give the task with its draft to a colleague."""
    assign_task(desk, key, assignment.to, assignment.note)


def assign_task(desk: Desk, key: str, to: str, note: str = "") -> None:
    """Assign here, then tell the engine."""
    with session_scope(desk.database) as session:
        task_acts.assign(session, desk.viewer(session), key, to, desk.now, note)
    tell_engine(desk, key, to)


@router.post("/{key}/transfer", status_code=204)
def transfer(key: str, wanted: Transfer, desk: DeskDep) -> None:
    """Give the task to another authority or role that takes part in the dossier."""
    group = (wanted.authorityId, wanted.role)
    with session_scope(desk.database) as session:
        task_acts.transfer(session, desk.law, desk.viewer(session), key, group, wanted.reason, desk.now)
    try:
        desk.engine.client.update_user_task(key, {"candidateGroups": ["/".join(group)]})
    except EngineUnavailable as away:
        log.warning("the engine did not hear of a transfer", user_task_key=key, reason=str(away))


@router.post("/{key}/complete")
def complete(key: str, completion: Completion, desk: DeskDep) -> Json:
    """Complete a task that one has claimed: held for the grace time when asked for, else sent at once."""
    return complete_task(desk, key, completion)


def complete_task(desk: Desk, key: str, completion: Completion) -> Json:
    """Write the completion down, then send it unless it is held; nothing is lost when the engine is away."""
    outcome = str(completion.variables.get("outcome") or "")
    decision = Decision(outcome, str(completion.variables.get("note") or ""), completion.variables)
    grace = timedelta(seconds=desk.settings.undo_grace_s if completion.hold else 0)
    with session_scope(desk.database) as session:
        viewer = desk.viewer(session)
        task = _open_task(session, viewer, key)
        tasks.require_holder(viewer, task)
        _check_decision(session, desk, task, decision)
        if completion.draftVersion is not None:
            drafts.require_version(session, key, completion.draftVersion)
        row = held_completions.hold(session, viewer, key, decision, desk.now, grace)
    if row.release_at > desk.now:
        return _held_view(row, "held")
    sender = CompletionSender(DatabaseCompletions(desk.database), desk.engine.client)
    sent = sender.send(row.id, desk.now)
    if sent is Sent.GONE:
        raise _gone()
    if sent is Sent.FAILED:
        raise Problem(
            502,
            "engine-rejected",
            "Bộ máy quy trình từ chối nội dung này; việc vẫn ở chỗ bạn với bản nháp.",
            "The process engine refused this; the task is still with you, with its draft.",
        )
    return _held_view(row, "done" if sent is Sent.DONE else "sending")


def _held_view(row: HeldCompletion, state: str) -> Json:
    return {"state": state, "undoUntil": iso(row.release_at) if state == "held" else None}


@router.post("/{key}/undo", status_code=204)
def undo(key: str, desk: DeskDep) -> None:
    """Take a completion back while it is held: the task is as it was, with what was filled in as its draft."""
    with session_scope(desk.database) as session:
        held_completions.undo(session, desk.viewer(session), key, desk.now)


def _check_decision(session: Session, desk: Desk, task: Task, decision: Decision) -> None:
    if lacks_ground(decision.outcome, decision.note):
        raise Problem(422, "ground", "Ghi rõ lý do trong phần ghi chú.", "Give the ground in the note.")
    if decision.outcome in SENDS_BACK:
        return
    dossier = tracking.by_code(session, task.dossier_code)
    papers = [] if dossier is None else documents.of_dossier(session, dossier.id, role="upload")
    doubtful = [
        field.name
        for paper in papers
        for field in documents.fields(session, paper.id)
        if needs_review(field, desk.settings.field_confidence)
    ]
    if doubtful:
        raise Conflict(
            "fields-unreviewed",
            f"Còn {len(doubtful)} thông tin đọc chưa chắc chắn. Hãy xác nhận hoặc sửa trước khi hoàn thành.",
            f"{len(doubtful)} fields were read without certainty. Confirm or correct them before completing.",
        )
