"""Evaluation of a FEEL expression outside any process."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from lienthong.engine.feel import FeelLimitError, FeelSyntaxError, Result, from_json, json_text, parse_expression
from lienthong.engine.rest.edge import body_of, edge_of
from lienthong.engine.rest.error_mapper import BadRequest
from lienthong.engine.rest.request_mapper import check_tenant, needed

router = APIRouter()


def _evaluated(expression: str, variables: dict[str, Any], now: datetime) -> Result:
    try:
        compiled = parse_expression(expression.strip().removeprefix("="))
        return compiled.evaluate({name: from_json(value) for name, value in variables.items()}, now)
    except FeelSyntaxError as error:
        raise BadRequest(f"Expected an expression, but: {error}") from error
    except FeelLimitError as error:
        raise BadRequest(f"Expected an expression that stays within bounds, but: {error}") from error


@router.post("/expression/evaluation")
async def evaluate_expression(request: Request) -> Response:
    """The value with all its digits, and what was odd on the way; `now()` is the engine's clock."""
    body = await body_of(request)
    check_tenant(body)
    expression = str(needed(body, "expression"))
    now = datetime.fromtimestamp(edge_of(request).engine.clock.now_ms() / 1000, UTC)
    result = await asyncio.to_thread(_evaluated, expression, body.get("variables") or {}, now)
    head = orjson.dumps({"expression": expression, "warnings": [{"message": each} for each in result.warnings]})
    content = head[:-1] + b',"result":' + json_text(result.value).encode() + b"}"
    return Response(content, media_type="application/json")
