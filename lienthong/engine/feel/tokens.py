"""FEEL text into words, numbers, texts and symbols. Names are put together later, by the grammar."""

import re
from dataclasses import dataclass

from lienthong.engine.feel.errors import FeelSyntaxError

MAX_TEXT = 200_000
_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d\u180f-\u1fff"
    "\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_SPACE = "\\s\u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_TOKEN = re.compile(
    rf"""(?P<space>[{_SPACE}]+|//[^\n]*|/\*.*?\*/)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<text>"(?:[^"\\]|\\.)*")
    |(?P<word>[{_START}][{_PART}]*)
    |(?P<quoted>`[^`\n]*`)
    |(?P<symbol>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{{}},.:;@'&|%$#!~^\\])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


@dataclass(slots=True)
class Token:
    """kind: number, text, word, quoted, symbol or end."""

    kind: str
    text: str
    start: int
    end: int


def position_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column (1-based) of an offset."""
    line = text.count("\n", 0, offset) + 1
    return line, offset - (text.rfind("\n", 0, offset) + 1) + 1


def syntax_error(text: str, offset: int, message: str) -> FeelSyntaxError:
    """An error at an offset of a text."""
    return FeelSyntaxError(message, *position_of(text, offset))


def tokenize(text: str) -> list[Token]:
    """The tokens of a text, spaces and comments left out, with an end token behind."""
    if len(text) > MAX_TEXT:
        raise FeelSyntaxError(f"Expected at most {MAX_TEXT} characters, but got {len(text)}", 1, 1)
    tokens: list[Token] = []
    offset = 0
    while offset < len(text):
        found = _TOKEN.match(text, offset)
        if found is None:
            what = "an unfinished text" if text[offset] == '"' else f"'{text[offset]}'"
            raise syntax_error(text, offset, f"Expected an expression, but found {what}")
        kind = found.lastgroup or ""
        if kind != "space":
            tokens.append(Token(kind, found.group(), offset, found.end()))
        offset = found.end()
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def text_value(literal: str) -> str:
    """The string a quoted literal stands for; surrogate pairs written as two escapes are joined."""
    inner = literal[1:-1]
    if "\\" not in inner:
        return inner
    value = _ESCAPE.sub(_unescape, inner)
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescape(found: re.Match[str]) -> str:
    short, long, plain = found.groups()
    if short or long:
        code = int(short or long, 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"
    return _ESCAPED.get(plain, plain if plain in "\"'\\" else "\\" + plain)
