"""The review of components: how often each was provided, reused or derived, and on what legal ground it is asked.

A component that the law data call derivable but that was handed over was asked again: a defect.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lienthong.dossiers.law import Law
from lienthong.dossiers.law_records import ComponentRule, Procedure
from lienthong.dossiers.rules.components import ComponentStatus


@dataclass(frozen=True, slots=True)
class ComponentCount:
    """How many components of a procedure stand so, as the repository counts them."""

    procedure_code: str
    component_code: str
    status: str
    count: int


@dataclass(frozen=True, slots=True)
class ComponentReview:
    """One component of one procedure over all dossiers."""

    procedure_code: str
    component_code: str
    name_vi: str
    legal_ground: str
    mark: str
    derivable: bool
    provided: int
    reused: int
    derived: int
    from_sibling: int
    waived: int
    missing: int
    asked_again: int

    @property
    def may_be_dropped(self) -> bool:
        """Whether a database has it, or it never had to be handed over though it was needed."""
        return self.derivable or (self.provided == 0 and self.reused + self.derived + self.from_sibling > 0)


def review(law: Law, counts: Iterable[ComponentCount], on: date) -> list[ComponentReview]:
    """Every component that was ever laid out, most often provided first."""
    by_place: dict[tuple[str, str], dict[str, int]] = {}
    for one in counts:
        place = by_place.setdefault((one.procedure_code, one.component_code), {})
        place[one.status] = place.get(one.status, 0) + one.count
    rows = [_row(law, code, component, found, on) for (code, component), found in by_place.items()]
    return sorted(rows, key=lambda row: (-row.provided, row.procedure_code, row.component_code))


def _row(law: Law, code: str, component: str, found: dict[str, int], on: date) -> ComponentReview:
    procedure = law.procedure(code, on)
    rule = _rule(procedure, component)
    provided = found.get(ComponentStatus.PROVIDED, 0)
    return ComponentReview(
        procedure_code=code,
        component_code=component,
        name_vi=rule.name_vi if rule else component,
        legal_ground=procedure.basis,
        mark=rule.mark if rule else procedure.mark,
        derivable=rule is not None and rule.derivable,
        provided=provided,
        reused=found.get(ComponentStatus.REUSED, 0),
        derived=found.get(ComponentStatus.DERIVED, 0),
        from_sibling=found.get(ComponentStatus.RESULT_OF_SIBLING, 0),
        waived=found.get(ComponentStatus.WAIVED, 0),
        missing=found.get(ComponentStatus.MISSING, 0),
        asked_again=provided if rule is not None and rule.derivable else 0,
    )


def _rule(procedure: Procedure, component: str) -> ComponentRule | None:
    return next((rule for rule in procedure.components if rule.code == component), None)
