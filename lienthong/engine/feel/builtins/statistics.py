"""Built-ins over lists of numbers, booleans and comparable values. Each takes a list or the items one by one."""

from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from typing import Any

from lienthong.engine.feel.builtins.registry import NullResult, builtin
from lienthong.engine.feel.numbers import CONTEXT, add, divide, multiply, subtract
from lienthong.engine.feel.operators import add_values, order_of
from lienthong.engine.feel.temporal import DaysTimeDuration, YearsMonthsDuration


def _over_items(name: str) -> Callable[[Callable[[list[Any]], Any]], Callable[[list[Any]], Any]]:
    """Register for both ways of calling: one list, or the items as arguments."""

    def register(function: Callable[[list[Any]], Any]) -> Callable[[list[Any]], Any]:
        builtin(f"{name}(list: list)")(function)
        builtin(f"{name}(items: Any...)")(lambda *items: function(_from_arguments(items)))
        return function

    return register


def _from_arguments(items: tuple[Any, ...]) -> list[Any]:
    if len(items) < 2:
        raise NullResult("Expected a list or several items")
    return list(items)


def _numbers(items: list[Any]) -> list[Decimal]:
    if not items:
        raise NullResult("Expected at least one number")
    if not all(type(item) is Decimal for item in items):
        raise NullResult("Expected a list of numbers")
    return items


def _extreme(items: list[Any], wanted: int) -> Any:
    if not items:
        return None
    best = items[0]
    for item in items:
        order = order_of(item, best)
        if order is None:
            raise NullResult("Expected values that can be compared with one another")
        if order == wanted:
            best = item
    return best


@_over_items("min")
def minimum(items: list[Any]) -> Any:
    return _extreme(items, -1)


@_over_items("max")
def maximum(items: list[Any]) -> Any:
    return _extreme(items, 1)


@_over_items("sum")
def total(items: list[Any]) -> Any:
    if items and all(type(i) is DaysTimeDuration for i in items):
        return reduce(add_values, items)
    if items and all(type(i) is YearsMonthsDuration for i in items):
        return reduce(add_values, items)
    return reduce(add, _numbers(items))


@_over_items("mean")
def mean(items: list[Any]) -> Any:
    return divide(reduce(add, _numbers(items)), Decimal(len(items)))


@_over_items("product")
def product(items: list[Any]) -> Any:
    return reduce(multiply, _numbers(items))


@_over_items("median")
def median(items: list[Any]) -> Any:
    ordered = sorted(_numbers(items))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return divide(add(ordered[middle - 1], ordered[middle]), Decimal(2))


@_over_items("stddev")
def stddev(items: list[Any]) -> Any:
    numbers = _numbers(items)
    if len(numbers) < 2:
        raise NullResult("Expected at least two numbers")
    average = divide(reduce(add, numbers), Decimal(len(numbers)))
    squares = [multiply(subtract(n, average), subtract(n, average)) for n in numbers]
    return CONTEXT.sqrt(divide(reduce(add, squares), Decimal(len(numbers) - 1)))


@_over_items("mode")
def mode(items: list[Any]) -> Any:
    if not items:
        return []
    counts: dict[Decimal, int] = {}
    for number in _numbers(items):
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values())
    return sorted(number for number, count in counts.items() if count == most)


def _all(items: list[Any], deciding: bool) -> bool | None:
    if any(item is deciding for item in items):
        return deciding
    return None if any(type(item) is not bool for item in items) else not deciding


@_over_items("all")
def all_of(items: list[Any]) -> bool | None:
    return _all(items, False)


@_over_items("any")
def any_of(items: list[Any]) -> bool | None:
    return _all(items, True)


builtin("and(list: list)")(all_of)
builtin("or(list: list)")(any_of)
