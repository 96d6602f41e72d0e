"""A served engine in memory with one of everything, and clients of its REST edge."""

import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "gateway"))
import edge_models

from lienthong.engine.runtime.serve import Served, running


@dataclass
class Rest:
    """A served engine and plain HTTP to it."""

    served: Served
    http: httpx.AsyncClient
    address: str

    async def search(self, path: str, **body: object) -> list[dict[str, object]]:
        """The items of a search."""
        reply = await self.http.post(f"/{path}/search", json=body)
        assert reply.status_code == 200, reply.text
        return list(reply.json()["items"])

    async def deploy(self, *files: tuple[str, bytes]) -> dict[str, object]:
        """Deploy files together."""
        reply = await self.http.post("/deployments", files=[("resources", each) for each in files])
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    async def create(self, process_id: str, **variables: object) -> str:
        """The key of a new process instance."""
        body = {"processDefinitionId": process_id, "variables": variables}
        reply = await self.http.post("/process-instances", json=body)
        assert reply.status_code == 200, reply.text
        return str(reply.json()["processInstanceKey"])

    async def deploy_all(self) -> None:
        """One of every kind of model."""
        await self.deploy(
            ("one.bpmn", edge_models.one_task()),
            ("user.bpmn", edge_models.user_task(form=True)),
            ("message.bpmn", edge_models.message()),
            ("timer.bpmn", edge_models.timer()),
            ("check.form", edge_models.FORM),
            ("fees.dmn", edge_models.DECISION),
        )


@pytest.fixture
async def rest() -> AsyncIterator[Rest]:
    """An engine with both edges on free ports, in this loop."""
    async with running(None) as served:
        address = f"http://127.0.0.1:{served.rest_port}"
        async with httpx.AsyncClient(base_url=f"{address}/v2", timeout=20) as http:
            yield Rest(served, http, address)
