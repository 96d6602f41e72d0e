"""The grammar of FEEL (DMN 1.5 §10.3.1.2), by recursive descent.

Why not lark: FEEL's names hold spaces (`date and time`, `Monthly Salary`), and in a model also keywords and
operator signs (`a-b`), so where a name ends depends on the names in scope *at that place* (keys of a context under
way, parameters, loop variables). Lark's lexers decide before or apart from the grammar's scope, its Earley parser
leaves the ambiguity to be resolved afterwards and takes milliseconds; this takes some ten microseconds.

Rule of names: words side by side are one name (no two operands ever stand side by side); a name with a keyword or
sign in it is known only when it is in scope or built in. Long matches win.
"""

from collections.abc import Iterable

from lienthong.engine.feel.errors import FeelSyntaxError
from lienthong.engine.feel.grammar_forms import FORMS, context_of
from lienthong.engine.feel.numbers import DecimalException, number_of
from lienthong.engine.feel.parser_state import KEYWORDS, ParserState
from lienthong.engine.feel.temporal_text import parse_temporal
from lienthong.engine.feel.tokens import text_value
from lienthong.engine.feel.tree import (
    Between,
    Call,
    Filter,
    In,
    InstanceOf,
    ListOf,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    Operation,
    Path,
    RangeOf,
    Test,
    Tests,
)
from lienthong.engine.feel.type_grammar import parse_type

_COMPARISONS = frozenset(("<", "<=", ">", ">=", "=", "!="))
_LEVELS: tuple[tuple[str, ...], ...] = (("+", "-"), ("*", "/"), ("**",))


def parse(text: str, names: Iterable[str] = ()) -> Node:
    """The tree of one expression."""
    return _whole(text, names, False)


def parse_tests(text: str, names: Iterable[str] = ()) -> Node:
    """The tree of unary tests."""
    return _whole(text, names, True)


def _whole(text: str, names: Iterable[str], tests: bool) -> Node:
    state = ParserState(text, names)
    try:
        node = _unary_tests(state) if tests else expression(state)
    except RecursionError:
        raise FeelSyntaxError("Expected an expression of reasonable depth, but it is nested too deeply", 1, 1) from None
    if state.token.kind != "end":
        raise state.unexpected("the end of the expression")
    return node


def _unary_tests(state: ParserState) -> Node:
    at = state.token.start
    if state.token.text == "-" and state.peek().kind == "end":
        state.advance()
        return Tests([], False, at)
    if state.token.text == "not" and state.peek().text == "(":
        mark = state.index
        state.advance()
        state.advance()
        tests = _test_list(state)
        state.expect(")")
        if state.token.kind == "end":
            return Tests(tests, True, at)
        state.index = mark
    return Tests(_test_list(state), False, at)


def _test_list(state: ParserState) -> list[Node]:
    tests = [_test(state)]
    while state.accept(","):
        tests.append(_test(state))
    return tests


def _test(state: ParserState) -> Node:
    token = state.token
    if token.kind == "symbol" and token.text in _COMPARISONS:
        state.advance()
        return Test(token.text, _additive(state, 0), token.start)
    return expression(state)


def expression(state: ParserState) -> Node:
    """One expression, as far as it reaches."""
    state.enter()
    node = _logic(state, False)
    state.leave()
    return node


def _logic(state: ParserState, conjunction: bool) -> Node:
    word = "and" if conjunction else "or"
    at = state.token.start
    node = _comparison(state) if conjunction else _logic(state, True)
    if not state.at_word(word):
        return node
    operands = [node]
    while state.accept_word(word):
        operands.append(_comparison(state) if conjunction else _logic(state, True))
    return Logic(conjunction, operands, at)


def _comparison(state: ParserState) -> Node:
    node = _additive(state, 0)
    while True:
        token = state.token
        if token.kind == "symbol" and token.text in _COMPARISONS:
            state.advance()
            node = Operation(token.text, node, _additive(state, 0), token.start)
        elif state.accept_word("between"):
            low = _additive(state, 0)
            state.expect_word("and")
            node = Between(node, low, _additive(state, 0), token.start)
        elif state.at_word("in"):
            state.advance()
            node = In(node, _in_tests(state), token.start)
        else:
            return node


def _in_tests(state: ParserState) -> list[Node]:
    if state.token.text == "(" and state.token.kind == "symbol":
        mark = state.index
        try:
            state.advance()
            tests = _test_list(state)
            state.expect(")")
            return tests
        except FeelSyntaxError:
            state.index = mark
    token = state.token
    if token.kind == "symbol" and token.text in _COMPARISONS:
        return [_test(state)]
    return [_additive(state, 0)]


def _additive(state: ParserState, level: int) -> Node:
    if level == len(_LEVELS):
        return _unary(state)
    node = _additive(state, level + 1)
    operators = _LEVELS[level]
    while state.token.kind == "symbol" and state.token.text in operators:
        token = state.token
        state.advance()
        node = Operation(token.text, node, _additive(state, level + 1), token.start)
    return node


def _unary(state: ParserState) -> Node:
    token = state.token
    if token.kind == "symbol" and token.text == "-":
        state.enter()
        state.advance()
        operand = _unary(state)
        state.leave()
        return Negation(operand, token.start)
    node = _postfix(state)
    while state.at_word("instance"):
        at = state.token.start
        state.advance()
        state.expect_word("of")
        node = InstanceOf(node, parse_type(state), at)
    return node


def _postfix(state: ParserState) -> Node:
    node = _primary(state)
    while state.token.kind == "symbol":
        token = state.token
        if token.text == ".":
            state.advance()
            node = Path(node, state.property_name(), token.start)
        elif token.text == "[":
            if state.range_ends and not _filter_fits(state):
                return node
            state.advance()
            with state.ends(0):
                condition = expression(state)
            state.expect("]")
            node = Filter(node, condition, token.start)
        elif token.text == "(":
            node = _call(state, node)
        else:
            return node
    return node


def _filter_fits(state: ParserState) -> bool:
    """Whether `[` after the end of a range opens a filter, or rather closes the range: `]1..5[`."""
    mark = state.index
    try:
        state.advance()
        with state.ends(0):
            expression(state)
        state.expect("]")
        return True
    except FeelSyntaxError:
        return False
    finally:
        state.index = mark


def _call(state: ParserState, function: Node) -> Node:
    at = state.token.start
    state.expect("(")
    arguments: list[Node] = []
    names: list[str] | None = None
    with state.ends(0):
        if state.accept(")"):
            return Call(function, arguments, None, at)
        named = state.argument_name()
        if named is not None:
            names = []
        while True:
            if names is not None:
                if named is None:
                    raise state.unexpected("a parameter name and ':'")
                names.append(named)
            arguments.append(_test(state) if names is None else expression(state))
            if not state.accept(","):
                break
            named = state.argument_name() if names is not None else None
    state.expect(")")
    return Call(function, arguments, names, at)


def _primary(state: ParserState) -> Node:
    token = state.token
    if token.kind == "number":
        state.advance()
        try:
            return Literal(number_of(token.text), token.start)
        except DecimalException:
            raise state.error(token.start, "Expected a number of FEEL's size, but its exponent is too large") from None
    if token.kind == "text":
        state.advance()
        return Literal(text_value(token.text), token.start)
    if token.kind == "symbol":
        return _symbol(state)
    if token.kind in ("word", "quoted"):
        return _word(state)
    raise state.unexpected("an expression")


def _symbol(state: ParserState) -> Node:
    token = state.token
    if token.text in ("[", "(", "]"):
        return _bracket(state)
    if token.text == "{":
        return context_of(state, expression)
    if token.text == "@":
        state.advance()
        if state.token.kind != "text":
            raise state.unexpected("a text after '@'")
        literal = text_value(state.token.text)
        state.advance()
        return Literal(parse_temporal(literal), token.start)
    raise state.unexpected("an expression")


def _bracket(state: ParserState) -> Node:
    """A list, a grouping or a range: what it is shows only after the first expression."""
    opening = state.token
    state.advance()
    state.enter()
    try:
        if opening.text == "[" and state.accept("]"):
            return ListOf([], opening.start)
        if opening.text == "(" and state.token.text in _COMPARISONS:
            return _open_range(state)
        with state.ends(0):
            items = [_test(state) if opening.text == "[" else expression(state)]
        if state.accept(".."):
            with state.ends(1):
                end = expression(state)
            closing = state.accept_any(("]", ")", "["))
            if closing is None:
                raise state.unexpected("']', ')' or '[' after a range")
            return RangeOf(items[0], end, opening.text == "[", closing == "]", opening.start)
        if opening.text == "]":
            raise state.unexpected("'..' of a range")
        if opening.text == "(":
            state.expect(")")
            return items[0]
        with state.ends(0):
            while state.accept(","):
                items.append(_test(state))
        state.expect("]")
        return ListOf(items, opening.start)
    finally:
        state.leave()


def _open_range(state: ParserState) -> Node:
    token = state.token
    state.advance()
    bound = _additive(state, 0)
    state.expect(")")
    if token.text == "=":
        return RangeOf(bound, bound, True, True, token.start, True)
    if token.text == "!=":
        return Test("!=", bound, token.start)
    included = token.text.endswith("=")
    if token.text.startswith("<"):
        return RangeOf(None, bound, False, included, token.start, True)
    return RangeOf(bound, None, included, False, token.start, True)


def _word(state: ParserState) -> Node:
    token = state.token
    if token.kind == "word" and token.text in KEYWORDS:
        constant = {"true": True, "false": False, "null": None}
        if token.text in constant:
            state.advance()
            return Literal(constant[token.text], token.start)
        if token.text in FORMS:
            state.advance()
            with state.names_kept():
                return FORMS[token.text](state, token.start, expression)
        raise state.unexpected("an expression")
    return Name(state.name(), token.start)
