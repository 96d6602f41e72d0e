"""Single against linked handling of every bundle: working days, trips to the desk, papers asked, critical path.

Both sides use the same intake and return steps. Three gains are kept apart: one filing in place of several, procedures
side by side in place of one after another (both with identical step times), and linked limits shorter than those of
single handling. A calendar day counts 5/7 of a working day here, so that no figure depends on a day of filing [I].
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from graphlib import TopologicalSorter
from typing import Any, Final

from lienthong.dossiers.law import Law
from lienthong.dossiers.law_records import Bundle, ComponentRule, required
from lienthong.dossiers.rules.deadline import Limit, LimitUnit

TRIPS_A_FILING: Final = 2  # [I]: one visit to the desk to file, one to collect; supplements are not counted
_HOURS_A_DAY: Final = 8
_WORKING_SHARE: Final = Fraction(5, 7)


@dataclass(frozen=True, slots=True)
class Case:
    """One way to run a bundle; totals in working days as published, where a source states them (None elsewhere).

    ``published_end`` is the procedure at which the published total ends (BD-4147b: up to the building permit).
    """

    title_vi: str
    title_en: str
    options: Mapping[str, bool | int | str]
    published: int | None = None
    published_before: int | None = None
    published_end: str = "V9"


_INSIDE: Final = {"insideZone": True, "needsClearance": False}
_OUTSIDE: Final = {"insideZone": False, "needsClearance": False}
_DEMAND: Final = {"demandExempt": True}
_OPTIONAL: Final = {"needsRegistration": True, "needsFireDesign": True, "needsCriminalRecord": True}
_USUAL: Final = Case("Thông thường", "usual", {})
_OF_2026: Final[Mapping[str, bool | int | str]] = {
    "projectGroup": "B",
    "classOneWorks": True,
    "specialProcedure": False,
}
CASES: Final[Mapping[tuple[str, str], tuple[Case, ...]]] = {
    ("justice-employment", "2023"): (
        _USUAL,
        Case("Miễn báo cáo nhu cầu", "demand exempt", _DEMAND),
        Case("Không thuộc diện cấp giấy phép", "permit exempt", {"permitExempt": True}),
    ),
    ("karaoke", "2023"): (_USUAL, Case("Đủ nhánh tùy chọn", "all optional branches", _OPTIONAL)),
    ("investment", "2023"): (
        Case("Trong khu", "inside a zone", _INSIDE, 60, 145),
        Case(
            "Ngoài khu, thuê tư vấn giá đất",
            "outside, consultant",
            {**_OUTSIDE, "landPriceCase": "consultant"},
            118,
            242,
        ),
        Case("Ngoài khu, hệ số giá đất", "outside, coefficient", {**_OUTSIDE, "landPriceCase": "coefficient"}),
        Case("Ngoài khu, theo bảng giá đất", "outside, price table", {**_OUTSIDE, "landPriceCase": "table"}),
    ),
    ("justice-employment", "2026"): (
        _USUAL,
        Case("Không thuộc diện cấp giấy phép", "permit exempt", {"permitExempt": True}),
    ),
    ("karaoke", "2026"): (_USUAL,),
    ("investment", "2026"): (
        Case("Trong khu", "inside a zone", {**_OF_2026, **_INSIDE}),
        Case(
            "Ngoài khu, theo bảng giá đất", "outside, price table", {**_OF_2026, **_OUTSIDE, "landPriceCase": "table"}
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class LinkedTime:
    """One row of the report; all times in working days, the gains add up to ``single_days - linked_days``.

    ``total_limit``: the most that the law allows for the whole group, where it says so.
    """

    bundle: str
    version: str
    title_vi: str
    title_en: str
    single_days: float
    single_days_linked_limits: float
    linked_days: float
    gain_one_filing: float
    gain_parallel: float
    gain_shorter_limits: float
    single_trips: int
    linked_trips: int
    single_papers: int
    linked_papers: int
    critical_path: tuple[str, ...]
    apart: tuple[str, ...]
    published: int | None
    published_before: int | None
    without_inferred_edges: float | None
    total_limit: float | None = None

    @property
    def fitted(self) -> bool:
        """Whether the split of limits was fitted to a published total."""
        return self.published is not None

    def as_row(self) -> dict[str, Any]:
        """The row as JSON-able data; ``fitted`` says that it proves the arithmetic, not the law."""
        return {**asdict(self), "fitted": self.fitted}


def working_days(limit: Limit) -> Fraction:
    """The nominal length of a limit in working days."""
    value = Fraction(str(limit.value))
    if limit.unit is LimitUnit.CALENDAR_DAYS:
        return value * _WORKING_SHARE
    return value / _HOURS_A_DAY if limit.unit is LimitUnit.WORKING_HOURS else value


def longest_path(
    graph: Mapping[str, Sequence[str]], lengths: Mapping[str, Fraction], end: str | None = None
) -> tuple[Fraction, tuple[str, ...]]:
    """The length of the longest path over ``graph`` (procedure → what it needs), and its procedures in order.

    With ``end``: of the paths that end there.
    """
    best: dict[str, tuple[Fraction, tuple[str, ...]]] = {}
    inner = {code: [need for need in needs if need in graph] for code, needs in graph.items()}
    for code in TopologicalSorter(inner).static_order():
        before = max((best[need] for need in inner[code]), key=lambda one: one[0], default=(Fraction(0), ()))
        best[code] = (before[0] + lengths[code], (*before[1], code))
    ends = best.values() if end is None else [best[end]]
    return max(ends, key=lambda one: one[0], default=(Fraction(0), ()))


def without_inferred(law: Law, bundle: Bundle, graph: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The graph without edges marked I; a procedure left without any need waits for what the dropped one waits for."""
    edges = law.needs.get(f"{bundle.id}/{bundle.version}", ())
    inferred = {(edge.procedure, edge.result) for edge in edges if edge.mark == "I"}

    def needs(code: str) -> tuple[str, ...]:
        kept = tuple(need for need in graph[code] if (code, need) not in inferred)
        return kept or tuple(dict.fromkeys(further for need in graph[code] for further in needs(need)))

    return {code: needs(code) for code in graph}


def filings(law: Law, bundle: Bundle, codes: Sequence[str], on: date) -> dict[str, list[str]]:
    """Procedure → the nodes that one single filing of it covers.

    A node without a national code whose work another node of the same authority finishes is a stage of that one
    (K5a, examination and inspection, of K5); site clearance and land price stand alone.
    """
    edges = law.needs.get(f"{bundle.id}/{bundle.version}", ())
    stage_of = {
        edge.result: edge.procedure
        for edge in edges
        if edge.result in codes and edge.procedure in codes and _is_stage(law, edge.result, edge.procedure, on)
    }
    found: dict[str, list[str]] = {}
    for code in codes:
        found.setdefault(stage_of.get(code, code), []).append(code)
    return found


def _is_stage(law: Law, code: str, of: str, on: date) -> bool:
    return code.rstrip("abcdefghijklmnopqrstuvwxyz") == of and not law.procedure(code, on).national_code


def _single(law: Law, code: str, on: date, linked: Mapping[str, Fraction]) -> Fraction:
    """The time of single handling; a work without a code of its own (land price) has no limit but the linked one."""
    procedure = law.procedure(code, on)
    return working_days(procedure.limit) if procedure.national_code else linked[code]


def _asked(law: Law, codes: Sequence[str], options: Mapping[str, Any], on: date) -> int:
    """How many papers the applicant hands over: each once, none that a procedure of ``codes`` or a database brings."""

    def asked(rule: ComponentRule) -> bool:
        return required(rule, options) and not rule.derivable and rule.satisfied_by not in codes

    return len({(rule.kind, rule.code) for code in codes for rule in law.procedure(code, on).components if asked(rule)})


def compare(law: Law, bundle: Bundle, case: Case) -> LinkedTime:
    """Single against linked handling of one case of a bundle."""
    law, options = law.under_bundle(bundle), {**bundle.defaults(), **case.options}
    on = bundle.valid_from
    whole = law.graph(bundle, options)
    graph = {code: needs for code, needs in whole.items() if bundle.in_total(code)}
    linked = {code: working_days(bundle.limit(code, options)) for code in graph}
    by_filing = filings(law, bundle, list(graph), on)
    legal = sum((_single(law, code, on, linked) for code in by_filing), Fraction(0))
    ends = working_days(bundle.intake_limit) + working_days(bundle.return_limit)
    path, codes = longest_path(graph, linked)
    in_sequence = sum(linked.values(), Fraction(0))
    bare = None
    if case.published is not None:
        bare = longest_path(without_inferred(law, bundle, graph), linked, case.published_end)[0] + ends
    return LinkedTime(
        bundle=bundle.id,
        version=bundle.version,
        title_vi=case.title_vi,
        title_en=case.title_en,
        single_days=_rounded(legal + len(by_filing) * ends),
        single_days_linked_limits=_rounded(in_sequence + len(by_filing) * ends),
        linked_days=_rounded(path + ends),
        gain_one_filing=_rounded((len(by_filing) - 1) * ends),
        gain_parallel=_rounded(in_sequence - path),
        gain_shorter_limits=_rounded(legal - in_sequence),
        single_trips=TRIPS_A_FILING * len(by_filing),
        linked_trips=TRIPS_A_FILING,
        single_papers=sum(_asked(law, nodes, options, on) for nodes in by_filing.values()),
        linked_papers=_asked(law, list(graph), options, on),
        critical_path=codes,
        apart=tuple(code for code in whole if code not in graph),
        published=case.published,
        published_before=case.published_before,
        without_inferred_edges=None if bare is None else _rounded(bare),
        total_limit=None if bundle.total_limit is None else _rounded(working_days(bundle.total_limit)),
    )


def _rounded(days: Fraction) -> float:
    return float(round(days, 2))


def linked_time(law: Law) -> list[LinkedTime]:
    """All rows: every case of every bundle and version, in the order of the law files."""
    return [
        compare(law, bundle, case)
        for bundle in law.all_bundles
        for case in CASES.get((bundle.id, bundle.version), (_USUAL,))
    ]
