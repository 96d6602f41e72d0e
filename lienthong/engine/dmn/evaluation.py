"""Evaluating decisions: what is required first, each once, then the decision's own logic in their scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lienthong.engine.dmn.decision_table import TableFailure
from lienthong.engine.dmn.model import (
    Decision,
    DecisionFailure,
    DecisionRequirementsGraph,
    DecisionResult,
    DecisionService,
    Element,
    InputData,
    KnowledgeModel,
    Trace,
)
from lienthong.engine.feel.errors import FeelLimitError
from lienthong.engine.feel.json_values import from_json, to_json
from lienthong.engine.feel.scope import Run, Scope
from lienthong.engine.feel.temporal_text import parse_temporal
from lienthong.engine.feel.types import FeelType, coerce
from lienthong.engine.feel.values import FeelFunction, kind_of

MAX_DEPTH = 100
_TEMPORAL = frozenset(
    ("date", "time", "date and time", "duration", "days and time duration", "years and months duration")
)


@dataclass(slots=True)
class Session:
    """One evaluation of a graph: the inputs, and what is known by now."""

    inputs: Mapping[str, Any]
    run: Run
    lenient: bool = False
    """JSON inputs: a text is read as the date its input data wants, and undeclared variables are visible."""
    known: dict[tuple[int, str], Any] = field(default_factory=dict)
    records: list[dict[str, Any]] = field(default_factory=list)
    failures: list[DecisionFailure] = field(default_factory=list)
    under_way: list[str] = field(default_factory=list)

    def value_of(self, graph: DecisionRequirementsGraph, element: Element) -> Any:
        """The value of an element of a graph, computed once."""
        key = (id(graph), element.id)
        if key not in self.known:
            if element.id in self.under_way or len(self.under_way) > MAX_DEPTH:
                raise FeelLimitError(f"Expected requirements without a cycle, but '{element.id}' is in one")
            self.under_way.append(element.id)
            self.known[key] = self._compute(graph, element)
            self.under_way.pop()
        return self.known[key]

    def _compute(self, graph: DecisionRequirementsGraph, element: Element) -> Any:
        if isinstance(element, InputData):
            return self._input(element)
        if isinstance(element, Decision):
            return self._decide(graph, element)
        if isinstance(element, KnowledgeModel):
            return element.logic(self._scope(graph, element.requirements)) if element.logic is not None else None
        return self._service_function(graph, element)

    def _input(self, element: InputData) -> Any:
        value = self.inputs.get(element.name)
        if self.lenient and type(value) is str and element.type is not None and element.type.kind in _TEMPORAL:
            value = parse_temporal(value)
        return self._fit(value, element.type, f"input '{element.name}'")

    def _fit(self, value: Any, wanted: FeelType | None, what: str) -> Any:
        fitted, fits = coerce(value, wanted)
        if not fits and wanted is not None:
            self.run.warn(f"Expected {what} to be a {wanted.name or wanted.kind}, but got {kind_of(value)}")
        return fitted

    def _scope(self, graph: DecisionRequirementsGraph, requirements: list[str], trace: Trace | None = None) -> Scope:
        variables: dict[str, Any] = {"\0trace": trace} if trace is not None else {}
        for href in requirements:
            owner, prefix, element = graph.find(href)
            if element is None:
                continue
            value = self.value_of(owner, element)
            name = element.name if isinstance(element, InputData) else element.variable
            if prefix:
                variables.setdefault(prefix, {})[name] = value
            else:
                variables[name] = value
        self.run.types = graph.types
        return Scope(variables, self._open_scope(graph), self.run)

    def _open_scope(self, graph: DecisionRequirementsGraph) -> Scope | None:
        """Variables the model does not declare: Camunda's models leave their input data out."""
        if not self.lenient:
            return None
        declared = {e.name if isinstance(e, InputData) else e.variable for e in graph.elements.values()}
        return Scope({name: v for name, v in self.inputs.items() if name not in declared}, None, self.run)

    def _decide(self, graph: DecisionRequirementsGraph, decision: Decision) -> Any:
        trace = Trace()
        failure = ""
        value = None
        try:
            scope = self._scope(graph, decision.requirements, trace)
            if decision.logic is None:
                self.run.warn(f"Expected '{decision.name}' to have logic, but it has none")
            else:
                value = decision.logic(scope)
        except TableFailure as error:
            failure = str(error)
        if failure:
            self.run.warn(f"{decision.name}: {failure}")
            self.failures.append(DecisionFailure(decision.id, failure))
        self.records.append(
            {
                "decisionId": decision.id,
                "decisionName": decision.name,
                "decisionType": decision.kind,
                "decisionOutput": to_json(value),
                "evaluatedInputs": trace.inputs,
                "matchedRules": trace.rules,
            }
        )
        return value

    def _service_function(self, graph: DecisionRequirementsGraph, service: DecisionService) -> FeelFunction:
        parameters = _service_parameters(graph, service)
        names = [name for name, _, _ in parameters]

        def call(run: Run, arguments: list[Any]) -> Any:
            if len(arguments) != len(names):
                run.warn(
                    f"Expected '{service.name}' to be called with {len(names)} arguments, but got {len(arguments)}"
                )
                return None
            return self.call_service(graph, service, dict(zip(names, arguments, strict=True)))

        types = [parameter.type for _, _, parameter in parameters]
        return FeelFunction(service.name, names, call, None, types, service.type)

    def call_service(
        self, graph: DecisionRequirementsGraph, service: DecisionService, inputs: Mapping[str, Any]
    ) -> Any:
        """The outputs of a service for the values of its input decisions and input data."""
        inner = Session({}, self.run, failures=self.failures)
        for name, key, parameter in _service_parameters(graph, service):
            value = inputs.get(name)
            fitted, fits = coerce(value, parameter.type)
            if not fits:
                self.run.warn(f"Expected '{name}' of '{service.name}' to fit its type, but got {kind_of(value)}")
                return None
            inner.known[key] = fitted
        outputs = {}
        for href in service.outputs:
            owner, _, element = graph.find(href)
            if isinstance(element, Decision):
                outputs[element.variable] = inner.value_of(owner, element)
        value = next(iter(outputs.values())) if len(outputs) == 1 else outputs
        return self._fit(value, service.type, f"the output of '{service.name}'")


def _service_parameters(
    graph: DecisionRequirementsGraph, service: DecisionService
) -> list[tuple[str, tuple[int, str], InputData | Decision]]:
    found: list[tuple[str, tuple[int, str], InputData | Decision]] = []
    for href in (*service.input_data, *service.input_decisions):
        owner, _, element = graph.find(href)
        if isinstance(element, InputData):
            found.append((element.name, (id(owner), element.id), element))
        elif isinstance(element, Decision):
            found.append((element.variable, (id(owner), element.id), element))
    return found


def evaluate_values(
    graph: DecisionRequirementsGraph, decision: Decision, inputs: Mapping[str, Any], session: Session | None = None
) -> tuple[Any, Session]:
    """The FEEL value of a decision for inputs that are FEEL values; null where it cannot be."""
    session = session or Session(inputs, Run())
    try:
        return session.value_of(graph, decision), session
    except FeelLimitError as error:
        session.failures.append(DecisionFailure(decision.id, str(error)))
    except RecursionError:
        session.failures.append(DecisionFailure(decision.id, "Expected logic of reasonable depth, but it was too deep"))
    session.run.warn(session.failures[-1].message)
    return None, session


def evaluate_service(
    graph: DecisionRequirementsGraph, service: DecisionService, inputs: Mapping[str, Any]
) -> tuple[Any, list[str]]:
    """The FEEL value of a decision service, and warnings."""
    session = Session(inputs, Run())
    try:
        return session.call_service(graph, service, inputs), session.run.warnings
    except FeelLimitError as error:
        return None, [*session.run.warnings, str(error)]


def evaluate_decision(
    graph: DecisionRequirementsGraph, decision_id: str, variables: Mapping[str, Any], now: datetime | None = None
) -> DecisionResult:
    """The decision of an id (or name) for JSON variables: output, records as in the gRPC reply, first failure."""
    decision = graph.decision(decision_id)
    if decision is None:
        message = f"Expected a decision '{decision_id}', but no decision found for that id"
        return DecisionResult(None, [], DecisionFailure(decision_id, message))
    session = Session(from_json(dict(variables)), Run(now), lenient=True)
    value, session = evaluate_values(graph, decision, session.inputs, session)
    failure = session.failures[0] if session.failures else None
    output = None if failure else to_json(value)
    return DecisionResult(output, session.records, failure, session.run.warnings)
