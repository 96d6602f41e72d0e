"""The queue: pages, counts, filters kept on the server, search over dossiers, acts on many tasks, notices."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlmodel import Session, col, select

from lienthong.api.deps import Desk, DeskDep
from lienthong.api.dossier_view import Reader, authority_name, bundle_title, dossiers_of, iso, task_view
from lienthong.api.task_routes import Completion, assign_task, claim_task, complete_task, release, tell_engine
from lienthong.dossiers import audit, comments, filters, held_completions, queue, search, tasks, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.errors import DomainError
from lienthong.dossiers.queue import QueueFilter, View
from lienthong.dossiers.tables import RoleGrant, SavedFilter, Task, User, UserKind
from lienthong.dossiers.viewers import groups_of
from lienthong.orchestration.errors import EngineRejected, EngineUnavailable
from lienthong.web.problems import Problem

router = APIRouter(tags=["tasklist"])
Json = dict[str, Any]
MOST_AT_ONCE = 200


class FilterParameters(BaseModel):
    """The filter as an address carries it."""

    view: View = View.ALL
    text: str = Field("", max_length=200)
    authority: str = ""
    role: str = ""
    procedure: str = ""
    element: str = ""
    assignee: str = ""

    def wanted(self) -> QueueFilter:
        return QueueFilter(self.view, self.text, self.authority, self.role, self.procedure, self.element, self.assignee)


class NewFilter(FilterParameters):
    """A filter to keep under a name, for oneself or an own authority."""

    name: str = Field(min_length=1, max_length=80)
    sharedWith: str = ""


class BulkAct(BaseModel):
    """One act on several tasks."""

    act: Literal["claim", "release", "assign", "sign"]
    keys: list[str] = Field(min_length=1, max_length=MOST_AT_ONCE)
    to: str = ""


def _filter(parameters: Annotated[FilterParameters, Query()]) -> FilterParameters:
    return parameters


@router.get("/tasks")
def read_queue(
    desk: DeskDep,
    parameters: Annotated[FilterParameters, Depends(_filter)],
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = queue.PAGE,
) -> Json:
    """One page of the own queue by remaining working time; counts of every view come with the first page."""
    wanted = parameters.wanted()
    with read_scope(desk.database) as session:
        viewer = desk.viewer(session)
        reader = Reader(desk.law, viewer, desk.now, desk.settings.field_confidence)
        soon = queue.soon_until(desk.law, desk.now)
        page = queue.page(session, viewer, wanted, desk.now, soon, after, limit)
        counts = {} if after else queue.counts(session, viewer, wanted, desk.now, soon)
        dossiers = dossiers_of(session, {task.dossier_code for task in page.tasks})
        items = [task_view(reader, task, dossiers) for task in page.tasks]
        held = [] if after else held_completions.held(session, viewer, desk.now)
        undoable = [{"key": row.user_task_key, "until": iso(row.release_at)} for row in held]
    return {
        "items": items,
        "counts": {str(view): number for view, number in counts.items()},
        "total": counts.get(wanted.view, 0),
        "after": page.after,
        "standsInFor": [one.display_name for one in viewer.stands_in],
        "undoable": undoable,
        "groups": [
            {"authorityId": authority, "authorityName": authority_name(desk.law, authority), "role": role}
            for authority, role in viewer.all_grants
        ],
    }


@router.get("/filters")
def read_filters(desk: DeskDep) -> Json:
    """Own filters and those shared with an own authority."""
    with read_scope(desk.database) as session:
        viewer = desk.viewer(session)
        return {"filters": [_filter_view(row, desk.user.id) for row in filters.visible(session, viewer)]}


def _filter_view(row: SavedFilter, user_id: int) -> Json:
    wanted = filters.of_query(row.query)
    return {
        "id": row.id,
        "name": row.name,
        "own": row.owner_id == user_id,
        "sharedWith": row.shared_with,
        "query": {
            "view": wanted.view,
            "text": wanted.text,
            "authority": wanted.authority_id,
            "role": wanted.role,
            "procedure": wanted.procedure_code,
            "element": wanted.element_id,
            "assignee": wanted.assignee,
        },
    }


@router.post("/filters")
def save_filter(new: NewFilter, desk: DeskDep) -> Json:
    """Keep the present filter under a name."""
    with session_scope(desk.database) as session:
        row = filters.save(session, desk.viewer(session), new.name, new.wanted(), new.sharedWith, desk.now)
        return _filter_view(row, desk.user.id)


@router.delete("/filters/{filter_id}", status_code=204)
def remove_filter(filter_id: str, desk: DeskDep) -> None:
    """Forget an own filter."""
    with session_scope(desk.database) as session:
        filters.remove(session, desk.viewer(session), filter_id)


@router.get("/search")
def search_dossiers(
    desk: DeskDep, text: Annotated[str, Query(max_length=200)], before: Annotated[int, Query(ge=0)] = 0
) -> Json:
    """Dossiers of the own authorities by any words, code, phone or personal number; the search is audited."""
    with session_scope(desk.database) as session:
        viewer = desk.viewer(session)
        own = None if viewer.oversees_all else viewer.case_authorities
        page = search.find_dossiers(session, _code_in(text), own, 30, before)
        if page.dossiers:
            data = {"found": len(page.dossiers)}
            audit.record(session, viewer.username, "dossiers-searched", "search", data, desk.now)
        items = [
            {
                "code": dossier.code,
                "title": bundle_title(desk.law, dossier),
                "applicant": tracking.named_in_lists(dossier),
                "status": str(dossier.status),
                "filedAt": iso(dossier.filed_at),
                "dueAt": iso(dossier.due_at),
                "late": dossier.late,
            }
            for dossier in page.dossiers
        ]
    return {"items": items, "before": page.before}


def _code_in(text: str) -> str:
    """What a bar-code or QR reader types: the code out of the tracking address, or the text as it is."""
    return text.split("code=", 1)[1].split("&", 1)[0] if "code=" in text else text


@router.get("/colleagues")
def colleagues(desk: DeskDep, task: str = "", text: Annotated[str, Query(max_length=64)] = "") -> Json:
    """Who may be given a task, or who can be called in a comment; names of staff only."""
    with read_scope(desk.database) as session:
        viewer = desk.viewer(session)
        groups = _groups(session, task) if task else None
        statement = (
            select(User, RoleGrant)
            .join(RoleGrant, col(RoleGrant.user_id) == col(User.id))
            .where(User.kind == UserKind.STAFF, col(User.active).is_(True))
            .order_by(col(User.display_name))
        )
        found: dict[str, Json] = {}
        for user, grant in session.exec(statement).all():
            fits = f"{grant.authority_id}/{grant.role}" in groups if groups is not None else True
            wanted = text.lower() in f"{user.username} {user.display_name}".lower()
            if fits and wanted and (groups is None or not viewer.authorities.isdisjoint({grant.authority_id})):
                found.setdefault(user.username, {"username": user.username, "displayName": user.display_name})
    return {"people": list(found.values())[:50]}


def _groups(session: Session, key: str) -> set[str]:
    task = session.get(Task, key)
    return set() if task is None else groups_of(task)


@router.post("/tasks/bulk")
def bulk(wanted: BulkAct, desk: DeskDep) -> Json:
    """The same act on several tasks; each has a result of its own, and one that fails stops no other."""
    act = _ACTS[wanted.act]
    return {"results": [_result(key, partial(act, desk, key, wanted.to)) for key in dict.fromkeys(wanted.keys)]}


def _result(key: str, act: Callable[[], object]) -> Json:
    try:
        act()
    except (DomainError, Problem) as refused:
        vi, en = (refused.vi, refused.en) if isinstance(refused, Problem) else (refused.text_vi, refused.text_en)
        return {"key": key, "ok": False, "code": refused.code, "vi": vi, "en": en}
    except (EngineRejected, EngineUnavailable) as refused:
        return {"key": key, "ok": False, "code": "engine", "vi": str(refused), "en": str(refused)}
    return {"key": key, "ok": True, "code": "", "vi": "", "en": ""}


def _sign(desk: Desk, key: str, _to: str) -> None:
    """Sign one decision: only at a signing step, and only with every doubtful field looked at."""
    with read_scope(desk.database) as session:
        task = session.get(Task, key)
        if task is None or task.element_id != "decide":
            raise Problem(422, "not-signing", "Việc này không phải bước ký.", "This task is not a signing step.")
    claim_task(desk, key)
    complete_task(desk, key, Completion(variables={"outcome": "sign"}))


_ACTS: dict[str, Callable[[Desk, str, str], object]] = {
    "claim": lambda desk, key, _to: claim_task(desk, key),
    "release": lambda desk, key, _to: release(key, desk),
    "assign": assign_task,
    "sign": _sign,
}


@router.post("/tasks/next")
def claim_next(desk: DeskDep) -> Json:
    """Take the most urgent task that nobody has; of many clerks at once each gets another one."""
    with session_scope(desk.database) as session:
        task = tasks.claim_next(session, desk.viewer(session), desk.now)
        key = None if task is None else task.user_task_key
    if key is not None:
        tell_engine(desk, key, desk.user.username)
    return {"key": key}


@router.get("/notices")
def read_notices(desk: DeskDep) -> Json:
    """The newest notices to the signed-in person."""
    with read_scope(desk.database) as session:
        rows = comments.notices(session, desk.user.username)
        items = [
            {
                "id": row.id,
                "template": row.template,
                "text": {"vi": row.text_vi, "en": row.text_en},
                "at": iso(row.at),
                "read": row.read_at is not None,
            }
            for row in rows
        ]
    return {"unread": sum(not item["read"] for item in items), "items": items}


@router.post("/notices/read", status_code=204)
def mark_notices_read(desk: DeskDep) -> None:
    """All of them have been seen."""
    with session_scope(desk.database) as session:
        comments.mark_read(session, desk.user.username, desk.now)
