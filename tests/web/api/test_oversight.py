"""What the Provincial Office and heads decide: re-opening after an objection, transfer, the public late lists."""

from collections.abc import Callable
from datetime import timedelta

from fastapi.testclient import TestClient
from sqlmodel import select
from staff_world import CODE, NOW, World, objection

from lienthong.dossiers import late_lists
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables import Dossier, OutboxRow

Person = Callable[[str], TestClient]


def sent(world: World) -> list[str]:
    with read_scope(world.database) as session:
        return [str(row.payload["name"]) for row in session.exec(select(OutboxRow)).all()]


def test_an_objection_found_right_reopens_the_dossier(as_person: Person, world: World) -> None:
    with session_scope(world.database) as session:
        code = objection(session, world.law)
    office = as_person("vanphong")
    body = {"reason": "Từ chối không có căn cứ"}
    assert office.get(f"/api/dossiers/{CODE}").json()["mayReopen"] is False
    assert office.post(f"/api/dossiers/{CODE}/reopen", json=body).status_code == 409
    answer = {"text": "Khiếu nại đúng, hồ sơ được giải quyết tiếp.", "outcome": "upheld"}
    assert as_person("thutruong").post(f"/api/petitions/{code}/answer", json=answer).status_code == 200
    assert office.get(f"/api/dossiers/{CODE}").json()["mayReopen"] is True
    assert as_person("thutruong").post(f"/api/dossiers/{CODE}/reopen", json=body).status_code == 403
    assert office.post(f"/api/dossiers/{CODE}/reopen", json=body).status_code == 204
    assert office.get(f"/api/dossiers/{CODE}").json()["dossier"]["status"] == "accepted"
    assert "karaoke-v2023" in sent(world)


def test_an_open_procedure_goes_to_the_competent_authority(as_person: Person, world: World) -> None:
    office = as_person("vanphong")
    open_ones = office.get(f"/api/dossiers/{CODE}").json()["mayTransfer"]
    assert open_ones
    wanted = {"branchCode": open_ones[0], "authorityId": "bd-ca-tinh", "reason": "Không thuộc địa bàn"}
    assert as_person("canbo.motcua").post(f"/api/dossiers/{CODE}/transfer", json=wanted).status_code == 403
    assert office.post(f"/api/dossiers/{CODE}/transfer", json=wanted).status_code == 204
    branches = office.get(f"/api/dossiers/{CODE}").json()["dossier"]["branches"]
    assert {one["code"]: one["authorityId"] for one in branches}[open_ones[0]] == "bd-ca-tinh"


def test_the_office_starts_reads_and_corrects_a_late_list(as_person: Person, world: World) -> None:
    office = as_person("vanphong")
    assert as_person("truongphong").get("/api/late-lists").status_code == 403
    assert office.post("/api/late-lists", json={"year": 2026, "month": 11}).status_code == 202
    assert office.post("/api/late-lists", json={"year": 2027, "month": 1}).status_code == 422
    assert sent(world) == ["late-list"]
    with session_scope(world.database) as session:
        dossier = session.exec(select(Dossier).where(Dossier.code == CODE)).one()
        dossier.accepted_at, dossier.due_at = NOW - timedelta(days=20), NOW - timedelta(days=10)
        made = late_lists.compile_period(session, world.law, 2026, 11, NOW)
        late_lists.approve(session, made.id, "vanphong", NOW)
        late_lists.publish(session, made.id, "vanphong", NOW)
        key = made.id
    [listed] = office.get("/api/late-lists").json()["lists"]
    assert (listed["id"], listed["state"]) == (key, "published")
    whole = office.get(f"/api/late-lists/{key}").json()
    assert "applicant" not in str(whole) and len(whole["rows"]) == listed["rows"]
    for row in whole["rows"][:1]:
        wrong = {"field": "authority_id", "value": "x", "ground": "Biên bản 1"}
        assert office.post(f"/api/late-lists/rows/{row['id']}/correction", json=wrong).status_code == 422
        right = {"field": "reason", "value": "Thiên tai", "ground": "Biên bản 1"}
        assert office.post(f"/api/late-lists/rows/{row['id']}/correction", json=right).status_code == 202
