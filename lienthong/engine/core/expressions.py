"""Evaluating the model's attributes, with a check of the type that is needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from lienthong.engine.core.step import Failure, Step
from lienthong.engine.core.variables import VariableContext
from lienthong.engine.feel import to_json
from lienthong.engine.feel.errors import FeelLimitError
from lienthong.engine.model.expression import Expression

EXTRACT = "EXTRACT_VALUE_ERROR"


def moment(now_ms: int) -> datetime:
    """The engine's time as a date-time in UTC."""
    return datetime.fromtimestamp(now_ms / 1000, UTC)


def evaluate(
    step: Step,
    expression: Expression,
    scope_key: int,
    overlay: Mapping[str, Any] | None = None,
    warnings: list[str] | None = None,
) -> Any:
    """The FEEL value of an attribute as seen from a scope; a static one is its text."""
    if expression.compiled is None:
        return expression.source
    context = VariableContext(step.state, scope_key, overlay)
    try:
        result = expression.compiled.evaluate(context, moment(step.now_ms))
    except FeelLimitError as error:
        raise Failure(EXTRACT, f'Expected "{expression.source}" to stay within bounds, but {error}') from error
    if warnings is not None:
        warnings.extend(result.warnings)
    return result.value


def _mismatch(expression: Expression, expected: str, value: Any, warnings: list[str], error_type: str) -> Failure:
    because = f" ({'; '.join(warnings)})" if warnings else ""
    return Failure(error_type, f'Expected "{expression.source}" to be {expected}, but it is {_shown(value)}{because}')


def _shown(value: Any) -> str:
    return "null" if value is None else repr(to_json(value))[:200]


def text(step: Step, expression: Expression, scope_key: int) -> str:
    """A string, not empty."""
    warnings: list[str] = []
    value = evaluate(step, expression, scope_key, None, warnings)
    if not isinstance(value, str) or not value:
        raise _mismatch(expression, "a text", value, warnings, EXTRACT)
    return value


def correlation_key(step: Step, expression: Expression, scope_key: int) -> str:
    """A string or a whole number."""
    warnings: list[str] = []
    value = evaluate(step, expression, scope_key, None, warnings)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(int(value))
    if not isinstance(value, str) or not value:
        raise _mismatch(expression, "a text or a number", value, warnings, EXTRACT)
    return value


def number(step: Step, expression: Expression, scope_key: int) -> int:
    """A whole number."""
    warnings: list[str] = []
    value = evaluate(step, expression, scope_key, None, warnings)
    if isinstance(value, str) and expression.is_static and value.strip().lstrip("-").isdigit():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _mismatch(expression, "a number", value, warnings, EXTRACT)
    return int(value)


def boolean(
    step: Step,
    expression: Expression,
    scope_key: int,
    overlay: Mapping[str, Any] | None = None,
    error_type: str = EXTRACT,
) -> bool:
    """A boolean; null is a failure, not false."""
    warnings: list[str] = []
    value = evaluate(step, expression, scope_key, overlay, warnings)
    if not isinstance(value, bool):
        raise _mismatch(expression, "a boolean", value, warnings, error_type)
    return value


def items(step: Step, expression: Expression, scope_key: int) -> list[Any]:
    """A list."""
    warnings: list[str] = []
    value = evaluate(step, expression, scope_key, None, warnings)
    if not isinstance(value, list | tuple):
        raise _mismatch(expression, "a list", value, warnings, EXTRACT)
    return list(value)


def texts(step: Step, expression: Expression | None, scope_key: int) -> list[str]:
    """A list of strings; a static attribute is split at its commas; null is empty."""
    if expression is None:
        return []
    if expression.is_static:
        return [part.strip() for part in expression.source.split(",") if part.strip()]
    warnings: list[str] = []
    value = evaluate(step, expression, scope_key, None, warnings)
    if value is None:
        return []
    if not isinstance(value, list | tuple) or not all(isinstance(part, str) for part in value):
        raise _mismatch(expression, "a list of texts", value, warnings, EXTRACT)
    return list(value)


def optional_text(step: Step, expression: Expression | None, scope_key: int) -> str | None:
    """A string, or None for null and for an absent attribute."""
    if expression is None:
        return None
    warnings: list[str] = []
    value = evaluate(step, expression, scope_key, None, warnings)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise _mismatch(expression, "a text", value, warnings, EXTRACT)
    return value


def temporal_text(step: Step, expression: Expression, scope_key: int) -> str | None:
    """A date, time or duration in ISO form, or None for null and the empty text."""
    warnings: list[str] = []
    plain = to_json(evaluate(step, expression, scope_key, None, warnings))
    if plain is None or plain == "":
        return None
    if not isinstance(plain, str):
        raise _mismatch(expression, "a point in time or a duration", plain, warnings, EXTRACT)
    return plain.strip()
