"""A deployment over running dossiers: the impact before it, the move after it, with progress, pause and undo."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.engine import Engine
from starlette.responses import Response

from lienthong.api.batches import BatchesDep
from lienthong.api.deps import AdministratorDep, DatabaseDep, EngineDep, LawDep, ModelsDep, NowDep, SettingsDep
from lienthong.api.redeploy_impact import (
    Json,
    Order,
    Question,
    add_deadlines,
    impacts_on,
    items_of,
    reports_on,
)
from lienthong.dossiers import audit, move_orders
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables import MoveOrder
from lienthong.redeploy.batch import RATE_LIMIT_PER_S, Batches
from lienthong.redeploy.report import as_csv, impact_csv
from lienthong.web.problems import problem_for_status
from lienthong.web.users import CurrentUser

router = APIRouter(prefix="/redeploy", tags=["redeploy"])
ITEMS_SHOWN = 200
SAMPLE = 20


class Decision(BaseModel):
    """What the second administrator says."""

    note: str = Field("", max_length=500)


@router.post("/impact")
def impact(
    question: Question,
    _user: AdministratorDep,
    models: ModelsDep,
    engine: EngineDep,
    database: DatabaseDep,
    law: LawDep,
    now: NowDep,
) -> Json:
    """Every running instance of every version of the chosen processes, sorted by what the new version means for it."""
    reports = reports_on(question, models, engine, database)
    add_deadlines(reports, database, law, now)
    return {"against": question.against, "reports": reports}


@router.post("/impact.csv")
def impact_file(
    question: Question, _user: AdministratorDep, models: ModelsDep, engine: EngineDep, database: DatabaseDep
) -> Response:
    """The impact for the file: every running instance with its verdict."""
    content = "\ufeff" + impact_csv(impacts_on(question, models, engine, database))
    headers = {"Content-Disposition": 'attachment; filename="impact.csv"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/jobs")
def start(
    order: Order,
    user: AdministratorDep,
    engine: EngineDep,
    database: DatabaseDep,
    settings: SettingsDep,
    batches: BatchesDep,
    now: NowDep,
) -> Json:
    """Move the chosen groups in the background; where each stands is looked at once more. Audited.

    A dry run only counts. Where two persons are needed, an order is written that a second administrator approves.
    """
    rows = items_of(order, engine, database)
    if order.dryRun:
        return {
            "dryRun": True,
            "instances": len(rows),
            "dossiers": sorted({row["dossierCode"] or row["key"] for row in rows})[:SAMPLE],
            "seconds": round(len(rows) / RATE_LIMIT_PER_S, 1),
            "twoPersons": settings.two_person_moves,
        }
    if settings.two_person_moves:
        with session_scope(database) as session:
            request = order.model_dump(mode="json")
            return {"order": _order(move_orders.ask(session, request, len(rows), user.username, now))}
    return _begin(order, rows, user.username, database, batches, now)


def _begin(order: Order, rows: list[Json], by: str, database: Engine, batches: Batches, now: datetime) -> Json:
    later = order.startAt is not None and order.startAt > now
    start_at = order.startAt.isoformat() if later and order.startAt else ""
    job_id = batches.files.create(rows, by, now.isoformat(), "move", start_at)
    with session_scope(database) as session:
        data = {"instances": len(rows), "startAt": start_at}
        audit.record(session, by, "move-dossiers", job_id, data, now)
    if not later:
        batches.start(job_id)
    return _shown(_progress(batches, job_id))


def _order(row: MoveOrder) -> Json:
    return {
        "id": row.id,
        "askedBy": row.asked_by,
        "askedAt": row.asked_at.isoformat(),
        "instances": row.instances,
        "processes": sorted({move["processId"] for move in row.request["moves"]}),
        "startAt": row.request.get("startAt"),
        "state": str(row.state),
        "decidedBy": row.decided_by,
        "decidedAt": row.decided_at and row.decided_at.isoformat(),
        "note": row.note,
        "jobId": row.job_id,
    }


@router.get("/orders")
def orders(_user: AdministratorDep, database: DatabaseDep, settings: SettingsDep) -> Json:
    """Moves that wait for a second administrator, and the latest that were decided."""
    with read_scope(database) as session:
        found = [_order(row) for row in move_orders.latest(session)]
    return {"twoPersons": settings.two_person_moves, "orders": found}


@router.post("/orders/{order_id}/approval")
def approve(
    order_id: str,
    decision: Decision,
    user: AdministratorDep,
    engine: EngineDep,
    database: DatabaseDep,
    batches: BatchesDep,
    now: NowDep,
) -> Json:
    """A second administrator agrees: where each dossier stands is looked at anew, and the move begins."""
    with read_scope(database) as session:
        order = Order.model_validate(move_orders.require_decidable(session, order_id, user.username).request)
    rows = items_of(order, engine, database)
    _decided(order_id, user, decision, database, now, approved=True)
    job = _begin(order, rows, user.username, database, batches, now)
    with session_scope(database) as session:
        move_orders.note_job(session, order_id, job["id"])
    return job


@router.post("/orders/{order_id}/refusal")
def refuse(order_id: str, decision: Decision, user: AdministratorDep, database: DatabaseDep, now: NowDep) -> Json:
    """A second administrator refuses, or who asked takes it back."""
    return _decided(order_id, user, decision, database, now, approved=False)


def _decided(
    order_id: str, user: CurrentUser, decision: Decision, database: Engine, now: datetime, *, approved: bool
) -> Json:
    with session_scope(database) as session:
        return _order(move_orders.decide(session, order_id, approved, user.username, decision.note, now))


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
    act: Literal["pause", "resume", "undo", "withdraw"],
    user: AdministratorDep,
    database: DatabaseDep,
    batches: BatchesDep,
    now: NowDep,
) -> Json:
    """Pause after the item in hand, go on, move back what has moved, or give up what has not begun. Audited."""
    before = _progress(batches, job_id)
    if act == "undo" and before["kind"] != "move":
        raise problem_for_status(422)
    if act == "undo" and before["state"] == "running":
        batches.pause(job_id)
        batches.wait(job_id)
    with session_scope(database) as session:
        audit.record(session, user.username, f"move-dossiers-{act}", job_id, {}, now)
    if act == "pause":
        batches.pause(job_id)
    elif act == "withdraw":
        batches.withdraw(job_id)
    else:
        batches.start(job_id, "undo" if act == "undo" else None)
    return _shown(_progress(batches, job_id))
