"""FEEL of DMN 1.5 with Camunda's built-ins: parsed once, compiled to closures, three-valued, decimals of 34 digits."""

from lienthong.engine.feel.errors import FeelLimitError, FeelSyntaxError
from lienthong.engine.feel.expressions import Compiled, Result, parse_expression, parse_unary_tests
from lienthong.engine.feel.json_values import from_json, json_text, to_json
from lienthong.engine.feel.temporal import (
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonthsDuration,
)
from lienthong.engine.feel.values import FeelFunction, Range

__all__ = [
    "Compiled",
    "DaysTimeDuration",
    "FeelDate",
    "FeelDateTime",
    "FeelFunction",
    "FeelLimitError",
    "FeelSyntaxError",
    "FeelTime",
    "Range",
    "Result",
    "YearsMonthsDuration",
    "from_json",
    "json_text",
    "parse_expression",
    "parse_unary_tests",
    "to_json",
]
