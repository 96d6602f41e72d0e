"""Built-ins for texts. A character is a Unicode code point. Regular expressions as XPath has them, within bounds."""

import base64
from decimal import Decimal
from typing import Any

from lienthong.engine.feel.builtins.registry import NullResult, builtin
from lienthong.engine.feel.patterns import compile_pattern, replacement_of
from lienthong.engine.feel.values import ABSENT, FeelFunction


@builtin("substring(string: string, start position: number, length?: number)")
def substring(text: str, start: Decimal, length: Any = ABSENT) -> str:
    if not start:
        raise NullResult("Expected a start position other than 0")
    begin = int(start) - 1 if start > 0 else len(text) + int(start)
    if begin < 0 or begin >= len(text):
        raise NullResult(f"Expected a start position within the text, but got {start}")
    if length is ABSENT:
        return text[begin:]
    if length < 1:
        raise NullResult(f"Expected a length of at least 1, but got {length}")
    return text[begin : begin + int(length)]


@builtin("string length(string: string)")
def string_length(text: str) -> Decimal:
    return Decimal(len(text))


@builtin("upper case(string: string)")
def upper_case(text: str) -> str:
    return text.upper()


@builtin("lower case(string: string)")
def lower_case(text: str) -> str:
    return text.lower()


@builtin("substring before(string: string, match: string)")
def substring_before(text: str, match: str) -> str:
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string)")
def substring_after(text: str, match: str) -> str:
    if not match:
        return text
    return text.partition(match)[2]


@builtin("contains(string: string, match: string)")
def contains(text: str, match: str) -> bool:
    return match in text


@builtin("starts with(string: string, match: string)")
def starts_with(text: str, match: str) -> bool:
    return text.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(text: str, match: str) -> bool:
    return text.endswith(match)


@builtin("matches(input: string, pattern: string, flags?: string|null)")
def matches(text: str, pattern: str, flags: Any = ABSENT) -> bool:
    return compile_pattern(pattern, flags or "", text).search(text) is not None


@builtin("replace(input: string, pattern: string, replacement: string, flags?: string|null)")
def replace(text: str, pattern: str, replacement: str, flags: Any = ABSENT) -> str:
    compiled = compile_pattern(pattern, flags or "", text)
    if compiled.search("") is not None:
        raise NullResult("Expected a pattern that does not match the empty text")
    return compiled.sub(replacement_of(replacement, compiled.groups, "q" in (flags or "")), text)


@builtin("split(string: string, delimiter: string)")
def split(text: str, delimiter: str) -> list[str]:
    compiled = compile_pattern(delimiter, "", text)
    parts, last = [], 0
    for found in compiled.finditer(text):
        if found.end() == found.start():
            continue
        parts.append(text[last : found.start()])
        last = found.end()
    return [*parts, text[last:]]


@builtin("extract(string: string, pattern: string)")
def extract(text: str, pattern: str) -> list[str]:
    return [found.group() for found in compile_pattern(pattern, "", text).finditer(text)]


@builtin("string join(list: list, delimiter?: string|null, prefix?: string|null, suffix?: string|null)")
def string_join(items: list[Any], delimiter: Any = ABSENT, prefix: Any = ABSENT, suffix: Any = ABSENT) -> str:
    if not all(item is None or type(item) is str for item in items):
        raise NullResult("Expected a list of strings")
    joined = (delimiter or "").join(item for item in items if item is not None)
    return f"{prefix or ''}{joined}{suffix or ''}"


@builtin("trim(string: string)")
def trim(text: str) -> str:
    return text.strip()


@builtin("is blank(string: string)")
def is_blank(text: str) -> bool:
    return not text.strip()


@builtin("is empty(list: list)")
def is_empty(items: list[Any]) -> bool:
    return not items


@builtin("to base64(value: string)")
def to_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@builtin("from base64(value: string)")
def from_base64(text: str) -> str | None:
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return None


@builtin("is defined(value: Any)")
def is_defined(value: Any) -> bool:
    return value is not None


@builtin("not(negand: Any)")
def negate(value: Any) -> bool | None:
    return not value if type(value) is bool else None


@builtin("is(value1: Any, value2: Any)")
def is_same(left: Any, right: Any) -> bool:
    if type(left) is not type(right):
        return False
    if type(left) is FeelFunction:
        return left is right
    return bool(left == right)
