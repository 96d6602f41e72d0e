"""Fees: the tables of the circulars, computed from the law's data, and the shape of each kind."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.dossiers.law import Law, load_law
from lienthong.dossiers.rules.fee import FeeItem, FeeKind, amount

ROOT = Path(__file__).parents[2]
AT_SEED = date(2023, 1, 3)


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law(ROOT / "law", ROOT / "bpmn")


@pytest.mark.parametrize(
    ("item", "facts", "expected"),
    [
        ("karaoke-licence-new", {"area": "city", "roomCount": 1}, 4_000_000),
        ("karaoke-licence-new", {"area": "city", "roomCount": 3}, 4_000_000),
        ("karaoke-licence-new", {"area": "city", "roomCount": 4}, 6_000_000),
        ("karaoke-licence-new", {"area": "city", "roomCount": 5}, 6_000_000),
        ("karaoke-licence-new", {"area": "city", "roomCount": 6}, 12_000_000),
        ("karaoke-licence-new", {"area": "elsewhere", "roomCount": 3}, 2_000_000),
        ("karaoke-licence-new", {"area": "elsewhere", "roomCount": 5}, 3_000_000),
        ("karaoke-licence-new", {"area": "elsewhere", "roomCount": 60}, 6_000_000),
        ("karaoke-add-rooms", {"area": "city", "addedRooms": 2}, 4_000_000),
        ("karaoke-add-rooms", {"area": "city", "addedRooms": 6}, 12_000_000),
        ("karaoke-add-rooms", {"area": "city", "addedRooms": 7}, 12_000_000),
        ("karaoke-add-rooms", {"area": "elsewhere", "addedRooms": 9}, 6_000_000),
        ("karaoke-change-owner", {"area": "elsewhere"}, 500_000),
        ("criminal-record", {}, 200_000),
        ("criminal-record", {"copies": 2}, 200_000),
        ("criminal-record", {"copies": 3}, 205_000),
        ("criminal-record", {"copies": 5}, 215_000),
        ("criminal-record", {"student": True}, 100_000),
        ("criminal-record", {"poorHousehold": True, "student": True}, 0),
        ("free", {}, 0),
    ],
)
def test_the_amount_is_that_of_the_circular(law: Law, item: str, facts: dict[str, Any], expected: int) -> None:
    assert amount(law.fee_item(item, AT_SEED), facts) == expected


def test_an_older_day_has_the_older_scale(law: Law) -> None:
    facts = {"area": "city", "roomCount": 4}
    assert amount(law.fee_item("karaoke-licence-new", date(2020, 12, 31)), facts) == 6_000_000
    assert amount(law.fee_item("karaoke-licence-new", date(2020, 6, 1)), {**facts, "roomCount": 1}) == 6_000_000


def product(**changes: Any) -> FeeItem:
    given_ = {"item": "x", "name_vi": "x", "name_en": "x", "kind": FeeKind.CAPPED_PRODUCT, "fact": "n"}
    return FeeItem(**{**given_, "amounts": {"any": 7}, "caps": {"any": 50}, "mark": "I", "source": "test", **changes})


@given(st.integers(0, 1000))
def test_a_capped_product_grows_up_to_its_cap(count: int) -> None:
    assert amount(product(), {"n": count}) == min(7 * count, 50)
    assert amount(product(caps={}), {"n": count}) == 7 * count


@pytest.mark.parametrize("count", [-1, 1.5, "3", True])
def test_a_count_that_is_no_whole_number_is_refused(count: object) -> None:
    with pytest.raises(ValueError, match="whole number"):
        amount(product(), {"n": count})


def test_an_area_without_an_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="area"):
        amount(product(amounts={"city": 1}), {"n": 1, "area": "moon"})
