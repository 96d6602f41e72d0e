"""The queue by pages, its filters kept on the server, search with and without diacritics, acts on many at once."""

from collections.abc import Callable
from datetime import date, timedelta

from fastapi.testclient import TestClient
from sqlmodel import select
from staff_world import CODE, NOW, World

from lienthong.dossiers import substitutions
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables import AuditEntry, Notification, Task, TimelineEntry

Person = Callable[[str], TestClient]


def put(world: World, count: int, element_id: str = "check-dossier", **changes: object) -> list[str]:
    """So many more tasks at the desk, each due an hour after the one before."""
    given = {"authority_id": "bd-ttpvhcc", "role": "reception", "name": "Kiểm tra", **changes}
    keys = [f"8{number:04}" for number in range(count)]
    with session_scope(world.database) as session:
        for number, key in enumerate(keys):
            due = NOW + timedelta(days=10, hours=number)
            session.add(
                Task(
                    user_task_key=key,
                    dossier_code=CODE,
                    element_id=element_id,
                    due_at=due,
                    created_at=NOW,
                    process_instance_key="2002",
                    **given,
                )
            )
    return keys


def shown(client: TestClient, **parameters: object) -> list[str]:
    return [item["key"] for item in client.get("/api/tasks", params=parameters).json()["items"]]


def all_pages(client: TestClient, limit: int) -> list[str]:
    keys, after = [], ""
    while True:
        answer = client.get("/api/tasks", params={"limit": limit, "after": after}).json()
        keys += [item["key"] for item in answer["items"]]
        after = answer["after"]
        if not after:
            return keys


def test_pages_show_every_task_once_in_the_order_of_remaining_time(as_person: Person, world: World) -> None:
    put(world, 23)
    client = as_person("canbo.motcua")
    keys = all_pages(client, 4)
    assert keys == ["3002", "3001", *[f"8{number:04}" for number in range(23)]]


def test_a_task_that_goes_meanwhile_makes_no_page_skip_or_repeat(as_person: Person, world: World) -> None:
    put(world, 6)
    client = as_person("canbo.motcua")
    first = client.get("/api/tasks", params={"limit": 3}).json()
    with session_scope(world.database) as session:
        session.get_one(Task, "3002").hidden = True
    second = client.get("/api/tasks", params={"limit": 3, "after": first["after"]}).json()
    assert [item["key"] for item in second["items"]] == ["80001", "80002", "80003"]


def test_a_forged_page_is_refused_in_words(as_person: Person) -> None:
    answer = as_person("canbo.motcua").get("/api/tasks", params={"after": "bm90IGEgcGFnZQ=="})
    assert (answer.status_code, answer.json()["code"]) == (422, "page")


def test_the_queue_is_searched_with_and_without_diacritics(as_person: Person) -> None:
    client = as_person("canbo.motcua")
    for typed in ("Giải trí", "giai tri", "NGUYEN van thu", "kiểm tra nguyễn", CODE[-6:]):
        assert "3001" in shown(client, text=typed), typed
    assert shown(client, text="giải trình") == []


def test_the_queue_is_filtered_by_role_procedure_and_holder(as_person: Person, world: World) -> None:
    put(world, 2, procedure_code="K1", assignee="canbo.motcua2")
    client = as_person("canbo.motcua")
    assert shown(client, procedure="K1") == ["80000", "80001"]
    assert shown(client, assignee="canbo.motcua2") == ["80000", "80001"]
    assert shown(client, authority="bd-svhtt") == []


def test_a_filter_is_kept_on_the_server_and_shared_with_the_own_authority(as_person: Person) -> None:
    owner, colleague, other = as_person("canbo.motcua"), as_person("canbo.motcua2"), as_person("canbo.vanhoa")
    body = {"name": "Quá hạn K1", "view": "overdue", "procedure": "K1", "sharedWith": "bd-ttpvhcc"}
    saved = owner.post("/api/filters", json=body).json()
    assert saved["query"]["view"] == "overdue" and saved["query"]["procedure"] == "K1"
    assert [one["name"] for one in colleague.get("/api/filters").json()["filters"]] == ["Quá hạn K1"]
    assert other.get("/api/filters").json()["filters"] == []
    assert colleague.delete(f"/api/filters/{saved['id']}").status_code == 404
    assert owner.post("/api/filters", json={**body, "sharedWith": "bd-svhtt"}).status_code == 403
    assert owner.delete(f"/api/filters/{saved['id']}").status_code == 204


def test_dossiers_are_found_by_words_code_phone_and_number_of_the_own_authorities_only(
    as_person: Person, world: World
) -> None:
    client = as_person("canbo.motcua")
    for typed in (
        "nguyễn văn thử",
        "Giai tri thu nghiem",
        CODE,
        "0900000001",
        "052099000001",
        f"http://x/tra?code={CODE}",
    ):
        found = client.get("/api/search", params={"text": typed}).json()["items"]
        assert [item["code"] for item in found] == [CODE], typed
    assert client.get("/api/search", params={"text": "nguyễn trãi"}).json()["items"] == []
    assert as_person("thietke").get("/api/search", params={"text": CODE}).json()["items"] == []
    with read_scope(world.database) as session:
        acts = session.exec(select(AuditEntry.actor).where(AuditEntry.act == "dossiers-searched")).all()
        assert set(acts) == {"canbo.motcua"}


def test_signs_that_mean_something_to_the_index_are_only_text(as_person: Person) -> None:
    client = as_person("canbo.motcua")
    for typed in ('"', "thử* OR", "NEAR(", "text:thu", "' --", "()", "^^"):
        assert client.get("/api/search", params={"text": typed}).status_code == 200, typed


def test_many_are_claimed_at_once_with_a_result_for_each(as_person: Person, world: World) -> None:
    keys = put(world, 3)
    first, second = as_person("canbo.motcua"), as_person("canbo.motcua2")
    second.post(f"/api/tasks/{keys[1]}/claim")
    answer = first.post("/api/tasks/bulk", json={"act": "claim", "keys": [*keys, "3003", "nothing"]}).json()
    results = {result["key"]: result for result in answer["results"]}
    assert [results[key]["ok"] for key in (*keys, "3003", "nothing")] == [True, False, True, False, False]
    assert "canbo.motcua2" in results[keys[1]]["vi"]
    assert sorted(shown(first, view="mine")) == [keys[0], keys[2]]


def test_decisions_are_signed_at_once_and_nothing_else(as_person: Person, world: World) -> None:
    put(world, 2, element_id="decide")
    client = as_person("canbo.motcua")
    doubtful = client.post("/api/tasks/bulk", json={"act": "sign", "keys": ["80000"]}).json()["results"]
    assert doubtful[0]["code"] == "fields-unreviewed"
    client.put("/api/documents/paper-1/fields/personal_number", json={"value": "052099000001"})
    results = client.post("/api/tasks/bulk", json={"act": "sign", "keys": ["80000", "80001", "3001"]}).json()["results"]
    assert [(result["key"], result["ok"]) for result in results] == [("80000", True), ("80001", True), ("3001", False)]
    completed = [said for said in world.engine.said if said[0] == "complete"]
    assert completed == [("complete", ("80000", {"outcome": "sign"})), ("complete", ("80001", {"outcome": "sign"}))]


def test_a_substitute_sees_the_absent_ones_queue_and_the_audit_has_both_names(as_person: Person, world: World) -> None:
    day = date(2026, 11, 24)
    with session_scope(world.database) as session:
        substitutions.appoint(session, "canbo.vanhoa", "canbo.motcua", day, day + timedelta(days=2), "quantri", NOW)
    client = as_person("canbo.motcua")
    assert set(shown(client)) == {"3001", "3002", "3003"}
    assert client.get("/api/tasks/3003").json()["task"]["insteadOf"] == "canbo.vanhoa"
    assert client.post("/api/tasks/3003/claim").status_code == 204
    body = {"variables": {"outcome": "refuse", "note": "Không đủ điều kiện"}}
    assert client.post("/api/tasks/3003/complete", json=body).status_code == 200
    with read_scope(world.database) as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.actor == "canbo.motcua")).all()
        acts = {entry.act: entry.data.get("onBehalfOf") for entry in entries}
        assert acts["task-claimed"] == acts["task-completed"] == "canbo.vanhoa"


def test_a_substitution_ends_with_its_last_day_and_gives_no_right_to_administer(world: World) -> None:
    day = date(2026, 11, 24)
    with session_scope(world.database) as session:
        substitutions.appoint(session, "quantri", "canbo.motcua", day, day, "quantri", NOW)
        user_id = substitutions.current_and_coming(session, NOW)[0].substitute_user_id
        assert [one.grants for one in substitutions.stand_ins(session, user_id, NOW)] == [()]
        assert substitutions.stand_ins(session, user_id, NOW + timedelta(days=1)) == ()


def test_staff_appoint_their_own_substitute_and_nobody_elses(as_person: Person) -> None:
    client = as_person("canbo.motcua")
    body = {"absent": "canbo.motcua", "substitute": "canbo.motcua2", "firstDay": "2026-11-25", "lastDay": "2026-11-27"}
    made = client.post("/api/substitutions", json=body)
    assert made.status_code == 201 and made.json()["substitute"]["displayName"] == "Lê Văn Mẫu"
    assert client.post("/api/substitutions", json=body).status_code == 409
    assert client.post("/api/substitutions", json={**body, "absent": "canbo.vanhoa"}).status_code == 403
    assert client.post("/api/substitutions", json={**body, "lastDay": "2026-11-20"}).status_code == 422
    assert client.delete(f"/api/substitutions/{made.json()['id']}").status_code == 204
    assert client.get("/api/substitutions").json()["items"] == []


def test_a_draft_has_one_writer_and_the_other_is_told_who_and_when(as_person: Person) -> None:
    client, colleague = as_person("canbo.motcua"), as_person("canbo.motcua2")
    assert client.put("/api/tasks/3001/draft", json={"data": {"note": "x"}}).json()["code"] == "not-claimed"
    client.post("/api/tasks/3001/claim")
    assert client.put("/api/tasks/3001/draft", json={"data": {"note": "một"}, "version": 0}).json()["version"] == 1
    assert client.put("/api/tasks/3001/draft", json={"data": {"note": "hai"}, "version": 1}).json()["version"] == 2
    stale = client.put("/api/tasks/3001/draft", json={"data": {"note": "cũ"}, "version": 1})
    assert stale.status_code == 409 and "canbo.motcua" in stale.json()["vi"] and "10:00" in stale.json()["vi"]
    assert colleague.put("/api/tasks/3001/draft", json={"data": {}, "version": 2}).json()["code"] == "held"
    old = {"variables": {"outcome": "refuse", "note": "x"}, "draftVersion": 1}
    assert client.post("/api/tasks/3001/complete", json=old).json()["code"] == "draft"
    assert client.get("/api/tasks/3001").json()["draft"]["data"] == {"note": "hai"}


def test_a_task_is_handed_over_with_its_draft_and_the_colleague_is_told(as_person: Person, world: World) -> None:
    client, colleague = as_person("canbo.motcua"), as_person("canbo.motcua2")
    client.post("/api/tasks/3001/claim")
    client.put("/api/tasks/3001/draft", json={"data": {"note": "Đang xem dở"}})
    assert client.post("/api/tasks/3001/assign", json={"to": "canbo.vanhoa"}).json()["code"] == "assignee"
    assert client.post("/api/tasks/3001/assign", json={"to": "canbo.motcua2", "note": "Nhờ anh"}).status_code == 204
    detail = colleague.get("/api/tasks/3001").json()
    assert detail["task"]["mine"] and detail["draft"]["data"] == {"note": "Đang xem dở"}
    notices = colleague.get("/api/notices").json()
    assert notices["unread"] == 1 and "Nhờ anh" in notices["items"][0]["text"]["vi"]
    colleague.post("/api/notices/read")
    assert colleague.get("/api/notices").json()["unread"] == 0
    assert ("assign", ("3001", "canbo.motcua2")) in world.engine.said


def test_a_completion_is_held_and_undone_as_it_was(as_person: Person, world: World) -> None:
    client = as_person("canbo.motcua")
    client.post("/api/tasks/3001/claim")
    body = {"variables": {"outcome": "refuse", "note": "Sai mẫu"}, "hold": True}
    held = client.post("/api/tasks/3001/complete", json=body).json()
    assert held["state"] == "held" and held["undoUntil"] > NOW.isoformat()
    queue = client.get("/api/tasks").json()
    assert [item["key"] for item in queue["items"]] == ["3002"] and queue["undoable"][0]["key"] == "3001"
    assert client.post("/api/tasks/3001/undo").status_code == 204
    detail = client.get("/api/tasks/3001").json()
    assert detail["task"]["mine"] and detail["draft"]["data"]["note"] == "Sai mẫu"
    assert [said for said in world.engine.said if said[0] == "complete"] == []


def test_a_signature_cannot_be_held_back(as_person: Person, world: World) -> None:
    client = as_person("canbo.motcua")
    client.put("/api/documents/paper-1/fields/personal_number", json={"value": "052099000001"})
    client.post("/api/tasks/3001/claim")
    sent = client.post("/api/tasks/3001/complete", json={"variables": {"outcome": "sign"}, "hold": True}).json()
    assert sent["state"] == "done" and ("complete", ("3001", {"outcome": "sign"})) in world.engine.said
    assert client.post("/api/tasks/3001/undo").json()["code"] == "too-late"


def test_a_refusal_needs_its_ground(as_person: Person) -> None:
    client = as_person("canbo.motcua")
    client.post("/api/tasks/3001/claim")
    answer = client.post("/api/tasks/3001/complete", json={"variables": {"outcome": "refuse", "note": " "}})
    assert (answer.status_code, answer.json()["code"]) == (422, "ground")


def test_a_comment_calls_a_colleague_by_name(as_person: Person, world: World) -> None:
    client = as_person("canbo.motcua")
    said = client.post(f"/api/dossiers/{CODE}/comments", json={"text": "Nhờ @canbo.vanhoa xem giúp phần K5."})
    assert said.status_code == 200
    assert as_person("canbo.vanhoa").get("/api/notices").json()["items"][0]["template"] == "mention"
    unknown = client.post(f"/api/dossiers/{CODE}/comments", json={"text": "@khong.co.ai xem giúp"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "mention")
    comments = client.get(f"/api/dossiers/{CODE}").json()["dossier"]["comments"]
    assert [comment["text"] for comment in comments] == ["Nhờ @canbo.vanhoa xem giúp phần K5."]


def test_a_dossier_of_others_is_closed_and_every_view_is_audited(as_person: Person, world: World) -> None:
    assert as_person("thietke").get(f"/api/dossiers/{CODE}").status_code == 403
    assert as_person("canbo.vanhoa").get(f"/api/dossiers/{CODE}").status_code == 200
    with read_scope(world.database) as session:
        viewed = session.exec(select(AuditEntry).where(AuditEntry.act == "dossier-viewed")).all()
        assert [entry.actor for entry in viewed] == ["canbo.vanhoa"]


def test_an_extension_is_given_once_in_time_and_with_a_letter(as_person: Person, world: World) -> None:
    client = as_person("canbo.vanhoa")
    body = {"branchCode": "K5", "workingDays": 3, "reason": "Chờ kết quả kiểm định"}
    made = client.post(f"/api/dossiers/{CODE}/extension", json=body)
    assert made.status_code == 200, made.text
    letters = [
        paper
        for paper in client.get(f"/api/dossiers/{CODE}").json()["dossier"]["documents"]
        if paper["role"] == "letter"
    ]
    assert [letter["id"] for letter in letters] == [made.json()["letterId"]]
    assert client.post(f"/api/dossiers/{CODE}/extension", json=body).status_code == 409
    assert client.post(f"/api/dossiers/{CODE}/extension", json={**body, "branchCode": "K4"}).status_code == 403


def test_an_extension_on_the_last_day_comes_too_late(as_person: Person, world: World) -> None:
    client = as_person("canbo.vanhoa")
    world.app.state.clock = lambda: NOW + timedelta(days=4, hours=20)
    body = {"branchCode": "K5", "workingDays": 3, "reason": "Muộn"}
    assert client.post(f"/api/dossiers/{CODE}/extension", json=body).json()["code"] == "extension-late"


def test_another_body_is_consulted_and_its_silence_is_consent(as_person: Person, world: World) -> None:
    from lienthong.dossiers import consultations

    client = as_person("canbo.vanhoa")
    question = {"branchCode": "K5", "askedAuthorityId": "bd-sxd", "question": "Có phù hợp quy hoạch?", "workingDays": 2}
    asked = client.post(f"/api/dossiers/{CODE}/consultations", json=question).json()
    assert client.post(f"/api/consultations/{asked['id']}/answer", json={"opinion": "agree"}).status_code == 403
    with session_scope(world.database) as session:
        assert consultations.close_silent(session, world.law, NOW + timedelta(days=1)) == 0
        assert consultations.close_silent(session, world.law, NOW + timedelta(days=5)) == 1
        texts = session.exec(select(TimelineEntry.text_vi).where(TimelineEntry.kind == "consultation-answered")).all()
        assert texts == ["Sở Xây dựng không trả lời trong hạn, coi như đồng ý."]


def test_a_head_of_the_asked_body_answers_in_time(as_person: Person, world: World) -> None:
    client = as_person("canbo.vanhoa")
    question = {"branchCode": "K5", "askedAuthorityId": "bd-sxd", "question": "Ý kiến?", "workingDays": 2}
    asked = client.post(f"/api/dossiers/{CODE}/consultations", json=question).json()
    from lienthong.dossiers import accounts

    with session_scope(world.database) as session:
        accounts.create_account(session, "canbo.xaydung", "Thu-nghiem-1", "Võ Thử", "staff", [("bd-sxd", "officer")])
    other = as_person("canbo.xaydung")
    assert [item["id"] for item in other.get("/api/consultations").json()["items"]] == [asked["id"]]
    body = {"opinion": "disagree", "text": ""}
    assert other.post(f"/api/consultations/{asked['id']}/answer", json=body).status_code == 422
    body["text"] = "Trái quy hoạch"
    assert other.post(f"/api/consultations/{asked['id']}/answer", json=body).status_code == 204
    assert other.post(f"/api/consultations/{asked['id']}/answer", json=body).status_code == 409
    with read_scope(world.database) as session:
        told = session.exec(select(Notification).where(Notification.recipient == "canbo.vanhoa")).all()
        assert [notice.template for notice in told] == ["consultation"]


def test_a_task_is_transferred_within_the_dossier_by_its_holder_with_a_reason(as_person: Person, world: World) -> None:
    client = as_person("canbo.motcua")
    client.post("/api/tasks/3001/claim")
    body = {"authorityId": "bd-sxd", "role": "officer", "reason": "Đúng thẩm quyền"}
    assert client.post("/api/tasks/3001/transfer", json=body).json()["code"] == "authority"
    body["authorityId"] = "bd-svhtt"
    assert client.post("/api/tasks/3001/transfer", json=body).status_code == 204
    assert shown(client) == ["3002"]
    assert set(shown(as_person("canbo.vanhoa"))) == {"3001", "3003"}
    assert ("update", ("3001", {"candidateGroups": ["bd-svhtt/officer"]})) in world.engine.said


def test_the_law_of_a_step_carries_its_marks(as_person: Person) -> None:
    law = as_person("canbo.vanhoa").get("/api/tasks/3003/law").json()
    assert law["procedure"]["basis"] and law["procedure"]["mark"] in {"V", "V*", "S", "M", "I"}
    assert law["limit"]["text"]["vi"].endswith("ngày làm việc") and law["components"]
    assert "Căn cứ" in law["step"]["text"]["vi"] and law["step"]["mark"]
