"""Calling functions, and functions that expressions define. DMN 1.5 §10.3.2.11, §10.3.2.13."""

from collections.abc import Callable
from typing import Any

from lienthong.engine.feel.errors import FeelLimitError
from lienthong.engine.feel.scope import MAX_CALL_DEPTH, Run, Scope
from lienthong.engine.feel.tree import FunctionOf, Node
from lienthong.engine.feel.types import coerce, resolve
from lienthong.engine.feel.values import FeelFunction, kind_of

Closure = Callable[[Scope], Any]


def call_positional(function: Any, label: str, arguments: list[Any], run: Run) -> Any:
    """function(a, b)"""
    if type(function) is not FeelFunction:
        run.warn(f"Expected a function to call, but '{label}' is {kind_of(function)}")
        return None
    return _guarded(run, lambda: function.call(run, arguments))


def call_named(function: Any, label: str, names: list[str], values: list[Any], run: Run) -> Any:
    """function(first: a, second: b)"""
    if type(function) is not FeelFunction:
        run.warn(f"Expected a function to call, but '{label}' is {kind_of(function)}")
        return None
    given = dict(zip(names, values, strict=True))
    named = function.call_named
    if named is not None:
        return _guarded(run, lambda: named(run, given))
    if set(given) != set(function.parameters) or len(given) != len(names):
        wanted, got = ", ".join(function.parameters), ", ".join(names)
        run.warn(f"Expected {label} to be called with '{wanted}', but got '{got}'")
        return None
    arguments = [given[name] for name in function.parameters]
    return _guarded(run, lambda: function.call(run, arguments))


def _guarded(run: Run, call: Callable[[], Any]) -> Any:
    run.calls += 1
    try:
        if run.calls > MAX_CALL_DEPTH:
            raise FeelLimitError(f"Expected at most {MAX_CALL_DEPTH} calls inside one another, but there were more")
        run.spend()
        return call()
    finally:
        run.calls -= 1


def function_of(node: FunctionOf, compiler: Callable[[Node], Closure]) -> Closure:
    """`function(a: number) body`: a value that closes over its scope."""
    body = compiler(node.body)
    names = [name for name, _ in node.parameters]
    type_nodes = [wanted for _, wanted in node.parameters]
    external = node.external

    def build(scope: Scope) -> Any:
        if external:
            scope.run.warn("Expected a function defined in FEEL, but it is external, which is not supported")
            return None
        types = [resolve(wanted, scope.run.types) if wanted else None for wanted in type_nodes]

        def call(run: Run, arguments: list[Any]) -> Any:
            fitted = fit_arguments("the function", names, types, arguments, run)
            if fitted is None:
                return None
            return body(Scope(fitted, scope, run))

        return FeelFunction("", names, call, None, types)

    return build


def fit_arguments(label: str, names: list[str], types: list[Any], arguments: list[Any], run: Run) -> Any:
    """The arguments by name, fitted to the parameters' types; None when they do not fit."""
    if len(arguments) != len(names):
        run.warn(f"Expected {label} to be called with {len(names)} arguments, but got {len(arguments)}")
        return None
    fitted = {}
    for name, wanted, value in zip(names, types, arguments, strict=True):
        fitted[name], fits = coerce(value, wanted)
        if not fits:
            run.warn(f"Expected '{name}' of {label} to be a {wanted.name or wanted.kind}, but got {kind_of(value)}")
            return None
    return fitted
