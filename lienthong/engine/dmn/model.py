"""A DMN file as data: what there is, what requires what, and the logic of each as a closure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lienthong.engine.feel.scope import Scope
from lienthong.engine.feel.types import FeelType

Closure = Callable[[Scope], Any]


class DmnError(Exception):
    """The content is no DMN model this engine can evaluate."""


@dataclass(slots=True)
class Problem:
    """What is wrong, or leans on behavior that differs: in which element, against which rule."""

    element_id: str
    rule: str
    message: str
    severity: str = "error"
    """error or warning"""


@dataclass(slots=True)
class InputData:
    id: str
    name: str
    type: FeelType | None


@dataclass(slots=True)
class Decision:
    id: str
    name: str
    variable: str
    type: FeelType | None
    type_ref: str
    kind: str
    """As Zeebe names it: DECISION_TABLE, LITERAL_EXPRESSION, CONTEXT, INVOCATION, LIST, RELATION, UNKNOWN."""
    logic: Closure | None
    requirements: list[str]
    version_tag: str | None = None


@dataclass(slots=True)
class KnowledgeModel:
    """A business knowledge model: a function."""

    id: str
    name: str
    variable: str
    logic: Closure | None
    requirements: list[str]


@dataclass(slots=True)
class DecisionService:
    """Some decisions of the graph as a function of their inputs."""

    id: str
    name: str
    variable: str
    type: FeelType | None
    outputs: list[str]
    input_decisions: list[str]
    input_data: list[str]


Element = InputData | Decision | KnowledgeModel | DecisionService


@dataclass(slots=True)
class DecisionRequirementsGraph:
    """One DMN file."""

    id: str
    name: str
    namespace: str
    resource_name: str
    decisions: dict[str, Decision] = field(default_factory=dict)
    """by id, in the order of the file"""
    elements: dict[str, Element] = field(default_factory=dict)
    types: dict[str, FeelType] = field(default_factory=dict)
    imports: dict[str, tuple[str, DecisionRequirementsGraph]] = field(default_factory=dict)
    """namespace → (name in this model, model)"""
    problems: list[Problem] = field(default_factory=list)
    version_tag: str | None = None
    names: tuple[str, ...] = ()

    def decision(self, key: str) -> Decision | None:
        """The decision of an id, or else of a name."""
        found = self.decisions.get(key)
        return found or next((decision for decision in self.decisions.values() if decision.name == key), None)

    def service(self, key: str) -> DecisionService | None:
        """The decision service of an id or a name."""
        for element in self.elements.values():
            if isinstance(element, DecisionService) and key in (element.id, element.name):
                return element
        return None

    def find(self, href: str) -> tuple[DecisionRequirementsGraph, str, Element | None]:
        """What a reference means: the model it is in, that model's name here ("" for this one), the element."""
        namespace, _, element_id = href.rpartition("#")
        if namespace and namespace != self.namespace and namespace in self.imports:
            prefix, graph = self.imports[namespace]
            return graph, prefix, graph.elements.get(element_id)
        return self, "", self.elements.get(element_id)


@dataclass(slots=True)
class DecisionFailure:
    decision_id: str
    message: str


@dataclass(slots=True)
class DecisionResult:
    """What an evaluation gives: JSON output, one camelCase record an evaluated decision, and what failed first."""

    output: Any
    evaluated_decisions: list[dict[str, Any]]
    failure: DecisionFailure | None
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Trace:
    """What a decision table saw while a decision was evaluated."""

    inputs: list[dict[str, Any]] = field(default_factory=list)
    rules: list[dict[str, Any]] = field(default_factory=list)


NO_IMPORTS: Mapping[str, DecisionRequirementsGraph] = {}
