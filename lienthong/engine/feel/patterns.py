"""Regular expressions as XPath writes them, in bounds: a pattern that may take exponential time is refused."""

import re
import re._parser as pattern_parser  # type: ignore[import-not-found]
from functools import lru_cache
from typing import Any

from lienthong.engine.feel.answers import NullResult

MAX_PATTERN = 1000
MAX_INPUT = 200_000
_FLAGS = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE, "x": re.VERBOSE}
_CATEGORIES = {
    "L": r"[^\W\d_]", "Lu": "[A-ZÀ-ÖØ-ÞĀĂĐĨŨƠƯẠ-Ỹ]", "Ll": "[a-zß-öø-ÿāăđĩũơưạ-ỹ]", "N": r"\d", "Nd": r"\d",
    "P": r"[!-#%-*,-/:;?@\[-\]_{}¡§«¶·»¿‐-‧]", "Z": r"\s", "Zs": r"[ \u00a0\u2000-\u200a]", "S": r"[$+<=>^`|~¢-©¬®-±´×÷]",
    "IsBasicLatin": r"[\x00-\x7f]", "Alpha": "[A-Za-z]", "Digit": "[0-9]", "Alnum": "[A-Za-z0-9]", "Punct": "[!-/:-@\\[-`{-~]",
    "Upper": "[A-Z]", "Lower": "[a-z]", "Space": r"\s",
}
_CATEGORY = re.compile(r"\\([pP])\{(\w+)\}")
_CLASS_SUBTRACTION = re.compile(r"\[((?:[^\[\]\\]|\\.)+)-\[((?:[^\[\]\\]|\\.)+)\]\]")


def compile_pattern(pattern: str, flags: str, text: str) -> re.Pattern[str]:
    """The compiled pattern; raises NullResult where it is none or too dangerous for the text."""
    if len(text) > MAX_INPUT:
        raise NullResult(f"Expected a text of at most {MAX_INPUT} characters")
    return _compiled(pattern, flags)


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> re.Pattern[str]:
    if len(pattern) > MAX_PATTERN:
        raise NullResult(f"Expected a pattern of at most {MAX_PATTERN} characters")
    options = 0
    for flag in flags:
        if flag not in "smixq":
            raise NullResult(f"Expected flags among s, m, i, x and q, but got '{flag}'")
        options |= _FLAGS.get(flag, 0)
    if "q" in flags:
        return re.compile(re.escape(pattern), options)
    translated = _CLASS_SUBTRACTION.sub(r"(?:(?![\2])[\1])", _CATEGORY.sub(_category, pattern))
    try:
        if _explodes(pattern_parser.parse(translated, options), False):
            raise NullResult("Expected a pattern without repetitions inside repetitions, which could take forever")
        return re.compile(translated, options)
    except (re.error, OverflowError, RecursionError) as error:
        raise NullResult(f"Expected a regular expression, but '{pattern}' is none: {error}") from None


def _category(found: re.Match[str]) -> str:
    members = _CATEGORIES.get(found.group(2))
    if members is None:
        raise NullResult(f"Expected a known category of characters, but got '{found.group(2)}'")
    if found.group(1) == "p":
        return members
    return f"(?:(?!{members}).)"


def _explodes(parsed: Any, repeated: bool) -> bool:
    """Whether an unbounded repetition holds another one or a choice of overlapping ways."""
    for operator, argument in parsed:
        name = str(operator)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            _, most, inner = argument
            unbounded = most is pattern_parser.MAXREPEAT or most > 100
            if unbounded and repeated:
                return True
            if _explodes(inner, repeated or unbounded):
                return True
        elif name == "SUBPATTERN":
            if _explodes(argument[3], repeated):
                return True
        elif name == "BRANCH":
            if any(_explodes(branch, repeated) for branch in argument[1]):
                return True
        elif name in ("ASSERT", "ASSERT_NOT") and _explodes(argument[1], repeated):
            return True
    return False


def replacement_of(replacement: str, groups: int, literal: bool) -> Any:
    r"""`$1` of XPath as a function of the match; `\$` is a dollar sign."""
    if literal:
        return lambda found: replacement

    def expand(found: re.Match[str]) -> str:
        def part(token: re.Match[str]) -> str:
            if token.group(1):
                return token.group(1)
            number = int(token.group(2))
            return (found.group(number) or "") if number <= groups else ""

        return re.sub(r"\\(.)|\$(\d)", part, replacement)

    return expand
