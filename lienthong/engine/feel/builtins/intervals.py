"""Built-ins that compare points and ranges (Allen's relations). DMN 1.5 §10.3.4.9."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lienthong.engine.feel.builtins.registry import NullResult, builtin, feel_function
from lienthong.engine.feel.errors import FeelSyntaxError
from lienthong.engine.feel.grammar import parse
from lienthong.engine.feel.numbers import minus
from lienthong.engine.feel.operators import order_of
from lienthong.engine.feel.scope import Run
from lienthong.engine.feel.tree import Call, Literal, Name, Negation, Node, RangeOf
from lienthong.engine.feel.values import Range

_MAKERS = frozenset(("date", "time", "date and time", "duration"))


def _order(left: Any, right: Any) -> int:
    order = order_of(left, right)
    if order is None:
        raise NullResult("Expected points and ranges that can be compared with one another")
    return order


def _starts_after_end(later: Range, earlier: Range) -> bool:
    order = _order(later.start, earlier.end)
    return order > 0 or (order == 0 and not (later.start_included and earlier.end_included))


@builtin("before(a: Any, b: Any)")
def before(a: Any, b: Any) -> bool:
    if type(a) is Range and type(b) is Range:
        return _starts_after_end(b, a)
    if type(b) is Range:
        order = _order(a, b.start)
        return order < 0 or (order == 0 and not b.start_included)
    if type(a) is Range:
        order = _order(a.end, b)
        return order < 0 or (order == 0 and not a.end_included)
    return _order(a, b) < 0


@builtin("after(a: Any, b: Any)")
def after(a: Any, b: Any) -> bool:
    return before(b, a)


def _ranges(a: Any, b: Any) -> tuple[Range, Range]:
    if type(a) is not Range or type(b) is not Range:
        raise NullResult("Expected two ranges")
    return a, b


@builtin("meets(range1: range, range2: range)")
def meets(a: Range, b: Range) -> bool:
    return a.end_included and b.start_included and _order(a.end, b.start) == 0


@builtin("met by(range1: range, range2: range)")
def met_by(a: Range, b: Range) -> bool:
    return meets(b, a)


@builtin("overlaps(range1: range, range2: range)")
def overlaps(a: Range, b: Range) -> bool:
    return not _starts_after_end(a, b) and not _starts_after_end(b, a)


def _begins(a: Range, b: Range) -> int:
    """Order of the starts; an open start comes after a closed one at the same point."""
    return _order(a.start, b.start) or int(b.start_included) - int(a.start_included)


def _finishes(a: Range, b: Range) -> int:
    """Order of the ends; an open end comes before a closed one at the same point."""
    return _order(a.end, b.end) or int(a.end_included) - int(b.end_included)


@builtin("overlaps before(range1: range, range2: range)")
def overlaps_before(a: Range, b: Range) -> bool:
    return _begins(a, b) < 0 and not _starts_after_end(b, a) and _finishes(a, b) <= 0


@builtin("overlaps after(range1: range, range2: range)")
def overlaps_after(a: Range, b: Range) -> bool:
    return overlaps_before(b, a)


@builtin("finishes(a: Any, b: range)")
def finishes(a: Any, b: Range) -> bool:
    if type(a) is Range:
        return _finishes(a, b) == 0 and _begins(a, b) >= 0
    return b.end_included and _order(a, b.end) == 0


@builtin("finished by(a: range, b: Any)")
def finished_by(a: Range, b: Any) -> bool:
    return finishes(b, a)


@builtin("includes(a: range, b: Any)")
def includes(a: Range, b: Any) -> bool:
    if type(b) is Range:
        return _begins(a, b) <= 0 and _finishes(a, b) >= 0
    low, high = _order(b, a.start), _order(b, a.end)
    return (low > 0 or (low == 0 and a.start_included)) and (high < 0 or (high == 0 and a.end_included))


@builtin("during(a: Any, b: range)")
def during(a: Any, b: Range) -> bool:
    return includes(b, a)


@builtin("starts(a: Any, b: range)")
def starts(a: Any, b: Range) -> bool:
    if type(a) is Range:
        return _begins(a, b) == 0 and _finishes(a, b) <= 0
    return b.start_included and _order(a, b.start) == 0


@builtin("started by(a: range, b: Any)")
def started_by(a: Range, b: Any) -> bool:
    return starts(b, a)


@builtin("coincides(a: Any, b: Any)")
def coincides(a: Any, b: Any) -> bool:
    if type(a) is Range or type(b) is Range:
        first, second = _ranges(a, b)
        return _begins(first, second) == 0 and _finishes(first, second) == 0
    return _order(a, b) == 0


def _with_names(name: str, function: Callable[..., Any], names: tuple[str, ...]) -> None:
    """The other parameter names the specification gives the same relation."""
    for first in names:
        builtin(f"{name}({first})")(function)


_with_names(
    "before",
    before,
    (
        "point1: Any, point2: Any",
        "point: Any, range: range",
        "range: range, point: Any",
        "range1: range, range2: range",
    ),
)
_with_names(
    "after",
    after,
    (
        "point1: Any, point2: Any",
        "point: Any, range: range",
        "range: range, point: Any",
        "range1: range, range2: range",
    ),
)
_with_names("finishes", finishes, ("point: Any, range: range", "range1: range, range2: range"))
_with_names("finished by", finished_by, ("range: range, point: Any", "range1: range, range2: range"))
_with_names("includes", includes, ("range: range, point: Any", "range1: range, range2: range"))
_with_names("during", during, ("point: Any, range: range", "range1: range, range2: range"))
_with_names("starts", starts, ("point: Any, range: range", "range1: range, range2: range"))
_with_names("started by", started_by, ("range: range, point: Any", "range1: range, range2: range"))
_with_names("coincides", coincides, ("point1: Any, point2: Any", "range1: range, range2: range"))


@builtin("range(from: string)", run=True)
def range_of(run: Run, text: str) -> Range:
    """The range a text writes; its ends are literals, or dates and times of literals."""
    try:
        node = parse(text)
    except FeelSyntaxError:
        raise NullResult(f"Expected a text with a range, but got '{text}'") from None
    if not isinstance(node, RangeOf) or node.unary or node.start is None or node.end is None:
        raise NullResult(f"Expected a text with a range, but got '{text}'")
    start, end = _end_of(node.start, run), _end_of(node.end, run)
    if _order(start, end) > 0:
        raise NullResult("Expected a range that starts before it ends")
    return Range(start, end, node.start_included, node.end_included)


def _end_of(node: Node, run: Run) -> Any:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Negation) and isinstance(node.operand, Literal) and type(node.operand.value) is Decimal:
        return minus(node.operand.value)
    if isinstance(node, Call) and isinstance(node.function, Name) and node.function.name in _MAKERS:
        given = [argument.value for argument in node.arguments if isinstance(argument, Literal)]
        return feel_function(node.function.name).call(run, given)
    raise NullResult("Expected ends of a range that are literals")
