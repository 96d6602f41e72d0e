"""QĐ 766, on time and late, online share, schemes, trips, the late list and the review of components."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.components import ComponentStatus
from lienthong.dossiers.statistics.component_review import ComponentCount, review
from lienthong.dossiers.statistics.five_groups import GROUPS, PARTS, five_groups
from lienthong.dossiers.statistics.late_list import (
    ListState,
    approve,
    as_csv,
    by_authority,
    compile_list,
    correct,
    object_to,
    publish,
)
from lienthong.dossiers.statistics.records import PeriodKind, Scope, Timeliness, period, timeliness
from lienthong.dossiers.statistics.timely import around, online_share, timely
from lienthong.dossiers.statistics.trips import desk_visits, trips
from tests.statistics.conftest import DUE, ENDS, Maker, at

MARCH = period(PeriodKind.MONTH, 2023, 3)
ALL = Scope()


def test_the_parts_of_each_group_add_up_to_its_weight_and_all_to_a_hundred() -> None:
    sums = {name: sum(part.weight for part in PARTS if part.group == name) for name in GROUPS}
    assert sums == GROUPS
    assert sum(sums.values()) == 100


def test_a_share_of_half_gives_half_the_weight(dossier: Maker) -> None:
    found = five_groups([dossier("1"), dossier("2", channel="counter")], (), ALL, MARCH)
    values = {part.meaning.name: one for part, one in found.parts}
    assert values["service"].value == Decimal("6.00")
    assert values["service"].against == ("2",)
    assert found.group("online") == Decimal("16.00")  # half of 12, and all of 10 for payments


def test_no_part_has_more_points_than_its_weight(dossier: Maker) -> None:
    found = five_groups([dossier("1")], (), ALL, MARCH, {"announced": (7, 5)})
    assert all(one.value is None or one.value <= part.weight for part, one in found.parts)


def test_the_weight_without_data_is_told(dossier: Maker) -> None:
    assert five_groups([dossier("1")], (), ALL, MARCH).unmeasured == 4 + 6 + 4 + 18
    assert five_groups([], (), ALL, MARCH).unmeasured == 100


@pytest.mark.parametrize("kind", list(Timeliness))
def test_an_end_is_early_on_time_or_late(kind: Timeliness) -> None:
    assert timeliness(DUE, ENDS[kind.value]) is kind
    assert timeliness(DUE, DUE + timedelta(seconds=1)) is Timeliness.LATE
    assert timeliness(DUE, None) is None


def test_shares_name_the_dossiers_behind_them(dossier: Maker) -> None:
    shares = timely([dossier("1"), dossier("2"), dossier("3", "late")], ALL, MARCH)
    assert [str(shares[kind].value) for kind in Timeliness] == ["66.7", "0.0", "33.3"]
    assert shares[Timeliness.LATE].codes == ("3",)


def test_the_online_share_counts_by_day_of_filing(dossier: Maker) -> None:
    dossiers = [dossier("1"), dossier("2", channel="post"), dossier("3", filed_at=at("2023-02-27T08:00"))]
    assert online_share(dossiers, ALL, MARCH).value == Decimal("50.0")


def test_growth_since_the_start_of_a_scheme_is_told_in_percent(dossier: Maker) -> None:
    start = date(2022, 7, 1)
    before = [dossier(f"a{n}", filed_at=at("2022-06-10T08:00")) for n in range(25)]
    after = [dossier(f"b{n}", filed_at=at("2022-07-10T08:00")) for n in range(41)]
    other = [dossier("c", filed_at=at("2022-07-10T08:00"), channel="counter")]
    change = around([*before, *after, *other], start, 30)
    assert (change.before, change.after, change.growth.value) == (25, 41, Decimal("64.0"))


def test_one_visit_is_one_trip(dossier: Maker) -> None:
    assert desk_visits("online", "online", True, 3) == 0
    assert desk_visits("counter", "desk", True, 1) == 3
    assert desk_visits("online", "desk", False, 0) == 0
    found = trips([dossier("1"), dossier("2", desk_visits=3)])
    assert (found.visits, found.without_visit, found.average) == (3, 1, Decimal("1.50"))


def test_the_late_list_names_unit_and_officer_but_no_applicant(dossier: Maker, law: Law) -> None:
    late = compile_list([dossier("1"), dossier("2", "late")], MARCH, law.calendar, at("2023-04-01T08:00"))
    assert [(row.dossier_code, row.procedure_code, row.officer) for row in late.rows] == [
        ("2", "K4", "an"),
        ("2", "K5", "binh"),
    ]
    assert {row.days_late for row in late.rows} == {2}  # Friday 17:00 to Tuesday 09:00: one day and the second begun
    assert by_authority(late.rows) == [("bd-ca-huyen", 1), ("bd-svhtt", 1)]
    head = as_csv(late).splitlines()[0]
    assert "applicant" not in head and "dossier_code" in head


def test_a_branch_still_open_is_late_up_to_now(dossier: Maker, law: Law) -> None:
    one = dossier("1", "late")
    still = replace(one, finished_at=None, branches=tuple(replace(branch, finished_at=None) for branch in one.branches))
    late = compile_list([still], MARCH, law.calendar, at("2023-03-13T07:31"))
    assert {(row.done, row.days_late) for row in late.rows} == {("", 1)}


def test_counts_go_on_from_the_earlier_months(dossier: Maker, law: Law) -> None:
    first = compile_list([dossier("1", "late")], MARCH, law.calendar, at("2023-04-01T08:00"))
    second = compile_list(
        [dossier("2", "late")], MARCH, law.calendar, at("2023-04-01T08:00"), dict(by_authority(first.rows))
    )
    assert [row.cumulative for row in second.rows] == [2, 2]


def test_the_list_is_objected_to_approved_published_and_corrected(dossier: Maker, law: Law) -> None:
    late = compile_list([dossier("1", "late"), dossier("2", "late")], MARCH, law.calendar, at("2023-04-01T08:00"))
    late = object_to(late, "1", "K4", "Đã trả trước hạn")
    with pytest.raises(ValueError, match="there is none"):
        approve(late, "vanphong", [("2", "K4")])
    public = publish(approve(late, "vanphong", [("1", "K4")]))
    assert (public.state, len(public.rows), public.approved_by) == (ListState.PUBLISHED, 3, "vanphong")
    corrected = correct(public, "2", "K5", "Mất điện")
    assert corrected.corrections == 1
    assert [row.reason for row in corrected.rows if row.dossier_code == "2"] == ["", "Mất điện"]
    with pytest.raises(ValueError, match="open to objections"):
        object_to(public, "2", "K5", "muộn")
    with pytest.raises(ValueError, match="can become published"):
        publish(compile_list([], MARCH, law.calendar, at("2023-04-01T08:00")))


def test_the_review_counts_what_was_asked_again(law: Law) -> None:
    counts = [
        ComponentCount("K0", "personal-id", ComponentStatus.PROVIDED, 3),
        ComponentCount("K0", "personal-id", ComponentStatus.DERIVED, 7),
        ComponentCount("K4", "personal-history", ComponentStatus.PROVIDED, 9),
        ComponentCount("K5", "security-certificate", ComponentStatus.RESULT_OF_SIBLING, 9),
    ]
    history, identity, certificate = review(law, counts, date(2023, 1, 3))
    assert (identity.asked_again, identity.derivable, identity.may_be_dropped) == (3, True, True)
    assert (history.asked_again, history.may_be_dropped) == (0, False)
    assert certificate.may_be_dropped
    assert history.legal_ground == "NĐ 96/2016/NĐ-CP Điều 19, 23, 24"


def test_periods_cover_the_year_without_gap_or_overlap() -> None:
    for kind, count in ((PeriodKind.MONTH, 12), (PeriodKind.QUARTER, 4), (PeriodKind.YEAR, 1)):
        spans = [period(kind, 2024, number) for number in range(1, count + 1)]
        assert (spans[0].first, spans[-1].last) == (date(2024, 1, 1), date(2024, 12, 31))
        assert all(a.last + timedelta(days=1) == b.first for a, b in pairwise(spans))
    assert period(PeriodKind.QUARTER, 2023, 4).name == "2023-Q4"
    with pytest.raises(ValueError, match="number 13"):
        period(PeriodKind.MONTH, 2023, 13)
