"""Built-ins for lists."""

from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from lienthong.engine.feel.builtins.registry import NullResult, builtin
from lienthong.engine.feel.numbers import is_whole
from lienthong.engine.feel.operators import equal, order_of
from lienthong.engine.feel.scope import Run
from lienthong.engine.feel.values import ABSENT, FeelFunction


@builtin("list contains(list: list, element: Any)", run=True)
def list_contains(run: Run, items: list[Any], element: Any) -> bool:
    run.spend(len(items))
    return any(equal(item, element) is True for item in items)


@builtin("count(list: list)")
def count(items: list[Any]) -> Decimal:
    return Decimal(len(items))


@builtin("sublist(list: list, start position: number, length?: number)")
def sublist(items: list[Any], start: Decimal, length: Any = ABSENT) -> list[Any]:
    begin = _place(items, start)
    if length is ABSENT:
        return items[begin:]
    if length < 1 or begin + int(length) > len(items):
        raise NullResult(f"Expected a length within the list, but got {length}")
    return items[begin : begin + int(length)]


def _place(items: list[Any], position: Decimal) -> int:
    """The 0-based place of a position; a negative one counts from the end."""
    if not is_whole(position) or not 1 <= abs(position) <= len(items):
        raise NullResult(f"Expected a position between 1 and {len(items)}, but got {position}")
    return int(position) - 1 if position > 0 else len(items) + int(position)


@builtin("append(list: list, items: Any...)")
def append(items: list[Any], *more: Any) -> list[Any]:
    return [*items, *more]


@builtin("concatenate(lists: list...)", run=True)
def concatenate(run: Run, *lists: list[Any]) -> list[Any]:
    run.spend(sum(map(len, lists)))
    return [item for items in lists for item in items]


@builtin("insert before(list: list, position: number, newItem: Any)")
def insert_before(items: list[Any], position: Decimal, item: Any) -> list[Any]:
    place = _place(items, position)
    return [*items[:place], item, *items[place:]]


@builtin("remove(list: list, position: number)")
def remove(items: list[Any], position: Decimal) -> list[Any]:
    place = _place(items, position)
    return items[:place] + items[place + 1 :]


@builtin("list replace(list: list, position: number, newItem: Any)")
def list_replace_at(items: list[Any], position: Decimal, item: Any) -> list[Any]:
    place = _place(items, position)
    return [*items[:place], item, *items[place + 1 :]]


@builtin("list replace(list: list, match: function, newItem: Any)", run=True)
def list_replace_where(run: Run, items: list[Any], match: FeelFunction, item: Any) -> list[Any]:
    replaced = []
    for old in items:
        answer = match.call(run, [old, item])
        if type(answer) is not bool:
            raise NullResult("Expected the match function to answer true or false")
        replaced.append(item if answer else old)
    return replaced


@builtin("reverse(list: list)")
def reverse(items: list[Any]) -> list[Any]:
    return items[::-1]


@builtin("index of(list: list, match: Any)")
def index_of(items: list[Any], match: Any) -> list[Decimal]:
    return [Decimal(place) for place, item in enumerate(items, 1) if equal(item, match) is True]


def _distinct(run: Run, items: list[Any]) -> list[Any]:
    """Each value once, in order; texts and numbers by hash, others by comparing."""
    seen: set[Any] = set()
    others: list[Any] = []
    kept = []
    for item in items:
        if type(item) in (str, Decimal):
            if item in seen:
                continue
            seen.add(item)
        else:
            run.spend(len(others))
            if any(equal(item, other) is True for other in others):
                continue
            others.append(item)
        kept.append(item)
    return kept


@builtin("union(lists: list...)", run=True)
def union(run: Run, *lists: list[Any]) -> list[Any]:
    return _distinct(run, [item for items in lists for item in items])


@builtin("distinct values(list: list)", run=True)
def distinct_values(run: Run, items: list[Any]) -> list[Any]:
    return _distinct(run, items)


@builtin("duplicate values(list: list)", run=True)
def duplicate_values(run: Run, items: list[Any]) -> list[Any]:
    run.spend(len(items) * len(items) // 2)
    repeated = [v for i, v in enumerate(items) if any(equal(v, other) is True for other in items[:i])]
    return _distinct(run, [v for v in items if any(equal(v, other) is True for other in repeated)])


@builtin("flatten(list: list)", run=True)
def flatten(run: Run, items: list[Any]) -> list[Any]:
    run.spend(len(items))
    flat: list[Any] = []
    for item in items:
        if type(item) is list:
            flat.extend(flatten(run, item))
        else:
            flat.append(item)
    return flat


@builtin("sort(list: list, precedes?: function)", run=True)
def sort(run: Run, items: list[Any], precedes: Any = ABSENT) -> list[Any]:
    def compared(left: Any, right: Any) -> int:
        run.spend()
        if precedes is ABSENT:
            order = order_of(left, right)
            if order is None:
                raise NullResult("Expected values that can be compared with one another")
            return order
        if precedes.call(run, [left, right]) is True:
            return -1
        return 1 if precedes.call(run, [right, left]) is True else 0

    return sorted(items, key=cmp_to_key(compared))


@builtin("partition(list: list, size: number)")
def partition(items: list[Any], size: Decimal) -> list[list[Any]]:
    if not is_whole(size) or size < 1:
        raise NullResult(f"Expected a size of at least 1, but got {size}")
    return [items[i : i + int(size)] for i in range(0, len(items), int(size))]
