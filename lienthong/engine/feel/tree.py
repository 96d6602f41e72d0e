"""The syntax tree of FEEL: plain data, every node with the offset of its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Literal:
    value: Any
    at: int


@dataclass(slots=True)
class Name:
    name: str
    at: int


@dataclass(slots=True)
class ListOf:
    items: list[Node]
    at: int


@dataclass(slots=True)
class ContextOf:
    entries: list[tuple[str, Node]]
    at: int


@dataclass(slots=True)
class RangeOf:
    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool
    at: int
    unary: bool = False


@dataclass(slots=True)
class Negation:
    operand: Node
    at: int


@dataclass(slots=True)
class Operation:
    operator: str
    left: Node
    right: Node
    at: int


@dataclass(slots=True)
class Logic:
    """and / or over any number of operands."""

    conjunction: bool
    operands: list[Node]
    at: int


@dataclass(slots=True)
class Between:
    value: Node
    low: Node
    high: Node
    at: int


@dataclass(slots=True)
class In:
    value: Node
    tests: list[Node]
    at: int


@dataclass(slots=True)
class Test:
    """A unary test with an operator: < 5, = 3, != 4."""

    operator: str
    operand: Node
    at: int


@dataclass(slots=True)
class Tests:
    """Unary tests: any of them (or none, when negated) holds for the input. No tests: `-`."""

    tests: list[Node]
    negated: bool
    at: int


@dataclass(slots=True)
class InstanceOf:
    value: Node
    type: TypeNode
    at: int


@dataclass(slots=True)
class Path:
    source: Node
    name: str
    at: int


@dataclass(slots=True)
class Filter:
    source: Node
    condition: Node
    at: int


@dataclass(slots=True)
class Call:
    function: Node
    arguments: list[Node]
    names: list[str] | None
    at: int


@dataclass(slots=True)
class If:
    condition: Node
    then: Node
    otherwise: Node
    at: int


@dataclass(slots=True)
class Iteration:
    """One `x in …` of for, some or every; an end makes it a range."""

    name: str
    source: Node
    end: Node | None


@dataclass(slots=True)
class For:
    iterations: list[Iteration]
    result: Node
    at: int


@dataclass(slots=True)
class Quantified:
    every: bool
    iterations: list[Iteration]
    condition: Node
    at: int


@dataclass(slots=True)
class FunctionOf:
    parameters: list[tuple[str, TypeNode | None]]
    body: Node
    at: int
    external: bool = False


@dataclass(slots=True)
class TypeNode:
    """A type written in FEEL: a name, or list / range / context / function of others."""

    name: str
    element: TypeNode | None = None
    entries: list[tuple[str, TypeNode]] | None = None
    parameters: list[TypeNode] | None = None


Node = (
    Literal
    | Name
    | ListOf
    | ContextOf
    | RangeOf
    | Negation
    | Operation
    | Logic
    | Between
    | In
    | Test
    | Tests
    | InstanceOf
    | Path
    | Filter
    | Call
    | If
    | For
    | Quantified
    | FunctionOf
)
