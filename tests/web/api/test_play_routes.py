"""Trying a model over the API: play, keep the play as a scenario, gate a deployment by the scenarios."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from designer_world import BUNDLE, build_designer_world
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select
from staff_world import World

from lienthong.dossiers.tables import AuditEntry

Json = dict[str, Any]
Person = Callable[[str], TestClient]
CHECK: Json = {"task": {"element": "check", "variables": {"outcome": "accept"}}}
PAID: Json = {"message": {"name": "paid"}}
ANSWERS = [{"type": "count_papers", "variables": {"papers": 2}}]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    yield build_designer_world(tmp_path)


@pytest.fixture
def designer(as_person: Person) -> TestClient:
    return as_person("thietke")


def begun(client: TestClient, *steps: Json, **more: Any) -> Json:
    start = client.get(f"/api/play/start/{BUNDLE}").json()["start"]
    start = {"at": "2023-03-01T08:00:00+07:00", "message": "small-v1", "variables": start.get("variables", {})}
    start["variables"] = {"dossierCode": "D-1", "desk": "quay"}
    return {"path": BUNDLE, "start": start, "defaults": ANSWERS, "steps": list(steps), **more}


def play(client: TestClient, *steps: Json, **more: Any) -> Json:
    answer = client.post("/api/play", json=begun(client, *steps, **more))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_play_shows_where_everything_stands(designer: TestClient) -> None:
    view = play(designer)
    assert [task["path"] for task in view["tasks"]] == ["check"]
    assert view["models"]["small-v1"] == BUNDLE
    assert play(designer, CHECK, PAID)["ended"] is True


def test_what_is_not_saved_yet_can_be_played(designer: TestClient) -> None:
    content = designer.get(f"/api/models/file/{BUNDLE}").json()["content"]
    view = play(designer, CHECK, {"advance": "P2D"}, contents={BUNDLE: content.replace(">P5D<", ">P1D<")})
    assert view["ended"] is True
    assert play(designer, CHECK, {"advance": "P2D"})["ended"] is False


def test_a_called_step_is_played_alone(designer: TestClient) -> None:
    start = designer.get("/api/play/start/steps/step-tell.bpmn").json()
    assert start["start"]["process"] == "step-tell"
    body = {"path": "steps/step-tell.bpmn", **start, "bundle": "small/1"}
    assert [task["path"] for task in designer.post("/api/play", json=body).json()["tasks"]] == ["tell"]


def test_a_step_of_no_known_kind_is_refused_in_words(designer: TestClient) -> None:
    assert designer.post("/api/play", json=begun(designer, {"dance": {}})).status_code == 422
    assert designer.post("/api/play", json={"path": "none/1/bundle.bpmn"}).status_code == 404


def test_a_play_is_kept_as_a_scenario_with_its_end_expected(designer: TestClient, world: World) -> None:
    body = {**begun(designer, CHECK), "title": "Chờ thanh toán", "name": "waits-for-payment"}
    saved = designer.post("/api/play/save", json=body).json()
    assert saved["path"] == "small/1/scenarios/waits-for-payment.yaml"
    assert saved["text"].endswith("  - expect: {waiting: []}\n")
    listed = designer.get("/api/play/scenarios/small/1").json()["scenarios"]
    assert {"path": saved["path"], "name": "Chờ thanh toán"} in listed
    story = designer.get(f"/api/play/scenario/{saved['path']}").json()
    assert story["steps"][0] == CHECK
    history = designer.get(f"/api/models/file/{saved['path']}").json()["history"]
    assert history[0]["author"] == "Ngô Thiết Kế"
    assert designer.post("/api/play/save", json=body).status_code == 422
    assert designer.post("/api/play/save", json={**body, "replaces": True}).status_code == 200
    assert designer.post("/api/play/save", json={**body, "name": "../x"}).status_code == 422
    stuck = {**begun(designer, CHECK, CHECK), "title": "x", "name": "stuck"}
    assert designer.post("/api/play/save", json=stuck).status_code == 422


def test_all_scenarios_are_run_with_the_paths_they_cover(designer: TestClient) -> None:
    gate = designer.post("/api/play/gate", json={"path": BUNDLE}).json()
    assert (gate["failed"], [each["path"] for each in gate["scenarios"]]) == (
        0,
        ["small/1/scenarios/late.yaml", "small/1/scenarios/paid.yaml"],
    )
    assert gate["coverage"]["small-v1"]["missed"] == []


def changed(client: TestClient, old: str, new: str) -> None:
    model = client.get(f"/api/models/file/{BUNDLE}").json()
    body = {"content": model["content"].replace(old, new), "message": "Sửa hạn", "revision": model["revision"]}
    assert client.put(f"/api/models/file/{BUNDLE}", json=body).status_code == 200


def deploy(client: TestClient, **more: str) -> tuple[int, str]:
    answer = client.post("/api/models/deployment", json={"paths": [BUNDLE], **more})
    return answer.status_code, str(answer.json().get("code", ""))


def test_a_deployment_is_stopped_by_a_failing_scenario_and_passes_when_it_holds(
    as_person: Person, world: World
) -> None:
    administrator = as_person("quantri")
    changed(administrator, ">P5D<", ">P9D<")
    looked = administrator.post("/api/models/deployment/gate", json={"paths": [BUNDLE]}).json()["bundles"][0]
    assert (looked["bundle"], looked["failed"]) == ("small/1", 1)
    failing = next(each for each in looked["scenarios"] if each["failure"])
    assert failing["path"] == "small/1/scenarios/late.yaml" and "Expected stopped to be completed" in failing["failure"]
    assert deploy(administrator) == (409, "scenarios-failed")
    assert world.engine.said == []
    changed(administrator, ">P9D<", ">P4D<")
    assert deploy(administrator)[0] == 200
    assert world.engine.said == [("deploy", [BUNDLE])]


def test_an_administrator_may_pass_the_gate_with_a_ground_that_is_audited(as_person: Person, world: World) -> None:
    administrator = as_person("quantri")
    changed(administrator, ">P5D<", ">P9D<")
    assert deploy(administrator, ground="   ")[0] == 409
    assert deploy(administrator, ground="Quyết định mới, kịch bản sẽ sửa sau")[0] == 200
    with Session(world.database) as session:
        entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.seq).desc())).first()
        assert entry is not None and entry.act == "deploy-models"
        assert entry.data["ground"] == "Quyết định mới, kịch bản sẽ sửa sau"
        assert entry.data["failedScenarios"] == ["small/1/scenarios/late.yaml"]


def test_a_designer_sees_the_gate_and_cannot_deploy(designer: TestClient) -> None:
    assert designer.post("/api/models/deployment/gate", json={"paths": [BUNDLE]}).status_code == 200
    assert deploy(designer)[0] == 403


def test_a_new_step_is_put_into_the_old_scenarios(designer: TestClient) -> None:
    second = (
        '<bpmn:userTask id="again"><bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements></bpmn:userTask>'
        '<bpmn:sequenceFlow id="f9" sourceRef="again" targetRef="await" />'
    )
    model = designer.get(f"/api/models/file/{BUNDLE}").json()
    content = model["content"].replace('sourceRef="check" targetRef="await"', 'sourceRef="check" targetRef="again"')
    body = {"content": content.replace("  </bpmn:process>", f"{second}</bpmn:process>"), "message": "Thêm bước"}
    designer.put(f"/api/models/file/{BUNDLE}", json={**body, "revision": model["revision"]})
    assert designer.post("/api/play/gate", json={"path": BUNDLE}).json()["failed"] == 2
    order = {"bundle": "small/1", "step": {"task": {"element": "again"}}, "apply": True}
    healed = designer.post("/api/play/repair", json=order).json()
    assert healed == {"healed": ["small/1/scenarios/late.yaml", "small/1/scenarios/paid.yaml"], "left": []}
    assert designer.post("/api/play/gate", json={"path": BUNDLE}).json()["failed"] == 0
