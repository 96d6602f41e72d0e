"""The queue is one's own, two clerks never overwrite each other, and nothing doubtful goes on unseen."""

from collections.abc import Callable
from io import BytesIO

from fastapi.testclient import TestClient
from PIL import Image
from sqlmodel import select
from staff_world import CODE, World

from lienthong.dossiers.database import read_scope
from lienthong.dossiers.tables import AuditEntry, DocumentField

Person = Callable[[str], TestClient]


def keys(client: TestClient, view: str = "all", text: str = "") -> list[str]:
    answer = client.get("/api/tasks", params={"view": view, "text": text})
    return [item["key"] for item in answer.json()["items"]]


def confirm_fields(client: TestClient) -> None:
    answer = client.put("/api/documents/paper-1/fields/personal_number", json={"value": "052099000001"})
    assert answer.status_code == 200, answer.text


def test_the_queue_holds_the_tasks_of_ones_own_authority_only(as_person: Person) -> None:
    assert set(keys(as_person("canbo.motcua"))) == {"3001", "3002"}
    assert keys(as_person("canbo.vanhoa")) == ["3003"]


def test_the_queue_is_ordered_by_remaining_working_time(as_person: Person) -> None:
    client = as_person("canbo.motcua")
    items = client.get("/api/tasks").json()["items"]
    assert [item["key"] for item in items] == ["3002", "3001"]
    assert items[0]["remainingMinutes"] < 0 < items[1]["remainingMinutes"]


def test_the_views_are_counted_and_filtered(as_person: Person) -> None:
    client = as_person("canbo.motcua")
    client.post("/api/tasks/3001/claim")
    counts = client.get("/api/tasks").json()["counts"]
    assert {name: counts[name] for name in ("all", "mine", "free", "overdue")} == {
        "all": 2,
        "mine": 1,
        "free": 1,
        "overdue": 1,
    }
    assert keys(client, "mine") == ["3001"]
    assert keys(client, "overdue") == ["3002"]


def test_the_search_finds_by_code_and_finds_nothing_else(as_person: Person) -> None:
    client = as_person("canbo.motcua")
    assert len(keys(client, text=CODE)) == 2
    assert keys(client, text="khong-co-ho-so-nay") == []


def test_a_task_of_another_authority_is_refused(as_person: Person) -> None:
    client = as_person("canbo.motcua")
    assert client.get("/api/tasks/3003").status_code == 403
    assert client.post("/api/tasks/3003/claim").status_code == 403
    assert client.get("/api/tasks/3003/form").status_code == 403


def test_a_task_shows_its_dossier_and_the_next_task(as_person: Person) -> None:
    detail = as_person("canbo.motcua").get("/api/tasks/3001").json()
    assert detail["dossier"]["code"] == CODE
    assert [branch["code"] for branch in detail["dossier"]["branches"]] == ["K4", "K5"]
    assert detail["next"] == "3002"
    doubtful = [field["name"] for field in detail["dossier"]["documents"][0]["fields"] if field["needsReview"]]
    assert doubtful == ["personal_number"]


def test_of_two_clerks_one_gets_the_task_and_the_other_is_told_who(as_person: Person, world: World) -> None:
    first, second = as_person("canbo.motcua"), as_person("canbo.motcua2")
    assert first.post("/api/tasks/3001/claim").status_code == 204
    assert second.post("/api/tasks/3001/claim").status_code == 409
    answer = second.post("/api/tasks/3001/complete", json={"variables": {"outcome": "sign"}})
    assert answer.status_code == 409
    assert "canbo.motcua" in answer.json()["vi"]
    assert [said for said in world.engine.said if said[0] != "assign"] == []


def test_a_released_task_can_be_claimed_by_the_other(as_person: Person) -> None:
    first, second = as_person("canbo.motcua"), as_person("canbo.motcua2")
    first.post("/api/tasks/3001/claim")
    assert first.delete("/api/tasks/3001/claim").status_code == 204
    assert second.post("/api/tasks/3001/claim").status_code == 204


def test_a_doubtful_field_must_be_seen_before_a_dossier_goes_on(as_person: Person, world: World) -> None:
    client = as_person("canbo.motcua")
    client.post("/api/tasks/3001/claim")
    refused = client.post("/api/tasks/3001/complete", json={"variables": {"outcome": "sign"}})
    assert (refused.status_code, refused.json()["code"]) == (409, "fields-unreviewed")
    confirm_fields(client)
    assert client.post("/api/tasks/3001/complete", json={"variables": {"outcome": "sign"}}).status_code == 200
    assert ("complete", ("3001", {"outcome": "sign"})) in world.engine.said


def test_sending_a_dossier_back_needs_no_review(as_person: Person) -> None:
    client = as_person("canbo.motcua")
    client.post("/api/tasks/3001/claim")
    body = {"variables": {"outcome": "supplement", "note": "Bản quét không đọc được"}}
    assert client.post("/api/tasks/3001/complete", json=body).status_code == 200


def test_a_completed_task_is_gone_from_every_queue_at_once(as_person: Person) -> None:
    client, colleague = as_person("canbo.motcua"), as_person("canbo.motcua2")
    client.post("/api/tasks/3001/claim")
    client.post("/api/tasks/3001/complete", json={"variables": {"outcome": "refuse", "note": "x"}})
    assert keys(client) == keys(colleague) == ["3002"]
    again = client.post("/api/tasks/3001/complete", json={"variables": {"outcome": "refuse"}})
    assert again.status_code == 409


def test_a_task_that_the_engine_no_longer_has_leaves_the_queue_with_a_word(as_person: Person, world: World) -> None:
    client = as_person("canbo.motcua")
    world.engine.gone.add("3001")
    answer = client.post("/api/tasks/3001/claim")
    assert (answer.status_code, answer.json()["code"]) == (409, "task-gone")
    assert "3001" not in keys(client)


def test_an_unclaimed_task_cannot_be_completed(as_person: Person) -> None:
    answer = as_person("canbo.motcua").post("/api/tasks/3001/complete", json={"variables": {"outcome": "refuse"}})
    assert (answer.status_code, answer.json()["code"]) == (409, "not-claimed")


def test_the_form_and_the_diagram_come_from_the_engine(as_person: Person) -> None:
    client = as_person("canbo.motcua")
    form = client.get("/api/tasks/3001/form").json()
    assert form["schema"]["id"] == "form-decide"
    assert form["data"] == {"dossierCode": CODE}
    diagrams = client.get("/api/tasks/3001/diagram").json()["diagrams"]
    assert [diagram["name"] for diagram in diagrams] == ["step-intake", "karaoke-v2023"]
    assert [(e["elementId"], e["active"]) for e in diagrams[0]["elements"]] == [("check-dossier", 1)]


def test_a_page_is_a_picture_of_the_width_asked_for_and_the_view_is_audited(as_person: Person, world: World) -> None:
    client = as_person("canbo.motcua")
    answer = client.get("/api/documents/paper-1/pages/1.png?width=500")
    assert Image.open(BytesIO(answer.content)).size == (500, 707)
    assert client.get("/api/documents/paper-1/pages/2.png").status_code == 404
    with read_scope(world.database) as session:
        viewed = session.exec(select(AuditEntry).where(AuditEntry.act == "document-viewed")).all()
        assert {entry.actor for entry in viewed} == {"canbo.motcua"}


def test_the_original_is_always_a_download(as_person: Person) -> None:
    headers = as_person("canbo.motcua").get("/api/documents/paper-1/content").headers
    assert headers["content-disposition"].startswith("attachment; filename*=UTF-8''")


def test_papers_of_a_dossier_are_closed_to_authorities_that_take_no_part(as_person: Person, world: World) -> None:
    from lienthong.dossiers import accounts
    from lienthong.dossiers.database import session_scope

    with session_scope(world.database) as session:
        grants = [("bd-stnmt", "officer")]
        accounts.create_account(session, "canbo.khac", "Thu-nghiem-1", "Người Khác", "staff", grants=grants)
    client = as_person("canbo.khac")
    assert client.get("/api/documents/paper-1/pages/1.png").status_code == 403
    assert client.put("/api/documents/paper-1/fields/full_name", json={"value": "x"}).status_code == 403


def test_a_correction_is_kept_as_reviewed(as_person: Person, world: World) -> None:
    confirm_fields(as_person("canbo.motcua"))
    with read_scope(world.database) as session:
        field = session.get_one(DocumentField, ("paper-1", "personal_number"))
        assert (field.value, field.reviewed) == ("052099000001", True)
