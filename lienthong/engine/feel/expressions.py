"""The door of FEEL: text → Compiled (kept for the next time) → Result."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from lienthong.engine.feel.compiler import compile_node
from lienthong.engine.feel.errors import FeelLimitError, FeelSyntaxError
from lienthong.engine.feel.grammar import parse, parse_tests
from lienthong.engine.feel.scope import Run, Scope
from lienthong.engine.feel.tree import Node

_NO_VARIABLES: Mapping[str, Any] = {}


class Result:
    """The value (a FEEL value) and why parts of it became null."""

    __slots__ = ("value", "warnings")

    def __init__(self, value: Any, warnings: list[str]) -> None:
        self.value = value
        self.warnings = warnings

    def __repr__(self) -> str:
        return f"Result(value={self.value!r}, warnings={self.warnings!r})"


class Compiled:
    """A parsed expression, ready to run; holds no state and may be shared."""

    __slots__ = ("_closure", "text", "tree")

    def __init__(self, text: str, tree: Node) -> None:
        self.text = text
        self.tree = tree
        try:
            self._closure = compile_node(tree)
        except RecursionError:
            raise FeelSyntaxError("Expected an expression of reasonable depth, but it is too deep", 1, 1) from None

    def evaluate(self, context: Mapping[str, Any] = _NO_VARIABLES, now: datetime | None = None) -> Result:
        """The value with the variables of a context (JSON-able data or FEEL values). Raises FeelLimitError."""
        run = Run(now)
        try:
            return Result(self._closure(Scope(context, None, run, True)), run.warnings)
        except RecursionError:
            raise FeelLimitError("Expected an evaluation of reasonable depth, but it was too deep") from None

    def value_in(self, scope: Scope) -> Any:
        """The value in a scope of FEEL values, warnings going to its run; for DMN. Raises FeelLimitError."""
        return self._closure(scope)


@lru_cache(maxsize=8192)
def _expression(text: str, names: tuple[str, ...]) -> Compiled:
    return Compiled(text, parse(text, names))


@lru_cache(maxsize=8192)
def _unary_tests(text: str, names: tuple[str, ...]) -> Compiled:
    return Compiled(text, parse_tests(text, names))


def parse_expression(text: str, names: Iterable[str] = ()) -> Compiled:
    """An expression compiled; names with signs or keywords in them must be told. Raises FeelSyntaxError."""
    return _expression(text, tuple(names))


def parse_unary_tests(text: str, names: Iterable[str] = ()) -> Compiled:
    """Unary tests compiled; they run with the input as variable `?`. Raises FeelSyntaxError."""
    return _unary_tests(text, tuple(names))
