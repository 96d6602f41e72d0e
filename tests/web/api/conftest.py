"""Fixtures of the API's tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from staff_world import PASSWORD, World, build_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return build_world(tmp_path)


@pytest.fixture
def as_person(world: World) -> Iterator[Callable[[str], TestClient]]:
    """A signed-in client that sends the CSRF token, for a user name."""
    clients: list[TestClient] = []

    def sign_in(username: str) -> TestClient:
        client = TestClient(world.app)
        clients.append(client)
        token = client.get("/api/session").json()["csrfToken"]
        body = {"username": username, "password": PASSWORD}
        answer = client.post("/api/session", json=body, headers={"X-CSRF-Token": token})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrfToken"]
        return client

    yield sign_in
    for client in clients:
        client.close()
