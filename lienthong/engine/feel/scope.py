"""Names in scope while an expression runs, and the run itself: warnings, the time, and what it may still use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from lienthong.engine.feel.errors import FeelLimitError
from lienthong.engine.feel.json_values import from_json
from lienthong.engine.feel.temporal import FeelDateTime, from_datetime
from lienthong.engine.feel.values import SCALARS

MAX_ITEMS = 2_000_000
"""Items one evaluation may produce or walk in all."""
MAX_CALL_DEPTH = 80
MAX_WARNINGS = 50


class Run:
    """One evaluation."""

    __slots__ = ("_now", "calls", "converted", "items", "types", "warnings")

    def __init__(self, now: datetime | None = None, types: Mapping[str, Any] | None = None) -> None:
        self._now = now
        self.warnings: list[str] = []
        self.types = types
        self.items = MAX_ITEMS
        self.calls = 0
        self.converted: dict[str, Any] | None = None

    def warn(self, message: str) -> None:
        """Say why something became null."""
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(message)

    def spend(self, items: int = 1) -> None:
        """Take from what the run may use; raises FeelLimitError when it is used up."""
        self.items -= items
        if self.items < 0:
            raise FeelLimitError(f"Expected at most {MAX_ITEMS} items in one evaluation, but there were more")

    def now(self) -> FeelDateTime | None:
        """The time passed in; None when there was none (the engine itself reads no clock)."""
        if self._now is None:
            return None
        moment = self._now if self._now.tzinfo is not None else self._now.replace(tzinfo=UTC)
        return from_datetime(moment)


class Scope:
    """Variables with the scope around them; `raw` variables are JSON and become FEEL values when read."""

    __slots__ = ("parent", "raw", "run", "variables")

    def __init__(self, variables: Mapping[str, Any], parent: Scope | None, run: Run, raw: bool = False) -> None:
        self.variables = variables
        self.parent = parent
        self.run = run
        self.raw = raw

    def find(self, name: str, missing: Any = None) -> Any:
        """The value of the innermost variable of that name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.variables:
                value = scope.variables[name]
                if scope.raw and type(value) not in SCALARS:
                    return convert(scope.run, name, value)
                return value
            scope = scope.parent
        return missing


def convert(run: Run, name: str, value: Any) -> Any:
    """A JSON variable as FEEL value, converted once a run."""
    if type(value) is int:
        return Decimal(value)
    if run.converted is None:
        run.converted = {}
    elif name in run.converted:
        return run.converted[name]
    result = run.converted[name] = from_json(value)
    return result
