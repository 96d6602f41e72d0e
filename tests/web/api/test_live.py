"""Live changes: each listener is told of what it may see, once, and of nothing else."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import select
from staff_world import CODE, NOW, World

from lienthong.api.live_routes import Watcher, for_viewer, stream
from lienthong.dossiers import comments, tasks
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.tables import Dossier, Task, User
from lienthong.dossiers.viewers import Viewer, viewer_of

Person = Callable[[str], TestClient]
CLERK = Viewer(1, "canbo.motcua", (("bd-ttpvhcc", "reception"),))
OFFICER = Viewer(2, "canbo.vanhoa", (("bd-svhtt", "officer"),))
HEAD = Viewer(3, "truongphong", (("bd-svhtt", "unit_head"),))


def change(world: World, key: str) -> None:
    with session_scope(world.database) as session:
        task = session.get_one(Task, key)
        task.due_at = (task.due_at or NOW) + timedelta(minutes=1)


def test_the_first_look_tells_nothing_and_each_change_is_told_once(world: World) -> None:
    watcher = Watcher(world.database)
    assert watcher.look() == []
    change(world, "3001")
    assert [one.key for one in watcher.look()] == ["3001"]
    assert watcher.look() == []
    change(world, "3001")
    assert [one.key for one in watcher.look()] == ["3001"]


def test_a_claim_and_a_release_are_changes_too(world: World) -> None:
    watcher = Watcher(world.database)
    watcher.look()
    with session_scope(world.database) as session:
        user = session.exec(select(User).where(User.username == "canbo.motcua")).one()
        tasks.claim(session, viewer_of(session, user.id or 0), "3002", NOW)
    assert [(one.key, one.assignee) for one in watcher.look()] == [("3002", "canbo.motcua")]


def test_a_listener_is_told_of_what_it_may_see_only(world: World) -> None:
    watcher = Watcher(world.database)
    watcher.look()
    change(world, "3001")
    change(world, "3003")
    changes = watcher.look()
    assert '"3001"' in for_viewer(CLERK, changes) and '"3003"' not in for_viewer(CLERK, changes)
    assert '"3003"' in for_viewer(OFFICER, changes) and '"3001"' not in for_viewer(OFFICER, changes)
    assert '"3003"' in for_viewer(HEAD, changes)
    assert for_viewer(Viewer(4, "thietke", (("bd-vpubnd", "designer"),)), changes) == ""


def test_a_task_that_nothing_changed_is_not_told(world: World) -> None:
    watcher = Watcher(world.database)
    watcher.look()
    with session_scope(world.database) as session:
        task = session.get_one(Task, "3001")
        task.due_at, task.state = task.due_at, task.state
        session.add(task)
    assert watcher.look() == []


class Reader:
    """A page that reads some events and then leaves."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    async def is_disconnected(self) -> bool:
        self.looks -= 1
        return self.looks < 0


def test_the_stream_says_hello_tells_notices_and_lets_go(world: World) -> None:
    with session_scope(world.database) as session:
        dossier = session.exec(select(Dossier).where(Dossier.code == CODE)).one()
        comments.notify(session, dossier.id, "", "canbo.motcua", "Xin chào", "Hello", NOW)
    watcher = Watcher(world.database)

    async def read() -> list[str]:
        request: Any = Reader(1)
        return [text async for text in stream(request, watcher, CLERK, 60)]

    hello, notices = asyncio.run(read())
    assert hello.startswith("retry:") and 'event: notices\ndata: {"unread":1}' in notices
    assert watcher.listeners == set()


def test_nobody_listens_without_being_signed_in(world: World) -> None:
    assert TestClient(world.app).get("/api/live").status_code == 401
