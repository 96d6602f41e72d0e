"""Where a parser stands: the token under way and the names in scope."""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from lienthong.engine.feel.errors import FeelSyntaxError
from lienthong.engine.feel.tokens import Token, syntax_error, text_value, tokenize

KEYWORDS = frozenset(
    (
        "and",
        "or",
        "between",
        "in",
        "if",
        "then",
        "else",
        "for",
        "return",
        "some",
        "every",
        "satisfies",
        "function",
        "instance",
        "true",
        "false",
        "null",
    )
)
BUILT_IN_WITH_KEYWORDS = ("date and time", "years and months duration", "get or else")
MAX_DEPTH = 60
_SIGNS = frozenset("+-*/'.")


class ParserState:
    """A cursor over tokens that puts names together by what it knows."""

    __slots__ = ("depth", "index", "known", "range_ends", "text", "tokens")

    def __init__(self, text: str, names: Iterable[str] = ()) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.index = 0
        self.depth = 0
        self.range_ends = 0
        self.known: dict[str, list[tuple[str, ...]]] = {}
        for name in names:
            self.learn(name)

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def peek(self, ahead: int = 1) -> Token:
        """A token further on; the end token beyond the end."""
        return self.tokens[min(self.index + ahead, len(self.tokens) - 1)]

    def advance(self) -> None:
        if self.index < len(self.tokens) - 1:
            self.index += 1

    def enter(self) -> None:
        """One level deeper; refuses what would exhaust the stack."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(self.token.start, f"Expected at most {MAX_DEPTH} levels, but it is nested too deeply")

    def leave(self) -> None:
        self.depth -= 1

    def error(self, offset: int, message: str) -> FeelSyntaxError:
        return syntax_error(self.text, offset, message)

    def unexpected(self, wanted: str) -> FeelSyntaxError:
        found = "the end" if self.token.kind == "end" else f"'{self.token.text}'"
        return self.error(self.token.start, f"Expected {wanted}, but found {found}")

    def accept(self, symbol: str) -> bool:
        token = self.token
        if token.kind == "symbol" and token.text == symbol:
            self.advance()
            return True
        return False

    def accept_any(self, symbols: tuple[str, ...]) -> str | None:
        text = self.token.text
        return text if text in symbols and self.accept(text) else None

    def expect(self, symbol: str) -> None:
        if not self.accept(symbol):
            raise self.unexpected(f"'{symbol}'")

    def at_word(self, word: str) -> bool:
        return self.token.text == word and self.token.kind == "word"

    def accept_word(self, word: str) -> bool:
        if self.at_word(word):
            self.advance()
            return True
        return False

    def expect_word(self, word: str) -> None:
        if not self.accept_word(word):
            raise self.unexpected(f"'{word}'")

    @contextmanager
    def names_kept(self) -> Iterator[None]:
        """Names learned inside are forgotten after."""
        before = self.known
        self.known = {first: list(rest) for first, rest in before.items()}
        yield
        self.known = before

    @contextmanager
    def ends(self, count: int) -> Iterator[None]:
        """Whether a `[` may close the range under way."""
        before, self.range_ends = self.range_ends, count
        yield
        self.range_ends = before

    def learn(self, name: str) -> None:
        """Have a name in scope; only one with a sign or a keyword in it makes a difference."""
        try:
            parts = tuple(token.text for token in tokenize(name)[:-1])
        except FeelSyntaxError:
            return
        if len(parts) > 1 and any(not _word_like(part) or part in KEYWORDS for part in parts):
            found = self.known.setdefault(parts[0], [])
            if parts not in found:
                found.append(parts)
                found.sort(key=len, reverse=True)

    def name(self) -> str:
        """The name that starts here: the longest known one, or the words side by side."""
        first = self.token
        if first.kind == "quoted":
            self.advance()
            return first.text[1:-1]
        length = 1
        while self._joins(self.peek(length)):
            length += 1
        length = max(length, self._known_length(first.text))
        parts = [self.peek(i) for i in range(length)]
        for _ in range(length):
            self.advance()
        return self._spelled(parts)

    def property_name(self) -> str:
        """The name after a dot, where a keyword is as good as any word."""
        if self.token.kind not in ("word", "quoted"):
            raise self.unexpected("a name after '.'")
        return self.name()

    def _joins(self, token: Token) -> bool:
        if token.kind == "word":
            return token.text not in KEYWORDS
        return token.kind == "number" and token.text[0] != "."

    def _known_length(self, first: str) -> int:
        for parts in self.known.get(first, ()):
            if all(self.peek(i).text == part for i, part in enumerate(parts)):
                return len(parts)
        for name in BUILT_IN_WITH_KEYWORDS:
            words = name.split(" ")
            if words[0] == first and all(self.peek(i).text == word for i, word in enumerate(words)):
                following = self.peek(len(words))
                if following.text in ("(", ",", ")", "]", "") or following.kind == "end":
                    return len(words)
        return 0

    def _spelled(self, parts: list[Token]) -> str:
        """The parts as one name: a space where there was one, none where there was none."""
        name = parts[0].text
        for before, part in itertools.pairwise(parts):
            glue = before.end == part.start
            if not glue and (part.text in _SIGNS or before.text in _SIGNS):
                glue = True
            name += part.text if glue else " " + part.text
        return name

    def name_before(self, stops: tuple[str, ...]) -> str:
        """A new name up to one of the stops."""
        parts = []
        while self.token.text not in stops and self.token.kind in ("word", "quoted", "number", "symbol"):
            if self.token.kind == "symbol" and self.token.text not in _SIGNS:
                break
            parts.append(self.token)
            self.advance()
        if not parts or parts[0].kind not in ("word", "quoted"):
            raise self.unexpected("a name")
        if parts[0].kind == "quoted":
            return parts[0].text[1:-1]
        return self._spelled(parts)

    def key(self) -> str:
        """The key of a context entry: a name or a text."""
        if self.token.kind == "text":
            value = text_value(self.token.text)
            self.advance()
            return value
        return self.name_before((":",))

    def argument_name(self) -> str | None:
        """The name before `:` when arguments are given by name; None (and nothing read) otherwise."""
        mark = self.index
        if self.token.kind not in ("word", "quoted"):
            return None
        while self.token.kind in ("word", "quoted", "number") or (
            self.token.kind == "symbol" and self.token.text in _SIGNS
        ):
            self.advance()
        end = self.index
        self.index = mark
        following = self.tokens[end]
        if following.kind != "symbol" or following.text != ":":
            return None
        name = self.name_before((":",))
        self.expect(":")
        return name


def _word_like(part: str) -> bool:
    return part[0].isalnum() or part[0] in "_?" or ord(part[0]) > 0x2000


def canonical_name(name: str) -> str:
    """A name of a model as expressions spell it: single spaces, none around signs."""
    try:
        tokens = tokenize(name)[:-1]
    except FeelSyntaxError:
        return name
    return ParserState.__new__(ParserState)._spelled(tokens) if tokens else name
