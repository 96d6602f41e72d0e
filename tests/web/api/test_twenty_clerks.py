"""Twenty clerks at one desk claim and complete 2,000 tasks at the same time: each is done once, without an error."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select
from staff_world import CODE, NOW, PASSWORD, World

from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables import AuditEntry, HeldCompletion, RoleGrant, Task, TimelineEntry, User

CLERKS, TASKS = 20, 2_000
pytestmark = pytest.mark.services


@pytest.fixture
def crowded(world: World) -> World:
    """So many tasks, and so many clerks; they share one hash, as hashing a password is slow on purpose."""
    with session_scope(world.database) as session:
        for task in session.exec(select(Task)).all():
            task.hidden = True
        known = session.exec(select(User).where(User.username == "canbo.motcua")).one().password_hash
        for number in range(CLERKS):
            user = User(username=f"clerk{number}", password_hash=known, display_name=f"Thử {number}", kind="staff")
            session.add(user)
            session.flush()
            session.add(RoleGrant(user_id=user.id or 0, authority_id="bd-ttpvhcc", role="reception"))
        for number in range(TASKS):
            session.add(
                Task(
                    user_task_key=f"9{number:05}",
                    dossier_code=CODE,
                    element_id="check-dossier",
                    name="Kiểm tra",
                    authority_id="bd-ttpvhcc",
                    role="reception",
                    due_at=NOW + timedelta(minutes=number),
                    created_at=NOW,
                )
            )
    return world


def work(client: TestClient, done: Counter[str], errors: list[str]) -> None:
    """One clerk: take what is next, complete it, until nothing is left."""
    body = {"variables": {"outcome": "refuse", "note": "Thử tải"}}
    while True:
        taken = client.post("/api/tasks/next")
        key = taken.json().get("key")
        if taken.status_code != 200:
            errors.append(taken.text)
        if not key:
            return
        answer = client.post(f"/api/tasks/{key}/complete", json=body)
        if answer.status_code == 200:
            done[key] += 1
        else:
            errors.append(answer.text)


def test_every_task_is_done_once_and_nobody_sees_an_error(crowded: World) -> None:
    done: Counter[str] = Counter()
    errors: list[str] = []
    clients = [signed_in(crowded, f"clerk{number}") for number in range(CLERKS)]
    threads = [threading.Thread(target=work, args=(client, done, errors)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(done) == TASKS and set(done.values()) == {1}
    completed = Counter(key for said, (key, _) in _commands(crowded, "complete"))
    assert len(completed) == TASKS and set(completed.values()) == {1}
    with read_scope(crowded.database) as session:
        told = session.exec(select(TimelineEntry).where(TimelineEntry.kind == "task-completed")).all()
        acts = session.exec(select(AuditEntry.act).where(AuditEntry.subject == CODE)).all()
        states = session.exec(select(HeldCompletion.state)).all()
    assert len(told) == TASKS
    assert Counter(acts)["task-claimed"] == Counter(acts)["task-completed"] == TASKS
    assert set(states) == {"done"} and len(states) == TASKS


def test_clerks_who_want_the_same_task_get_it_once_and_the_others_are_told_who_has_it(crowded: World) -> None:
    clients = {f"clerk{number}": signed_in(crowded, f"clerk{number}") for number in range(CLERKS)}
    answers: dict[str, tuple[int, str]] = {}

    def take(name: str, client: TestClient) -> None:
        answer = client.post("/api/tasks/900000/claim")
        answers[name] = (answer.status_code, answer.text)

    threads = [threading.Thread(target=take, args=one) for one in clients.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [name for name, (status, _) in answers.items() if status == 204]
    losers = [text for name, (_, text) in answers.items() if name != winner]
    assert all(f"Việc đã được {winner} nhận." in text for text in losers)


def signed_in(world: World, username: str) -> TestClient:
    client = TestClient(world.app)
    token = client.get("/api/session").json()["csrfToken"]
    body = {"username": username, "password": PASSWORD}
    answer = client.post("/api/session", json=body, headers={"X-CSRF-Token": token})
    client.headers["X-CSRF-Token"] = answer.json()["csrfToken"]
    return client


def _commands(world: World, name: str) -> list[tuple[str, tuple[str, object]]]:
    return [said for said in world.engine.said if said[0] == name]
