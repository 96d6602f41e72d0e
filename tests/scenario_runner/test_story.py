"""Short ways to tell a story (handle, until, due), what a bundle can reach, and golden stories that must come true."""

from pathlib import Path

import pytest

from lienthong.scenarios.runner import ScenarioResult
from lienthong.scenarios.story import difference, golden_file
from lienthong.scenarios.suite import deployments_of, needed, run_files
from tests.models.bpmn_files import BPMN_DIR
from tests.scenario_runner.example_bundle import write_bundle, write_scenario

STORY = "  - handle: check\n  - message: {name: paid}\n  - expect: {ended: true}\n"
DEADLINE = '{dueAt: "2023-03-10T17:00:00+07:00"}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_bundle(tmp_path)


def run(folder: Path, steps: str, *, write_golden: bool = False) -> ScenarioResult:
    (result,) = run_files([write_scenario(folder, steps)], write_golden=write_golden).results
    return result


def test_handle_completes_what_waits_in_its_usual_course(folder: Path) -> None:
    assert run(folder, STORY).failure is None


def test_handle_of_something_that_nobody_waits_for_fails_and_names_it(folder: Path) -> None:
    failure = run(folder, "  - handle: [appraise]\n").failure
    assert failure is not None and "Expected a user task of appraise to wait" in failure


def test_until_goes_on_to_a_point_in_time_and_fires_what_is_due(folder: Path) -> None:
    steps = (
        '  - handle: check\n  - until: "2023-03-06T08:00:00+07:00"\n  - expect: {ended: true, completed: [expired]}\n'
    )
    assert run(folder, steps).failure is None


def test_a_due_time_is_what_the_last_message_said(folder: Path) -> None:
    told = f"  - message: {{name: paid, variables: {DEADLINE}}}\n"
    due = '  - expect: {due: {bundle: "2023-03-10T17:00"}}\n'
    assert run(folder, f"  - handle: check\n{told}{due}").failure is None
    wrong = run(folder, f"  - handle: check\n{told}{due.replace('17:00', '16:00')}").failure
    assert wrong is not None and "Expected bundle to be due at 2023-03-10T16:00" in wrong


def test_a_run_that_tells_another_story_than_its_golden_one_fails_with_the_line(folder: Path) -> None:
    golden = golden_file(write_scenario(folder, STORY))
    golden.parent.mkdir()
    golden.write_text("# A small story\n\nT4 01/03/2023 09:00  check – xong ngay\n", encoding="utf-8")
    failure = run(folder, STORY).failure
    assert failure is not None and "at line 3" in failure
    assert run(folder, STORY, write_golden=True).failure is None
    assert run(folder, STORY).failure is None
    assert "T4 01/03/2023 08:00  check – xong ngay" in golden.read_text(encoding="utf-8")


def test_a_story_that_is_shorter_or_longer_differs() -> None:
    assert difference("a\nb\n", ["a", "b"]) is None
    assert "nothing more" in str(difference("a\nb\n", ["a"]))
    assert "line 2" in str(difference("a\n", ["a", "b"]))


def test_only_what_a_bundle_can_reach_is_deployed() -> None:
    bundle = BPMN_DIR / "karaoke" / "2026"
    names = {Path(name).name for group in needed(deployments_of(bundle), bundle) for name, _ in group}
    assert {"bundle.bpmn", "procedure-karaoke-licence-v2026.bpmn", "step-escalate.bpmn", "form-decide.form"} <= names
    assert "procedure-karaoke-licence.bpmn" not in names and "procedure-work-permit.bpmn" not in names
