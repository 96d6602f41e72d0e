"""A designer opens, checks and saves; an administrator sees the difference and deploys a new version."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from staff_world import World

PATH = "steps/step-intake.bpmn"
OLD_NAME = "Kiểm tra tính đầy đủ, hợp lệ của hồ sơ"
NEW_NAME = "Kiểm tra hồ sơ tại Một cửa"

Person = Callable[[str], TestClient]


def opened(client: TestClient) -> dict[str, str]:
    answer = client.get(f"/api/models/file/{PATH}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def save(client: TestClient, content: str, revision: str) -> int:
    body = {"content": content, "message": "Đổi tên bước", "revision": revision}
    return client.put(f"/api/models/file/{PATH}", json=body).status_code


def test_the_models_that_run_are_called_so(as_person: Person) -> None:
    models = {row["path"]: row for row in as_person("thietke").get("/api/models").json()["models"]}
    assert models[PATH]["state"] == "same"
    assert models["procedures/form-decide.form"]["state"] == "same"
    assert models["steps/step-fee.bpmn"]["state"] == "new"


def test_a_save_is_a_commit_with_author_and_message(as_person: Person) -> None:
    client = as_person("thietke")
    model = opened(client)
    assert save(client, model["content"].replace(OLD_NAME, NEW_NAME), model["revision"]) == 200
    after = opened(client)
    newest = after["history"][0]
    assert (newest["author"], newest["message"]) == ("Ngô Thiết Kế", "Đổi tên bước")
    assert NEW_NAME in after["content"]
    models = {row["path"]: row for row in client.get("/api/models").json()["models"]}
    assert models[PATH]["state"] == "changed"


def test_a_save_over_anothers_save_is_refused(as_person: Person) -> None:
    first, second = as_person("thietke"), as_person("quantri")
    model = opened(first)
    assert save(first, model["content"].replace(OLD_NAME, NEW_NAME), model["revision"]) == 200
    assert save(second, model["content"], model["revision"]) == 409
    assert NEW_NAME in opened(first)["content"]


def test_no_path_leads_out_of_the_models(as_person: Person) -> None:
    client = as_person("thietke")
    for path in ("../domain.sqlite3", "%2e%2e/%2e%2e/domain.sqlite3", ".git/config", "steps/none.bpmn"):
        assert client.get(f"/api/models/file/{path}").status_code == 404, path


def test_the_check_names_the_element_and_the_reason(as_person: Person) -> None:
    client = as_person("thietke")
    good = opened(client)["content"]
    answer = client.post("/api/models/check", json={"name": PATH, "content": good}).json()
    assert answer["problems"] == []
    broken = good.replace('targetRef="check-dossier"', 'targetRef="nowhere"', 1)
    problems = client.post("/api/models/check", json={"name": PATH, "content": broken}).json()["problems"]
    assert problems != []
    assert all(problem["message"] for problem in problems)


def test_a_deployment_shows_the_difference_first_then_makes_a_new_version(as_person: Person, world: World) -> None:
    designer, administrator = as_person("thietke"), as_person("quantri")
    model = opened(designer)
    save(designer, model["content"].replace(OLD_NAME, NEW_NAME), model["revision"])
    preview = administrator.post("/api/models/deployment/preview", json={"paths": [PATH]}).json()
    assert preview["problems"] == []
    change = preview["changes"][0]
    assert (change["state"], change["deployedVersion"], change["running"]) == ("changed", 1, 1)
    assert change["changed"] == ["check-dossier"]
    assert world.engine.said == []
    answer = administrator.post("/api/models/deployment", json={"paths": [PATH]}).json()
    assert answer["deployed"] == [{"processId": "step-intake", "version": 2}]
    assert world.engine.said == [("deploy", [PATH])]


def test_a_model_with_a_problem_is_not_deployed(as_person: Person, world: World) -> None:
    client = as_person("quantri")
    model = opened(client)
    save(client, model["content"].replace('targetRef="check-dossier"', 'targetRef="nowhere"', 1), model["revision"])
    assert client.post("/api/models/deployment", json={"paths": [PATH]}).status_code == 422
    assert world.engine.said == []


def test_the_element_templates_cover_every_job_type(as_person: Person) -> None:
    templates = as_person("thietke").get("/api/models/element-templates").json()["templates"]
    assert len({template["id"] for template in templates}) >= 12
