"""Where a move needs two persons, one asks and another one approves; nobody approves the own order."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from live_engine import Live, licence, live
from sqlmodel import Session, select
from staff_world import CODE, NOW

from lienthong.api.batches import batches_of
from lienthong.dossiers.tables import AuditEntry, Authority, RoleGrant, User

__all__ = ["live"]
SECOND = "canbo.vanhoa"


@pytest.fixture
def ready(live: Live, tmp_path: Path) -> Live:
    """A second version is deployed, a second administrator exists, and two persons are needed."""
    models = tmp_path / "models" / "demo"
    models.mkdir(parents=True)
    (models / "licence.bpmn").write_bytes(licence() + b"<!-- 2 -->")
    settings = {"bpmn_dir": tmp_path / "models", "two_person_moves": True}
    live.world.app.state.settings = live.world.settings.model_copy(update=settings)
    live.client.deploy([("demo/licence.bpmn", licence() + b"<!-- 2 -->")])
    with Session(live.world.database) as session:
        user = session.exec(select(User).where(User.username == SECOND)).one()
        authority = session.exec(select(Authority)).first()
        assert authority is not None and user.id is not None
        session.add(RoleGrant(user_id=user.id, authority_id=authority.id, role="administrator"))
        session.commit()
    return live


def asked(client: TestClient) -> dict[str, object]:
    """Ask for the move of everything that can move."""
    question = {"paths": ["demo/licence.bpmn"], "against": "deployed"}
    (report,) = client.post("/api/redeploy/impact", json=question).json()["reports"]
    groups = [group["id"] for group in report["groups"] if group["movable"]]
    move = {"processId": "licence", "source": report["definitionKey"], "groups": groups}
    dry = client.post("/api/redeploy/jobs", json={"moves": [move], "dryRun": True}).json()
    assert (dry["dryRun"], dry["instances"], dry["dossiers"], dry["twoPersons"]) == (True, 1, [CODE], True)
    return dict(client.post("/api/redeploy/jobs", json={"moves": [move]}).json()["order"])


def version(live: Live) -> int:
    found = live.client.process_instance(live.key)
    assert found is not None
    return int(found["processDefinitionVersion"])


def test_nothing_moves_until_another_administrator_approves(ready: Live) -> None:
    first, second = ready.sign_in("quantri"), ready.sign_in(SECOND)
    order = asked(first)
    assert (order["state"], order["askedBy"], version(ready)) == ("waiting", "quantri", 1)
    own = first.post(f"/api/redeploy/orders/{order['id']}/approval", json={})
    assert (own.status_code, own.json()["code"]) == (403, "two-persons")
    job = second.post(f"/api/redeploy/orders/{order['id']}/approval", json={"note": "đồng ý"}).json()
    batches_of(ready.world.app).wait(job["id"])
    assert version(ready) == 2
    (row,) = second.get("/api/redeploy/orders").json()["orders"]
    assert (row["state"], row["decidedBy"], row["note"], row["jobId"]) == ("approved", SECOND, "đồng ý", job["id"])
    assert second.post(f"/api/redeploy/orders/{order['id']}/approval", json={}).status_code == 409
    with Session(ready.world.database) as session:
        acts = [(row.actor, row.act) for row in session.exec(select(AuditEntry)).all()]
    assert ("quantri", "move-asked") in acts and (SECOND, "move-approved") in acts


def test_who_asked_may_take_it_back_and_another_may_refuse(ready: Live) -> None:
    first, second = ready.sign_in("quantri"), ready.sign_in(SECOND)
    mine, theirs = asked(first), asked(first)
    back = first.post(f"/api/redeploy/orders/{mine['id']}/refusal", json={}).json()
    no = second.post(f"/api/redeploy/orders/{theirs['id']}/refusal", json={"note": "chưa được"}).json()
    assert (back["state"], no["state"], no["note"], version(ready)) == ("refused", "refused", "chưa được", 1)


def test_the_report_names_each_dossier_with_its_deadline_and_the_time_used(ready: Live) -> None:
    question = {"paths": ["demo/licence.bpmn"], "against": "deployed"}
    ready.world.app.state.clock = lambda: NOW + timedelta(days=2)
    client = ready.sign_in("quantri")
    (report,) = client.post("/api/redeploy/impact", json=question).json()["reports"]
    (group,) = report["groups"]
    (row,) = group["deadlines"]
    assert row["code"] == CODE and row["dueAt"]
    table = client.post("/api/redeploy/impact.csv", json=question).text.splitlines()
    assert table[1].startswith(f"licence,1,{CODE},{ready.key},itself,appraise; notify")
    assert row["usedMinutes"] > 0 and row["leftMinutes"] > 0
