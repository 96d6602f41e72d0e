"""How a built-in is written down: its signature in FEEL's words, and a plain function of the arguments.

`substring(string: string, start position: number, length?: number)`: `?` marks what may be left out, `type|null` what
may be null, `...` the last parameter that takes all the rest. Arguments of another type are fitted where FEEL's
implicit conversions allow, else the call is null with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from lienthong.engine.feel.answers import NullResult
from lienthong.engine.feel.numbers import DecimalException
from lienthong.engine.feel.scope import Run
from lienthong.engine.feel.types import FeelType, built_in_type, coerce
from lienthong.engine.feel.values import ABSENT, FeelFunction, kind_of

__all__ = ["OVERLOADS", "NullResult", "builtin", "feel_function"]

Function = TypeVar("Function", bound=Callable[..., Any])
_SIGNATURE = re.compile(r"([^(]+)\((.*)\)")


@dataclass(slots=True)
class Parameter:
    name: str
    type: FeelType
    optional: bool
    nullable: bool
    rest: bool


@dataclass(slots=True)
class Overload:
    parameters: list[Parameter]
    function: Callable[..., Any]
    wants_run: bool

    def takes(self, count: int) -> bool:
        """Whether so many positional arguments fit."""
        required = sum(not (p.optional or p.rest) for p in self.parameters)
        return required <= count and (self.rest or count <= len(self.parameters))

    @property
    def rest(self) -> bool:
        return bool(self.parameters) and self.parameters[-1].rest


OVERLOADS: dict[str, list[Overload]] = {}


def builtin(signature: str, run: bool = False) -> Callable[[Function], Function]:
    """Register a function under a FEEL signature; with `run`, it gets the run first."""
    name, parameters = _read(signature)

    def register(function: Function) -> Function:
        OVERLOADS.setdefault(name, []).append(Overload(parameters, function, run))
        return function

    return register


def _read(signature: str) -> tuple[str, list[Parameter]]:
    found = _SIGNATURE.fullmatch(signature)
    if found is None:
        raise ValueError(signature)
    parameters = []
    for part in filter(None, found.group(2).split(", ")):
        label, _, kind = part.partition(": ")
        rest = kind.endswith("...")
        kind = kind.removesuffix("...")
        nullable = kind.endswith("|null") or kind == "Any"
        wanted = built_in_type(kind.removesuffix("|null"))
        if wanted is None:
            raise ValueError(signature)
        parameters.append(Parameter(label.removesuffix("?"), wanted, label.endswith("?"), nullable, rest))
    return found.group(1), parameters


def feel_function(name: str) -> FeelFunction:
    """The built-in of a name as a value."""
    overloads = OVERLOADS[name]

    def call(run: Run, arguments: list[Any]) -> Any:
        fitting = [o for o in overloads if o.takes(len(arguments))]
        if not fitting:
            run.warn(f"Expected {name} to be called with other arguments, but got {len(arguments)}")
            return None
        return _first_that_fits(name, fitting, arguments, run)

    def call_named(run: Run, given: dict[str, Any]) -> Any:
        for overload in overloads:
            arguments = _by_name(overload, given)
            if arguments is not None:
                return _first_that_fits(name, [overload], arguments, run)
        run.warn(f"Expected {name} to have the parameters '{', '.join(given)}', but it has not")
        return None

    return FeelFunction(name, [p.name for p in overloads[0].parameters], call, call_named)


def _by_name(overload: Overload, given: dict[str, Any]) -> list[Any] | None:
    names = [p.name for p in overload.parameters]
    if not set(given) <= set(names):
        return None
    if any(p.name not in given and not p.optional and not p.nullable for p in overload.parameters):
        return None
    if not given and not all(p.optional for p in overload.parameters):
        return None
    arguments = [given.get(p.name, ABSENT if p.optional else None) for p in overload.parameters]
    if overload.rest:
        last = arguments.pop()
        arguments.extend(last if type(last) is list else [last])
    return arguments


def _first_that_fits(name: str, overloads: list[Overload], arguments: list[Any], run: Run) -> Any:
    reason = ""
    for overload in overloads:
        fitted, reason = _fit(overload, arguments)
        if fitted is None:
            continue
        try:
            return overload.function(run, *fitted) if overload.wants_run else overload.function(*fitted)
        except NullResult as answer:
            run.warn(f"{name}: {answer}")
        except (DecimalException, OverflowError, ValueError) as error:
            run.warn(f"{name}: Expected arguments with a result, but there is none ({type(error).__name__})")
        return None
    run.warn(f"{name}: {reason}")
    return None


def _fit(overload: Overload, arguments: list[Any]) -> tuple[list[Any] | None, str]:
    fitted: list[Any] = []
    parameters = overload.parameters
    for place, argument in enumerate(arguments):
        parameter = parameters[min(place, len(parameters) - 1)]
        if argument is ABSENT:
            fitted.append(argument)
            continue
        if argument is None:
            if not parameter.nullable:
                return None, f"Expected '{parameter.name}' to be a {parameter.type.kind}, but it is null"
            fitted.append(None)
            continue
        value, fits = coerce(argument, parameter.type)
        if not fits:
            return None, f"Expected '{parameter.name}' to be a {parameter.type.kind}, but got {kind_of(argument)}"
        fitted.append(value)
    return fitted, ""
