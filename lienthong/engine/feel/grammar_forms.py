"""The forms of FEEL that start with a word or a brace: if, for, some, every, function, and contexts.

They hold expressions in turn, so each is given the grammar's `expression`.
"""

from collections.abc import Callable

from lienthong.engine.feel.parser_state import ParserState
from lienthong.engine.feel.tree import ContextOf, For, FunctionOf, If, Iteration, Node, Quantified
from lienthong.engine.feel.type_grammar import parse_type

Expression = Callable[[ParserState], Node]


def context_of(state: ParserState, expression: Expression) -> Node:
    """`{key: value, …}`: each value sees the keys before it."""
    at = state.token.start
    state.expect("{")
    entries: list[tuple[str, Node]] = []
    with state.names_kept(), state.ends(0):
        if not state.accept("}"):
            while True:
                key = state.key()
                state.expect(":")
                entries.append((key, expression(state)))
                state.learn(key)
                if not state.accept(","):
                    break
            state.expect("}")
    return ContextOf(entries, at)


def _if(state: ParserState, at: int, expression: Expression) -> Node:
    condition = expression(state)
    state.expect_word("then")
    then = expression(state)
    state.expect_word("else")
    return If(condition, then, expression(state), at)


def _iterations(state: ParserState, expression: Expression) -> list[Iteration]:
    iterations = []
    while True:
        name = state.name_before(("in",))
        state.expect_word("in")
        source = expression(state)
        end = expression(state) if state.accept("..") else None
        iterations.append(Iteration(name, source, end))
        state.learn(name)
        if not state.accept(","):
            return iterations


def _for(state: ParserState, at: int, expression: Expression) -> Node:
    iterations = _iterations(state, expression)
    state.expect_word("return")
    return For(iterations, expression(state), at)


def _some(state: ParserState, at: int, expression: Expression) -> Node:
    iterations = _iterations(state, expression)
    state.expect_word("satisfies")
    return Quantified(False, iterations, expression(state), at)


def _every(state: ParserState, at: int, expression: Expression) -> Node:
    iterations = _iterations(state, expression)
    state.expect_word("satisfies")
    return Quantified(True, iterations, expression(state), at)


def _function(state: ParserState, at: int, expression: Expression) -> Node:
    state.expect("(")
    parameters = []
    while not state.accept(")"):
        name = state.name_before((":", ",", ")"))
        parameters.append((name, parse_type(state) if state.accept(":") else None))
        state.learn(name)
        if not state.accept(","):
            state.expect(")")
            break
    external = state.accept_word("external")
    return FunctionOf(parameters, expression(state), at, external)


FORMS: dict[str, Callable[[ParserState, int, Expression], Node]] = {
    "if": _if,
    "for": _for,
    "some": _some,
    "every": _every,
    "function": _function,
}
