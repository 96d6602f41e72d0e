"""Types written in FEEL: `number`, `list<string>`, `context<a: number>`, `function<number> -> string`."""

from lienthong.engine.feel.parser_state import ParserState
from lienthong.engine.feel.tree import TypeNode

_LONG_NAMES = (
    "date and time",
    "days and time duration",
    "day and time duration",
    "years and months duration",
    "year and month duration",
)


def parse_type(state: ParserState) -> TypeNode:
    """The type that starts at the token under way."""
    state.enter()
    name = _type_name(state)
    node = TypeNode(name)
    if name in ("list", "range") and state.accept("<"):
        node.element = parse_type(state)
        _close(state)
    elif name == "context" and state.accept("<"):
        node.entries = []
        while True:
            key = state.key()
            state.expect(":")
            node.entries.append((key, parse_type(state)))
            if not state.accept(","):
                break
        _close(state)
    elif name == "function" and state.accept("<"):
        node.parameters = []
        while state.token.text != ">":
            node.parameters.append(parse_type(state))
            if not state.accept(","):
                break
        _close(state)
        state.expect("->")
        node.element = parse_type(state)
    state.leave()
    return node


def _close(state: ParserState) -> None:
    state.expect(">")


def _type_name(state: ParserState) -> str:
    for name in _LONG_NAMES:
        words = name.split(" ")
        if all(state.peek(i).text == word for i, word in enumerate(words)):
            for _ in words:
                state.advance()
            return name
    if state.token.text in ("function", "null") and state.token.kind == "word":
        word = state.token.text
        state.advance()
        return word
    if state.token.kind not in ("word", "quoted"):
        raise state.unexpected("a type")
    name = state.name()
    while state.token.text == "." and state.peek().kind == "word":
        state.advance()
        name += "." + state.name()
    return name
