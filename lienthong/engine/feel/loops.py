"""`for`, `some` and `every`. DMN 1.5 §10.3.2.14."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from lienthong.engine.feel.numbers import is_whole
from lienthong.engine.feel.scope import Run, Scope
from lienthong.engine.feel.temporal import FeelDate
from lienthong.engine.feel.tree import For, Iteration, Node, Quantified
from lienthong.engine.feel.values import Range, kind_of

Closure = Callable[[Scope], Any]
Compiler = Callable[[Node], Closure]
Source = tuple[str, Closure, Closure | None]


def _sources(iterations: list[Iteration], compiler: Compiler) -> list[Source]:
    return [(i.name, compiler(i.source), compiler(i.end) if i.end is not None else None) for i in iterations]


def items_between(start: Any, end: Any, run: Run) -> list[Any] | None:
    """The whole numbers or dates from one end to the other, either way."""
    if type(start) is Decimal and type(end) is Decimal and is_whole(start) and is_whole(end):
        first, last = int(start), int(end)
        run.spend(abs(last - first) + 1)
        step = 1 if last >= first else -1
        return [Decimal(n) for n in range(first, last + step, step)]
    if type(start) is FeelDate and type(end) is FeelDate:
        first, last = start.days(), end.days()
        run.spend(abs(last - first) + 1)
        step = 1 if last >= first else -1
        return [FeelDate.from_days(n) for n in range(first, last + step, step)]
    run.warn(f"Expected two whole numbers or dates to run between, but got {kind_of(start)} and {kind_of(end)}")
    return None


def items_of(value: Any, run: Run) -> list[Any] | None:
    """What there is to walk: a list, a range of whole numbers or dates, or one value by itself."""
    if type(value) is list:
        run.spend(len(value))
        return value
    if type(value) is Range:
        found = items_between(value.start, value.end, run)
        if found is None:
            return None
        found = found if value.start_included else found[1:]
        return found if value.end_included else found[:-1]
    if value is None:
        run.warn("Expected a list to walk, but got null")
        return None
    return [value]


class _NoItemsError(Exception):
    """A source had nothing that can be walked."""


def _items(source: Source, scope: Scope) -> list[Any]:
    _, start, end = source
    found = items_of(start(scope), scope.run) if end is None else items_between(start(scope), end(scope), scope.run)
    if found is None:
        raise _NoItemsError
    return found


def _bindings(sources: list[Source], scope: Scope, at: int = 0) -> Iterator[Scope]:
    """Each combination of the sources as a scope; later sources see earlier variables."""
    name = sources[at][0]
    for item in _items(sources[at], scope):
        inner = Scope({name: item}, scope, scope.run)
        if at + 1 == len(sources):
            scope.run.spend()
            yield inner
        else:
            yield from _bindings(sources, inner, at + 1)


def compile_for(node: For, compiler: Compiler) -> Closure:
    """`for … return …`; `partial` is what there is so far."""
    sources = _sources(node.iterations, compiler)
    result = compiler(node.result)

    def loop(scope: Scope) -> Any:
        results: list[Any] = []
        outer = Scope({"partial": results}, scope, scope.run)
        try:
            for inner in _bindings(sources, outer):
                results.append(result(inner))
        except _NoItemsError:
            return None
        return results

    return loop


def compile_quantified(node: Quantified, compiler: Compiler) -> Closure:
    """`some … satisfies …`, `every … satisfies …`: three-valued."""
    sources = _sources(node.iterations, compiler)
    condition = compiler(node.condition)
    deciding = not node.every

    def test(scope: Scope) -> Any:
        unknown = False
        try:
            for inner in _bindings(sources, scope):
                answer = condition(inner)
                if answer is deciding:
                    return deciding
                unknown = unknown or type(answer) is not bool
        except _NoItemsError:
            return None
        return None if unknown else not deciding

    return test
