"""The difference is told by element; layout is none; the check finds what the engine would refuse."""

from collections.abc import Callable
from pathlib import Path

from fastapi.testclient import TestClient
from staff_world import BPMN, CODE, NotebookEngine

from lienthong.redeploy.check import check_model
from lienthong.redeploy.difference import decisions, deployment_difference, element_difference, executable_processes

STEP = (BPMN / "steps" / "step-intake.bpmn").read_bytes()
FORM = (BPMN / "procedures" / "form-decide.form").read_bytes()


def test_the_same_file_has_no_difference_whatever_its_white_space() -> None:
    assert not element_difference(STEP, STEP.replace(b"\n", b"\n  "))


def test_moving_a_shape_is_no_difference() -> None:
    moved = STEP.replace(b'<dc:Bounds x="', b'<dc:Bounds x="9')
    assert moved != STEP
    assert not element_difference(STEP, moved)


def test_a_renamed_element_is_changed() -> None:
    renamed = STEP.replace("Kiểm tra tính đầy đủ".encode(), "Kiểm tra".encode())
    found = element_difference(STEP, renamed)
    assert (found.added, found.removed, found.changed) == ((), (), ("check-dossier",))


def test_a_changed_form_of_a_task_is_a_change_of_that_task() -> None:
    found = element_difference(STEP, STEP.replace(b"form-check-dossier", b"form-other"))
    assert found.changed == ("check-dossier",)


def test_a_new_id_is_an_addition_and_the_old_one_a_removal() -> None:
    found = element_difference(STEP, STEP.replace(b'id="check-dossier"', b'id="look-at-dossier"'))
    assert (found.added, found.removed) == (("look-at-dossier",), ("check-dossier",))


def test_the_lines_name_process_version_and_elements() -> None:
    engine = NotebookEngine()
    assert deployment_difference(engine, [("steps/step-intake.bpmn", STEP)]) == []
    renamed = STEP.replace("Kiểm tra tính đầy đủ".encode(), "Kiểm tra".encode())
    lines = deployment_difference(engine, [("steps/step-intake.bpmn", renamed)])
    assert lines == ["step-intake (version 1 runs): changes check-dossier"]
    fee = next(Path(BPMN).rglob("*.dmn"))
    assert deployment_difference(engine, [(fee.name, fee.read_bytes())])[0].endswith(f"new ({fee.name})")


def test_processes_and_decisions_are_found_by_id() -> None:
    assert list(executable_processes(STEP)) == ["step-intake"]
    assert executable_processes(b"no xml") == decisions(b"no xml") == {}


def test_every_delivered_model_passes_the_check() -> None:
    files = [file for file in BPMN.rglob("*") if file.suffix in {".bpmn", ".dmn", ".form"}]
    assert len(files) > 20
    assert {file.name: problems for file in files if (problems := check_model(file.name, file.read_bytes()))} == {}


def test_what_cannot_be_read_is_a_finding_and_no_failure() -> None:
    assert check_model("a.bpmn", b"<no")[0].message
    assert check_model("a.dmn", b"<no")[0].rule == "readable"
    assert check_model("a.form", b"{")[0].rule == "readable"
    assert check_model("a.form", b'{"components": []}')[0].rule == "form-id"
    assert check_model("a.txt", b"")[0].rule == "file-type"
    assert check_model("form-decide.form", FORM) == []


def test_only_an_administrator_sees_the_impact_and_moves(as_person: Callable[[str], TestClient]) -> None:
    question = {"paths": ["steps/step-intake.bpmn"]}
    assert as_person("thietke").post("/api/redeploy/impact", json=question).status_code == 403
    assert as_person("thietke").get("/api/redeploy/jobs").status_code == 403
    assert as_person("quantri").get("/api/redeploy/jobs").json() == {"jobs": []}


def test_the_impact_on_a_called_step_names_the_dossier_of_the_bundle(as_person: Callable[[str], TestClient]) -> None:
    answer = as_person("quantri").post("/api/redeploy/impact", json={"paths": ["steps/step-intake.bpmn"]})
    assert answer.status_code == 200, answer.text
    (report,) = answer.json()["reports"]
    (group,) = report["groups"]
    assert (group["verdict"], group["count"], group["dossiers"]) == ("itself", 1, [CODE])
    assert report["changes"] == []


def test_an_unknown_batch_or_path_is_missing_and_an_empty_choice_is_refused(
    as_person: Callable[[str], TestClient],
) -> None:
    client = as_person("quantri")
    for address in ("none", "none/report.csv", "none/report.json"):
        assert client.get(f"/api/redeploy/jobs/{address}").status_code == 404, address
    assert client.get("/api/redeploy/jobs/..%2F..").status_code == 404
    assert client.post("/api/redeploy/impact", json={"paths": ["steps/none.bpmn"]}).status_code == 404
    move = {"processId": "step-intake", "source": "1002", "groups": ["0"]}
    answer = client.post("/api/redeploy/jobs", json={"moves": [move]})
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing-to-move")
