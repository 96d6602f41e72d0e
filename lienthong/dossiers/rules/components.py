"""How a component of a dossier is satisfied (domain of the linked one-stop: nothing is asked twice)."""

from enum import StrEnum


class ComponentStatus(StrEnum):
    """The ways a component can stand."""

    PROVIDED = "PROVIDED"
    REUSED = "REUSED"
    DERIVED = "DERIVED"
    RESULT_OF_SIBLING = "RESULT_OF_SIBLING"
    WAIVED = "WAIVED"
    MISSING = "MISSING"


SATISFIED = frozenset(set(ComponentStatus) - {ComponentStatus.MISSING})
