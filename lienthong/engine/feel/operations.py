"""Signs into closures: arithmetic, comparison, negation, logic, between. DMN 1.5 §10.3.2.10-15."""

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lienthong.engine.feel.numbers import DecimalException, minus
from lienthong.engine.feel.operators import ARITHMETIC, calculate, compare, in_range
from lienthong.engine.feel.scope import Scope
from lienthong.engine.feel.temporal import DaysTimeDuration, YearsMonthsDuration
from lienthong.engine.feel.tree import Between, Literal, Logic, Negation, Node, Operation
from lienthong.engine.feel.values import Range, kind_of

Closure = Callable[[Scope], Any]
Compiler = Callable[[Node], Closure]


def compile_negation(node: Negation, compiler: Compiler) -> Closure:
    """`-value` of a number or a duration."""
    operand = compiler(node.operand)
    if isinstance(node.operand, Literal) and type(node.operand.value) is Decimal:
        constant = minus(node.operand.value)
        return lambda scope: constant

    def negate(scope: Scope) -> Any:
        value = operand(scope)
        if type(value) is Decimal:
            return minus(value)
        if type(value) is DaysTimeDuration:
            return DaysTimeDuration(-value.nanoseconds)
        if type(value) is YearsMonthsDuration:
            return YearsMonthsDuration(-value.months)
        scope.run.warn(f"Expected a number or a duration to negate, but got {kind_of(value)}")
        return None

    return negate


def compile_operation(node: Operation, compiler: Compiler) -> Closure:
    """`left sign right`; two constants are computed once."""
    left, right = compiler(node.left), compiler(node.right)
    if isinstance(node.left, Literal) and isinstance(node.right, Literal) and node.operator in ARITHMETIC:
        constant, _ = calculate(node.operator, node.left.value, node.right.value)
        if constant is not None:
            return lambda scope: constant
    return (
        _arithmetic(node.operator, left, right)
        if node.operator in ARITHMETIC
        else _comparison(node.operator, left, right)
    )


def _arithmetic(sign: str, left: Closure, right: Closure) -> Closure:
    calculation = ARITHMETIC[sign]

    def compute(scope: Scope) -> Any:
        first, second = left(scope), right(scope)
        try:
            value = calculation(first, second)
        except (DecimalException, OverflowError):
            value = None
        if value is None:
            scope.run.warn(calculate(sign, first, second)[1] or "")
        return value

    return compute


_QUICK: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _comparison(sign: str, left: Closure, right: Closure) -> Closure:
    quick = _QUICK[sign]

    def test(scope: Scope) -> bool | None:
        first, second = left(scope), right(scope)
        kind = type(first)
        if kind is type(second) and (kind is Decimal or kind is str):
            return quick(first, second)
        answer = compare(sign, first, second)
        if answer is None:
            scope.run.warn(f"Expected values '{sign}' can compare, but got {kind_of(first)} and {kind_of(second)}")
        return answer

    return test


def compile_logic(node: Logic, compiler: Compiler) -> Closure:
    """`and` and `or` by Kleene: stops as soon as the answer is known."""
    operands = [compiler(operand) for operand in node.operands]
    deciding = not node.conjunction

    def decide(scope: Scope) -> Any:
        unknown = False
        for operand in operands:
            value = operand(scope)
            if value is deciding:
                return deciding
            if value is not True and value is not False:
                unknown = True
        return None if unknown else not deciding

    return decide


def compile_between(node: Between, compiler: Compiler) -> Closure:
    """`value between low and high`, both ends included."""
    value, low, high = compiler(node.value), compiler(node.low), compiler(node.high)

    def test(scope: Scope) -> bool | None:
        bounds = low(scope), high(scope)
        return None if None in bounds else in_range(value(scope), Range(*bounds))

    return test
