"""The console tells what is deployed, what runs, what stopped, and what a retry really did."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from staff_world import CODE, World

Person = Callable[[str], TestClient]


def test_only_designers_and_administrators_enter(as_person: Person) -> None:
    assert as_person("canbo.motcua").get("/api/console/definitions").status_code == 403
    assert as_person("thietke").get("/api/console/definitions").status_code == 200


def test_versions_count_running_instances_and_distinct_dossiers(as_person: Person) -> None:
    groups = {g["processId"]: g for g in as_person("quantri").get("/api/console/definitions").json()["definitions"]}
    bundle = groups["karaoke-v2023"]
    assert (bundle["kind"], bundle["versions"][0]["running"], bundle["versions"][0]["dossiers"]) == ("bundle", 1, 1)
    step = groups["step-intake"]["versions"][0]
    assert (step["running"], step["dossiers"], step["incidents"]) == (1, 1, 1)
    assert groups["procedure-karaoke-licence"]["versions"][0]["running"] == 0


def test_an_instance_is_shown_with_its_dossier_callers_and_variables(as_person: Person) -> None:
    detail = as_person("thietke").get("/api/console/instances/2002").json()
    assert detail["instance"]["dossierCode"] == CODE
    assert [parent["key"] for parent in detail["parents"]] == ["2001"]
    assert detail["variables"][0]["name"] == "dossierCode"
    assert detail["incidents"][0]["message"].startswith("Expected the population service")


def test_a_definition_is_shown_with_its_tokens(as_person: Person) -> None:
    detail = as_person("thietke").get("/api/console/definitions/1002").json()
    assert detail["elements"][0] == {
        "elementId": "check-dossier",
        "active": 3,
        "completed": 5,
        "canceled": 0,
        "incidents": 1,
    }
    assert [instance["dossierCode"] for instance in detail["instances"]] == [CODE]
    assert as_person("thietke").get("/api/console/definitions/77").status_code == 404


def test_a_retry_gives_new_tries_then_resolves_and_says_that_it_went_on(as_person: Person, world: World) -> None:
    answer = as_person("quantri").post("/api/console/incidents/5001/retry").json()
    assert answer["outcome"] == "resolved"
    assert world.engine.said == [("retries", ("6001", world.settings.job_retries)), ("resolve", "5001")]


def test_a_retry_that_fails_again_is_not_called_a_success(as_person: Person, world: World) -> None:
    world.engine.after_retry = "again"
    answer = as_person("quantri").post("/api/console/incidents/5001/retry").json()
    assert answer["outcome"] == "again"
    assert answer["incident"]["key"] == "5002"


def test_a_retry_whose_worker_has_not_finished_is_pending(as_person: Person, world: World) -> None:
    world.engine.after_retry = "slow"
    assert as_person("quantri").post("/api/console/incidents/5001/retry").json()["outcome"] == "pending"


def test_a_designer_may_look_but_not_retry_cancel_or_deploy(as_person: Person, world: World) -> None:
    client = as_person("thietke")
    assert client.get("/api/console/incidents").json()["incidents"][0]["dossierCode"] == CODE
    assert client.post("/api/console/incidents/5001/retry").status_code == 403
    why = {"ground": "thử nghiệm"}
    assert client.post("/api/console/instances/2001/cancellation", json=why).status_code == 403
    assert client.post("/api/models/deployment", json={"paths": ["steps/step-intake.bpmn"]}).status_code == 403
    assert world.engine.said == []


def test_an_administrator_cancels_an_instance(as_person: Person, world: World) -> None:
    why = {"ground": "thử nghiệm"}
    assert as_person("quantri").post("/api/console/instances/2001/cancellation", json=why).status_code == 204
    assert world.engine.said == [("cancel", "2001")]
