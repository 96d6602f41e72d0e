"""Nothing is asked twice: in which order a component is looked for (NĐ 58/2026, NĐ 224/2026 [V])."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from lienthong.dossiers.rules.components import ComponentStatus


class Source(IntEnum):
    """Where a held paper lies; the lower is asked first."""

    WALLET = 1
    REPOSITORY = 2
    PROVINCE = 3
    NATIONAL_DATABASE = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """A component that a branch asks for; ``satisfied_by`` names a sibling procedure whose result it is."""

    branch_code: str
    component_code: str
    kind: str
    satisfied_by: str | None = None
    valid_months: int | None = None
    required: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """A paper that exists already; ``document_id`` is None when a database holds data, not a paper."""

    kind: str
    document_id: str | None
    dated: date
    source: Source
    provenance: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """How one component stands, and why."""

    branch_code: str
    component_code: str
    status: ComponentStatus
    document_id: str | None
    provenance: str

    @property
    def awaits_sibling(self) -> bool:
        """Whether a sibling's result will fill it: the applicant is not asked."""
        return self.status is ComponentStatus.MISSING and self.provenance.startswith(AWAITS)


AWAITS = "awaits:"


def still_valid(dated: date, valid_months: int | None, on: date) -> bool:
    """Whether a paper of ``dated`` may still be used on a day, e.g. six months for a criminal record."""
    if valid_months is None:
        return True
    months = (on.year - dated.year) * 12 + on.month - dated.month
    return months < valid_months or (months == valid_months and on.day <= dated.day)


def resolve_components(
    wanted: Sequence[Wanted], provided: dict[str, str], siblings: Iterable[str], held: Sequence[Held], on: date
) -> list[Resolution]:
    """One resolution a component: given now, a sibling's coming result, held already, derived, else missing.

    ``provided`` maps a kind of paper to the document given with this filing, ``siblings`` are the procedures that
    run in this dossier.
    """
    running = frozenset(siblings)
    return [_resolve(one, provided, running, held, on) for one in wanted]


def _resolve(
    one: Wanted, provided: dict[str, str], running: frozenset[str], held: Sequence[Held], on: date
) -> Resolution:
    def resolution(status: ComponentStatus, document_id: str | None, provenance: str) -> Resolution:
        return Resolution(one.branch_code, one.component_code, status, document_id, provenance)

    if one.satisfied_by in running:
        return resolution(ComponentStatus.MISSING, None, f"{AWAITS}{one.satisfied_by}")
    if one.kind in provided:
        return resolution(ComponentStatus.PROVIDED, provided[one.kind], "filing")
    fitting = [paper for paper in held if paper.kind == one.kind and still_valid(paper.dated, one.valid_months, on)]
    if fitting:
        best = min(fitting, key=lambda paper: (paper.source, -paper.dated.toordinal()))
        status = ComponentStatus.DERIVED if best.document_id is None else ComponentStatus.REUSED
        return resolution(status, best.document_id, best.provenance)
    if not one.required:
        return resolution(ComponentStatus.WAIVED, None, "not required")
    return resolution(ComponentStatus.MISSING, None, "")
