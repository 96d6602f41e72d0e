"""The nine indicators of TT 01/2018/TT-VPCP art. 13-15: 0, 1 or 2 points each, classes of officers and agencies [V].

Indicators 5 and 6 (organisation of the desk, publicity) are judged, not computed: they come in as ``Judged``. What has
no data has no value, and an agency that lacks one has no class: nothing is filled in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from lienthong.dossiers.statistics.figure import Figure, Meaning, figure, mean_points
from lienthong.dossiers.statistics.records import (
    DossierRecord,
    Period,
    PetitionRecord,
    Scope,
    Timeliness,
    finished_in,
)

_TIME: Final = "2 before the due day, 1 on it, 0 after the due time; sum / number"
MEANINGS: Final = {
    1: Meaning("total-time", "Thời gian giải quyết so với quy định", "Total time against the rule", _TIME, "V"),
    2: Meaning("unit-time", "Thời gian của từng cơ quan, đơn vị", "Time of each unit", _TIME + " of branches", "V"),
    3: Meaning(
        "contacts",
        "Số lần liên hệ để hoàn thiện hồ sơ",
        "Contacts to complete the file",
        "requests to supplement: 0 gives 2, 1 gives 1, more give 0; sum / number",
        "V",
    ),
    4: Meaning(
        "bodies",
        "Số cơ quan phải liên hệ",
        "Bodies contacted",
        "none gives 2 (online both ways), only the desk 1; sum / number",
        "V",
    ),
    5: Meaning("organisation", "Tổ chức tiếp nhận, trả kết quả", "Organisation of the desk", "judged 0, 1 or 2", "V"),
    6: Meaning("publicity", "Công khai thủ tục hành chính", "Publicity", "judged 0, 1 or 2", "V"),
    7: Meaning(
        "attitude",
        "Thái độ phục vụ",
        "Attitude",
        "early and no complaint 2, on time 1, late [I] or justified complaint 0; sum / number",
        "V",
    ),
    8: Meaning(
        "petitions",
        "Xử lý phản ánh, kiến nghị",
        "Petitions",
        "all answered in time 2, at least 90 % 1, else 0",
        "V",
    ),
    9: Meaning(
        "online",
        "Dịch vụ công trực tuyến",
        "Online service",
        "2 when >= 20 % of procedures and >= 30 % of dossiers are online and none is late; 1 from 15 %; else 0",
        "V",
    ),
}
OFFICER_INDICATORS: Final = (1, 2, 3, 4, 7)
_TIME_POINTS: Final = {Timeliness.EARLY: 2, Timeliness.ON_TIME: 1, Timeliness.LATE: 0}


class OfficerClass(StrEnum):
    """How far an officer fulfilled the duty: >= 5 points, 3.5 to below 5, below 3.5."""

    FULL = "100%"
    PARTLY = "70%-<100%"
    BELOW = "<70%"


class AgencyClass(StrEnum):
    """Classes of an agency over all nine: from 15, 12, 9, 6 points, and below."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    AVERAGE = "average"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Judged:
    """Points given by an assessor, None while nobody judged."""

    organisation: int | None = None
    publicity: int | None = None


@dataclass(frozen=True, slots=True)
class NineIndicators:
    """The figures of one scope and period; ``total`` sums those that have a value."""

    scope: Scope
    period: Period
    figures: tuple[Figure, ...]

    @property
    def total(self) -> Decimal:
        """The points known so far."""
        return sum((one.value for one in self.figures if one.value is not None), Decimal(0))

    @property
    def complete(self) -> bool:
        """Whether every indicator has a value."""
        return all(one.value is not None for one in self.figures)


def of_officer(
    dossiers: Sequence[DossierRecord], petitions: Sequence[PetitionRecord], scope: Scope, span: Period
) -> NineIndicators:
    """Indicators 1, 2, 3, 4 and 7 over the dossiers of one officer."""
    found = _computed(finished_in(dossiers, span, scope), petitions, scope)
    return NineIndicators(scope, span, tuple(found[number] for number in OFFICER_INDICATORS))


def of_agency(
    dossiers: Sequence[DossierRecord],
    petitions: Sequence[PetitionRecord],
    scope: Scope,
    span: Period,
    judged: Judged = Judged(),
) -> NineIndicators:
    """All nine indicators over the dossiers of one authority, or of all."""
    handled = finished_in(dossiers, span, scope)
    found = _computed(handled, petitions, scope)
    found[5] = judged_figure(5, judged.organisation)
    found[6] = judged_figure(6, judged.publicity)
    found[8] = _petitions([one for one in petitions if span.covers(one.received_at)], {one.code for one in handled})
    found[9] = _online(handled, scope)
    return NineIndicators(scope, span, tuple(found[number] for number in sorted(found)))


def officer_class(total: Decimal) -> OfficerClass:
    """The class of an officer by points."""
    if total >= 5:
        return OfficerClass.FULL
    return OfficerClass.PARTLY if total >= Decimal("3.5") else OfficerClass.BELOW


def agency_class(result: NineIndicators) -> AgencyClass | None:
    """The class of an agency by points; None while an indicator lacks data."""
    if not result.complete:
        return None
    steps = ((15, AgencyClass.EXCELLENT), (12, AgencyClass.GOOD), (9, AgencyClass.FAIR), (6, AgencyClass.AVERAGE))
    return next((name for least, name in steps if result.total >= least), AgencyClass.WEAK)


def _computed(handled: Sequence[DossierRecord], petitions: Sequence[PetitionRecord], scope: Scope) -> dict[int, Figure]:
    complained = {one.dossier_code for one in petitions if one.justified}
    ended = [(one, kind) for one in handled if (kind := one.timeliness()) is not None]
    parts = [(one, kind) for one in handled for branch in scope.branches(one) if (kind := branch.timeliness())]
    attitude = [(one, 0 if one.code in complained else _TIME_POINTS[kind]) for one, kind in ended]
    return {
        1: mean_points(MEANINGS[1], [(one, _TIME_POINTS[kind]) for one, kind in ended]),
        2: mean_points(MEANINGS[2], [(one, _TIME_POINTS[kind]) for one, kind in parts]),
        3: mean_points(MEANINGS[3], [(one, max(0, 2 - one.supplements)) for one in handled]),
        4: mean_points(MEANINGS[4], [(one, 1 if one.desk_visits else 2) for one in handled]),
        7: mean_points(MEANINGS[7], attitude),
    }


def judged_figure(number: int, points: int | None) -> Figure:
    """The figure of an indicator that is judged; no value while nobody judged."""
    if points is not None and points not in (0, 1, 2):
        raise ValueError(f"Expected 0, 1 or 2 points, but got {points}.")
    return figure(MEANINGS[number], points or 0, 0 if points is None else 1)


def _petitions(petitions: Sequence[PetitionRecord], codes: set[str]) -> Figure:
    own = [one for one in petitions if one.dossier_code in codes]
    in_time = sum(one.in_time for one in own)
    points = 2 if in_time == len(own) else 1 if in_time * 10 >= len(own) * 9 else 0
    late = [one.dossier_code for one in own if not one.in_time]
    return figure(MEANINGS[8], points, 1 if own else 0, 1, [one.dossier_code for one in own], late)


def _online(handled: Sequence[DossierRecord], scope: Scope) -> Figure:
    online = [one for one in handled if one.channel == "online"]
    procedures = {branch.procedure_code for one in handled for branch in scope.branches(one)}
    with_online = {branch.procedure_code for one in online for branch in scope.branches(one)}
    late = [one.code for one in online if one.timeliness() is Timeliness.LATE]
    enough = len(with_online) * 5 >= len(procedures) and len(online) * 10 >= len(handled) * 3
    some = len(online) * 100 >= len(handled) * 15
    points = 2 if enough and not late else 1 if some else 0
    return figure(MEANINGS[9], points, 1 if handled else 0, 1, [one.code for one in handled], late)
