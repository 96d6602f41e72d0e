"""Variables: JSON texts in scopes. Read: nearest scope upward. Write: locally, or where the name is found."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import orjson

from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.state import State
from lienthong.engine.core.step import Failure, Step, invalid
from lienthong.engine.feel import from_json, json_text
from lienthong.engine.protocol.records import Intent, ValueType

# members bound once: reading one off its enum class costs as much as applying a small event
_VARIABLE = ValueType.VARIABLE
_CREATED = Intent.CREATED
_UPDATED = Intent.UPDATED

_LONG_DIGITS = 19  # from here on an integer may be beyond 64 bits, which orjson reads as a float
_loads = orjson.loads
TOO_LARGE = "MESSAGE_SIZE_EXCEEDED"
LARGEST_BYTES = 4 * 1024 * 1024  # of one document, as of one message
LONGEST_NAME = 492  # bytes
_SURELY_SMALL = LARGEST_BYTES // 4  # in characters, which have at most four bytes
_SURELY_SHORT = LONGEST_NAME // 4
_LONG = re.compile(r"\d{19}")
Document = dict[str, str]  # name → JSON text


def encode(value: Any) -> str:
    """The JSON text of plain JSON data; decimals and integers keep all their digits."""
    try:
        return orjson.dumps(value, default=_decimal).decode()
    except TypeError as error:
        if "64-bit" not in str(error):
            raise
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _decimal(value: Any) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    raise TypeError(f"{type(value).__name__} is not JSON")


def decode(text: str) -> Any:
    """Plain JSON data; integers keep all their digits."""
    if len(text) >= _LONG_DIGITS and _LONG.search(text):
        return json.loads(text)
    return orjson.loads(text)


def document(variables: Any) -> Document:
    """A command's variables as JSON texts; refuses what is not JSON."""
    if not variables:
        return {}
    if type(variables) is not dict and not isinstance(variables, Mapping):
        invalid(f"Expected variables to be an object, but they are {type(variables).__name__}")
    values: Document = {}
    size = 0
    try:
        for name, value in variables.items():  # a loop: a comprehension is one more call
            text = values[name] = "true" if value is True else encode(value)
            size += len(text) + len(name)
    except (TypeError, ValueError) as error:
        invalid(f"Expected variables to be JSON, but {error}")
    if size > _SURELY_SHORT and (size > _SURELY_SMALL or max(map(len, values)) > _SURELY_SHORT):
        _check_sizes(values)
    return values


def _check_sizes(values: Document) -> None:
    for name in values:
        if len(name.encode()) > LONGEST_NAME:
            invalid(f"Expected the name of a variable to have at most {LONGEST_NAME} bytes, but {name[:40]}… has more")
    size = sum(len(text.encode()) for text in values.values())
    if size > LARGEST_BYTES:
        invalid(f"Expected variables of at most {LARGEST_BYTES} bytes, but they have {size}")


def feel_text(value: Any) -> str:
    """The JSON text of a FEEL value; a variable that no message could carry is a failure."""
    text = json_text(value)
    if len(text) > _SURELY_SMALL and len(text.encode()) > LARGEST_BYTES:
        raise Failure(TOO_LARGE, f"Expected a variable of at most {LARGEST_BYTES} bytes, but it has more")
    return text


def feel_value(text: str) -> Any:
    """The FEEL value of a JSON text."""
    return from_json(decode_exactly(text))


def decode_exactly(text: str) -> Any:
    """Plain JSON data whose fractions keep all their digits too."""
    if "." in text:  # perhaps more digits than a float holds
        return json.loads(text, parse_float=Decimal)
    return decode(text)


class VariableContext(Mapping[str, Any]):
    """What an expression sees: `overlay` (FEEL values) over the variables of a scope and those around it."""

    __slots__ = ("_overlay", "_scope_key", "_state")

    def __init__(self, state: State, scope_key: int, overlay: Mapping[str, Any] | None = None) -> None:
        self._state = state
        self._scope_key = scope_key
        self._overlay = overlay or {}

    def __getitem__(self, name: str) -> Any:
        if name in self._overlay:
            return self._overlay[name]
        text = find(self._state, self._scope_key, name)
        if text is None:
            raise KeyError(name)
        return feel_value(text)

    def __contains__(self, name: object) -> bool:
        return name in self._overlay or find(self._state, self._scope_key, str(name)) is not None

    def __iter__(self) -> Iterator[str]:
        return iter({**visible(self._state, self._scope_key), **self._overlay})

    def __len__(self) -> int:
        return len({**visible(self._state, self._scope_key), **self._overlay})


def find(state: State, scope_key: int, name: str) -> str | None:
    """The JSON text of the nearest variable of this name."""
    elements = state.elements
    while scope_key:
        instance = elements.get(scope_key)
        if instance is None:
            return None
        text = instance.variables.get(name)
        if text is not None:
            return text
        scope_key = instance.scope_key
    return None


def visible(state: State, scope_key: int) -> Document:
    """All variables that a scope sees."""
    found: Document = {}
    elements = state.elements
    while scope_key:
        instance = elements[scope_key]
        if instance.variables:
            found = {**instance.variables, **found} if found else instance.variables
        scope_key = instance.scope_key
    return found


def collect(state: State, scope_key: int, names: Iterable[str] | None = None) -> tuple[dict[str, Any], int]:
    """Visible variables as plain data, only those `names` when given; and how many bytes they are as JSON."""
    texts = visible(state, scope_key)
    if names:
        texts = {name: texts[name] for name in names if name in texts}
    found: dict[str, Any] = {}
    size = 0
    for name, text in texts.items():  # a loop: a comprehension is one more call
        size += len(text)
        found[name] = _loads(text) if len(text) < _LONG_DIGITS else decode(text)
    return found, size if size < _SURELY_SMALL else sum(len(text.encode()) + len(name) for name, text in texts.items())


def set_local(step: Step, scope: ElementInstance, values: Document) -> None:
    """Write in this very scope."""
    if step.state.elements.get(scope.key) is not scope:
        raise LookupError(f"Expected scope {scope.key} to run, but it has ended")
    for name, text in values.items():
        current = scope.variables.get(name)
        if current == text:
            continue
        record = {
            "name": name,
            "value": text,
            "scopeKey": scope.key,
            "processInstanceKey": scope.process_instance_key,
            "processDefinitionKey": scope.definition_key,
            "bpmnProcessId": scope.value["bpmnProcessId"],
        }
        state = step.state
        key = state.last_key = state.last_key + 1
        scope.set_variable(name, text)
        step.events.append((_VARIABLE, _CREATED if current is None else _UPDATED, key, record, step.now_ms))


def propagate(step: Step, scope_key: int, values: Document) -> None:
    """Write each variable in the nearest scope that has it, else in the process instance."""
    if not values:
        return
    left, elements = values, step.state.elements
    scope = elements[scope_key]
    while scope.scope_key:
        known = scope.variables
        if known and not known.keys().isdisjoint(left):
            set_local(step, scope, {name: text for name, text in left.items() if name in known})
            left = {name: text for name, text in left.items() if name not in known}
        scope = elements[scope.scope_key]
    set_local(step, scope, left)
