"""Types: what a value is an instance of, and how a value is fitted to the type wanted. DMN 1.5 §10.3.2.9."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lienthong.engine.feel.temporal import FeelDate, FeelDateTime, Zone
from lienthong.engine.feel.tree import TypeNode
from lienthong.engine.feel.values import FeelFunction, Range, kind_of

_ALIASES = {
    "any": "Any",
    "null": "Null",
    "dateTime": "date and time",
    "day and time duration": "days and time duration",
    "dayTimeDuration": "days and time duration",
    "year and month duration": "years and months duration",
    "yearMonthDuration": "years and months duration",
}
BUILT_IN_TYPES = frozenset(
    (
        "Any",
        "Null",
        "string",
        "number",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "list",
        "context",
        "function",
        "range",
        "duration",
    )
)


@dataclass(slots=True)
class FeelType:
    """A type: a built-in kind, refined by element, entries, parameters and allowed values."""

    kind: str
    element: FeelType | None = None
    entries: dict[str, FeelType] | None = None
    parameters: list[FeelType] | None = None
    allowed: Callable[[Any], bool] | None = None
    name: str = field(default="")


ANY = FeelType("Any")


def built_in_type(name: str) -> FeelType | None:
    """The built-in type of a name, prefixes such as `feel:` left out."""
    short = name.rpartition(":")[2].strip()
    short = _ALIASES.get(short, short)
    return FeelType(short) if short in BUILT_IN_TYPES else None


def resolve(node: TypeNode, types: Mapping[str, FeelType] | None) -> FeelType | None:
    """The type a text names, None when nobody knows it."""
    custom = (types or {}).get(node.name)
    found = custom or built_in_type(node.name)
    if found is None:
        return None
    if node.element is None and node.entries is None and node.parameters is None:
        return found
    element = resolve(node.element, types) if node.element else None
    entries = {name: resolve(part, types) or ANY for name, part in node.entries} if node.entries is not None else None
    parameters = [resolve(part, types) or ANY for part in node.parameters] if node.parameters is not None else None
    return FeelType(found.kind, element, entries, parameters)


def is_instance(value: Any, wanted: FeelType) -> bool:
    """`value instance of wanted`; null is an instance of Null only."""
    if value is None:
        return wanted.kind == "Null"
    return _fits(value, wanted, is_instance_or_null)


def is_instance_or_null(value: Any, wanted: FeelType) -> bool:
    """Whether the value may stand where the type is wanted: null always may."""
    return value is None or _fits(value, wanted, is_instance_or_null)


def _fits(value: Any, wanted: FeelType, inner: Callable[[Any, FeelType], bool]) -> bool:
    kind = kind_of(value)
    fits = kind.endswith("duration") if wanted.kind == "duration" else wanted.kind in ("Any", kind)
    if not fits:
        return False
    if wanted.element is not None and kind == "list" and not all(inner(item, wanted.element) for item in value):
        return False
    if wanted.element is not None and type(value) is Range:
        return inner(value.start, wanted.element) and inner(value.end, wanted.element)
    if wanted.entries is not None and kind == "context" and not _entries_fit(value, wanted.entries, inner):
        return False
    if wanted.parameters is not None and type(value) is FeelFunction and not _function_fits(value, wanted):
        return False
    return wanted.allowed is None or wanted.allowed(value)


def _entries_fit(value: dict[str, Any], entries: dict[str, FeelType], inner: Callable[[Any, FeelType], bool]) -> bool:
    return all(name in value and inner(value[name], part) for name, part in entries.items())


def _function_fits(value: FeelFunction, wanted: FeelType) -> bool:
    parameters = wanted.parameters or []
    if len(parameters) != len(value.parameters):
        return False
    given = value.parameter_types or [None] * len(parameters)
    if not all(have is None or is_subtype(part, have) for part, have in zip(parameters, given, strict=False)):
        return False
    if wanted.element is None or wanted.element.kind == "Any":
        return True
    return value.result_type is not None and is_subtype(value.result_type, wanted.element)


def is_subtype(part: FeelType, whole: FeelType) -> bool:
    """Whether every value of one type is one of the other."""
    if whole.kind == "Any" or part.kind == "Null":
        return True
    if part.kind != whole.kind:
        return False
    if whole.element is not None and (part.element is None or not is_subtype(part.element, whole.element)):
        return False
    if whole.entries is not None:
        entries = part.entries or {}
        return all(name in entries and is_subtype(entries[name], entry) for name, entry in whole.entries.items())
    return True


def coerce(value: Any, wanted: FeelType | None) -> tuple[Any, bool]:
    """The value fitted to a type (singleton lists, dates as date and time), and whether it fits; else null."""
    if wanted is None or value is None or is_instance_or_null(value, wanted):
        return value, True
    if type(value) is list and len(value) == 1 and wanted.kind != "list" and is_instance_or_null(value[0], wanted):
        return value[0], True
    if wanted.kind == "list" and type(value) is not list:
        lifted = [value]
        if is_instance_or_null(lifted, wanted):
            return lifted, True
    if wanted.kind == "date and time" and type(value) is FeelDate:
        return FeelDateTime(value, 0, Zone(0)), True
    return None, False
