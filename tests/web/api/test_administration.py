"""Staff accounts, roles, locks, the audit and the dated data, as an administrator keeps them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select
from staff_world import NOW, PASSWORD, World

from lienthong.dossiers.tables import AuditEntry

Person = Callable[[str], TestClient]
NEW = {
    "username": "canbo.moi",
    "displayName": "Nguyễn Thị Thử",
    "phone": "0900000009",
    "roles": [{"authorityId": "bd-svhtt", "role": "officer"}],
}


def visitor(world: World) -> TestClient:
    return TestClient(world.app)


def tries(client: TestClient, username: str, password: str) -> int:
    client.headers["X-CSRF-Token"] = client.get("/api/session").json()["csrfToken"]
    return client.post("/api/session", json={"username": username, "password": password}).status_code


def test_only_administrators_enter(as_person: Person) -> None:
    for path in ("users", "audit", "substitutions", "law/limit"):
        assert as_person("thietke").get(f"/api/administration/{path}").status_code == 403, path
        assert as_person("quantri").get(f"/api/administration/{path}").status_code == 200, path


def test_a_new_member_of_staff_signs_in_with_the_password_that_is_shown_once(as_person: Person, world: World) -> None:
    client = as_person("quantri")
    made = client.post("/api/administration/users", json=NEW).json()
    assert made["user"]["roles"] == NEW["roles"]
    assert tries(visitor(world), "canbo.moi", made["password"]) == 200
    listed = client.get("/api/administration/users", params={"text": "thị thử"}).json()["users"]
    names = [user["username"] for user in listed]
    assert "canbo.moi" in names and "canbo.motcua2" not in names and names == sorted(names)
    assert "password" not in str(listed)
    assert client.post("/api/administration/users", json=NEW).json()["code"] == "username"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"username": "x"}, "username"),
        ({"displayName": " "}, "display-name"),
        ({"roles": [{"authorityId": "bd-svhtt", "role": "king"}]}, "role"),
        ({"roles": [{"authorityId": "nowhere", "role": "officer"}]}, "authority"),
    ],
)
def test_what_cannot_be_an_account_is_refused(as_person: Person, change: dict[str, object], code: str) -> None:
    answer = as_person("quantri").post("/api/administration/users", json=NEW | change)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_closed_account_is_out_with_its_next_request_and_comes_back(as_person: Person, world: World) -> None:
    client, clerk = as_person("quantri"), as_person("canbo.motcua")
    path = "/api/administration/users/canbo.motcua"
    assert clerk.get("/api/session").json()["user"] is not None
    assert client.patch(path, json={"active": False}).json()["user"]["active"] is False
    assert clerk.get("/api/session").json()["user"] is None
    assert tries(visitor(world), "canbo.motcua", PASSWORD) == 401
    client.patch(path, json={"active": True})
    assert tries(visitor(world), "canbo.motcua", PASSWORD) == 200


def test_roles_are_replaced_and_the_history_says_from_what_to_what(as_person: Person) -> None:
    client = as_person("quantri")
    roles = [{"authorityId": "bd-svhtt", "role": "unit_head"}]
    client.patch("/api/administration/users/canbo.vanhoa", json={"roles": roles})
    detail = client.get("/api/administration/users/canbo.vanhoa").json()
    assert detail["user"]["roles"] == roles
    assert detail["history"][0]["data"] == {"before": ["bd-svhtt/officer"], "after": ["bd-svhtt/unit_head"]}


def test_there_is_always_an_administrator_left(as_person: Person) -> None:
    client = as_person("quantri")
    path = "/api/administration/users/quantri"
    assert client.patch(path, json={"active": False}).json()["code"] == "own-account"
    assert client.patch(path, json={"roles": []}).json()["code"] == "last-administrator"


def test_a_name_is_locked_after_five_failures_whether_it_exists_or_not(as_person: Person, world: World) -> None:
    for name in ("canbo.vanhoa", "khong.co"):
        client = visitor(world)
        assert [tries(client, name, "sai mật khẩu") for _ in range(6)] == [401] * 5 + [429]
    right = visitor(world)
    assert tries(right, "canbo.vanhoa", PASSWORD) == 429
    listed = as_person("quantri").get("/api/administration/users", params={"text": "vanhoa"}).json()["users"]
    assert listed[0]["lockedUntil"] == (NOW + timedelta(minutes=15)).isoformat()
    world.app.state.clock = lambda: NOW + timedelta(minutes=16)
    assert tries(right, "canbo.vanhoa", PASSWORD) == 200


def test_an_administrator_unlocks_and_a_sign_in_forgets_earlier_failures(as_person: Person, world: World) -> None:
    client, admin = visitor(world), as_person("quantri")
    for _ in range(5):
        tries(client, "canbo.vanhoa", "sai")
    admin.post("/api/administration/users/canbo.vanhoa/unlock")
    for _ in range(3):
        assert [tries(client, "canbo.vanhoa", "sai") for _ in range(4)] == [401] * 4
        assert tries(client, "canbo.vanhoa", PASSWORD) == 200


def test_a_reset_password_replaces_the_old_one_and_ends_a_lock(as_person: Person, world: World) -> None:
    client = visitor(world)
    for _ in range(5):
        tries(client, "canbo.vanhoa", "sai")
    fresh = as_person("quantri").post("/api/administration/users/canbo.vanhoa/password").json()["password"]
    assert tries(client, "canbo.vanhoa", PASSWORD) == 401
    assert tries(client, "canbo.vanhoa", fresh) == 200
    with Session(world.database) as session:
        assert not any(fresh in str(row.data) for row in session.exec(select(AuditEntry)).all())


def test_the_audit_is_searched_by_who_what_and_about_what(as_person: Person) -> None:
    client = as_person("quantri")
    client.post("/api/administration/users", json=NEW)
    found = client.get("/api/administration/audit", params={"subject": "user:canbo.moi"}).json()
    assert [row["act"] for row in found["entries"]] == ["user-created"]
    assert "signed-in" in found["acts"]
    assert client.get("/api/administration/audit", params={"actor": "nobody%"}).json()["entries"] == []
    late = {"since": (NOW + timedelta(days=1)).isoformat()}
    assert client.get("/api/administration/audit", params=late).json()["entries"] == []


def test_the_chain_is_verified_and_a_changed_entry_shows(as_person: Person, world: World) -> None:
    client = as_person("quantri")
    client.post("/api/administration/users", json=NEW)
    assert client.post("/api/administration/audit/verification").json()["ok"] is True
    with Session(world.database) as session:
        row = session.exec(select(AuditEntry).where(AuditEntry.act == "user-created")).one()
        row.actor = "somebody else"
        session.add(row)
        session.commit()
    report = client.post("/api/administration/audit/verification").json()
    assert report["ok"] is False and report["brokenAt"] is not None


def test_a_change_of_the_dated_data_is_previewed_proposed_applied_and_seen_in_the_history(as_person: Person) -> None:
    client = as_person("quantri")
    row = next(
        row
        for row in client.get("/api/administration/law/limit").json()["rows"]
        if row["subject"]["bundle"] == "karaoke" and row["subject"]["code"] == "K4"
    )
    value = {**row["value"], "value": row["value"]["value"] + 1}
    edit = {"kind": "limit", "subject": row["subject"], "value": value, "fromDate": "2027-01-01", "ground": "QĐ thử 1"}
    seen = client.post("/api/administration/law/preview", json=edit).json()
    assert (seen["before"], seen["after"]) == (row["value"], value)
    proposed = client.post("/api/administration/law", json=edit).json()
    applied = client.post(f"/api/administration/law/edits/{proposed['id']}/application").json()
    assert (proposed["state"], applied["state"], applied["appliedBy"]) == ("proposed", "applied", "quantri")
    again = client.post(f"/api/administration/law/edits/{proposed['id']}/application")
    assert again.status_code == 409
    path = f"/api/administration/law/edits/{proposed['id']}/withdrawal"
    assert client.post(path, json={"reason": "nhầm"}).json()["state"] == "withdrawn"
    assert [row["state"] for row in client.get("/api/administration/law/limit").json()["edits"]] == ["withdrawn"]


def test_a_change_without_a_ground_or_in_the_past_is_refused(as_person: Person) -> None:
    client = as_person("quantri")
    edit = {"kind": "day_off", "subject": {"day": "2027-02-05"}, "value": {"reason": "Tết"}, "fromDate": "2026-11-24"}
    assert client.post("/api/administration/law", json=edit | {"ground": " "}).json()["code"] == "ground"
    late = edit | {"ground": "QĐ thử", "fromDate": "2026-01-01"}
    assert client.post("/api/administration/law", json=late).json()["code"] == "from-date"


def test_a_substitute_is_appointed_listed_and_ended(as_person: Person) -> None:
    client = as_person("quantri")
    new = {"absent": "canbo.motcua", "substitute": "canbo.motcua2", "firstDay": "2026-11-24", "lastDay": "2026-11-30"}
    row = client.post("/api/administration/substitutions", json=new).json()
    assert (row["absent"], row["substitute"], row["createdBy"]) == ("canbo.motcua", "canbo.motcua2", "quantri")
    assert client.post("/api/administration/substitutions", json=new).status_code == 409
    listed = client.get("/api/administration/substitutions").json()
    assert ([each["id"] for each in listed["current"]], listed["past"]) == ([row["id"]], [])
    client.delete(f"/api/administration/substitutions/{row['id']}")
    listed = client.get("/api/administration/substitutions").json()
    assert (listed["current"], [each["id"] for each in listed["past"]]) == ([], [row["id"]])
