"""How a value reads as text: `string(value)`. DMN 1.5 §10.3.4.1."""

import json
from decimal import Decimal
from typing import Any

from lienthong.engine.feel.numbers import number_text
from lienthong.engine.feel.values import FeelFunction, Range


def text_of(value: Any) -> str:
    """The text of a value; texts inside lists and contexts are quoted."""
    return value if type(value) is str else _inner(value)


def _inner(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return json.dumps(value, ensure_ascii=False)
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is Decimal:
        return number_text(value)
    if kind is list:
        return "[" + ", ".join(_inner(item) for item in value) + "]"
    if kind is dict:
        return "{" + ", ".join(f"{_key(key)}: {_inner(item)}" for key, item in value.items()) + "}"
    if kind is Range:
        return _range(value)
    if kind is FeelFunction:
        return f"function({', '.join(value.parameters)})"
    return str(value)


def _key(key: str) -> str:
    plain = key and all(part.replace("_", "a").isalnum() and not part[0].isdigit() for part in key.split(" ") if part)
    return key if plain else json.dumps(key, ensure_ascii=False)


def _range(value: Range) -> str:
    if value.start is None and not value.start_included:
        return f"({'<=' if value.end_included else '<'} {_inner(value.end)})"
    if value.end is None and not value.end_included:
        return f"({'>=' if value.start_included else '>'} {_inner(value.start)})"
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{opening}{_inner(value.start)}..{_inner(value.end)}{closing}"
