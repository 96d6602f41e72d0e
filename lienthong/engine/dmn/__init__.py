"""DMN 1.1 to 1.5: decision requirements graphs read from XML and evaluated with FEEL."""

from lienthong.engine.dmn.evaluation import evaluate_decision, evaluate_service, evaluate_values
from lienthong.engine.dmn.model import (
    Decision,
    DecisionFailure,
    DecisionRequirementsGraph,
    DecisionResult,
    DmnError,
    Problem,
)
from lienthong.engine.dmn.reader import parse_dmn, read_dmn
from lienthong.engine.dmn.validation import check_dmn

__all__ = [
    "Decision",
    "DecisionFailure",
    "DecisionRequirementsGraph",
    "DecisionResult",
    "DmnError",
    "Problem",
    "check_dmn",
    "evaluate_decision",
    "evaluate_service",
    "evaluate_values",
    "parse_dmn",
    "read_dmn",
]
