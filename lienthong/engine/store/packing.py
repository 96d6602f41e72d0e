"""A group of events as one blob of JSON, and back.

JSON, because it can be read with any tool in ten years. Bytes (resources, variables) become
an object with one name that no user's JSON has; nothing else in a record needs a form of its own.
Events of one element share their value, so a value is written once a group and events name it by index;
the sharing comes back when the group is read. Most values have one of a few shapes, so the names of a
shape are written once a group too: `{"shapes": [[name…]…], "values": [[shape, item…]…], "kinds":
[[value type, intent]…], "events": [[kind, key, value, timestamp]…]}`. Format 1 wrote values as objects
and events as `[value type, intent, key, value, timestamp]`; it is still read.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

import orjson

from lienthong.engine.protocol.records import Fact, Intent, ValueType

_VALUE_TYPES = {member.value: member for member in ValueType}
_INTENTS = {member.value: member for member in Intent}
_UTF8 = "\x00utf8"
_BASE64 = "\x00base64"
_MARK = b'"\\u0000'


def _bytes_form(value: object) -> dict[str, str]:
    if not isinstance(value, bytes | bytearray | memoryview):
        raise TypeError(f"Expected JSON-able data in a record, but got {type(value).__name__}")
    content = bytes(value)
    try:
        return {_UTF8: content.decode("utf-8")}
    except UnicodeDecodeError:
        return {_BASE64: base64.b64encode(content).decode("ascii")}


def pack(facts: Sequence[Fact]) -> bytes:
    """One blob for a whole group."""
    places: dict[int, int] = {}
    shapes: dict[tuple[str, ...], int] = {}
    kinds: dict[tuple[str, str], int] = {}
    values: list[tuple[Any, ...]] = []  # tuples: the collector forgets them sooner
    rows = []
    for value_type, intent, key, value, at in facts:
        place = places.get(id(value))
        if place is None:
            place = places[id(value)] = len(values)
            names = tuple(value)
            shape = shapes.get(names)
            if shape is None:
                shape = shapes[names] = len(shapes)
            values.append((shape, *value.values()))
        pair = (value_type, intent)
        kind = kinds.get(pair)
        if kind is None:
            kind = kinds[pair] = len(kinds)
        rows.append((kind, key, place, at))
    group = {"shapes": list(shapes), "values": values, "kinds": [(*pair,) for pair in kinds], "events": rows}
    try:
        return orjson.dumps(group, default=_bytes_form)
    except TypeError:  # integers beyond 64 bits, lone surrogates
        return json.dumps(group, default=_bytes_form, separators=(",", ":")).encode("utf-8")


def _restored(value: Any) -> Any:
    if isinstance(value, dict):
        if len(value) == 1:
            if _UTF8 in value:
                return value[_UTF8].encode("utf-8")
            if _BASE64 in value:
                return base64.b64decode(value[_BASE64])
        return {name: _restored(item) if isinstance(item, dict | list) else item for name, item in value.items()}
    return [_restored(item) if isinstance(item, dict | list) else item for item in value]


def _parsed(blob: bytes) -> Any:
    try:
        return orjson.loads(blob)
    except orjson.JSONDecodeError:
        return json.loads(blob)


Wanted = Callable[[ValueType, Intent], bool]


def unpack(blob: bytes, wanted: Wanted | None = None) -> list[Fact]:
    """The facts of a blob that `pack` made, today or in an older format; of the `wanted` kinds alone where given."""
    group = _parsed(blob)
    values = group["values"]
    if _MARK in blob:
        values = _restored(values)
    if "shapes" not in group:
        kinds = [(_VALUE_TYPES[row[0]], _INTENTS[row[1]]) for row in group["events"]]
        return [
            (*kind, row[2], values[row[3]], row[4])
            for kind, row in zip(kinds, group["events"], strict=True)
            if wanted is None or wanted(*kind)
        ]
    return _events(group, values, wanted)


def _events(group: Any, values: list[Any], wanted: Wanted | None) -> list[Fact]:
    """Only the values that some event needs become dictionaries again, each once."""
    shapes, found = group["shapes"], [(_VALUE_TYPES[kind], _INTENTS[intent]) for kind, intent in group["kinds"]]
    kinds = [kind if wanted is None or wanted(*kind) else None for kind in found]
    whole: list[Any] = [None] * len(values)
    events = []
    for number, key, place, at in group["events"]:
        kind = kinds[number]
        if kind is None:
            continue
        value = whole[place]
        if value is None:
            packed = values[place]
            value = whole[place] = dict(zip(shapes[packed[0]], islice(packed, 1, None), strict=True))
        events.append((kind[0], kind[1], key, value, at))
    return events
