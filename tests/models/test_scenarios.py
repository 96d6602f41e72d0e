"""All scenario files of the models pass, and each bundle has the stories that a bundle must have."""

from pathlib import Path

import pytest
import yaml

from lienthong.scenarios.format import scenario_files
from lienthong.scenarios.suite import SuiteResult, run_files
from tests.models.bpmn_files import BUNDLES, LAW_DIR, name_of

REQUIRED = {
    "refused-at-intake",
    "supplement-at-intake",
    "supplement-in-branch",
    "supplement-expired",
    "duplicate-start",
    "withdrawn",
    "late-with-escalation",
    "fee-waiting",
    "paper-routing",
    "paper-routing-refused",
    "reopened-after-objection",
    "stopped-by-authority",
    "succession",
    "by-post",
    "tet-crossing",
    "swapped-day",
    "extension-once",
}

OF_ITS_LAW = {
    "investment": {"pause-while-supplementing", "consultation-silent"},
    "justice-employment": {"expired-paper"},
}
NO_BUNDLES = ("essential", "late-list")


@pytest.fixture(scope="module", params=BUNDLES, ids=name_of)
def suite(request: pytest.FixtureRequest) -> tuple[Path, SuiteResult]:
    return request.param, run_files(scenario_files([request.param]))


def test_every_scenario_passes(suite: tuple[Path, SuiteResult]) -> None:
    assert [(result.scenario.path.stem, result.failure) for result in suite[1].failed] == []


def test_every_path_of_the_bundle_is_walked(suite: tuple[Path, SuiteResult]) -> None:
    process_id = f"{suite[0].parent.name}-v{suite[0].name}"
    assert suite[1].coverage.models[process_id].missed == []


def test_the_stories_that_every_bundle_must_have_are_told(suite: tuple[Path, SuiteResult]) -> None:
    told = {result.scenario.path.stem for result in suite[1].results}
    graph = yaml.safe_load((suite[0] / "graph.yaml").read_text(encoding="utf-8"))
    refused = {f"refused-{entry['code'].lower()}" for entry in graph["procedures"]}
    assert told >= REQUIRED | refused | OF_ITS_LAW.get(suite[0].parent.name, set())


@pytest.mark.parametrize("folder", NO_BUNDLES)
def test_the_processes_that_are_no_bundle_pass_and_every_path_is_walked(folder: str) -> None:
    found = run_files(scenario_files([BUNDLES[0].parents[1] / folder]))
    assert [(result.scenario.path.stem, result.failure) for result in found.failed] == []
    own = {file.stem for file in (BUNDLES[0].parents[1] / folder).glob("*.bpmn")}
    assert {name: model.missed for name, model in found.coverage.models.items() if name in own and model.missed} == {}


def test_some_stories_are_golden_timelines_that_an_official_can_read(suite: tuple[Path, SuiteResult]) -> None:
    golden = {file.stem for file in (suite[0] / "scenarios" / "golden").glob("*.txt")}
    told = {result.scenario.path.stem for result in suite[1].results}
    assert golden <= told and golden >= {"paper-routing", "late-with-escalation", "extension-once", "tet-crossing"}


def test_the_stories_name_authorities_and_options_that_the_law_data_knows(suite: tuple[Path, SuiteResult]) -> None:
    rows = yaml.safe_load((LAW_DIR / "authorities.yaml").read_text(encoding="utf-8"))["authorities"]
    bundles = yaml.safe_load((LAW_DIR / "bundles.yaml").read_text(encoding="utf-8"))["bundles"]
    known = {row["id"] for row in rows}
    bundle = next(row for row in bundles if (row["id"], row["version"]) == (suite[0].parent.name, suite[0].name))
    questions = {question["name"] for question in bundle["questions"]}
    for result in suite[1].results:
        assert set(result.scenario.variables["authorities"].values()) <= known
        assert set(result.scenario.variables["options"]) == questions, result.scenario.path.name
