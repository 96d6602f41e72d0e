"""Unary tests and `in`: does the input (`?`) meet one of them? DMN 1.5 §10.3.2.6, §7.3.3."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from lienthong.engine.feel.operators import compare, matches
from lienthong.engine.feel.scope import Scope
from lienthong.engine.feel.tree import In, Name, Node, Test, Tests

Closure = Callable[[Scope], Any]
Compiler = Callable[[Node], Closure]
Check = Callable[[Scope, Any], bool | None]


def mentions_input(node: Any) -> bool:
    """Whether a tree speaks of the input (`?`, or Camunda's `cellInput`)."""
    if isinstance(node, Name):
        return node.name in ("?", "cellInput")
    if isinstance(node, (list, tuple)):
        return any(mentions_input(item) for item in node)
    if is_dataclass(node):
        return any(mentions_input(getattr(node, part.name)) for part in fields(node))
    return False


def _check(node: Node, compiler: Compiler) -> Check:
    if isinstance(node, Test):
        operator, operand = node.operator, compiler(node.operand)
        return lambda scope, value: compare(operator, value, operand(scope))
    closure = compiler(node)
    speaks = mentions_input(node)

    def test(scope: Scope, value: Any) -> bool | None:
        answer = closure(scope)
        if speaks and (type(answer) is bool or answer is None):
            return answer
        if answer is True and type(value) is not bool and not speaks:
            return True if value is not None else None
        return matches(value, answer)

    return test


def _any(checks: list[Check], scope: Scope, value: Any) -> bool | None:
    unknown = False
    for check in checks:
        answer = check(scope, value)
        if answer is True:
            return True
        unknown = unknown or answer is None
    return None if unknown else False


def compile_in(node: In, compiler: Compiler) -> Closure:
    """`value in test` and `value in (test, …)`."""
    value = compiler(node.value)
    checks = [_check(test, compiler) for test in node.tests]

    def test(scope: Scope) -> bool | None:
        found = value(scope)
        return _any(checks, Scope({"?": found}, scope, scope.run), found)

    return test


def compile_tests(node: Tests, compiler: Compiler) -> Closure:
    """The tests of a table's cell; the input is the variable `?`."""
    checks = [_check(test, compiler) for test in node.tests]
    if not checks:
        return lambda scope: True
    if not node.negated:
        return lambda scope: _any(checks, scope, scope.find("?"))

    def negated(scope: Scope) -> bool | None:
        answer = _any(checks, scope, scope.find("?"))
        return None if answer is None else not answer

    return negated
