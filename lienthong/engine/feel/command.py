"""`lienthong feel 'EXPRESSION' --context JSON`: evaluate one expression, or one a line with --jsonl."""

import argparse
import json
import sys
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from lienthong.engine.feel.errors import FeelLimitError, FeelSyntaxError
from lienthong.engine.feel.expressions import parse_expression, parse_unary_tests
from lienthong.engine.feel.json_values import json_text


def run(args: list[str]) -> int:
    """Evaluate what the arguments say; 0, or 1 when an expression does not parse, 2 for wrong arguments."""
    parser = argparse.ArgumentParser(prog="lienthong feel", description="Evaluate a FEEL expression.")
    parser.add_argument("expression", nargs="?", help="the expression; a leading '=' is left out")
    parser.add_argument("--context", default="{}", help="variables as a JSON object")
    parser.add_argument("--now", help="the time of now(), as ISO date and time; default: this moment")
    parser.add_argument("--unary-tests", action="store_true", help="read unary tests; the input is the variable '?'")
    parser.add_argument("--jsonl", action="store_true", help='read {"expression", "context"} a line from stdin')
    try:
        given = parser.parse_args(args)
        now = datetime.fromisoformat(given.now) if given.now else datetime.now(UTC)
        context = _variables(given.context)
        if not given.jsonl and given.expression is None:
            parser.error("Expected an expression or --jsonl")
    except SystemExit as stop:
        return int(stop.code or 0)
    except ValueError as error:
        sys.stderr.write(f"Expected a JSON object and an ISO time, but: {error}\n")
        return 2
    if given.jsonl:
        return _lines(now)
    answer = _answer(given.expression, context, now, given.unary_tests)
    if "error" in answer:
        sys.stderr.write(f"{answer['error']['message']}\n")
        return 1
    sys.stdout.write(answer["text"] + "\n")
    for warning in answer["warnings"]:
        sys.stderr.write(f"warning: {warning}\n")
    return 0


def _variables(text: str) -> dict[str, Any]:
    """The variables of a JSON text, numbers with all their digits."""
    value = json.loads(text, parse_float=Decimal)
    if not isinstance(value, dict):
        raise ValueError("the context is no JSON object")
    return value


def _answer(text: str, context: dict[str, Any], now: datetime, unary_tests: bool) -> dict[str, Any]:
    text = text.strip().removeprefix("=")
    try:
        compiled = parse_unary_tests(text) if unary_tests else parse_expression(text)
    except FeelSyntaxError as error:
        return {"error": {"message": str(error), "line": error.line, "column": error.column}}
    try:
        result = compiled.evaluate(context, now)
    except FeelLimitError as error:
        return {"error": {"message": str(error), "line": 0, "column": 0}}
    return {"text": json_text(result.value), "warnings": result.warnings}


def _lines(now: datetime) -> int:
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            request = json.loads(line, parse_float=Decimal)
            text = request["expression"]
            context = request.get("context") or {}
            if not isinstance(text, str) or not isinstance(context, dict):
                raise TypeError("expression is no text or context no object")
            answer = _answer(text, context, now, bool(request.get("unaryTests")))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            answer = {"error": {"message": f"Expected {{expression, context}}, but: {error}", "line": 0, "column": 0}}
        if "error" in answer:
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        else:
            warnings = json.dumps(answer["warnings"], ensure_ascii=False)
            sys.stdout.write(f'{{"result":{answer["text"]},"warnings":{warnings}}}\n')
        sys.stdout.flush()
    return 0
