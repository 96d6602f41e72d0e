"""Versions by date: which law a day asks for, where an installation stands, and what a running dossier keeps."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from lienthong.dossiers.errors import NotFound
from lienthong.dossiers.law import Law, load_law

ROOT = Path(__file__).parents[2]


@dataclass
class OfBundle:
    bundle_id: str
    bundle_version: str


@pytest.fixture(scope="module")
def demonstration() -> Law:
    return load_law(ROOT / "law", ROOT / "bpmn")


@pytest.fixture(scope="module")
def of_the_day() -> Law:
    return load_law(ROOT / "law", ROOT / "bpmn", "today")


def versions(law: Law, on: date) -> dict[str, str]:
    return {bundle.id: bundle.version for bundle in law.bundles(on) if bundle.mark != "M"}


def test_the_demonstration_stands_in_2023_whatever_day_it_is(demonstration: Law) -> None:
    assert versions(demonstration, date(2026, 11, 25))["karaoke"] == "2023"
    assert demonstration.takes_local_filings(date(2026, 11, 25))


def test_an_installation_may_stand_on_another_day() -> None:
    law = load_law(ROOT / "law", ROOT / "bpmn", date(2024, 2, 1))
    assert law.day(date(2026, 11, 25)) == date(2024, 2, 1)


def test_local_filing_is_switched_off_by_date(of_the_day: Law) -> None:
    assert of_the_day.takes_local_filings(date(2025, 6, 30))
    assert not of_the_day.takes_local_filings(date(2025, 7, 1))


def test_no_version_is_open_before_the_first(of_the_day: Law) -> None:
    assert versions(of_the_day, date(2020, 1, 1)) == {}
    with pytest.raises(NotFound):
        of_the_day.bundle("karaoke", on=date(2020, 1, 1))


def test_a_dossier_keeps_the_law_of_its_version(of_the_day: Law) -> None:
    kept = of_the_day.under(OfBundle("karaoke", "2023"))
    assert kept.day(date(2030, 1, 1)) == (kept.bundle("karaoke", "2023").valid_to or date(2030, 1, 1))
    assert kept.procedure("K4", date(2030, 1, 1)).process_id == "procedure-security-certificate"
