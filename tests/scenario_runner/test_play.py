"""A play is a scenario that stops where one wants to look: steps, undo, time, jobs in one's own hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from example_bundle import write_bundle, write_scenario

from lienthong.scenarios.format import load_scenario, scenario_of
from lienthong.scenarios.gate import groups_of, repaired, run_bundle
from lienthong.scenarios.play import Played, PlayRun
from lienthong.scenarios.pure_jobs import NoPureJobs
from lienthong.scenarios.suite import deployments_of
from lienthong.scenarios.written import scenario_text, with_step

Json = dict[str, Any]
START: Json = {
    "at": "2023-03-01T08:00:00+07:00",
    "message": "small-v1",
    "variables": {"dossierCode": "D-1", "desk": "quay"},
}
ANSWERS = {"jobs": [{"type": "count_papers", "variables": {"papers": 2}}]}
CHECK: Json = {"task": {"element": "check", "variables": {"outcome": "accept"}}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_bundle(tmp_path)


def play(folder: Path, *steps: Json, ask: bool = False, answered: bool = True) -> Played:
    document: Json = {"scenario": "play", "start": START, "steps": list(steps) or [{"expect": {}}]}
    if answered:
        document["defaults"] = ANSWERS
    scenario = scenario_of(folder / "scenarios" / "play.yaml", document, {})
    scenario.steps = scenario.steps if steps else []
    return PlayRun(scenario, deployments_of(folder), ask=ask).play()


def counts(played: Played, element_id: str) -> tuple[int, int]:
    row = next(each for each in played.view["instances"][0]["elements"] if each["elementId"] == element_id)
    return row["active"], row["completed"]


def test_a_play_without_steps_stands_at_the_first_choice(folder: Path) -> None:
    played = play(folder)
    assert (played.failure, played.view["ended"]) == ("", False)
    assert counts(played, "check") == (1, 0)
    task = played.view["tasks"][0]
    assert (task["path"], task["formId"], task["candidateGroups"]) == ("check", "form-check", ["quay/reception"])
    assert task["fields"] == [
        {"key": "outcome", "label": "outcome", "type": "textfield", "values": [], "required": False}
    ]
    assert played.view["instances"][0]["variables"] == [{"scope": "", "values": {**START["variables"], "papers": 2}}]


def test_each_step_shows_what_may_come_next_and_undo_is_a_shorter_list(folder: Path) -> None:
    after = play(folder, CHECK)
    assert [(each["name"], each["key"]) for each in after.view["messages"]] == [("paid", "D-1")]
    assert after.view["timers"][0]["dueAt"] == "2023-03-06T01:00:00+00:00"
    paid = play(folder, CHECK, {"message": {"name": "paid"}})
    assert paid.view["ended"] and counts(paid, "done") == (0, 1)
    assert set(paid.view["flows"]["small-v1"]) == {"f1", "f2", "f3", "f4", "f6"}
    assert play(folder, CHECK).view == after.view


def test_time_travels_and_fires_what_is_due(folder: Path) -> None:
    early, late = (play(folder, CHECK, {"advance": span}) for span in ("P4D", "P6D"))
    assert not early.view["ended"] and early.view["now"].startswith("2023-03-05")
    assert late.view["ended"] and counts(late, "stopped") == (0, 1)
    assert late.view["coverage"]["small-v1"]["missed"] == ["f4", "f6"]


def test_a_job_waits_for_the_player_when_he_asks_and_offers_its_routine_answer(folder: Path) -> None:
    asked = play(folder, ask=True)
    job = asked.view["jobs"][0]
    assert (job["type"], job["path"], job["routine"]) == ("count_papers", "count", {"papers": 2})
    assert asked.view["tasks"] == []
    answered = play(folder, {"job": {"type": "count_papers", "variables": {"papers": 9}}}, ask=True)
    assert answered.view["instances"][0]["variables"][0]["values"]["papers"] == 9
    assert [task["path"] for task in answered.view["tasks"]] == ["check"]


def test_a_job_nobody_can_answer_waits_for_the_player_without_being_asked_for(folder: Path) -> None:
    assert [job["path"] for job in play(folder, answered=False).view["jobs"]] == ["count"]


def test_a_failed_job_stands_as_an_incident(folder: Path) -> None:
    failed = play(
        folder, {"job": {"type": "count_papers", "fail": {"message": "không đọc được", "retries": 0}}}, ask=True
    )
    assert failed.view["incidents"][0]["path"] == "count"
    assert "không đọc được" in failed.view["incidents"][0]["message"]


def test_a_step_that_cannot_be_done_is_told_and_what_came_before_stays_in_view(folder: Path) -> None:
    stopped = play(folder, CHECK, CHECK)
    assert stopped.done == 1
    assert "Expected one user task check" in stopped.failure
    assert stopped.view["messages"][0]["name"] == "paid"


def test_a_model_that_cannot_be_deployed_is_a_failure_in_words(folder: Path) -> None:
    (folder / "bundle.bpmn").write_text("<broken", encoding="utf-8")
    broken = play(folder)
    assert broken.view["started"] is False
    assert "DEPLOYMENT CREATE was refused" in broken.failure


def test_a_play_is_written_as_a_scenario_that_passes(folder: Path) -> None:
    steps = [CHECK, {"message": {"name": "paid"}}, {"expect": {"ended": True}}]
    text = scenario_text("Nộp đủ: xong", START, steps, defaults=ANSWERS["jobs"])
    assert text.startswith("scenario: 'Nộp đủ: xong'\nstart:\n")
    assert "  - task: {element: check, variables: {outcome: accept}}\n" in text
    file = folder / "scenarios" / "full.yaml"
    file.write_text(text, encoding="utf-8")
    assert load_scenario(file).name == "Nộp đủ: xong"
    result = run_bundle(folder.parents[1], "small/1", deployments_of(folder), lambda _: NoPureJobs())
    assert [(each.path, each.failure) for each in result.verdicts] == [("small/1/scenarios/full.yaml", "")]


def test_a_step_is_put_into_a_file_without_touching_the_rest() -> None:
    text = "scenario: A\n# why\nsteps:\n  - advance: P1D   # a day\n  - expect: {ended: true}\n"
    middle = with_step(text, 1, {"advance": "P2D"})
    assert middle == text.replace("  - expect", "  - advance: P2D\n  - expect")
    assert with_step(text, 2, {"advance": "P2D"}) == text + "  - advance: P2D\n"
    assert yaml.safe_load(middle)["steps"][1] == {"advance": "P2D"}


STORY = "  - message: {name: paid}\n  - expect: {ended: true}\n"


def test_the_gate_names_what_fails_and_why(folder: Path) -> None:
    write_scenario(folder, STORY, name="old-story")
    write_scenario(folder, f"  - task: {{element: check}}\n{STORY}", name="good-story")
    result = run_bundle(folder.parents[1], "small/1", deployments_of(folder), lambda _: NoPureJobs())
    assert [each.path for each in result.failed] == ["small/1/scenarios/old-story.yaml"]
    assert "Expected somebody to wait for paid" in result.failed[0].failure
    assert result.failed[0].log != ()
    (folder / "scenarios" / "bad.yaml").write_text("scenario: x\n", encoding="utf-8")
    bad = run_bundle(folder.parents[1], "small/1", deployments_of(folder), lambda _: NoPureJobs()).failed[0]
    assert "at start" not in bad.failure and "steps" in bad.failure


def test_a_new_step_is_put_into_old_stories_where_they_stop_for_it(folder: Path) -> None:
    file = write_scenario(folder, STORY, name="old-story")
    deployments = deployments_of(folder)
    text = repaired(file, deployments, lambda _: NoPureJobs(), {"task": {"element": "check"}})
    assert text is not None and "  - task: {element: check}\n  - message" in text
    assert repaired(file, deployments, lambda _: NoPureJobs(), {"task": {"element": "nothing"}}) is None
    assert sorted(each.name for each in file.parent.iterdir()) == ["old-story.yaml"]


def test_what_a_bundle_needs_deployed_comes_called_before_caller() -> None:
    files = {
        "a/1/bundle.bpmn": b"1",
        "steps/s.bpmn": b"2",
        "procedures/p.form": b"3",
        "a/2/bundle.bpmn": b"4",
        "x.txt": b"",
    }
    names = [[name for name, _ in group] for group in groups_of(files, "a/1")]
    assert names == [["steps/s.bpmn"], ["procedures/p.form"], ["a/1/bundle.bpmn"]]
