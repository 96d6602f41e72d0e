"""The impact on running dossiers as the API tells it: versions, groups, deadlines; and the items of a move."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy.engine import Engine
from sqlmodel import col, select

from lienthong.api.console_lookup import codes_by_root
from lienthong.api.engine_view import EngineView
from lienthong.api.model_store import ModelStore, NoSuchModel
from lienthong.dossiers.database import read_scope
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.calendar import working_minutes_between
from lienthong.dossiers.tables import Dossier
from lienthong.redeploy.changes import Process, read_process
from lienthong.redeploy.difference import executable_processes, newest_process
from lienthong.redeploy.report import VersionImpact, as_json, impact_on, items
from lienthong.web.problems import Problem, problem_for_status

Json = dict[str, Any]
CODES_A_QUERY = 500


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
    """A batch; a trial moves one instance, a dry run none; ``startAt`` may be later."""

    moves: list[Move] = Field(min_length=1)
    trial: bool = False
    dryRun: bool = False
    startAt: datetime | None = None


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


def impacts_on(question: Question, models: ModelStore, engine: EngineView, database: Engine) -> list[VersionImpact]:
    """The impact on every running version of every process of the files."""
    found: list[VersionImpact] = []
    for new, key in _new_versions(question, models, engine):
        chosen = question.mapping.get(new.id)
        found += impact_on(engine.client, new, lambda roots: codes_by_root(database, roots), chosen, key)
    return found


def reports_on(question: Question, models: ModelStore, engine: EngineView, database: Engine) -> list[Json]:
    """A report for every running version of every process of the files."""
    return [as_json(each) for each in impacts_on(question, models, engine, database)]


def add_deadlines(reports: Sequence[Json], database: Engine, law: Law, now: datetime) -> None:
    """To each listed dossier its deadline and the working time used so far: a move changes neither."""
    groups = [group for report in reports for group in report["groups"]]
    codes = sorted({code for group in groups for code in group["dossiers"]})
    known: dict[str, Json] = {}
    with read_scope(database) as session:
        for start in range(0, len(codes), CODES_A_QUERY):
            wanted = col(Dossier.code).in_(codes[start : start + CODES_A_QUERY])
            known |= {row.code: _deadline(row, law, now) for row in session.exec(select(Dossier).where(wanted)).all()}
    for group in groups:
        group["deadlines"] = [known.get(code, {"code": code, "dueAt": None}) for code in group["dossiers"]]


def _deadline(row: Dossier, law: Law, now: datetime) -> Json:
    start = row.accepted_at or row.filed_at
    left = None
    if row.due_at is not None:
        ahead = row.due_at >= now
        first, last = (now, row.due_at) if ahead else (row.due_at, now)
        left = working_minutes_between(law.calendar, first, last) * (1 if ahead else -1)
    return {
        "code": row.code,
        "dueAt": row.due_at and row.due_at.isoformat(),
        "usedMinutes": round(working_minutes_between(law.calendar, min(start, now), now)),
        "leftMinutes": None if left is None else round(left),
    }


def _ordered(move: Move, engine: EngineView, database: Engine) -> tuple[list[VersionImpact], str]:
    newest = newest_process(engine.client, move.processId)
    if newest is None:
        raise problem_for_status(404)
    key = str(newest["processDefinitionKey"])
    new = _read(engine.xml(key).encode(), move.processId)
    found = impact_on(engine.client, new, lambda roots: codes_by_root(database, roots), move.mapping, key, move.source)
    return found, key


def items_of(order: Order, engine: EngineView, database: Engine) -> list[Json]:
    """Where each instance of the wanted groups stands now, as items of a batch; refused when there is none."""
    limit = 1 if order.trial else None
    rows: list[Json] = []
    for move in order.moves:
        found, key = _ordered(move, engine, database)
        for each in found:
            rows += items(each, key, move.groups, limit)
    if not rows:
        raise Problem(
            409,
            "nothing-to-move",
            "Không còn hồ sơ nào trong các nhóm đã chọn có thể chuyển. Hãy xem lại báo cáo.",
            "No dossier of the chosen groups can be moved any more. Look at the report again.",
        )
    return rows[:limit]
