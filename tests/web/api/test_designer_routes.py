"""A designer's projects over the API: checks, drafts, history, where-used, comparison, versions, import and export."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from designer_world import BUNDLE, build_designer_world
from fastapi.testclient import TestClient
from staff_world import World

Json = dict[str, Any]
Person = Callable[[str], TestClient]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    yield build_designer_world(tmp_path)


@pytest.fixture
def designer(as_person: Person) -> TestClient:
    return as_person("thietke")


def opened(client: TestClient, path: str = BUNDLE) -> Json:
    return dict(client.get(f"/api/models/file/{path}").json())


def save(client: TestClient, content: str, path: str = BUNDLE, message: str = "Sửa") -> Json:
    body = {"content": content, "message": message, "revision": opened(client, path)["revision"]}
    answer = client.put(f"/api/models/file/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_projects_are_the_bundles_with_their_stories(designer: TestClient) -> None:
    assert designer.get("/api/designer/projects").json() == {
        "bundles": [
            {
                "bundle": "small/1",
                "scenarios": ["small/1/scenarios/late.yaml", "small/1/scenarios/paid.yaml"],
                "files": [BUNDLE, "small/1/check.form"],
            }
        ],
        "notices": [],
    }


def test_the_check_tells_errors_and_advice_in_both_languages_with_the_place(designer: TestClient) -> None:
    content = opened(designer)["content"]
    broken = content.replace('targetRef="check"', 'targetRef="nowhere"', 1)
    found = designer.post("/api/models/check", json={"name": BUNDLE, "content": broken}).json()
    assert found["problems"] and all(each["text"]["vi"] and each["severity"] == "error" for each in found["problems"])
    good = designer.post("/api/models/check", json={"name": BUNDLE, "content": content}).json()
    assert good["problems"] == []
    assert ("deadline-missing", "check") in {(each["rule"], each["elementId"]) for each in good["advice"]}


def test_a_save_keeps_what_was_not_changed_byte_for_byte(designer: TestClient, world: World) -> None:
    content = opened(designer)["content"]
    rewritten = content.replace("\n", "\n  ").replace('id="check"', 'id="check" name="Kiểm tra"')
    save(designer, rewritten)
    assert opened(designer)["content"] == content.replace('id="check"', 'id="check" name="Kiểm tra"', 1)


def test_a_draft_is_kept_for_its_author_alone_until_it_is_dropped(as_person: Person) -> None:
    mine, other = as_person("thietke"), as_person("quantri")
    draft = {"content": "<half", "revision": opened(mine)["revision"]}
    assert mine.put(f"/api/designer/drafts/{BUNDLE}", json=draft).status_code == 200
    kept = mine.get(f"/api/designer/drafts/{BUNDLE}").json()["draft"]
    assert (kept["content"], kept["revision"]) == ("<half", draft["revision"])
    assert other.get(f"/api/designer/drafts/{BUNDLE}").json()["draft"] is None
    assert mine.delete(f"/api/designer/drafts/{BUNDLE}").status_code == 204
    assert mine.get(f"/api/designer/drafts/{BUNDLE}").json()["draft"] is None


def test_an_older_save_can_be_read_and_restored_and_nothing_is_lost(designer: TestClient) -> None:
    first = opened(designer)
    save(designer, first["content"].replace('id="check"', 'id="check" name="Kiểm tra"', 1))
    oldest = opened(designer)["history"][-1]["revision"]
    assert designer.get(f"/api/designer/saves/{oldest}/{BUNDLE}").json()["content"] == first["content"]
    assert designer.get(f"/api/designer/saves/{'0' * 40}/{BUNDLE}").status_code == 404
    assert designer.post("/api/designer/restore", json={"path": BUNDLE, "revision": oldest}).status_code == 200
    after = opened(designer)
    assert after["content"] == first["content"]
    assert [entry["author"] for entry in after["history"]] == ["Ngô Thiết Kế", "Ngô Thiết Kế", "Liên Thông"]


def test_where_used_names_elements_files_and_bundles(designer: TestClient) -> None:
    usage = designer.get("/api/designer/usage/small/1/check.form").json()
    assert {(use["path"], use["elementId"]) for use in usage["direct"]} == {
        (BUNDLE, "check"),
        ("steps/step-tell.bpmn", "tell"),
    }
    assert usage["bundles"] == ["small/1"]
    assert designer.get("/api/designer/usage/small/1/none.form").status_code == 404


def compare(client: TestClient, old: Json, new: Json, path: str = BUNDLE) -> list[str]:
    answer = client.post("/api/designer/compare", json={"path": path, "old": old, "new": new})
    assert answer.status_code == 200, answer.text
    return [line["text"]["vi"] for line in answer.json()["lines"]]


def test_two_versions_are_compared_in_words_wherever_they_come_from(designer: TestClient) -> None:
    content = opened(designer)["content"]
    later = content.replace(">P5D<", ">P3D<")
    said = ["Hẹn giờ của «expired»: 5 ngày → 3 ngày."]
    assert compare(designer, {"kind": "working"}, {"kind": "text", "content": later}) == said
    save(designer, later)
    oldest = opened(designer)["history"][-1]["revision"]
    for old in ({"kind": "save", "reference": oldest}, {"kind": "delivered"}, {"kind": "deployed"}):
        assert compare(designer, old, {"kind": "working"}) == said


def test_the_next_version_of_a_bundle_is_a_copy_with_ids_of_its_own(designer: TestClient) -> None:
    made = designer.post("/api/designer/versions", json={"bundle": "small/1", "version": "2024"})
    assert "small/2024/scenarios/paid.yaml" in made.json()["files"]
    content = opened(designer, "small/2024/bundle.bpmn")["content"]
    assert 'id="small-v2024"' in content and "small-v1" not in content
    gate = designer.post("/api/play/gate", json={"path": "small/2024/bundle.bpmn"}).json()
    assert (gate["failed"], len(gate["scenarios"])) == (0, 2)
    assert designer.post("/api/designer/versions", json={"bundle": "small/1", "version": "2024"}).status_code == 422
    assert designer.post("/api/designer/versions", json={"bundle": "small/1", "version": "../x"}).status_code == 422


def test_one_change_is_carried_to_the_other_version_after_it_was_looked_at(designer: TestClient) -> None:
    designer.post("/api/designer/versions", json={"bundle": "small/1", "version": "2024"})
    before = opened(designer)["history"][0]["revision"]
    save(designer, opened(designer)["content"].replace(">P5D<", ">P3D<"))
    order = {"path": BUNDLE, "revision": before, "targets": ["small/2024/bundle.bpmn"]}
    looked = designer.post("/api/designer/carry", json=order).json()["results"][0]
    assert looked["lines"][0]["vi"] == "Hẹn giờ của «expired»: 5 ngày → 3 ngày."
    assert ">P5D<" in opened(designer, "small/2024/bundle.bpmn")["content"]
    designer.post("/api/designer/carry", json={**order, "apply": True})
    assert ">P3D<" in opened(designer, "small/2024/bundle.bpmn")["content"]
    assert designer.post("/api/designer/carry", json={**order, "targets": ["steps/step-tell.bpmn"]}).status_code == 404


def test_a_project_goes_out_as_a_zip_file_and_comes_in_again_as_one_save(designer: TestClient) -> None:
    out = designer.get("/api/designer/export?folder=small/1")
    names = zipfile.ZipFile(io.BytesIO(out.content)).namelist()
    assert BUNDLE in names and "small/1/scenarios/paid.yaml" in names and "steps/step-tell.bpmn" not in names
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as archive:
        archive.writestr(BUNDLE, opened(designer)["content"].replace(">P5D<", ">P3D<"))
        archive.writestr("steps/step-tell.bpmn", opened(designer, "steps/step-tell.bpmn")["content"])
    given = {"files": {"archive": ("a.zip", changed.getvalue())}, "data": {"message": "Nhập lại"}}
    assert designer.post("/api/designer/import", **given).json() == {"changed": [BUNDLE]}
    assert opened(designer)["history"][0]["message"] == "Nhập lại"


@pytest.mark.parametrize("name", ["../out.bpmn", "/etc/x.bpmn", "small/1/run.sh", ".git/config"])
def test_nothing_is_taken_in_beside_the_projects(designer: TestClient, name: str) -> None:
    bad = io.BytesIO()
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr(name, "x")
    given = {"files": {"archive": ("a.zip", bad.getvalue())}, "data": {"message": "x"}}
    assert designer.post("/api/designer/import", **given).status_code == 422
    body = {"path": name, "content": "x", "message": "x"}
    assert designer.post("/api/designer/files", json=body).status_code == 422
    broken = {"files": {"archive": ("a.zip", b"no zip")}, "data": {"message": "x"}}
    assert designer.post("/api/designer/import", **broken).status_code == 422


def test_a_delivered_change_is_taken_in_merged_or_asked_about(designer: TestClient, world: World) -> None:
    content = opened(designer)["content"]
    form = opened(designer, "small/1/check.form")["content"]
    save(designer, content.replace(">P5D<", ">P3D<"))

    def deliver(path: str, text: str) -> None:
        file = world.settings.bpmn_dir / path
        file.write_text(text, encoding="utf-8")
        os.utime(file, (file.stat().st_atime, file.stat().st_mtime + 5))

    deliver("small/1/check.form", form.replace("outcome", "result"))
    assert "result" in opened(designer, "small/1/check.form")["content"]
    deliver(BUNDLE, content.replace('id="done"', 'id="done" name="Xong"'))
    merged = opened(designer)["content"]
    assert ">P3D<" in merged and 'name="Xong"' in merged
    deliver(BUNDLE, content.replace(">P5D<", ">P9D<"))
    assert ">P3D<" in opened(designer)["content"]
    notices = designer.get("/api/designer/projects").json()["notices"]
    assert [(each["path"], each["conflicts"]) for each in notices] == [(BUNDLE, ["expired"])]
    designer.post("/api/designer/notices", json={"path": BUNDLE, "take": "delivered"})
    assert ">P9D<" in opened(designer)["content"]
    assert designer.get("/api/designer/projects").json()["notices"] == []


def test_the_time_limits_of_the_law_stand_at_their_elements(as_person: Person, tmp_path: Path) -> None:
    from staff_world import BPMN, build_world

    real = build_world(tmp_path / "real")
    client = as_person("thietke")
    client.app.state.settings = real.settings.model_copy(update={"bpmn_dir": BPMN})  # type: ignore[attr-defined]
    limits = client.get("/api/designer/limits/karaoke/2023/bundle.bpmn").json()["limits"]
    found = {each["code"]: (each["elementId"], each["text"]["vi"]) for each in limits if not each["when"]}
    assert found["K0"] == ("business-registration", "3 ngày làm việc")
    procedure = client.get("/api/designer/limits/procedures/procedure-karaoke-licence.bpmn").json()["limits"]
    assert ("K5", "received") in {(each["code"], each["elementId"]) for each in procedure}


def test_feel_is_checked_by_the_engine(designer: TestClient) -> None:
    wrong = designer.post("/api/designer/feel", json={"text": "=a + "}).json()
    assert (wrong["good"], wrong["column"]) == (False, 4)
    right = designer.post("/api/designer/feel", json={"text": "=a.b * 2", "variables": {"a": {"b": 21}}}).json()
    assert (right["good"], right["value"], right["names"]) == (True, 42, ["a"])


def test_a_clerk_sees_none_of_it(as_person: Person) -> None:
    clerk = as_person("canbo.motcua")
    assert clerk.get("/api/designer/projects").status_code == 403
    assert clerk.post("/api/play", json={"path": BUNDLE}).status_code == 403
