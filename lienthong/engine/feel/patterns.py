"""Regular expressions as XPath writes them, in bounds: a pattern that may take exponential time is refused."""

import re
import re._parser as pattern_parser  # type: ignore[import-not-found]
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lienthong.engine.feel.answers import NullResult

MAX_PATTERN = 1000
MAX_INPUT = 200_000
MAX_EXPONENTIAL_INPUT = 22
"""Characters a pattern with nested repetitions may be run on: two ways each are a moment's work."""
MAX_STEPS = 1e9
MAX_BOUNDED = 100
_REPLACEMENT = re.compile(r"(\\([\\$])|\$(\d{1,4})|[^\\$]+)", re.DOTALL)
_FLAGS = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE, "x": re.VERBOSE}
_CATEGORIES = {
    "L": r"[^\W\d_]",
    "Lu": "[A-ZÀ-ÖØ-ÞĀĂĐĨŨƠƯẠ-Ỹ]",
    "Ll": "[a-zß-öø-ÿāăđĩũơưạ-ỹ]",
    "N": r"\d",
    "Nd": r"\d",
    "P": r"[!-#%-*,-/:;?@\[-\]_{}¡§«¶·»¿‐-‧]",
    "Z": r"\s",
    "Zs": r"[ \u00a0\u2000-\u200a]",
    "S": r"[$+<=>^`|~¢-©¬®-±´×÷]",
    "IsBasicLatin": r"[\x00-\x7f]",
    "Alpha": "[A-Za-z]",
    "Digit": "[0-9]",
    "Alnum": "[A-Za-z0-9]",
    "Punct": r"[!-/:-@\[-`{-~]",
    "Upper": "[A-Z]",
    "Lower": "[a-z]",
    "Space": r"\s",
}
_REFERENCE_IN_CLASS = re.compile(r"(?<!\\)\[(?:[^\]\\]|\\\D)*\\\d")
_CATEGORY = re.compile(r"\\([pP])\{(\w+)\}")
_CLASS_SUBTRACTION = re.compile(r"\[((?:[^\[\]\\]|\\.)+)-\[((?:[^\[\]\\]|\\.)+)\]\]")


def compile_pattern(pattern: str, flags: str, text: str) -> re.Pattern[str]:
    """The compiled pattern; raises NullResult where it is none or too dangerous for the text."""
    if len(text) > MAX_INPUT:
        raise NullResult(f"Expected a text of at most {MAX_INPUT} characters")
    compiled, danger = _compiled(pattern, flags)
    if danger.exponential and len(text) > MAX_EXPONENTIAL_INPUT:
        raise NullResult("Expected a pattern without repetitions inside repetitions, which could take forever")
    if float(len(text)) ** danger.repetitions > MAX_STEPS:
        raise NullResult("Expected a pattern with fewer repetitions for so long a text")
    return compiled


@dataclass(slots=True)
class Danger:
    """How the time of a match may grow with the text."""

    repetitions: int = 0
    exponential: bool = False


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> tuple[re.Pattern[str], Danger]:
    if len(pattern) > MAX_PATTERN:
        raise NullResult(f"Expected a pattern of at most {MAX_PATTERN} characters")
    options = 0
    for flag in flags:
        if flag not in "smixq":
            raise NullResult(f"Expected flags among s, m, i, x and q, but got '{flag}'")
        options |= _FLAGS.get(flag, 0)
    if "q" in flags:
        return re.compile(re.escape(pattern), options), Danger()
    if "x" in flags:
        pattern = re.sub(r"[ \t\r\n]+(?![^\[]*\])", "", pattern)
    danger = Danger()
    try:
        translated = _translated(pattern)
        _measure(pattern_parser.parse(translated, options), False, danger)
        return re.compile(translated, options), danger
    except (re.error, OverflowError, RecursionError) as error:
        raise NullResult(f"Expected a regular expression, but '{pattern}' is none: {error}") from None


def _translated(pattern: str) -> str:
    """XPath's own notations in Python's: categories, class subtraction, name classes."""
    if _REFERENCE_IN_CLASS.search(pattern):
        raise NullResult("Expected no reference to a group inside a class of characters")
    pattern = _CLASS_SUBTRACTION.sub(r"(?:(?![\2])[\1])", pattern)
    pattern = pattern.replace(r"\i", "[A-Za-z_:]").replace(r"\c", "[-A-Za-z0-9._:]")
    return _CATEGORY.sub(_category, pattern)


def _category(found: re.Match[str]) -> str:
    members = _CATEGORIES.get(found.group(2))
    if members is None:
        raise NullResult(f"Expected a known category of characters, but got '{found.group(2)}'")
    if found.group(1) == "p":
        return members
    return f"(?:(?!{members}).)"


def _measure(parsed: Any, repeated: bool, danger: Danger) -> None:
    """Count unbounded repetitions, and whether one holds another."""
    for operator, argument in parsed:
        name = str(operator)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _, most, inner = argument
            unbounded = most is pattern_parser.MAXREPEAT or most > MAX_BOUNDED
            danger.repetitions += unbounded
            danger.exponential = danger.exponential or (unbounded and repeated)
            _measure(inner, repeated or unbounded, danger)
        elif name == "SUBPATTERN":
            _measure(argument[3], repeated, danger)
        elif name == "BRANCH":
            # Ways that overlap inside a repetition can double with every character.
            danger.exponential = danger.exponential or repeated
            for branch in argument[1]:
                _measure(branch, repeated, danger)
        elif name in ("ASSERT", "ASSERT_NOT"):
            _measure(argument[1], repeated, danger)
        elif name == "ATOMIC_GROUP":
            _measure(argument, repeated, danger)


def replacement_of(replacement: str, groups: int, literal: bool) -> Any:
    r"""`$1` of XPath as a function of the match; `\$` is a dollar sign."""
    if literal:
        return lambda found: replacement

    tokens = _REPLACEMENT.findall(replacement)
    if "".join(whole for whole, *_ in tokens) != replacement:
        raise NullResult("Expected a replacement with '$' before a number and '\\\\' before '$' or '\\\\'")

    def expand(found: re.Match[str]) -> str:
        return "".join(_replaced(found, groups, *token) for token in tokens)

    return expand


def _replaced(found: re.Match[str], groups: int, whole: str, escaped: str, number: str) -> str:
    if escaped:
        return escaped
    if not number:
        return whole
    used = number
    while len(used) > 1 and int(used) > groups:
        used = used[:-1]
    group = (found.group(int(used)) or "") if int(used) <= groups else ""
    return group + number[len(used) :]
