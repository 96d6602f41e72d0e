"""An attribute of the model: a FEEL expression when it starts with `=`, else a static text."""

from __future__ import annotations

from dataclasses import dataclass

from lienthong.engine.feel import Compiled, FeelSyntaxError, parse_expression


@dataclass(slots=True)
class Expression:
    """`source` as the model has it; `compiled` is None for a static text."""

    source: str
    compiled: Compiled | None

    @property
    def is_static(self) -> bool:
        """Whether the value is the text itself."""
        return self.compiled is None


def compile_expression(text: str) -> Expression:
    """Compile an attribute; raises FeelSyntaxError."""
    stripped = text.strip()
    if stripped.startswith("="):
        return Expression(stripped, parse_expression(stripped[1:].strip()))
    return Expression(text, None)


def static(text: str) -> Expression:
    """An expression that is the text itself."""
    return Expression(text, None)


__all__ = ["Expression", "FeelSyntaxError", "compile_expression", "static"]
