"""A group of events as one blob of JSON, and back.

JSON, because it can be read with any tool in ten years. Bytes (resources, variables) become
an object with one name that no user's JSON has; nothing else in a record needs a form of its own.
Events of one element share their value, so a group is `{"values": […], "events": […]}` and each event
names its value by index; the sharing comes back when the group is read.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

import orjson

from lienthong.engine.protocol.records import Event, Intent, Value, ValueType

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


def pack(events: Sequence[Event]) -> bytes:
    """One blob for a whole group."""
    places: dict[int, int] = {}
    values: list[Value] = []
    rows = []
    for event in events:
        place = places.setdefault(id(event.value), len(values))
        if place == len(values):
            values.append(event.value)
        rows.append((event.value_type.value, event.intent.value, event.key, place, event.timestamp_ms))
    group = {"values": values, "events": rows}
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


def unpack(blob: bytes) -> list[Event]:
    """The events of a blob that `pack` made."""
    group = _parsed(blob)
    values = group["values"]
    if _MARK in blob:
        values = _restored(values)
    return [
        Event(_VALUE_TYPES[kind], _INTENTS[intent], key, values[place], at)
        for kind, intent, key, place, at in group["events"]
    ]
