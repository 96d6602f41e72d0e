"""The five groups of QĐ 766/QĐ-TTg: 100 points, weights of groups known [V], splits and formula partly inferred [I].

Points of a part = weight x min(1, ratio / target) [I]. A part without data has no points, and its weight is told as
not measured; nothing is filled in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from lienthong.dossiers.statistics.figure import Figure, Meaning, figure, rounded
from lienthong.dossiers.statistics.records import (
    DossierRecord,
    Period,
    PetitionRecord,
    Scope,
    Timeliness,
    finished_in,
)

GROUPS: Final = {"transparency": 18, "progress": 20, "digitisation": 22, "online": 22, "satisfaction": 18}
_POINTS: Final = "weight x min(1, share) [I]; share = "


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a group with its weight and the mark of that weight."""

    group: str
    weight: int
    weight_mark: str
    meaning: Meaning


def _part(group: str, weight: int, mark: str, name: str, title_vi: str, title_en: str, share: str) -> Part:
    return Part(group, weight, mark, Meaning(name, title_vi, title_en, _POINTS + share, "I"))


PARTS: Final = (
    _part("transparency", 4, "V", "updated", "Cập nhật đúng hạn", "Updated in time", "procedures updated in time"),
    _part("transparency", 6, "I", "announced", "Công bố đúng hạn", "Announced on time", "announced on time"),
    _part("transparency", 4, "I", "content", "Đủ nội dung công khai", "Full content", "published with full content"),
    _part("transparency", 4, "I", "synced", "Hồ sơ đồng bộ", "Dossiers synced", "synced dossiers / dossiers"),
    _part("progress", 10, "I", "in-time", "Đúng hạn, trước hạn", "On time or early", "not late / finished"),
    _part(
        "progress", 10, "I", "average", "Thời gian trung bình", "Average time", "time allowed / time taken, all summed"
    ),
    _part("digitisation", 12, "I", "digital", "Thành phần số hóa", "Digital components", "digital / all components"),
    _part("digitisation", 10, "I", "reused", "Tái sử dụng", "Reused components", "dossiers that reused / dossiers"),
    _part("online", 12, "M", "service", "Nộp trực tuyến", "Filed online", "filed online / dossiers"),
    _part("online", 10, "M", "payment", "Thanh toán trực tuyến", "Paid online", "paid online / paid"),
    _part("satisfaction", 6, "I", "answered", "Phản ánh đúng hạn", "Petitions in time", "in time / petitions"),
    _part(
        "satisfaction",
        6,
        "I",
        "content-with",
        "Hài lòng với trả lời",
        "Content with answers",
        "neither late nor unsatisfied / petitions",
    ),
    _part(
        "satisfaction", 6, "V", "survey", "Hài lòng hồ sơ", "Satisfied with the dossier", "satisfied / asked (survey)"
    ),
)


@dataclass(frozen=True, slots=True)
class FiveGroups:
    """Points of a scope and period by part; ``unmeasured`` is the weight without data."""

    parts: tuple[tuple[Part, Figure], ...]

    @property
    def total(self) -> Decimal:
        """The sum of the measured parts, out of ``100 - unmeasured``."""
        return sum((one.value for _, one in self.parts if one.value is not None), Decimal(0))

    @property
    def unmeasured(self) -> int:
        """The weight of the parts that have no data."""
        return sum(part.weight for part, one in self.parts if one.value is None)

    def group(self, name: str) -> Decimal:
        """The points of one group."""
        return sum((one.value for part, one in self.parts if part.group == name and one.value is not None), Decimal(0))


@dataclass(frozen=True, slots=True)
class _Share:
    numerator: int
    denominator: int
    codes: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


def five_groups(
    dossiers: Sequence[DossierRecord],
    petitions: Sequence[PetitionRecord],
    scope: Scope,
    span: Period,
    assessed: dict[str, tuple[int, int]] | None = None,
) -> FiveGroups:
    """Points by part; ``assessed`` gives (numerator, denominator) of parts that dossiers cannot tell (publicity)."""
    handled = finished_in(dossiers, span, scope)
    codes = {one.code for one in handled}
    own = [one for one in petitions if one.dossier_code in codes]
    shares = {**_dossier_shares(handled), **_petition_shares(own)}
    shares |= {name: _Share(*pair) for name, pair in (assessed or {}).items()}
    return FiveGroups(tuple((part, _points_of(part, shares.get(part.meaning.name, _Share(0, 0)))) for part in PARTS))


def _points_of(part: Part, share: _Share) -> Figure:
    return part_points(part, share.numerator, share.denominator, share.codes, share.against)


def part_points(
    part: Part, numerator: int, denominator: int, codes: tuple[str, ...] = (), against: tuple[str, ...] = ()
) -> Figure:
    """The points of a part for a share; no value when nothing was measured."""
    plain = figure(part.meaning, numerator, denominator, 2, codes, against)
    if not denominator:
        return plain
    ratio = min(Fraction(1), Fraction(numerator, denominator))
    return replace(plain, value=rounded(ratio * part.weight, 2))


def _dossier_shares(handled: Sequence[DossierRecord]) -> dict[str, _Share]:
    ended = [one for one in handled if one.timeliness() is not None]
    paid = [one for one in handled if one.paid]
    allowed, taken = _times(ended)
    return {
        "synced": _counted(handled, [one.synced for one in handled]),
        "in-time": _counted(ended, [one.timeliness() is not Timeliness.LATE for one in ended]),
        "average": _Share(allowed, taken, tuple(one.code for one in ended)),
        "digital": _Share(
            sum(one.components_digital for one in handled),
            sum(one.components for one in handled),
            tuple(one.code for one in handled),
            tuple(one.code for one in handled if one.components_digital < one.components),
        ),
        "reused": _counted(handled, [one.components_reused > 0 for one in handled]),
        "service": _counted(handled, [one.channel == "online" for one in handled]),
        "payment": _counted(paid, [one.paid_online for one in paid]),
    }


def _petition_shares(own: Sequence[PetitionRecord]) -> dict[str, _Share]:
    codes = tuple(one.dossier_code for one in own)
    late = tuple(one.dossier_code for one in own if not one.in_time)
    bad = tuple(one.dossier_code for one in own if not (one.in_time and one.satisfied))
    return {
        "answered": _Share(len(own) - len(late), len(own), codes, late),
        "content-with": _Share(len(own) - len(bad), len(own), codes, bad),
    }


def _counted(dossiers: Sequence[DossierRecord], good: Sequence[bool]) -> _Share:
    against = tuple(one.code for one, fine in zip(dossiers, good, strict=True) if not fine)
    return _Share(sum(good), len(good), tuple(one.code for one in dossiers), against)


def _times(ended: Sequence[DossierRecord]) -> tuple[int, int]:
    """Whole seconds allowed and taken, from acceptance (filing, when it was never recorded)."""
    second = timedelta(seconds=1)
    starts = [one.accepted_at or one.filed_at for one in ended]
    allowed = sum((one.due_at - start) // second for one, start in zip(ended, starts, strict=True) if one.due_at)
    taken = sum(
        (one.finished_at - start) // second for one, start in zip(ended, starts, strict=True) if one.finished_at
    )
    return allowed, taken
