"""The built-in functions: DMN 1.5 §10.3.4, and those Camunda adds."""

from lienthong.engine.feel.builtins import (
    contexts,
    conversions,
    extras,
    intervals,
    lists,
    numeric,
    statistics,
    strings,
    temporal,
)
from lienthong.engine.feel.builtins.registry import OVERLOADS, feel_function
from lienthong.engine.feel.values import FeelFunction

MODULES = (contexts, conversions, extras, intervals, lists, numeric, statistics, strings, temporal)
"""Imported for their registrations."""

BUILT_INS: dict[str, FeelFunction] = {name: feel_function(name) for name in OVERLOADS}
