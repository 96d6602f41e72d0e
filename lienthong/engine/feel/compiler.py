"""The syntax tree into closures `(scope) → value`; null-friendly: what has no value is null plus a warning."""

from collections.abc import Callable
from typing import Any

from lienthong.engine.feel.access import filter_value, path_value
from lienthong.engine.feel.builtins import BUILT_INS
from lienthong.engine.feel.calls import call_named, call_positional, function_of
from lienthong.engine.feel.loops import compile_for, compile_quantified
from lienthong.engine.feel.operations import compile_between, compile_logic, compile_negation, compile_operation
from lienthong.engine.feel.operators import compare, order_of
from lienthong.engine.feel.scope import Scope, convert
from lienthong.engine.feel.tree import (
    Between,
    Call,
    ContextOf,
    Filter,
    For,
    FunctionOf,
    If,
    In,
    InstanceOf,
    ListOf,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    Operation,
    Path,
    Quantified,
    RangeOf,
    Test,
    Tests,
)
from lienthong.engine.feel.types import is_instance, resolve
from lienthong.engine.feel.unary import compile_in, compile_tests
from lienthong.engine.feel.values import ABSENT, SCALARS, Range, kind_of

Closure = Callable[[Scope], Any]


def compile_node(node: Node) -> Closure:
    """The closure of a tree."""
    return _COMPILERS[type(node)](node)


def _literal(node: Literal) -> Closure:
    value = node.value
    return lambda scope: value


def _name(node: Name) -> Closure:
    name = node.name
    built_in = BUILT_INS.get(name, ABSENT)
    # A name with a dot in it (a parameter of a model) may also be a path where that name is not in scope.
    source, dot, last = name.rpartition(".")
    dotted = _path(Path(Name(source, node.at), last, node.at)) if dot and source and last else None

    def read(scope: Scope) -> Any:
        place: Scope | None = scope
        while place is not None:
            variables = place.variables
            if name in variables:
                value = variables[name]
                if place.raw and type(value) not in SCALARS:
                    return convert(place.run, name, value)
                return value
            place = place.parent
        if built_in is not ABSENT:
            return built_in
        if dotted is not None and scope.find(name.partition(".")[0], ABSENT) is not ABSENT:
            return dotted(scope)
        scope.run.warn(f"No variable found with name '{name}'")
        return None

    return read


def _list(node: ListOf) -> Closure:
    items = [compile_node(item) for item in node.items]
    return lambda scope: [item(scope) for item in items]


def _context(node: ContextOf) -> Closure:
    entries = [(key, compile_node(value)) for key, value in node.entries]
    unique = len({key for key, _ in entries}) == len(entries)

    def build(scope: Scope) -> Any:
        if not unique:
            scope.run.warn("Expected the keys of a context to differ, but one is there twice")
            return None
        result: dict[str, Any] = {}
        inner = Scope(result, scope, scope.run)
        for key, value in entries:
            result[key] = value(inner)
        return result

    return build


def _range(node: RangeOf) -> Closure:
    start = compile_node(node.start) if node.start is not None else None
    end = compile_node(node.end) if node.end is not None else None
    start_included, end_included, unary = node.start_included, node.end_included, node.unary

    def build(scope: Scope) -> Any:
        low = start(scope) if start else None
        high = end(scope) if end else None
        if low is not None and high is not None:
            order = order_of(low, high)
            if order is None:
                scope.run.warn(f"Expected the ends of a range to be alike, but got {kind_of(low)} and {kind_of(high)}")
                return None
        if low is None and high is None:
            scope.run.warn("Expected a range with an end, but both are null")
            return None
        return Range(low, high, start_included, end_included, unary)

    return build


def _instance_of(node: InstanceOf) -> Closure:
    value = compile_node(node.value)
    wanted = node.type

    def test(scope: Scope) -> bool | None:
        found = resolve(wanted, scope.run.types)
        if found is None:
            scope.run.warn(f"Expected a known type, but got '{wanted.name}'")
            return None
        return is_instance(value(scope), found)

    return test


def _path(node: Path) -> Closure:
    source = compile_node(node.source)
    name = node.name

    def read(scope: Scope) -> Any:
        value = source(scope)
        if type(value) is dict and name in value:
            return value[name]
        return path_value(value, name, scope.run)

    return read


def _filter(node: Filter) -> Closure:
    source, condition = compile_node(node.source), compile_node(node.condition)
    fixed = isinstance(node.condition, Literal) or (
        isinstance(node.condition, Negation) and isinstance(node.condition.operand, Literal)
    )
    return lambda scope: filter_value(source(scope), condition, fixed, scope)


def _call(node: Call) -> Closure:
    arguments = [compile_node(argument) for argument in node.arguments]
    function = compile_node(node.function)
    label = node.function.name if isinstance(node.function, Name) else "the function"
    names = node.names
    if names is not None:
        return lambda scope: call_named(function(scope), label, names, [a(scope) for a in arguments], scope.run)
    return lambda scope: call_positional(function(scope), label, [a(scope) for a in arguments], scope.run)


def _if(node: If) -> Closure:
    condition, then, otherwise = compile_node(node.condition), compile_node(node.then), compile_node(node.otherwise)

    def choose(scope: Scope) -> Any:
        value = condition(scope)
        if value is True:
            return then(scope)
        if value is not False:
            scope.run.warn(f"Expected a condition to be true or false, but got {kind_of(value)}")
        return otherwise(scope)

    return choose


def _negation(node: Negation) -> Closure:
    return compile_negation(node, compile_node)


def _operation(node: Operation) -> Closure:
    return compile_operation(node, compile_node)


def _logic(node: Logic) -> Closure:
    return compile_logic(node, compile_node)


def _between(node: Between) -> Closure:
    return compile_between(node, compile_node)


def _for(node: For) -> Closure:
    return compile_for(node, compile_node)


def _quantified(node: Quantified) -> Closure:
    return compile_quantified(node, compile_node)


def _function(node: FunctionOf) -> Closure:
    return function_of(node, compile_node)


def _in(node: In) -> Closure:
    return compile_in(node, compile_node)


def _tests(node: Tests) -> Closure:
    return compile_tests(node, compile_node)


def _test(node: Test) -> Closure:
    """A test where a value is wanted is the range it describes."""
    operand = compile_node(node.operand)
    sign = node.operator

    def build(scope: Scope) -> Any:
        bound = operand(scope)
        if sign == "=" or sign == "!=":
            return compare(sign, scope.find("?"), bound)
        included = sign.endswith("=") and bound is not None
        if sign.startswith("<"):
            return Range(None, bound, False, included, True)
        return Range(bound, None, included, False, True)

    return build


_COMPILERS: dict[type, Callable[[Any], Closure]] = {
    Literal: _literal,
    Name: _name,
    ListOf: _list,
    ContextOf: _context,
    RangeOf: _range,
    Negation: _negation,
    Operation: _operation,
    Logic: _logic,
    Between: _between,
    In: _in,
    Test: _test,
    Tests: _tests,
    InstanceOf: _instance_of,
    Path: _path,
    Filter: _filter,
    Call: _call,
    If: _if,
    For: _for,
    Quantified: _quantified,
    FunctionOf: _function,
}
