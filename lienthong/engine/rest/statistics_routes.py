"""Statistics and usage: spans of time in, counts out."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from lienthong.engine.rest import statistics
from lienthong.engine.rest.edge import Body, body_of, edge_of, json_reply
from lienthong.engine.rest.error_mapper import BadRequest
from lienthong.engine.rest.request_mapper import needed, whole
from lienthong.engine.store.read_filter import stored
from lienthong.engine.store.read_kinds import Form

DEFAULT_STEP_MS = 60_000
_DURATION = re.compile(r"P(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?")
router = APIRouter()


def _date(value: Any, name: str) -> int:
    if not value:
        raise BadRequest(f"Expected '{name}', but it is missing")
    moment: int = stored(Form.DATE, name, value)
    return moment


def _filter(body: Body) -> Body:
    wanted = body.get("filter")
    if not isinstance(wanted, dict):
        raise BadRequest("Expected 'filter' to be a JSON object, but it is missing or something else")
    return wanted


def _span(wanted: Any) -> tuple[int, int]:
    return _date(wanted.get("from"), "from"), _date(wanted.get("to"), "to")


def _step_ms(text: Any) -> int:
    found = _DURATION.fullmatch(str(text))
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0, 0)
    milliseconds = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
    if milliseconds <= 0:
        raise BadRequest(f"Expected a duration such as PT1M in 'resolution', but got '{text}'")
    return milliseconds


def paged(items: list[Body], body: Body) -> Response:
    """One page of counted items; the cursor is the place of the last one."""
    page = body.get("page") or {}
    if not isinstance(page, dict):
        raise BadRequest("Expected 'page' to be a JSON object")
    start, limit = whole(page, "from", 0), whole(page, "limit", 100)
    if page.get("after"):
        try:
            start = int(base64.b64decode(str(page["after"]), validate=True)) + 1
        except (binascii.Error, ValueError) as error:
            raise BadRequest("Expected a cursor of an earlier page, but this is none") from error
    if start < 0 or not 0 <= limit <= 10_000:
        raise BadRequest(f"Expected page.limit from 0 to 10000 and page.from from 0, but got {limit} and {start}")
    shown = items[start : start + limit]
    ends = [base64.b64encode(str(place).encode()).decode() for place in (start, start + len(shown) - 1)]
    start_cursor, end_cursor = ends if shown else (None, None)
    about = {"totalItems": len(items), "hasMoreTotalItems": False}
    return json_reply({"items": shown, "page": {**about, "startCursor": start_cursor, "endCursor": end_cursor}})


async def _ask(request: Request, question: Any, *arguments: Any) -> Any:
    return await edge_of(request).engine.reader.ask(lambda model: question(model, *arguments))


@router.get("/jobs/statistics/global")
async def job_totals(request: Request) -> Response:
    """Jobs created, completed and failed in a span."""
    query = request.query_params
    return json_reply(await _ask(request, statistics.job_totals, _span(query), query.get("jobType")))


@router.post("/jobs/statistics/by-types")
async def jobs_by_type(request: Request) -> Response:
    """The same by job type."""
    body = await body_of(request)
    return paged(await _ask(request, statistics.jobs_by_type, _span(_filter(body)), _filter(body)), body)


@router.post("/jobs/statistics/by-workers")
async def jobs_by_worker(request: Request) -> Response:
    """The same by worker."""
    body = await body_of(request)
    needed(_filter(body), "jobType")
    return paged(await _ask(request, statistics.jobs_by_worker, _span(_filter(body)), _filter(body)), body)


@router.post("/jobs/statistics/errors")
async def jobs_by_error(request: Request) -> Response:
    """Failures by code and message."""
    body = await body_of(request)
    needed(_filter(body), "jobType")
    return paged(await _ask(request, statistics.jobs_by_error, _span(_filter(body)), _filter(body)), body)


@router.post("/jobs/statistics/time-series")
async def jobs_by_time(request: Request) -> Response:
    """Counts by steps of time."""
    body = await body_of(request)
    wanted = _filter(body)
    needed(wanted, "jobType")
    step_ms = _step_ms(wanted["resolution"]) if wanted.get("resolution") else DEFAULT_STEP_MS
    return paged(await _ask(request, statistics.jobs_by_time, _span(wanted), wanted, step_ms), body)


@router.post("/incidents/statistics/process-instances-by-error")
async def incidents_by_error(request: Request) -> Response:
    """Instances that stand still, by error message."""
    return paged(await _ask(request, statistics.incidents_by_error), await body_of(request))


@router.post("/incidents/statistics/process-instances-by-definition")
async def incidents_by_definition(request: Request) -> Response:
    """Instances that stand still with one error, by definition."""
    body = await body_of(request)
    return paged(await _ask(request, statistics.incidents_by_definition, whole(_filter(body), "errorHashCode")), body)


@router.post("/process-definitions/statistics/message-subscriptions")
async def subscriptions_by_definition(request: Request) -> Response:
    """Waiting message subscriptions, by definition."""
    body = await body_of(request)
    wanted = body.get("filter") or {}
    if not isinstance(wanted, dict):
        raise BadRequest("Expected 'filter' to be a JSON object")
    return paged(await _ask(request, statistics.subscriptions_by_definition, wanted), body)


@router.get("/system/usage-metrics")
async def usage_metrics(request: Request) -> Response:
    """What was used in a span; with `withTenants` also by tenant, of which there is one."""
    query = request.query_params
    span = _date(query.get("startTime"), "startTime"), _date(query.get("endTime"), "endTime")
    counts = await _ask(request, statistics.usage, span)
    tenants = {"<default>": counts} if query.get("withTenants", "false").lower() == "true" else {}
    return json_reply({**counts, "activeTenants": int(any(counts.values())), "tenants": tenants})
