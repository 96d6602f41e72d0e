"""Boxed expressions of DMN into closures: literal, context, invocation, list, relation, function, and the iterators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree

from lienthong.engine.dmn.item_types import ItemTypes
from lienthong.engine.dmn.model import Closure, DecisionRequirementsGraph, Problem
from lienthong.engine.dmn.table_reader import read_table
from lienthong.engine.dmn.xml import child, children, local, text, type_ref
from lienthong.engine.feel.calls import call_named, fit_arguments
from lienthong.engine.feel.errors import FeelSyntaxError
from lienthong.engine.feel.expressions import parse_expression, parse_unary_tests
from lienthong.engine.feel.loops import items_of
from lienthong.engine.feel.parser_state import canonical_name
from lienthong.engine.feel.scope import Run, Scope
from lienthong.engine.feel.types import FeelType, coerce
from lienthong.engine.feel.values import FeelFunction, kind_of

XML = etree._Element
EXPRESSIONS = (
    "literalExpression",
    "context",
    "invocation",
    "list",
    "relation",
    "functionDefinition",
    "decisionTable",
    "conditional",
    "filter",
    "for",
    "some",
    "every",
)


class BoxedReader:
    """Reads the logic of one model; what does not parse becomes a problem and is null when evaluated."""

    def __init__(self, graph: DecisionRequirementsGraph, types: ItemTypes) -> None:
        self.graph = graph
        self.types = types

    def feel(self, wanted: str, element: XML) -> Closure:
        """A FEEL expression as closure."""
        try:
            return parse_expression(wanted, self.graph.names).value_in
        except FeelSyntaxError as error:
            return self._broken(error, element)

    def tests(self, wanted: str, element: XML) -> Closure:
        """Unary tests as closure."""
        try:
            return parse_unary_tests(wanted, self.graph.names).value_in
        except FeelSyntaxError as error:
            return self._broken(error, element)

    def _broken(self, error: FeelSyntaxError, element: XML) -> Closure:
        owner: XML | None = element
        while owner is not None and not owner.get("id"):
            owner = owner.getparent()
        self.problem(owner.get("id", "") if owner is not None else "", "expression-parses", str(error))

        def broken(scope: Scope) -> Any:
            scope.run.warn(str(error))
            return None

        return broken

    def problem(self, element_id: str, rule: str, message: str) -> None:
        """Note what is wrong."""
        self.graph.problems.append(Problem(element_id, rule, message))

    def inside(self, element: XML | None) -> Closure | None:
        """The expression that is a child of an element."""
        found = child(element, *EXPRESSIONS) if element is not None else None
        return None if found is None else self.expression(found)

    def required(self, element: XML | None, owner: XML) -> Closure:
        """The same, null where there is none."""
        found = self.inside(element)
        if found is None:
            self.problem(owner.get("id", ""), "expression-there", f"Expected an expression in '{local(owner)}'")
            return lambda scope: None
        return found

    def expression(self, element: XML) -> Closure:
        """One boxed expression, fitted to the type it names."""
        closure = _READERS[local(element)](self, element)
        named = type_ref(element) if local(element) != "functionDefinition" else ""
        return fitted(closure, self.types.named(named))


def fitted(closure: Closure, wanted: FeelType | None) -> Closure:
    """The closure with its value fitted to a type, or null and a warning."""
    if wanted is None or (wanted.kind == "Any" and wanted.allowed is None):
        return closure

    def fit(scope: Scope) -> Any:
        value = closure(scope)
        result, fits = coerce(value, wanted)
        if not fits:
            scope.run.warn(f"Expected a {wanted.name or wanted.kind}, but got {kind_of(value)}")
        return result

    return fit


def _literal(reader: BoxedReader, element: XML) -> Closure:
    language = element.get("expressionLanguage", "")
    if language and "feel" not in language.lower():
        reader.problem(element.get("id", ""), "language-feel", f"Expected FEEL, but the language is '{language}'")
    wanted = text(element)
    if not wanted:
        return lambda scope: None
    return reader.feel(wanted, element)


def _context(reader: BoxedReader, element: XML) -> Closure:
    entries: list[tuple[str | None, Closure]] = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        closure = reader.required(entry, element)
        if variable is None:
            entries.append((None, closure))
        else:
            typed = fitted(closure, reader.types.named(type_ref(variable)))
            entries.append((canonical_name(variable.get("name", "")), typed))

    def build(scope: Scope) -> Any:
        result: dict[str, Any] = {}
        inner = Scope(result, scope, scope.run)
        for name, closure in entries:
            if name is None:
                return closure(inner)
            result[name] = closure(inner)
        return result

    return build


def _invocation(reader: BoxedReader, element: XML) -> Closure:
    function = reader.required(element, element)
    called = text(child(element, "literalExpression"))
    names, values = [], []
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        names.append(canonical_name(parameter.get("name", "")) if parameter is not None else "")
        values.append(reader.inside(binding) or (lambda scope: None))
    return lambda scope: call_named(function(scope), called, names, [v(scope) for v in values], scope.run)


def _list(reader: BoxedReader, element: XML) -> Closure:
    items = [reader.expression(item) for item in children(element, *EXPRESSIONS)]
    return lambda scope: [item(scope) for item in items]


def _relation(reader: BoxedReader, element: XML) -> Closure:
    columns = [
        (canonical_name(column.get("name", "")), reader.types.named(type_ref(column)))
        for column in children(element, "column")
    ]
    rows = [
        [
            (name, fitted(reader.expression(cell), wanted))
            for (name, wanted), cell in zip(columns, children(row, *EXPRESSIONS), strict=False)
        ]
        for row in children(element, "row")
    ]
    return lambda scope: [{name: cell(scope) for name, cell in row} for row in rows]


def _function(reader: BoxedReader, element: XML) -> Closure:
    return function_closure(reader, element, None)


def function_closure(reader: BoxedReader, element: XML, result: FeelType | None) -> Closure:
    """A function definition (or encapsulated logic) as a closure that gives the function."""
    parameters = list(children(element, "formalParameter"))
    names = [canonical_name(parameter.get("name", "")) for parameter in parameters]
    types = [reader.types.named(type_ref(parameter)) for parameter in parameters]
    body = reader.inside(element)
    if element.get("kind", "FEEL") != "FEEL":
        reader.problem(
            element.get("id", ""),
            "function-feel",
            f"Expected a function of kind FEEL, but it is {element.get('kind')}: external functions are not supported",
        )
        body = None
    typed = fitted(body, result) if body is not None else None
    declared = result or reader.types.named(type_ref(child(element, *EXPRESSIONS)))

    def build(scope: Scope) -> FeelFunction:
        def call(run: Run, arguments: list[Any]) -> Any:
            values = fit_arguments("the function", names, types, arguments, run)
            if typed is None:
                run.warn("Expected a function defined in FEEL, but it is external or empty, which is not supported")
                return None
            if values is None:
                return None
            return typed(Scope(values, scope, run))

        return FeelFunction("", names, call, None, types, declared)

    return build


def _conditional(reader: BoxedReader, element: XML) -> Closure:
    condition, then, otherwise = (reader.required(child(element, tag), element) for tag in ("if", "then", "else"))

    def choose(scope: Scope) -> Any:
        answer = condition(scope)
        if answer is not None and type(answer) is not bool:
            scope.run.warn(f"Expected a condition to be true or false, but got {kind_of(answer)}")
            return None
        return then(scope) if answer else otherwise(scope)

    return choose


def _filter(reader: BoxedReader, element: XML) -> Closure:
    source, match = (reader.required(child(element, tag), element) for tag in ("in", "match"))

    def select(scope: Scope) -> Any:
        items = items_of(source(scope), scope.run)
        if items is None:
            return None
        kept = []
        for item in items:
            inner = Scope({"item": item}, scope, scope.run)
            answer = match(Scope(item, inner, scope.run) if type(item) is dict else inner)
            if type(answer) is not bool:
                scope.run.warn(f"Expected a filter to be true or false, but got {kind_of(answer)}")
                return None
            if answer:
                kept.append(item)
        return kept

    return select


def _walk(reader: BoxedReader, element: XML, tag: str) -> tuple[str, Closure, Closure]:
    name = canonical_name(element.get("iteratorVariable", "item"))
    source, result = (reader.required(child(element, part), element) for part in ("in", tag))
    return name, source, result


def _for(reader: BoxedReader, element: XML) -> Closure:
    name, source, result = _walk(reader, element, "return")

    def loop(scope: Scope) -> Any:
        items = items_of(source(scope), scope.run)
        if items is None:
            return None
        results: list[Any] = []
        for item in items:
            results.append(result(Scope({name: item, "partial": results}, scope, scope.run)))
        return results

    return loop


def _quantified(deciding: bool) -> Callable[[BoxedReader, XML], Closure]:
    def read(reader: BoxedReader, element: XML) -> Closure:
        name, source, condition = _walk(reader, element, "satisfies")

        def test(scope: Scope) -> Any:
            items = items_of(source(scope), scope.run)
            if items is None:
                return None
            unknown = False
            for item in items:
                answer = condition(Scope({name: item}, scope, scope.run))
                if answer is deciding:
                    return deciding
                if answer is not None and type(answer) is not bool:
                    scope.run.warn(f"Expected a condition to be true or false, but got {kind_of(answer)}")
                    return None
                unknown = unknown or answer is None
            return None if unknown else not deciding

        return test

    return read


def _table(reader: BoxedReader, element: XML) -> Closure:
    return read_table(reader, element).evaluate


_READERS: dict[str, Callable[[BoxedReader, XML], Closure]] = {
    "literalExpression": _literal,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "functionDefinition": _function,
    "decisionTable": _table,
    "conditional": _conditional,
    "filter": _filter,
    "for": _for,
    "some": _quantified(True),
    "every": _quantified(False),
}
