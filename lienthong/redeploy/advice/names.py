"""Which variables a FEEL expression reads, and which texts it compares a variable with."""

from dataclasses import fields, is_dataclass
from typing import Any

from lienthong.engine.feel import tree
from lienthong.engine.model.expression import Expression

SPECIAL = frozenset({"item", "partial", "?"})


def reads(expression: Expression | None) -> set[str]:
    """The free variables of an expression; a static text reads none."""
    if expression is None or expression.compiled is None:
        return set()
    return free_names(expression.compiled.tree)


def free_names(node: Any, bound: frozenset[str] = SPECIAL) -> set[str]:
    """Names that must come from outside. What stands in a filter may be an entry of the item: it is left out."""
    match node:
        case tree.Name():
            return set() if node.name in bound else {node.name}
        case tree.Filter():
            return free_names(node.source, bound)
        case tree.Call():
            called = set() if isinstance(node.function, tree.Name) else free_names(node.function, bound)
            return called.union(*(free_names(each, bound) for each in node.arguments))
        case tree.FunctionOf():
            return free_names(node.body, bound | {name for name, _ in node.parameters})
        case tree.ContextOf():
            return _entries(node, bound)
        case tree.For() | tree.Quantified():
            return _iterated(node, bound)
        case tree.TypeNode():
            return set()
        case _ if is_dataclass(node):
            parts = [getattr(node, each.name) for each in fields(node)]
            return set().union(*(free_names(each, bound) for each in parts))
        case list() | tuple():
            return set().union(*(free_names(each, bound) for each in node))
        case _:
            return set()


def _entries(node: tree.ContextOf, bound: frozenset[str]) -> set[str]:
    found: set[str] = set()
    for name, value in node.entries:
        found |= free_names(value, bound)
        bound = bound | {name}
    return found


def _iterated(node: tree.For | tree.Quantified, bound: frozenset[str]) -> set[str]:
    found: set[str] = set()
    for each in node.iterations:
        found |= free_names(each.source, bound) | (free_names(each.end, bound) if each.end else set())
        bound = bound | {each.name}
    inner = node.result if isinstance(node, tree.For) else node.condition
    return found | free_names(inner, bound)


def compared(expression: Expression | None) -> dict[str, set[str]]:
    """Variable → the texts with which an expression compares it by ``=``."""
    said: dict[str, set[str]] = {}
    if expression is not None and expression.compiled is not None:
        _compared(expression.compiled.tree, said)
    return said


def _compared(node: Any, said: dict[str, set[str]]) -> None:
    if isinstance(node, tree.Operation) and node.operator == "=":
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, tree.Name) and isinstance(other, tree.Literal) and isinstance(other.value, str):
                said.setdefault(one.name, set()).add(other.value)
    if is_dataclass(node) and not isinstance(node, type):
        for each in fields(node):
            _compared(getattr(node, each.name), said)
    elif isinstance(node, list | tuple):
        for each in node:
            _compared(each, said)
