"""Single against linked: the known totals come out, both sides share their steps, and the gains add up."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from lienthong.commands import report
from lienthong.dossiers.law import Law, load_law
from lienthong.dossiers.rules.deadline import Limit, LimitUnit
from lienthong.dossiers.statistics.linked_time import CASES, LinkedTime, linked_time, longest_path, working_days

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law(ROOT / "law", ROOT / "bpmn")


@pytest.fixture(scope="module")
def rows(law: Law) -> list[LinkedTime]:
    return linked_time(law)


def row(rows: list[LinkedTime], bundle: str, title: str, version: str = "2023") -> LinkedTime:
    return next(one for one in rows if (one.bundle, one.title_en, one.version) == (bundle, title, version))


def test_every_bundle_and_version_has_its_rows(law: Law, rows: list[LinkedTime]) -> None:
    assert {(one.bundle, one.version) for one in rows} == {(one.id, one.version) for one in law.all_bundles}


def test_the_published_totals_come_out_and_are_called_fitted(rows: list[LinkedTime]) -> None:
    inside, outside = row(rows, "investment", "inside a zone"), row(rows, "investment", "outside, consultant")
    assert (inside.linked_days, outside.linked_days) == (60, 118)
    assert inside.critical_path == ("V1", "V2", "V3", "V6", "V7", "V9")
    assert outside.critical_path == ("V1", "V2", "V3", "V5", "V5b", "V7", "V9")
    assert inside.fitted and outside.fitted


def test_without_the_inferred_edges_the_paths_are_shorter(rows: list[LinkedTime]) -> None:
    assert row(rows, "investment", "inside a zone").without_inferred_edges == 57
    assert row(rows, "investment", "outside, consultant").without_inferred_edges == 80


def test_karaoke_takes_eight_days_in_place_of_twelve(rows: list[LinkedTime]) -> None:
    usual = row(rows, "karaoke", "usual")
    assert (usual.single_days, usual.linked_days, usual.gain_shorter_limits) == (12, 8, 0)
    assert (usual.gain_one_filing, usual.gain_parallel) == (1, 3)
    assert (usual.single_trips, usual.linked_trips) == (4, 2)


def test_the_work_permit_waits_for_the_longer_of_two(rows: list[LinkedTime]) -> None:
    usual = row(rows, "justice-employment", "usual")
    assert usual.critical_path == ("J2", "J3")
    assert usual.gain_parallel == 10  # the approval of the demand runs beside the criminal record
    assert usual.gain_shorter_limits == 0


def test_the_gains_add_up_to_the_whole_difference(rows: list[LinkedTime]) -> None:
    for one in rows:
        gains = one.gain_one_filing + one.gain_parallel + one.gain_shorter_limits
        assert gains == pytest.approx(one.single_days - one.linked_days, abs=0.03)
        assert one.single_days_linked_limits == pytest.approx(one.single_days - one.gain_shorter_limits, abs=0.02)
        assert one.linked_papers <= one.single_papers


def test_works_that_no_total_covers_are_counted_apart(rows: list[LinkedTime]) -> None:
    assert row(rows, "investment", "inside a zone").apart == ("V4", "V10", "V11")


def test_karaoke_of_2026_stays_within_the_sixteen_days_of_the_law(rows: list[LinkedTime]) -> None:
    usual = row(rows, "karaoke", "usual", "2026")
    assert usual.total_limit == 16 and usual.linked_days <= 16
    assert usual.critical_path == ("K0", "K4", "K5")
    assert (usual.gain_parallel, usual.gain_shorter_limits) == (3, 0)
    assert not usual.fitted


def test_no_total_of_2026_is_called_fitted(rows: list[LinkedTime]) -> None:
    assert not any(one.fitted for one in rows if one.version != "2023")


def test_a_calendar_day_counts_five_sevenths() -> None:
    assert working_days(Limit(value=35, unit=LimitUnit.CALENDAR_DAYS)) == 25
    assert working_days(Limit(value=4, unit=LimitUnit.WORKING_HOURS)) == Fraction(1, 2)


def test_the_longest_path_names_its_procedures() -> None:
    graph = {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"]}
    lengths = {"a": Fraction(1), "b": Fraction(5), "c": Fraction(2), "d": Fraction(1)}
    assert longest_path(graph, lengths) == (7, ("a", "b", "d"))


def test_the_command_prints_the_rows_as_json(law: Law, capsys: pytest.CaptureFixture[str]) -> None:
    assert report.run(["linked-time", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    told = [len(CASES.get((bundle.id, bundle.version), (None,))) for bundle in law.all_bundles]
    assert len(printed["rows"]) == sum(told)
    assert any("fitted" in note for note in printed["notes"])


def test_the_table_says_that_totals_are_fitted(capsys: pytest.CaptureFixture[str]) -> None:
    assert report.run(["linked-time"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "proves the arithmetic, not the law" in printed
    assert "published 118 (before: 242), computed 118; without the inferred edges 80" in printed
