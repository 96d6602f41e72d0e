"""A figure with its formula and the dossiers behind it: exact fractions inside, decimals rounded half up outside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Final

from lienthong.dossiers.statistics.records import DossierRecord

_GUARD_DIGITS: Final = 30


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; ``value`` is None when no data exist for it, never a guess.

    ``codes`` are the dossiers counted; ``against`` those among them that lowered the value.
    """

    name: str
    title_vi: str
    title_en: str
    formula: str
    mark: str
    value: Decimal | None
    numerator: int
    denominator: int
    codes: tuple[str, ...] = ()
    against: tuple[str, ...] = ()

    def as_row(self) -> dict[str, Any]:
        """The figure as JSON-able data, the value as text so that no digit is lost."""
        return {
            "name": self.name,
            "titleVi": self.title_vi,
            "titleEn": self.title_en,
            "formula": self.formula,
            "mark": self.mark,
            "value": None if self.value is None else str(self.value),
            "numerator": self.numerator,
            "denominator": self.denominator,
            "dossiers": list(self.codes),
            "against": list(self.against),
        }


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a figure is: its names, its formula in words, and how sure the formula is."""

    name: str
    title_vi: str
    title_en: str
    formula: str
    mark: str


def rounded(value: Fraction, places: int) -> Decimal:
    """A fraction as a decimal, rounded half up."""
    exact = Decimal(value.numerator * 10**_GUARD_DIGITS // value.denominator).scaleb(-_GUARD_DIGITS)
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def figure(
    meaning: Meaning,
    numerator: int,
    denominator: int,
    places: int = 1,
    codes: Iterable[str] = (),
    against: Iterable[str] = (),
) -> Figure:
    """``numerator / denominator`` with its meaning; no value when there is nothing to divide by."""
    return Figure(
        meaning.name,
        meaning.title_vi,
        meaning.title_en,
        meaning.formula,
        meaning.mark,
        rounded(Fraction(numerator, denominator), places) if denominator else None,
        numerator,
        denominator,
        tuple(codes),
        tuple(against),
    )


def mean_points(meaning: Meaning, scored: Sequence[tuple[DossierRecord, int]]) -> Figure:
    """Score_i = sum over dossiers / their number, one decimal (TT 01/2018 art. 14); below 2 points counts against."""
    codes = list(dict.fromkeys(dossier.code for dossier, _ in scored))
    against = list(dict.fromkeys(dossier.code for dossier, points in scored if points < 2))
    return figure(meaning, sum(points for _, points in scored), len(scored), 1, codes, against)
