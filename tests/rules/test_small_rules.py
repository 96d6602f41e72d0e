"""Codes, competence, reuse and the axes of status."""

from datetime import date

import pytest

from lienthong.dossiers.rules.code import DEFAULT_PATTERN, SerialOverflowError, counter_name, dossier_code
from lienthong.dossiers.rules.competence import Competence, NoCompetenceError, authority_for
from lienthong.dossiers.rules.components import ComponentStatus
from lienthong.dossiers.rules.reuse import Held, Source, Wanted, resolve_components, still_valid
from lienthong.dossiers.rules.status import (
    BusinessStatus,
    DeliveryStatus,
    PaymentStatus,
    is_final,
    may_follow,
    national_code,
)

DAY = date(2023, 1, 3)


def test_a_code_has_agency_day_and_serial() -> None:
    assert dossier_code(DEFAULT_PATTERN, DAY, 1) == "000.00.08.H08-230103-0001"
    assert dossier_code("H21.65-{yymmdd}-{serial}", date(2022, 9, 14), 11) == "H21.65-220914-0011"
    assert dossier_code(DEFAULT_PATTERN, DAY, 9999).endswith("-9999")


@pytest.mark.parametrize("serial", [0, -1, 10_000])
def test_a_serial_of_more_than_four_digits_is_refused(serial: int) -> None:
    with pytest.raises(SerialOverflowError):
        dossier_code(DEFAULT_PATTERN, DAY, serial)


def test_a_pattern_without_its_parts_is_refused() -> None:
    with pytest.raises(ValueError, match="pattern"):
        dossier_code("H08-{serial}", DAY, 1)


def test_each_agency_counts_its_own_day() -> None:
    names = {
        counter_name(pattern, day)
        for pattern in (DEFAULT_PATTERN, "H21-{yymmdd}-{serial}")
        for day in (DAY, date(2023, 1, 4))
    }
    assert len(names) == 4


def entry(authority: str, area: str, since: int, until: int | None = None) -> Competence:
    return Competence(
        procedure="V1",
        area=area,
        authority=authority,
        valid_from=date(since, 1, 1),
        valid_to=date(until, 12, 31) if until else None,
        mark="I",
        source="test",
    )


ENTRIES = [
    entry("old", "any", 2010, 2020),
    entry("new", "any", 2021),
    entry("zone", "inside", 2021),
]


def test_the_nearer_area_and_the_day_decide_who_is_competent() -> None:
    assert authority_for(ENTRIES, "V1", "inside", DAY) == "zone"
    assert authority_for(ENTRIES, "V1", "outside", DAY) == "new"
    assert authority_for(ENTRIES, "V1", "inside", date(2020, 12, 31)) == "old"
    with pytest.raises(NoCompetenceError):
        authority_for(ENTRIES, "V1", "outside", date(2009, 12, 31))


WANTED = Wanted("J3", "criminal-record", "criminal-record", satisfied_by="J2", valid_months=6)


def held(source: Source, dated: date, document: str | None = "document") -> Held:
    return Held("criminal-record", document, dated, source, source.name)


def status_of(held_papers: list[Held], provided: dict[str, str] | None = None, siblings: tuple[str, ...] = ()) -> str:
    found = resolve_components([WANTED], provided or {}, siblings, held_papers, DAY)[0]
    return f"{found.status} {found.provenance}".strip()


def test_a_component_is_looked_for_in_the_legal_order() -> None:
    papers = [held(Source.PROVINCE, DAY), held(Source.REPOSITORY, date(2022, 12, 1))]
    assert status_of(papers, {"criminal-record": "now"}, ("J2",)) == "MISSING awaits:J2"
    assert status_of(papers, {"criminal-record": "now"}) == "PROVIDED filing"
    assert status_of(papers) == "REUSED REPOSITORY"
    assert status_of([held(Source.NATIONAL_DATABASE, DAY, None)]) == "DERIVED NATIONAL_DATABASE"
    assert status_of([]) == "MISSING"


def test_an_aged_paper_is_not_used_again() -> None:
    assert status_of([held(Source.REPOSITORY, date(2022, 7, 3))]) == "REUSED REPOSITORY"
    assert status_of([held(Source.REPOSITORY, date(2022, 7, 2))]) == "MISSING"
    assert still_valid(date(1990, 1, 1), None, DAY)


def test_what_is_not_required_is_waived() -> None:
    optional = Wanted("J3", "photo", "photo", required=False)
    assert resolve_components([optional], {}, (), [], DAY)[0].status is ComponentStatus.WAIVED


@pytest.mark.parametrize(
    ("status", "payment", "delivery", "code"),
    [
        ("filed", "none", "none", 1),
        ("accepted", "none", "none", 2),
        ("accepted", "pending", "none", 6),
        ("not_accepted", "pending", "none", 3),
        ("processing", "paid", "none", 4),
        ("processing", "pending", "none", 6),
        ("supplement", "pending", "none", 5),
        ("withdrawn", "paid", "none", 7),
        ("stopped", "none", "none", 8),
        ("done", "paid", "ready", 9),
        ("done", "paid", "handed_over", 10),
        ("refused", "paid", "handed_over", 10),
    ],
)
def test_three_axes_give_one_national_code(status: str, payment: str, delivery: str, code: int) -> None:
    assert national_code(BusinessStatus(status), PaymentStatus(payment), DeliveryStatus(delivery)) == code


def test_every_combination_of_axes_has_a_code() -> None:
    codes = {national_code(s, p, d) for s in BusinessStatus for p in PaymentStatus for d in DeliveryStatus}
    assert codes == set(range(1, 11))


def test_an_end_is_final_and_nothing_returns_to_filed_by_itself() -> None:
    for status in BusinessStatus:
        assert may_follow(status, status)
        assert is_final(status) == (not any(may_follow(status, other) for other in BusinessStatus if other != status))
        assert status == BusinessStatus.FILED or not may_follow(status, BusinessStatus.FILED)
