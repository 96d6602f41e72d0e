"""The test world over a real engine in memory: what the console shows and does there is really so."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select
from staff_world import CODE, PASSWORD, World, build_world

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from lienthong.dossiers.tables import Dossier  # noqa: E402
from lienthong.orchestration.client import OrchestrationClient  # noqa: E402
from tests.engine.model_text import boundary, end, gateway, model, service, start, tag, user  # noqa: E402
from tests.redeploy.served import ServedEngine, served_engine  # noqa: E402

GROUPS = '<zeebe:assignmentDefinition candidateGroups="=[&quot;bd-svhtt/officer&quot;]"/>'
TIMER = tag("bpmn:timerEventDefinition", tag("bpmn:timeDuration", "=limit"))
FLOWS = ["start>fork>appraise>join>decide>end", "fork>notify>join", "late>escalated"]


def licence() -> bytes:
    """Two things side by side, a task with a timer and a job, then a decision."""
    return model(
        start(),
        gateway("parallel", "fork"),
        user("appraise", GROUPS),
        boundary("late", "appraise", TIMER, interrupting=False),
        end("escalated"),
        service("notify", "notify"),
        gateway("parallel", "join"),
        user("decide", GROUPS),
        end(),
        flows=FLOWS,
        id_="licence",
    )


@dataclass
class Live:
    """The world, its engine, and one running instance of the dossier."""

    world: World
    client: OrchestrationClient
    key: str
    engine: ServedEngine
    sign_in: Callable[[str], TestClient]

    def instance(self, **variables: Any) -> str:
        """One more running instance."""
        return str(self.client.create_process_instance("licence", variables)["processInstanceKey"])

    def jobs(self) -> list[dict[str, Any]]:
        """Take the jobs of ``notify`` as a worker would."""
        body = {"type": "notify", "worker": "tester", "timeout": 60_000, "maxJobsToActivate": 5}
        return list(self.client.rest.json("POST", "/jobs/activation", body)["jobs"])

    def fail(self, message: str) -> None:
        """The job fails with no try left."""
        (job,) = self.jobs()
        body = {"retries": 0, "errorMessage": message}
        self.client.rest.json("POST", f"/jobs/{job['jobKey']}/failure", body)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """A world whose engine is real; its clients are signed in by name."""
    world = build_world(tmp_path)
    clients: list[TestClient] = []

    def sign_in(username: str) -> TestClient:
        client = TestClient(world.app)
        clients.append(client)
        token = client.get("/api/session").json()["csrfToken"]
        body = {"username": username, "password": PASSWORD}
        answer = client.post("/api/session", json=body, headers={"X-CSRF-Token": token})
        client.headers["X-CSRF-Token"] = answer.json()["csrfToken"]
        return client

    with served_engine(tmp_path / "engine") as engine:
        client = engine.client
        world.app.state.orchestration = client
        client.deploy([("demo/licence.bpmn", licence())])
        variables = {"dossierCode": CODE, "authority": "bd-svhtt", "limit": "P5D"}
        key = str(client.create_process_instance("licence", variables)["processInstanceKey"])
        with Session(world.database) as session:
            dossier = session.exec(select(Dossier).where(Dossier.code == CODE)).one()
            dossier.process_instance_key = key
            session.add(dossier)
            session.commit()
        yield Live(world, client, key, engine, sign_in)
        for each in clients:
            each.close()
