"""One instance in depth: its life, why it waits, and the interventions of administrators. Searching instances."""

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from lienthong.api.console_facts import known, life, reasons
from lienthong.api.console_interventions import InterventionsDep, shown
from lienthong.api.console_lookup import code_of, find_instances, with_codes
from lienthong.api.console_variables import with_history
from lienthong.api.deps import ConsoleDep, DatabaseDep, EngineDep, LawDep, NowDep, SettingsDep
from lienthong.api.operations_workers import served_types
from lienthong.dossiers import acceptance, interventions, tracking
from lienthong.dossiers.database import read_scope
from lienthong.orchestration.search_calls import including_archive
from lienthong.web.problems import Problem, problem_for_status

router = APIRouter(prefix="/console", tags=["console"])
Json = dict[str, Any]


class Search(BaseModel):
    """Which instances; empty fields do not filter."""

    dossierCode: str = ""
    processId: str = ""
    definitionKey: str = ""
    elementId: str = ""
    authority: str = ""
    state: Literal["", "ACTIVE", "COMPLETED", "TERMINATED"] = ""
    onlyIncidents: bool = False
    archived: bool = False
    variable: str = Field("", max_length=200)
    value: str = Field("", max_length=2000)
    startedFrom: datetime | None = None
    startedTo: datetime | None = None
    after: str = ""


class VariableEdit(BaseModel):
    """New values; ``scopeKey`` empty means the instance itself."""

    variables: dict[str, Any] = Field(min_length=1, max_length=50)
    scopeKey: str = ""
    ground: str = Field(max_length=500)


class Modification(BaseModel):
    """Elements to begin (once a mention) and to end."""

    activate: list[str] = Field(default=[], max_length=20)
    terminate: list[str] = Field(default=[], max_length=20)
    ground: str = Field("", max_length=500)


class DeadlineMove(BaseModel):
    """A new due time of the bundle (no procedure) or of one branch, on a ground."""

    procedureCode: str | None = None
    dueAt: datetime
    kind: Literal["re-appointment", "supplement", "force-majeure", "correction"]
    ground: str = Field(max_length=500)


class Ground(BaseModel):
    """Why."""

    ground: str = Field(max_length=500)


@router.post("/search")
def search(wanted: Search, _user: ConsoleDep, database: DatabaseDep, engine: EngineDep) -> Json:
    """Instances by any of the filters, newest first, a page at a time."""
    with including_archive(wanted.archived):
        found = find_instances(engine, wanted.model_dump())
    return {
        "instances": with_codes(engine, database, found.items),
        "total": found.total,
        "next": found.end_cursor if len(found.items) < found.total else None,
    }


@router.get("/instances/{key}/life")
def read_life(
    key: str, _user: ConsoleDep, database: DatabaseDep, engine: EngineDep, settings: SettingsDep, now: NowDep
) -> Json:
    """History, jobs, timers, messages, variables with their past, interventions, and why it waits in words."""
    item = engine.client.process_instance(key)
    if item is None:
        raise problem_for_status(404)
    active = item.get("state") == "ACTIVE"
    with including_archive(not active):
        here = known(engine, item, served_types(settings))
    code = code_of(engine, database, key)
    told = life(here, now)
    scopes = {row["key"]: row["name"] for row in told["history"]}
    with read_scope(database) as session:
        deeds = [shown(row) for row in interventions.history(session, key, code)]
    return {
        **told,
        "why": reasons(engine, here, now) if active else [],
        "variables": with_history(database, key, here.facts.variables, scopes, now),
        "interventions": deeds,
    }


@router.get("/dossiers/{code}/deadlines")
def read_deadlines(code: str, _user: ConsoleDep, database: DatabaseDep) -> Json:
    """The deadlines of a dossier as they stand, and every change with its ground."""
    with read_scope(database) as session:
        dossier = tracking.require(session, code)
        branches = [
            {"code": row.procedure_code, "status": str(row.status), "dueAt": row.due_at and row.due_at.isoformat()}
            for row in tracking.branches(session, dossier.id)
        ]
        entries = [
            {"branch": row.branch_code, "dueAt": row.due_at.isoformat(), "ground": row.ground, "at": row.at.isoformat()}
            for row in acceptance.deadline_entries(session, dossier.id)
        ]
        return {"dueAt": dossier.due_at and dossier.due_at.isoformat(), "branches": branches, "entries": entries}


@router.put("/instances/{key}/variables")
def edit_variables(
    key: str, edit: VariableEdit, deeds: InterventionsDep, database: DatabaseDep, engine: EngineDep
) -> Json:
    """Write variables; the values before are kept."""
    ground = interventions.require_ground(edit.ground)
    code = code_of(engine, database, key)
    return deeds.set_variables(key, edit.scopeKey or key, edit.variables, code, ground)


@router.post("/instances/{key}/modification/preview")
def preview_modification(key: str, wanted: Modification, deeds: InterventionsDep) -> Json:
    """What would end and begin, and whether the instance could still come to its end."""
    seen = deeds.preview(key, wanted.activate, wanted.terminate)
    if seen.refused:
        vi = f"Không thể mở hoặc kết thúc: {seen.refused}."
        raise Problem(422, "modification", vi, f"This can neither begin nor end: {seen.refused}.")
    return {"steps": list(seen.steps), "warnings": list(seen.warnings), "fate": str(seen.fate)}


@router.post("/instances/{key}/modification")
def modify(key: str, wanted: Modification, deeds: InterventionsDep, database: DatabaseDep, engine: EngineDep) -> Json:
    """Begin and end elements of a running instance."""
    ground = interventions.require_ground(wanted.ground)
    code = code_of(engine, database, key)
    return deeds.modify(key, wanted.activate, wanted.terminate, code, ground)


@router.post("/dossiers/{code}/deadlines")
def move_deadline(code: str, move: DeadlineMove, deeds: InterventionsDep, law: LawDep) -> Json:
    """Move the deadline of a dossier or of one branch; the running watch hears of it."""
    ground = interventions.require_ground(move.ground)
    if move.dueAt.tzinfo is None:
        raise problem_for_status(422)
    return deeds.move_deadline(law, code, move.procedureCode, move.dueAt, move.kind, ground)


@router.post("/interventions/{intervention_id}/undo")
def undo(intervention_id: str, why: Ground, deeds: InterventionsDep, law: LawDep) -> Json:
    """Take an intervention back."""
    ground = interventions.require_ground(why.ground)
    return deeds.undo(law, intervention_id, ground)


@router.get("/interventions")
def read_interventions(_user: ConsoleDep, database: DatabaseDep) -> Json:
    """The newest interventions everywhere."""
    with read_scope(database) as session:
        return {"interventions": [shown(row) for row in interventions.latest(session)]}
