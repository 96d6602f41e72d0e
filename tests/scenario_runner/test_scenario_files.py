"""Scenario files are checked before they run, share starts and defaults, and are reported for people and for CI."""

from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lienthong.scenarios.command import run as run_command
from lienthong.scenarios.format import ScenarioFileError, duration_of, load_scenario, scenario_files
from lienthong.scenarios.rule_jobs import rule_jobs
from tests.models.bpmn_files import BPMN_DIR
from tests.scenario_runner.example_bundle import write_bundle, write_scenario

TOLD = "  - expect: {waiting: [check]}\n"


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("P5D", timedelta(days=5)),
        ("PT12H", timedelta(hours=12)),
        ("P1DT2H30M5S", timedelta(days=1, hours=2, minutes=30, seconds=5)),
    ],
)
def test_durations(text: str, span: timedelta) -> None:
    assert duration_of(text) == span


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ("  - jump: P5D\n", "at steps/0"),
        ("  - advance: five days\n", "at steps/0/advance"),
        ("  - {advance: P1D, task: {element: check}}\n", "at steps/0"),
        ("  - task: {variables: {}}\n", "'element' is a required property"),
        ("  - expect: {activ: [check]}\n", "activ"),
    ],
)
def test_a_file_that_breaks_the_schema_is_refused_with_its_place(tmp_path: Path, steps: str, words: str) -> None:
    file = write_scenario(write_bundle(tmp_path), steps)
    with pytest.raises(ScenarioFileError) as refusal:
        load_scenario(file)
    assert words in str(refusal.value) and file.name in str(refusal.value)


def test_a_file_must_say_how_it_starts(tmp_path: Path) -> None:
    file = write_bundle(tmp_path) / "scenarios" / "story.yaml"
    file.write_text("scenario: s\nstart: {}\nsteps: [{advance: P1D}]\n", encoding="utf-8")
    with pytest.raises(ScenarioFileError, match=r"start\.message or start\.process"):
        load_scenario(file)


def test_shared_starts_and_defaults_are_taken_over_and_the_files_own_win(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path) / "scenarios"
    shared = """
start: {message: a, variables: {options: {x: 1, y: 2}}}
defaults: {jobs: [{type: t, variables: {from: shared}}]}
"""
    (folder / "_shared.yaml").write_text(shared, encoding="utf-8")
    own = """
scenario: s
use: _shared.yaml
start: {variables: {options: {y: 3}}}
defaults: {jobs: [{type: t}]}
steps: [{advance: P1D}]
"""
    (folder / "story.yaml").write_text(own, encoding="utf-8")
    scenario = load_scenario(folder / "story.yaml")
    assert scenario.variables == {"options": {"x": 1, "y": 3}}
    assert [answer.variables for answer in scenario.default_answers] == [{}, {"from": "shared"}]
    assert [file.name for file in scenario_files([folder])] == ["story.yaml"]


def test_the_command_prints_results_and_coverage_and_writes_junit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_bundle(tmp_path)
    write_scenario(folder, TOLD, name="good")
    write_scenario(folder, "  - expect: {ended: true}\n", name="bad")
    junit = tmp_path / "reports" / "junit.xml"
    assert run_command([str(tmp_path / "bpmn"), "--junit", str(junit)]) == 1
    printed = capsys.readouterr().out
    assert "1 of 2 scenarios passed" in printed and "small-v1  not taken: f3, f4, f5, f6, f7" in printed
    root = ElementTree.parse(junit).getroot()
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    assert [case.get("name") for case in root.iter("testcase") if case.find("failure") is not None] == ["bad"]


def test_the_command_says_zero_when_all_pass_and_two_for_bad_files(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path)
    assert run_command([str(tmp_path)]) == 2
    good = write_scenario(folder, TOLD)
    assert run_command([str(good), "--timeline"]) == 0
    write_scenario(folder, "  - jump: P5D\n")
    assert run_command([str(good)]) == 2


def test_a_bundle_that_the_law_does_not_know_has_no_rules(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path)
    moment = load_scenario(write_scenario(folder, TOLD)).start_at
    assert rule_jobs(folder, {}).answer("set_deadline", {"scope": "bundle"}, {}, moment) is None


def test_a_known_bundle_computes_deadline_and_fee_from_the_law(tmp_path: Path) -> None:
    folder = BPMN_DIR / "karaoke" / "2023"
    moment = load_scenario(write_scenario(write_bundle(tmp_path), TOLD)).start_at
    rules = rule_jobs(folder, {"options": {"area": "elsewhere", "roomCount": 4}})
    fees = {"dossierCode": "D", "feeRules": [{"procedureCode": "K5", "feeItem": "karaoke-licence-new"}]}
    fee = rules.answer("collect_fee", {}, fees, moment)
    branch = rules.answer("set_deadline", {"scope": "branch"}, {"dossierCode": "D", "procedureCode": "K4"}, moment)
    assert fee is not None and fee.variables == {
        "paymentId": "D-1",
        "amount": 3_000_000,
        "paid": False,
        "reminderPeriod": "P3D",
    }
    assert branch is not None and branch.publish[0].key == "D/K4"
    assert branch.variables["dueAt"] == "2023-03-08T08:00:00+07:00"  # five working days after 1 March, 8:00
