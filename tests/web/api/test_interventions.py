"""An administrator looks into one running instance, sees why it waits, intervenes, and takes it back."""

from __future__ import annotations

from datetime import datetime

from live_engine import Live, live
from sqlmodel import Session, select
from staff_world import CODE, NOW

from lienthong.dossiers.tables import AuditEntry, DeadlineEntry, OutboxRow

__all__ = ["live"]
GROUND = "Sửa theo văn bản 12"


def life(live: Live, key: str = "") -> dict:
    return live.sign_in("quantri").get(f"/api/console/instances/{key or live.key}/life").json()


def test_why_it_waits_is_told_in_words_of_both_languages(live: Live) -> None:
    told = {wait["elementId"]: wait for wait in life(live)["why"]}
    assert told["appraise"]["text"]["vi"] == "Chờ người của nhóm bd-svhtt/officer nhận việc «appraise»."
    assert told["notify"]["text"]["en"] == "Waits for a worker of type notify to take «notify»."
    assert set(told) == {"appraise", "notify"}


def test_a_task_that_somebody_holds_and_a_job_that_failed_are_told(live: Live) -> None:
    (task,) = live.client.search_user_tasks({"processInstanceKey": live.key, "state": "CREATED"})
    live.client.assign_user_task(task["userTaskKey"], "canbo.vanhoa")
    live.fail("Cổng thông báo không trả lời.")
    first, second = life(live)["why"]
    assert first["kind"] == "incident" and "Cổng thông báo không trả lời." in first["text"]["vi"]
    assert second["text"]["vi"] == "Chờ canbo.vanhoa làm xong «appraise»."


def test_a_join_says_which_branch_it_still_waits_for(live: Live) -> None:
    (job,) = live.jobs()
    live.client.rest.json("POST", f"/jobs/{job['jobKey']}/completion", {})
    joins = [wait for wait in life(live)["why"] if wait["kind"] == "join"]
    assert [wait["text"]["en"] for wait in joins] == ["The join «join» has 1 branch(es) and still waits for: appraise."]


def test_the_timer_is_worked_out_from_the_model_and_the_data(live: Live) -> None:
    (timer,) = life(live)["timers"]
    assert (timer["elementId"], timer["attachedTo"], timer["interrupting"]) == ("late", "appraise", False)
    began = live.client.search_element_instances({"processInstanceKey": live.key, "elementId": "appraise"})
    waited = datetime.fromisoformat(timer["dueAt"]) - datetime.fromisoformat(began[0]["startDate"])
    assert waited.days == 5


def test_variables_are_changed_with_a_ground_and_changed_back(live: Live) -> None:
    client = live.sign_in("quantri")
    edit = {"variables": {"limit": "P9D", "note": "mới"}, "ground": GROUND}
    deed = client.put(f"/api/console/instances/{live.key}/variables", json=edit).json()
    assert (deed["before"]["variables"], deed["after"]["variables"]) == ({"limit": "P5D"}, edit["variables"])
    rows = {row["name"]: row for row in client.get(f"/api/console/instances/{live.key}/life").json()["variables"]}
    assert rows["limit"]["value"] == '"P9D"'
    assert {entry["by"] for entry in rows["limit"]["history"]} == {"quantri", ""}
    undone = client.post(f"/api/console/interventions/{deed['id']}/undo", json={"ground": GROUND})
    assert undone.status_code == 200, undone.text
    rows = {row["name"]: row for row in client.get(f"/api/console/instances/{live.key}/life").json()["variables"]}
    assert (rows["limit"]["value"], rows["note"]["value"]) == ('"P5D"', "null")
    assert {entry["value"] for entry in rows["limit"]["history"]} == {'"P5D"', '"P9D"'}
    again = client.post(f"/api/console/interventions/{deed['id']}/undo", json={"ground": GROUND})
    assert again.status_code == 409


def test_a_variable_that_changed_since_is_not_overwritten_by_an_undo(live: Live) -> None:
    client = live.sign_in("quantri")
    edit = {"variables": {"limit": "P9D"}, "ground": GROUND}
    deed = client.put(f"/api/console/instances/{live.key}/variables", json=edit).json()
    live.client.set_variables(live.key, {"limit": "P1D"}, local=True)
    answer = client.post(f"/api/console/interventions/{deed['id']}/undo", json={"ground": GROUND})
    assert answer.status_code == 409


def test_nothing_is_done_without_a_ground(live: Live) -> None:
    client = live.sign_in("quantri")
    edit = {"variables": {"limit": "P9D"}, "ground": " "}
    assert client.put(f"/api/console/instances/{live.key}/variables", json=edit).json()["code"] == "ground"
    assert client.post(f"/api/console/instances/{live.key}/cancellation", json={"ground": ""}).status_code == 422


def test_a_modification_is_looked_at_first_done_and_reversed(live: Live) -> None:
    client = live.sign_in("quantri")
    (job,) = live.jobs()
    live.client.rest.json("POST", f"/jobs/{job['jobKey']}/completion", {})
    wanted = {"activate": ["decide"], "terminate": ["appraise"], "ground": GROUND}
    seen = client.post(f"/api/console/instances/{live.key}/modification/preview", json=wanted).json()
    assert seen["fate"] == "stranded", seen
    assert "nội dung chưa nộp sẽ mất" in seen["warnings"][0]["vi"]
    wanted = {"activate": ["appraise"], "terminate": ["appraise"], "ground": GROUND}
    seen = client.post(f"/api/console/instances/{live.key}/modification/preview", json=wanted).json()
    assert seen["fate"] == "safe"
    wanted = {"activate": ["decide"], "terminate": [], "ground": GROUND}
    deed = client.post(f"/api/console/instances/{live.key}/modification", json=wanted).json()
    assert deed["after"]["open"] == {"appraise": 1, "decide": 1}
    undone = client.post(f"/api/console/interventions/{deed['id']}/undo", json={"ground": GROUND}).json()
    assert undone["after"]["open"] == {"appraise": 1}
    told = life(live)["interventions"]
    by_id = {row["id"]: row for row in told}
    assert (by_id[undone["id"]]["undoOf"], by_id[deed["id"]]["undoneBy"]) == (deed["id"], undone["id"])


def test_what_cannot_begin_or_end_is_refused_by_name(live: Live) -> None:
    client = live.sign_in("quantri")
    for wanted in ({"activate": ["late"]}, {"terminate": ["decide"]}, {"activate": ["nowhere"]}, {}):
        answer = client.post(f"/api/console/instances/{live.key}/modification/preview", json=wanted)
        assert answer.status_code == 422, wanted


def test_a_deadline_is_moved_with_its_ground_and_moved_back(live: Live) -> None:
    client = live.sign_in("quantri")
    before = client.get(f"/api/console/dossiers/{CODE}/deadlines").json()
    move = {"procedureCode": "K4", "dueAt": "2026-12-30T09:00:00+07:00", "kind": "force-majeure", "ground": GROUND}
    first = client.post(f"/api/console/dossiers/{CODE}/deadlines", json=move).json()
    move = {**move, "dueAt": "2026-12-31T09:00:00+07:00"}
    second = client.post(f"/api/console/dossiers/{CODE}/deadlines", json=move).json()
    assert (first["before"]["dueAt"], second["before"]["dueAt"]) == (None, first["after"]["dueAt"])
    answer = client.post(f"/api/console/interventions/{second['id']}/undo", json={"ground": GROUND})
    assert answer.status_code == 200, answer.text
    assert client.post(f"/api/console/interventions/{first['id']}/undo", json={"ground": GROUND}).status_code == 409
    after = client.get(f"/api/console/dossiers/{CODE}/deadlines").json()
    assert [row["ground"] for row in after["entries"]] == ["force-majeure", "force-majeure", "correction"]
    assert before["entries"] == []
    with Session(live.world.database) as session:
        assert len(session.exec(select(DeadlineEntry)).all()) == 3
        names = [row.payload["name"] for row in session.exec(select(OutboxRow)).all()]
    assert names == ["deadline-changed"] * 3


def test_the_real_outcome_of_a_retry_is_kept(live: Live) -> None:
    live.fail("hỏng")
    client = live.sign_in("quantri")
    (incident,) = client.get("/api/console/incidents").json()["incidents"]
    live.world.app.state.retry_patience_s = 0.0
    assert client.post(f"/api/console/incidents/{incident['key']}/retry").json()["outcome"] == "pending"
    (deed,) = life(live)["interventions"]
    assert (deed["kind"], deed["outcome"], deed["undoable"]) == ("retry", "pending", False)


def test_a_cancellation_keeps_what_was_open_and_is_in_the_audit(live: Live) -> None:
    client = live.sign_in("quantri")
    answer = client.post(f"/api/console/instances/{live.key}/cancellation", json={"ground": GROUND})
    assert answer.status_code == 204
    (deed,) = life(live)["interventions"]
    assert (deed["before"]["open"], deed["undoable"]) == ({"appraise": 1, "notify": 1}, False)
    with Session(live.world.database) as session:
        acts = [row.act for row in session.exec(select(AuditEntry)).all()]
    assert "intervened-cancellation" in acts
    assert NOW.isoformat() == deed["at"]


def test_instances_are_found_by_dossier_authority_element_variable_and_date(live: Live) -> None:
    live.instance(dossierCode="H-2", authority="bd-stp", rooms=3, limit="P1D")
    client = live.sign_in("quantri")

    def found(**wanted: object) -> list[str]:
        rows = client.post("/api/console/search", json=wanted).json()
        assert rows["total"] == len(rows["instances"])
        return [row["key"] for row in rows["instances"]]

    assert found(dossierCode=CODE) == [live.key]
    assert found(authority="bd-svhtt", elementId="appraise") == [live.key]
    assert found(variable="rooms", value="3") != [live.key]
    assert len(found(variable="rooms", value="3")) == 1
    assert len(found(processId="licence", state="ACTIVE")) == 2
    assert found(startedTo="2020-01-01T00:00:00Z") == []
    assert found(onlyIncidents=True) == []


def test_a_designer_may_look_but_not_intervene(live: Live) -> None:
    client = live.sign_in("thietke")
    assert client.get(f"/api/console/instances/{live.key}/life").status_code == 200
    edit = {"variables": {"limit": "P9D"}, "ground": GROUND}
    assert client.put(f"/api/console/instances/{live.key}/variables", json=edit).status_code == 403


def test_how_long_elements_took_is_told(live: Live) -> None:
    (task,) = live.client.search_user_tasks({"processInstanceKey": live.key, "state": "CREATED"})
    live.client.complete_user_task(task["userTaskKey"])
    key = live.client.search_process_definitions()[0]["processDefinitionKey"]
    rows = live.sign_in("quantri").get(f"/api/console/definitions/{key}/durations").json()["elements"]
    appraise = next(row for row in rows if row["elementId"] == "appraise")
    assert appraise["count"] == 1 and appraise["median"] >= 0
