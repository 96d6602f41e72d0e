"""A scenario passes when the models do what it tells, and fails by name for everything else or anything untold."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lienthong.scenarios.format import Publication
from lienthong.scenarios.pure_jobs import PureAnswer
from lienthong.scenarios.runner import ScenarioResult
from lienthong.scenarios.suite import run_files
from tests.scenario_runner.example_bundle import write_bundle, write_scenario

PAID = """
  - task:
      element: check
      variables: {outcome: accept}
      expect: {candidateGroups: [quay/reception], formId: form-check}
  - message: {name: paid, variables: {amount: 5}}
  - expect: {ended: true, completed: [paid, done], notCompleted: [expired], variables: {papers: 2, amount: 5}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_bundle(tmp_path)


def run(folder: Path, steps: str, **more: Any) -> ScenarioResult:
    (result,) = run_files([write_scenario(folder, steps, **more)]).results
    return result


def failure(folder: Path, steps: str, **more: Any) -> str:
    result = run(folder, steps, **more)
    assert result.failure is not None
    return result.failure


def test_a_story_that_the_model_keeps_to_passes(folder: Path) -> None:
    assert run(folder, PAID).failure is None


def test_time_moves_only_by_the_story_and_fires_what_is_due(folder: Path) -> None:
    task = "  - task: {element: check}\n"
    early = run(folder, task + "  - advance: P4DT23H\n  - expect: {active: [await], ended: false, waiting: []}\n")
    late = run(folder, task + "  - advance: P5D\n  - expect: {ended: true, completed: [stopped]}\n")
    assert (early.failure, late.failure) == (None, None)
    assert late.world.now == datetime(2023, 3, 6, 1, 0, tzinfo=UTC)


def test_a_job_without_an_answer_is_named(folder: Path) -> None:
    told = failure(folder, PAID, answers="")
    assert told == "Expected an answer to the job count_papers at count, but the file has none"


def test_a_job_step_answers_instead_of_the_default(folder: Path) -> None:
    steps = "  - job: {type: count_papers, element: count, variables: {papers: 7}}\n"
    last = "  - expect: {variables: {papers: 7}, waiting: [check]}\n"
    assert run(folder, steps + last).failure is None


def test_a_job_step_that_no_job_waits_for_fails(folder: Path) -> None:
    told = failure(folder, "  - task: {element: check}\n  - job: {type: count_papers}\n")
    assert "Expected a job count_papers to wait" in told


def test_an_answer_may_be_feel_over_the_job_and_the_virtual_clock(folder: Path) -> None:
    answers = 'defaults: {jobs: [{type: count_papers, variables: {papers: "=dossierCode + string(now())"}}]}\n'
    result = run(folder, "  - expect: {waiting: [check]}\n", answers=answers)
    assert result.failure is None
    assert str(result.world.root_variables()["papers"]).startswith("D-12023-03-01T01:00:00")


def test_an_incident_fails_the_story_unless_it_is_told(folder: Path) -> None:
    broken = "  - job: {type: count_papers, fail: {message: máy hỏng, retries: 0}}\n"
    assert "máy hỏng" in failure(folder, broken + "  - advance: P1D\n")
    assert run(folder, broken + "  - expect: {incidents: [count], waiting: []}\n").failure is None
    assert "Expected incidents at ['check']" in failure(folder, broken + "  - expect: {incidents: [check]}\n")


def test_a_failed_job_with_retries_left_waits_for_its_next_answer(folder: Path) -> None:
    steps = "  - job: {type: count_papers, fail: {message: bận, retries: 1}}\n" + PAID
    assert run(folder, steps).failure is None


def test_an_error_that_nobody_catches_is_an_incident(folder: Path) -> None:
    told = failure(folder, "  - job: {type: count_papers, error: {code: no-papers}}\n  - advance: P1D\n")
    assert "UNHANDLED_ERROR_EVENT" in told


def test_a_user_task_that_nobody_mentions_at_the_end_is_named(folder: Path) -> None:
    told = failure(folder, "  - advance: P1D\n")
    assert "Expected the end or a last expect.waiting" in told and "'check'" in told


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("task: {element: decide}", "Expected one user task decide, but 0 wait"),
        ("task: {element: check, expect: {candidateGroups: [other]}}", "Expected candidateGroups of check"),
        ("task: {element: check, variables: {colour: red}}", "Expected fields of the form form-check"),
        ("message: {name: paid}", "Expected somebody to wait for paid (D-1), but nobody does"),
        ("expect: {active: [await]}", "Expected await to be active, but it is not"),
        ("expect: {notActive: [check]}", "Expected check not to be active, but it is"),
        ("expect: {completed: [check]}", "Expected check to be completed, but it is not"),
        ("expect: {notCompleted: [count]}", "Expected count not to be completed, but it is"),
        ("expect: {variables: {papers: 3}}", "Expected variable papers to be 3, but it is 2"),
        ("expect: {variables: {pages: 3}}", "Expected variable pages to be 3, but it is missing"),
        ("expect: {ended: true}", "Expected ended to be True, but it is False"),
        ("expect: {waiting: []}", "Expected exactly [] to wait"),
    ],
)
def test_each_untrue_step_fails_with_its_number_and_words(folder: Path, step: str, words: str) -> None:
    told = failure(folder, f"  - {step}\n  - expect: {{waiting: [check]}}\n")
    assert told.startswith(f"step 1 ({step.split(':')[0]}): ") and words in told


class CountingRule:
    """A pure rule that counts, and publishes as its worker's outbox would."""

    def answer(
        self, job_type: str, headers: Mapping[str, str], variables: Mapping[str, Any], now: datetime
    ) -> PureAnswer | None:
        """Answers any count with the year of the virtual clock."""
        return PureAnswer({"papers": now.year}, [Publication("paid", buffered=True)])


def test_a_pure_rule_answers_with_the_virtual_now_and_its_messages(folder: Path) -> None:
    file = write_scenario(
        folder, "  - task: {element: check}\n  - expect: {ended: true, variables: {papers: 2023}}\n", ""
    )
    assert [result.failure for result in run_files([file], CountingRule()).results] == [None]


class BrokenRule:
    """A rule that does not know this dossier."""

    def answer(
        self, job_type: str, headers: Mapping[str, str], variables: Mapping[str, Any], now: datetime
    ) -> PureAnswer | None:
        """Never answers."""
        raise LookupError("no law data")


def test_a_rule_that_fails_is_the_scenarios_failure_not_a_crash(folder: Path) -> None:
    (result,) = run_files([write_scenario(folder, PAID, "")], BrokenRule()).results
    assert result.failure == "Expected the rule of count_papers at count to answer, but: no law data"


def test_coverage_names_the_flows_that_no_story_took(folder: Path) -> None:
    paid = write_scenario(folder, PAID)
    suite = run_files([paid])
    assert suite.coverage.models["small-v1"].missed == ["f5", "f7"]
    expired = write_scenario(folder, "  - task: {element: check}\n  - advance: P5D\n", name="expired")
    assert run_files([paid, expired]).coverage.models["small-v1"].share == 1.0
