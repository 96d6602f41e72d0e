"""Fees: fixed amounts, bands, capped products and copies, by area and with exemptions; whole VND only."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict


class FeeKind(StrEnum):
    """How an amount is computed."""

    FIXED = "fixed"
    BANDS = "bands"
    CAPPED_PRODUCT = "capped_product"
    COPIES = "copies"


class Band(BaseModel):
    """An amount an area for facts up to ``up_to`` (None: without end)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    up_to: int | None = None
    amounts: dict[str, int]


class Exemption(BaseModel):
    """When the fact ``fact`` holds, ``amount`` is owed instead (0 = free)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    fact: str
    amount: int = 0


class FeeItem(BaseModel):
    """One fee of law with the time in which it holds; amounts are keyed by area, ``any`` fits every area."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    item: str
    name_vi: str
    name_en: str
    kind: FeeKind
    amounts: dict[str, int] = {}
    bands: tuple[Band, ...] = ()
    fact: str = ""
    caps: dict[str, int] = {}
    free_copies: int = 0
    per_copy: int = 0
    exemptions: tuple[Exemption, ...] = ()
    mark: str
    source: str


def amount(item: FeeItem, facts: Mapping[str, Any]) -> int:
    """What is owed for ``item`` in whole VND, given facts such as ``area``, ``roomCount``, ``copies``."""
    for exemption in item.exemptions:
        if facts.get(exemption.fact):
            return exemption.amount
    area = str(facts.get("area", "any"))
    if item.kind is FeeKind.FIXED:
        return _in_area(item, item.amounts, area)
    if item.kind is FeeKind.BANDS:
        count = _count(item, facts, 1)
        for band in item.bands:
            if band.up_to is None or count <= band.up_to:
                return _in_area(item, band.amounts, area)
        raise ValueError(f"Expected a band for {item.fact} = {count} in {item.item}, but there is none.")
    if item.kind is FeeKind.CAPPED_PRODUCT:
        product = _count(item, facts, 1) * _in_area(item, item.amounts, area)
        return min(product, _in_area(item, item.caps, area)) if item.caps else product
    copies = _count(item, facts, 1)
    return _in_area(item, item.amounts, area) + max(0, copies - item.free_copies) * item.per_copy


def _count(item: FeeItem, facts: Mapping[str, Any], default: int) -> int:
    value = facts.get(item.fact, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value) or value < 0:
        raise ValueError(f"Expected a whole number for {item.fact} in {item.item}, but got {value!r}.")
    return int(value)


def _in_area(item: FeeItem, amounts: Mapping[str, int], area: str) -> int:
    found = amounts.get(area, amounts.get("any"))
    if found is None:
        raise ValueError(f"Expected an amount of {item.item} for the area {area}, but got {sorted(amounts)}.")
    return found
