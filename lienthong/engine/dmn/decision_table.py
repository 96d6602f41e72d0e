"""Decision tables: which rules match, and what the hit policy makes of them. DMN 1.5 §8."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from typing import Any

from lienthong.engine.dmn.model import Closure, Trace
from lienthong.engine.feel.json_values import to_json
from lienthong.engine.feel.numbers import add
from lienthong.engine.feel.operators import equal, order_of
from lienthong.engine.feel.scope import Run, Scope
from lienthong.engine.feel.types import FeelType, coerce
from lienthong.engine.feel.values import kind_of

HIT_POLICIES = frozenset(("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"))
AGGREGATIONS = frozenset(("SUM", "COUNT", "MIN", "MAX"))


@dataclass(slots=True)
class Input:
    id: str
    label: str
    expression: Closure
    type: FeelType | None
    allowed: Callable[[Any], bool] | None


@dataclass(slots=True)
class Output:
    id: str
    name: str
    label: str
    type: FeelType | None
    allowed: Callable[[Any], bool] | None
    values: Closure | None
    """The output values as a list, most important first."""
    default: Closure | None


@dataclass(slots=True)
class Rule:
    id: str
    tests: list[Closure]
    outputs: list[Closure]


@dataclass(slots=True)
class DecisionTable:
    hit_policy: str
    aggregation: str
    inputs: list[Input]
    outputs: list[Output]
    rules: list[Rule] = field(default_factory=list)

    def evaluate(self, scope: Scope) -> Any:
        """The value of the table; a broken rule of the table raises TableFailure."""
        trace = scope.find("\0trace")
        values = self._input_values(scope, trace if isinstance(trace, Trace) else None)
        if values is None:
            return None
        matched = [(i, rule) for i, rule in enumerate(self.rules) if self._matches(rule, values, scope)]
        if self.hit_policy == "FIRST":
            matched = matched[:1]
        if self.hit_policy == "UNIQUE" and len(matched) > 1:
            numbers = ", ".join(str(i + 1) for i, _ in matched)
            raise TableFailure(f"Expected at most one rule to match (hit policy UNIQUE), but rules {numbers} do")
        hits = [self._outputs(rule, scope) for _, rule in matched]
        if isinstance(trace, Trace):
            self._record(trace, matched, hits)
        return self._by_policy(hits, scope) if hits else self._without_hit(scope)

    def _input_values(self, scope: Scope, trace: Trace | None) -> list[Any] | None:
        values = []
        for clause in self.inputs:
            value, fits = coerce(clause.expression(scope), clause.type)
            if not fits:
                wanted = clause.type.name or clause.type.kind if clause.type else ""
                scope.run.warn(f"Expected input '{clause.label}' to be a {wanted}, but got another type")
            if value is not None and clause.allowed is not None and not clause.allowed(value):
                raise TableFailure(f"Expected input '{clause.label}' to be one of its input values, but it is not")
            values.append(value)
            if trace is not None:
                trace.inputs.append({"inputId": clause.id, "inputName": clause.label, "inputValue": to_json(value)})
        return values

    def _matches(self, rule: Rule, values: list[Any], scope: Scope) -> bool:
        for test, value in zip(rule.tests, values, strict=True):
            if test(Scope({"?": value, "cellInput": value}, scope, scope.run)) is not True:
                return False
        return True

    def _outputs(self, rule: Rule, scope: Scope) -> list[Any]:
        return [self._fit(o, entry(scope), scope.run) for o, entry in zip(self.outputs, rule.outputs, strict=True)]

    def _fit(self, clause: Output, value: Any, run: Run) -> Any:
        fitted, fits = coerce(value, clause.type)
        if not fits:
            wanted = clause.type.name or clause.type.kind if clause.type else ""
            run.warn(f"Expected output '{clause.name}' to be a {wanted}, but got {kind_of(value)}")
        if fitted is not None and clause.allowed is not None and not clause.allowed(fitted):
            run.warn(f"Expected output '{clause.name}' to be one of its output values, but it is not")
            return None
        return fitted

    def _record(self, trace: Trace, matched: list[tuple[int, Rule]], hits: list[list[Any]]) -> None:
        for (index, rule), outputs in zip(matched, hits, strict=True):
            trace.rules.append(
                {
                    "ruleId": rule.id,
                    "ruleIndex": index + 1,
                    "evaluatedOutputs": [
                        {"outputId": o.id, "outputName": o.label, "outputValue": to_json(value)}
                        for o, value in zip(self.outputs, outputs, strict=True)
                    ],
                }
            )

    def _value(self, outputs: list[Any]) -> Any:
        if len(self.outputs) == 1:
            return outputs[0]
        return {clause.name: value for clause, value in zip(self.outputs, outputs, strict=True)}

    def _without_hit(self, scope: Scope) -> Any:
        if any(clause.default is not None for clause in self.outputs):
            defaults = [clause.default(scope) if clause.default else None for clause in self.outputs]
            value = self._value(defaults)
            return [value] if self._is_list() and type(value) is not list else value
        if self.hit_policy == "COLLECT" and self.aggregation == "COUNT":
            return Decimal(0)
        return [] if self._is_list() else None

    def _is_list(self) -> bool:
        return self.hit_policy in ("RULE ORDER", "OUTPUT ORDER") or (
            self.hit_policy == "COLLECT" and not self.aggregation
        )

    def _by_policy(self, hits: list[list[Any]], scope: Scope) -> Any:
        policy = self.hit_policy
        if policy == "ANY":
            if any(equal(hit, hits[0]) is not True for hit in hits[1:]):
                raise TableFailure("Expected all rules that match to agree (hit policy ANY), but they do not")
            return self._value(hits[0])
        if policy in ("UNIQUE", "FIRST"):
            return self._value(hits[0])
        if policy == "PRIORITY":
            return self._value(self._ordered(hits, scope)[0])
        if policy == "OUTPUT ORDER":
            return [self._value(hit) for hit in self._ordered(hits, scope)]
        values = [self._value(hit) for hit in hits]
        return self._aggregate(values) if policy == "COLLECT" and self.aggregation else values

    def _ordered(self, hits: list[list[Any]], scope: Scope) -> list[list[Any]]:
        """By the place of each output in its output values, the first output weighing most."""
        orders = []
        for clause in self.outputs:
            listed = clause.values(scope) if clause.values else []
            orders.append(listed if type(listed) is list else [])

        def rank(hit: list[Any]) -> list[int]:
            return [
                next((i for i, known in enumerate(order) if equal(known, value) is True), len(order))
                for order, value in zip(orders, hit, strict=True)
            ]

        return sorted(hits, key=rank)

    def _aggregate(self, values: list[Any]) -> Any:
        if self.aggregation == "COUNT":
            distinct: list[Any] = []
            for value in values:
                if not any(equal(value, known) is True for known in distinct):
                    distinct.append(value)
            return Decimal(len(distinct))
        if self.aggregation == "SUM":
            if not all(type(value) is Decimal for value in values):
                raise TableFailure("Expected numbers to sum, but there is something else")
            return reduce(add, values)
        wanted = -1 if self.aggregation == "MIN" else 1
        best = values[0]
        for value in values[1:]:
            order = order_of(value, best)
            if order is None:
                raise TableFailure(f"Expected values to compare for {self.aggregation}, but they differ in kind")
            best = value if order == wanted else best
        return best


class TableFailure(Exception):
    """A decision table broke its own rules: hit policy, input values or aggregation."""
