"""Money adds up to the đồng: 100,000 random cases of fees against a second computation from the law's tables."""

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from lienthong.dossiers.law import load_law
from lienthong.dossiers.rules.fee import FeeItem, amount

ROOT = Path(__file__).parents[2]
CASES = 100_000
BUNDLED = ("karaoke-licence-new", "security-certificate", "criminal-record", "business-registration", "fire-design")
RELIEFS = ("child", "poorHousehold", "student", "meritorious")


def by_hand(item: str, facts: dict[str, Any], rows: dict[str, Any]) -> int:
    """The same amount, from the numbers of the circulars as written here."""
    city = facts["area"] == "city"
    if item == "karaoke-licence-new":
        band = 2 if facts["roomCount"] <= 3 else 3 if facts["roomCount"] <= 5 else 6
        return band * 1_000_000 * (2 if city else 1)
    if item == "karaoke-add-rooms":
        return min(facts["addedRooms"], 6) * (2 if city else 1) * 1_000_000
    if item == "criminal-record":
        if facts["child"] or facts["poorHousehold"]:
            return 0
        if facts["student"] or facts["meritorious"]:
            return 100_000
        return 200_000 + 5_000 * max(0, facts["copies"] - 2)
    return int(rows[item]["amounts"]["any"])


@pytest.fixture(scope="module")
def fees() -> dict[str, FeeItem]:
    law = load_law(ROOT / "law", ROOT / "bpmn")
    first = {row.item: max(row.valid_from, date(2023, 1, 3)) for row in reversed(law.fees)}
    return {item: law.fee_item(item, day) for item, day in first.items()}


def facts_of(random_: random.Random) -> dict[str, Any]:
    return {
        "area": random_.choice(("city", "elsewhere")),
        "roomCount": random_.randint(1, 200),
        "addedRooms": random_.randint(0, 40),
        "copies": random_.randint(1, 30),
        **{relief: random_.random() < 0.2 for relief in RELIEFS},
    }


def test_a_payment_is_the_sum_of_its_lines_to_the_dong(fees: dict[str, FeeItem]) -> None:
    rows = {row["item"]: row for row in yaml.safe_load((ROOT / "law" / "fees.yaml").read_text("utf-8"))["fees"]}
    random_ = random.Random(2023)
    items = sorted(fees)
    for _ in range(CASES):
        facts = facts_of(random_)
        lines = random_.sample(items, random_.randint(1, 4))
        amounts = [amount(fees[item], facts) for item in lines]
        assert all(type(one) is int and one >= 0 for one in amounts)
        assert sum(amounts) == sum(by_hand(item, facts, rows) for item in lines), (lines, facts)


def test_the_share_of_each_authority_leaves_nothing_over(fees: dict[str, FeeItem]) -> None:
    random_ = random.Random(2024)
    for _ in range(2_000):
        facts = facts_of(random_)
        shares: dict[str, int] = {}
        for item in BUNDLED:
            authority = random_.choice(("bd-svhtt", "bd-ca-huyen", "bd-stp"))
            shares[authority] = shares.get(authority, 0) + amount(fees[item], facts)
        assert sum(shares.values()) == sum(amount(fees[item], facts) for item in BUNDLED)
