"""Item definitions: the types a model defines, with allowed values and constraints. DMN 1.5 §7.3.3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree

from lienthong.engine.dmn.model import DecisionRequirementsGraph, Problem
from lienthong.engine.dmn.xml import child, children, text, type_ref
from lienthong.engine.feel.errors import FeelLimitError, FeelSyntaxError
from lienthong.engine.feel.expressions import parse_unary_tests
from lienthong.engine.feel.scope import Run, Scope
from lienthong.engine.feel.types import FeelType, built_in_type

XML = etree._Element
MAX_DEPTH = 40


class ItemTypes:
    """Builds the types of a model, each when first named."""

    def __init__(self, root: XML, graph: DecisionRequirementsGraph) -> None:
        self._graph = graph
        self._definitions = {d.get("name", ""): d for d in children(root, "itemDefinition")}
        self._building: list[str] = []
        for name in self._definitions:
            self.named(name)

    def named(self, name: str) -> FeelType | None:
        """The type of a name; None for no name, a problem for an unknown one."""
        if not name:
            return None
        if name in self._graph.types:
            return self._graph.types[name]
        if name in self._definitions:
            return self._defined(name)
        for prefix, graph in self._graph.imports.values():
            if name.startswith(prefix + "."):
                return graph.types.get(name.removeprefix(prefix + "."))
        found = built_in_type(name)
        if found is None:
            short = name.rpartition(":")[2]
            if short != name and short in self._definitions:
                return self.named(short)
            message = f"Expected a type '{name}', but there is none"
            self._graph.problems.append(Problem(name, "type-known", message, "warning"))
        return found

    def _defined(self, name: str) -> FeelType | None:
        if name in self._building:
            # A type that holds itself: its inner mention is a context of whatever shape.
            return FeelType("Any")
        self._building.append(name)
        built = self._build(self._definitions[name], len(self._building))
        built.name = name
        self._building.pop()
        self._graph.types[name] = built
        return built

    def _build(self, definition: XML, depth: int) -> FeelType:
        if depth > MAX_DEPTH:
            return FeelType("Any")
        parts = list(children(definition, "itemComponent"))
        function = child(definition, "functionItem")
        if parts:
            entries = {part.get("name", ""): self._build(part, depth + 1) for part in parts}
            built = FeelType("context", entries=entries)
        elif function is not None:
            built = FeelType(
                "function",
                self.named(function.get("outputTypeRef", "")),
                parameters=[self.named(type_ref(p)) or FeelType("Any") for p in children(function, "parameters")],
            )
        else:
            named = self.named(type_ref(definition)) or FeelType("Any")
            built = FeelType(named.kind, named.element, named.entries, named.parameters, named.allowed)
        allowed = self._tests(definition, "allowedValues")
        if allowed is not None:
            built.allowed = _both(built.allowed, allowed)
        if definition.get("isCollection") == "true":
            built = FeelType("list", built)
        constraint = self._tests(definition, "typeConstraint")
        if constraint is not None:
            built.allowed = _both(built.allowed, constraint)
        return built

    def _tests(self, definition: XML, tag: str) -> Callable[[Any], bool] | None:
        element = child(definition, tag)
        wanted = text(element)
        if not wanted:
            return None
        return self.tests(wanted, definition.get("id") or definition.get("name") or "")

    def tests(self, wanted: str, element_id: str) -> Callable[[Any], bool] | None:
        """Unary tests as a function of the value."""
        try:
            compiled = parse_unary_tests(wanted, self._graph.names)
        except FeelSyntaxError as error:
            self._graph.problems.append(Problem(element_id, "expression-parses", f"Allowed values: {error}"))
            return None

        def allowed(value: Any) -> bool:
            try:
                return compiled.value_in(Scope({"?": value}, None, Run())) is True
            except FeelLimitError:
                return False

        return allowed


def _both(first: Callable[[Any], bool] | None, second: Callable[[Any], bool]) -> Callable[[Any], bool]:
    if first is None:
        return second
    return lambda value: first(value) and second(value)
