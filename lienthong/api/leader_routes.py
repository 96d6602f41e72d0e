"""Pages of heads: at risk, load, figures with the dossiers behind them, and the export of what a filter shows."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from lienthong.api.deps import Desk, DeskDep
from lienthong.api.dossier_view import authority_name, bundle_title, iso, procedure_name
from lienthong.api.leader_export import Table, as_csv, as_xlsx
from lienthong.dossiers import audit, leadership, queue, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.leadership import FIGURES, Scope
from lienthong.dossiers.rules.calendar import ZONE, local
from lienthong.dossiers.tables import Branch, Dossier
from lienthong.dossiers.viewers import Viewer
from lienthong.web.problems import Problem

router = APIRouter(prefix="/leader", tags=["leaders"])
Json = dict[str, Any]
PAGE = 100
MOST_EXPORTED = 50_000
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ScopeParameters(BaseModel):
    """Which part of what one heads, in which days (both included; the month so far when none is named)."""

    authority: str = ""
    procedure: str = ""
    first: date | None = None
    last: date | None = None

    def span(self, now: datetime) -> tuple[datetime, datetime]:
        today = local(now).date()
        first, last = self.first or today.replace(day=1), self.last or today
        return (
            datetime.combine(first, time.min, ZONE),
            datetime.combine(last + timedelta(days=1), time.min, ZONE),
        )


def _parameters(parameters: Annotated[ScopeParameters, Query()]) -> ScopeParameters:
    return parameters


ScopeDep = Annotated[ScopeParameters, Depends(_parameters)]


def _scope(desk: Desk, viewer: Viewer, given: ScopeParameters) -> Scope:
    span = given.span(desk.now)
    return leadership.scope_of(viewer, desk.law, span, desk.now, given.authority, given.procedure)


@router.get("/overview")
def overview(desk: DeskDep, given: ScopeDep) -> Json:
    """Figures of the scope, authority by authority, and the load of every officer."""
    with read_scope(desk.database) as session:
        viewer = desk.leader(session)
        scope = _scope(desk, viewer, given)
        numbers = leadership.figures(session, scope)
        units = leadership.by_authority(session, scope)
        load = leadership.load(session, scope, queue.soon_until(desk.law, desk.now))
    return {
        "first": scope.start.date().isoformat(),
        "last": (scope.end - timedelta(days=1)).date().isoformat(),
        "figures": numbers,
        "units": [
            {"authorityId": one, "name": authority_name(desk.law, one), "open": n, "atRisk": risky, "late": late}
            for one, n, risky, late in units
        ],
        "load": [
            {
                "authorityId": row.authority_id,
                "authorityName": authority_name(desk.law, row.authority_id),
                "role": row.role,
                "assignee": row.assignee,
                "open": row.open,
                "overdue": row.overdue,
                "soon": row.soon,
                "oldestDue": iso(row.oldest_due),
            }
            for row in load
        ],
        "authorities": [
            {"id": one, "name": authority_name(desk.law, one)}
            for one in sorted(desk.law.authorities if viewer.oversees_all else viewer.led)
        ],
    }


@router.get("/at-risk")
def at_risk(desk: DeskDep, given: ScopeDep) -> Json:
    """Open branches that are late or soon will be, soonest first, with how near they are."""
    with session_scope(desk.database) as session:
        viewer = desk.leader(session)
        scope = _scope(desk, viewer, given)
        rows = leadership.at_risk(session, scope)
        audit.record(session, viewer.username, "at-risk-viewed", "dossiers", {"rows": len(rows)}, desk.now)
        return {"items": [_row(desk, viewer, branch, dossier) for branch, dossier in rows]}


@router.get("/dossiers")
def dossiers_behind(desk: DeskDep, given: ScopeDep, figure: str, after: str = "") -> Json:
    """The dossiers behind a figure, page by page; names as one's role allows; the view is audited."""
    _require_figure(figure)
    with session_scope(desk.database) as session:
        viewer = desk.leader(session)
        rows = leadership.behind(session, _scope(desk, viewer, given), figure, PAGE + 1, after)
        told = {"figure": figure, "rows": len(rows[:PAGE])}
        audit.record(session, viewer.username, "figure-drilled", "dossiers", told, desk.now)
        items = [_row(desk, viewer, branch, dossier) for branch, dossier in rows[:PAGE]]
    return {"items": items, "after": rows[PAGE - 1][0].id if len(rows) > PAGE else ""}


def _require_figure(figure: str) -> None:
    if figure not in FIGURES:
        raise Problem(404, "figure", "Không có số liệu này.", "There is no such figure.")


def applicant_shown(viewer: Viewer, branch: Branch, dossier: Dossier) -> str:
    """The name to whoever handles cases of the branch's authority; masked for those who only oversee."""
    name = dossier.organisation_name or dossier.applicant_name
    return name if branch.authority_id in viewer.case_authorities else tracking.masked(name)


def _row(desk: Desk, viewer: Viewer, branch: Branch, dossier: Dossier) -> Json:
    law = desk.law.under(dossier)
    return {
        "code": dossier.code,
        "title": bundle_title(desk.law, dossier),
        "branchCode": branch.procedure_code,
        "procedureName": procedure_name(law, branch.procedure_code, dossier.filed_at),
        "authorityName": authority_name(desk.law, branch.authority_id),
        "applicant": applicant_shown(viewer, branch, dossier),
        "status": str(branch.status),
        "filedAt": iso(dossier.filed_at),
        "dueAt": iso(branch.due_at),
        "finishedAt": iso(branch.finished_at),
        "escalationLevel": branch.escalation_level,
        "risk": str(leadership.risk(desk.law, branch, desk.now, desk.settings.warning_share)),
        "readable": branch.authority_id in viewer.case_authorities or viewer.oversees_all,
    }


@router.get("/tasks")
def tasks_behind(desk: DeskDep, given: ScopeDep, role: str, assignee: str = "", after: str = "") -> Json:
    """The open tasks behind one line of the load: dossier, step and due time, no personal data."""
    with read_scope(desk.database) as session:
        scope = _scope(desk, desk.leader(session), given)
        rows = leadership.tasks_of(session, scope, role, assignee, PAGE + 1, after)
        items = [
            {
                "key": task.user_task_key,
                "elementId": task.element_id,
                "name": task.name,
                "dossierCode": task.dossier_code,
                "procedureCode": task.procedure_code,
                "dueAt": iso(task.due_at),
                "late": task.sort_at < desk.now,
            }
            for task in rows[:PAGE]
        ]
    return {"items": items, "after": items[-1]["key"] if len(rows) > PAGE else ""}


@router.get("/export")
def export(
    desk: DeskDep,
    given: ScopeDep,
    figure: str,
    kind: Literal["csv", "xlsx"] = "csv",
    language: Literal["vi", "en"] = "vi",
) -> Response:
    """What the filter shows as a file, the same rows and masks as on the page; the export is audited."""
    _require_figure(figure)
    with session_scope(desk.database) as session:
        viewer = desk.leader(session)
        rows = list(_exported(session, desk, viewer, given, figure, language))
        told = {"figure": figure, "rows": len(rows), "kind": kind}
        audit.record(session, viewer.username, "dossiers-exported", "dossiers", told, desk.now)
    table = Table(figure, language, rows)
    content, media_type = (as_csv(table), CSV) if kind == "csv" else (as_xlsx(table), XLSX)
    name = f"lien-thong-{figure}-{local(desk.now):%Y%m%d-%H%M}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


def _exported(
    session: Session, desk: Desk, viewer: Viewer, given: ScopeParameters, figure: str, language: str
) -> Iterator[list[str]]:
    scope, after, count = _scope(desk, viewer, given), "", 0
    while count < MOST_EXPORTED:
        rows = leadership.behind(session, scope, figure, 1000, after)
        for branch, dossier in rows:
            row = _row(desk, viewer, branch, dossier)
            yield [
                row["code"],
                row["branchCode"],
                row["procedureName"][language],
                row["authorityName"][language],
                row["applicant"],
                row["status"],
                _moment(dossier.filed_at),
                _moment(branch.due_at),
                _moment(branch.finished_at),
            ]
        if len(rows) < 1000:
            return
        after, count = rows[-1][0].id, count + len(rows)


def _moment(at: datetime | None) -> str:
    return "" if at is None else f"{local(at):%d/%m/%Y %H:%M}"
