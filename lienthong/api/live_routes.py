"""Live changes: a stream of server-sent events that tells a clerk's page that its queue or its task has changed.

One watcher a process asks the table for revisions above the last seen, only while somebody listens, and passes each
listener what that listener may see: keys of tasks, never their content. PostgreSQL may commit a lower revision after a
higher one, so the watcher looks back over the last ones and drops what it has told already. A stream ends after some
minutes; the browser opens a new one by itself, so that a change of roles reaches it.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

from fastapi import APIRouter
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, func, select
from starlette.requests import Request
from starlette.responses import StreamingResponse

from lienthong.api.deps import DeskDep
from lienthong.dossiers import comments
from lienthong.dossiers.database import read_scope
from lienthong.dossiers.tables import Task
from lienthong.dossiers.viewers import Viewer

router = APIRouter(tags=["tasklist"])
PERIOD_S: Final = 0.7
LOOK_BACK: Final = 200
STREAM_S: Final = 240.0
QUIET_S: Final = 15.0
MOST_KEYS: Final = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One changed task: who may see it, not what it says."""

    key: str
    revision: int
    group: str
    escalated_group: str
    assignee: str


def changes_since(session: Session, revision: int) -> list[Change]:
    """Tasks changed after a revision, oldest first."""
    columns = (
        Task.user_task_key,
        Task.revision,
        Task.authority_id,
        Task.role,
        Task.escalated_group,
        Task.assignee,
    )
    statement = select(*columns).where(col(Task.revision) > revision)  # type: ignore[call-overload]
    rows = session.execute(statement.order_by(col(Task.revision)).limit(2000))
    return [
        Change(key, number, f"{authority}/{role}", escalated, assignee or "")
        for key, number, authority, role, escalated, assignee in rows
    ]


def seen_by(viewer: Viewer, change: Change) -> bool:
    """Whether a change concerns what a viewer sees."""
    groups = set(viewer.groups)
    return (
        change.group in groups
        or change.escalated_group in groups
        or change.assignee in viewer.names
        or change.group.partition("/")[0] in viewer.led
    )


@dataclass
class Watcher:
    """Watches one database for all listeners of a process."""

    database: Engine
    listeners: set[asyncio.Queue[list[Change]]] = field(default_factory=set)
    told: dict[str, int] = field(default_factory=dict)
    revision: int | None = None
    task: asyncio.Task[None] | None = None

    def listen(self) -> asyncio.Queue[list[Change]]:
        """A new listener; the watch begins with the first."""
        queue: asyncio.Queue[list[Change]] = asyncio.Queue(maxsize=100)
        self.listeners.add(queue)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._watch())
        return queue

    def leave(self, queue: asyncio.Queue[list[Change]]) -> None:
        """One listener less; the watch ends with the last."""
        self.listeners.discard(queue)

    async def _watch(self) -> None:
        self.revision = None
        while self.listeners:
            try:
                fresh = await asyncio.to_thread(self.look)
            except Exception:  # a database that is away for a moment: look again
                fresh = []
            for queue in list(self.listeners):
                if fresh and not queue.full():
                    queue.put_nowait(fresh)
            await asyncio.sleep(PERIOD_S)

    def look(self) -> list[Change]:
        """What changed since the last look; the first look only notes where it begins."""
        with read_scope(self.database) as session:
            if self.revision is None:
                self.revision = session.exec(select(func.max(Task.revision))).one() or 0
                self.told = {change.key: change.revision for change in self._recent(session)}
                return []
            found = self._recent(session)
        fresh = [change for change in found if self.told.get(change.key) != change.revision]
        self.told = {change.key: change.revision for change in found}
        self.revision = max([self.revision, *(change.revision for change in found)])
        return fresh

    def _recent(self, session: Session) -> list[Change]:
        return changes_since(session, (self.revision or 0) - LOOK_BACK)


def watcher_of(app: Any) -> Watcher:
    """The one watcher of a process."""
    if not hasattr(app.state, "task_watcher"):
        app.state.task_watcher = Watcher(app.state.database)
    return cast(Watcher, app.state.task_watcher)


def event(name: str, data: object) -> str:
    """One event as the stream carries it."""
    return f"event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"


def for_viewer(viewer: Viewer, changes: list[Change]) -> str:
    """The event that tells a viewer which tasks changed; empty when none of them is theirs."""
    keys = list(dict.fromkeys(change.key for change in changes if seen_by(viewer, change)))
    return event("tasks", {"keys": keys[:MOST_KEYS]}) if keys else ""


@router.get("/live", include_in_schema=False)
async def live(request: Request, desk: DeskDep) -> StreamingResponse:
    """The stream of changes for the signed-in person."""
    viewer = await asyncio.to_thread(_viewer, desk.database, desk.user.id, desk.now)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        stream(request, watcher_of(request.app), viewer, STREAM_S), media_type="text/event-stream", headers=headers
    )


def _viewer(database: Engine, user_id: int, now: datetime) -> Viewer:
    from lienthong.dossiers.viewers import viewer_of

    with read_scope(database) as session:
        return viewer_of(session, user_id, now)


async def stream(request: Request, watcher: Watcher, viewer: Viewer, seconds: float) -> AsyncIterator[str]:
    """Events until the reader leaves or the time is over; a sign of life in quiet times."""
    queue = watcher.listen()
    notices, quiet_s = -1, 0.0
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    try:
        yield "retry: 1000\n\n" + event("hello", {})
        while loop.time() < end and not await request.is_disconnected():
            try:
                changes = await asyncio.wait_for(queue.get(), PERIOD_S * 2)
            except TimeoutError:
                changes = []
            text = for_viewer(viewer, changes)
            unread = await asyncio.to_thread(_unread, watcher.database, viewer.username)
            if unread != notices:
                notices, text = unread, text + event("notices", {"unread": unread})
            quiet_s = 0.0 if text else quiet_s + PERIOD_S * 2
            if text or quiet_s >= QUIET_S:
                yield text or ": still here\n\n"
                quiet_s = 0.0
    finally:
        watcher.leave(queue)


def _unread(database: Engine, username: str) -> int:
    with read_scope(database) as session:
        return comments.unread(session, username)
