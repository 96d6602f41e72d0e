"""The engine's own word on a FEEL text: does it parse, what does it read, and what is it with these variables?"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lienthong.engine.feel import FeelLimitError, FeelSyntaxError, parse_expression, parse_unary_tests, to_json
from lienthong.redeploy.advice.names import free_names

Json = dict[str, Any]


@dataclass(slots=True)
class FeelAnswer:
    """``message`` is empty when the text parses; lines and columns count from 1."""

    message: str = ""
    line: int = 0
    column: int = 0
    names: list[str] = field(default_factory=list)
    value: Any = None
    evaluated: bool = False
    warnings: list[str] = field(default_factory=list)

    @property
    def text(self) -> dict[str, str]:
        """The finding in both languages."""
        if not self.message:
            return {"vi": "Biểu thức đúng cú pháp.", "en": "The expression is well formed."}
        where_vi = f" (dòng {self.line}, cột {self.column})" if self.line else ""
        where_en = f" (line {self.line}, column {self.column})" if self.line else ""
        return {"vi": f"Biểu thức chưa đúng{where_vi}: {self.message}", "en": f"{self.message}{where_en}"}


def check_feel(text: str, now: datetime, variables: Json | None = None, *, unary: bool = False) -> FeelAnswer:
    """Parse a text, and evaluate it when variables are given (a unary test needs its input as ``?``)."""
    body = text.strip().removeprefix("=") if not unary else text
    try:
        compiled = parse_unary_tests(body) if unary else parse_expression(body)
    except FeelSyntaxError as error:
        return FeelAnswer(error.message, error.line, error.column)
    answer = FeelAnswer(names=sorted(free_names(compiled.tree)))
    if variables is None:
        return answer
    try:
        result = compiled.evaluate(variables, now)
        answer.value, answer.evaluated, answer.warnings = to_json(result.value), True, result.warnings
    except FeelLimitError as error:
        answer.message = str(error)
    except (TypeError, ValueError):
        answer.warnings = ["The value cannot be shown as JSON"]
    return answer
