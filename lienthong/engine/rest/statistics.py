"""Counts over the read model: jobs, incidents, subscriptions, usage. Pure SQL of fixed text; values are parameters."""

from __future__ import annotations

import zlib
from typing import Any

from lienthong.engine.rest.edge import Body
from lienthong.engine.store.read_filter import conditions
from lienthong.engine.store.read_model import ReadModel
from lienthong.engine.store.read_query import DEFAULT_TENANT, iso_date

_METRICS = ("created", "completed", "failed")
_STATES = """
SELECT jobKey, type, worker, errorCode, errorMessage, creationTime AS at, 'created' AS what FROM job
UNION ALL
SELECT jobKey, type, worker, errorCode, errorMessage, endTime, 'completed' FROM job WHERE state = 'COMPLETED'
UNION ALL
SELECT jobKey, type, worker, errorCode, errorMessage, lastUpdateTime, 'failed' FROM job
WHERE state IN ('FAILED', 'ERROR_THROWN')
"""
_COUNTS = ", ".join(f"sum(what = '{each}'), max(CASE WHEN what = '{each}' THEN at END)" for each in _METRICS)
_WITHIN = f"FROM ({_STATES}) AS t WHERE at >= ? AND at < ?"


def _metrics(values: tuple[Any, ...]) -> Body:
    return {
        name: {"count": values[2 * n] or 0, "lastUpdatedAt": iso_date(values[2 * n + 1]) if values[2 * n + 1] else None}
        for n, name in enumerate(_METRICS)
    }


def job_totals(model: ReadModel, span: tuple[int, int], job_type: str | None) -> Body:
    """All jobs (of a type) in a span of epoch milliseconds."""
    more, values = (" AND type = ?", [job_type]) if job_type else ("", [])
    row = model.rows(f"SELECT {_COUNTS} {_WITHIN}{more}", [*span, *values])[0]
    return {**_metrics(row), "isIncomplete": False}


def jobs_by_type(model: ReadModel, span: tuple[int, int], wanted: Body) -> list[Body]:
    """By job type."""
    text, values = conditions("job", {"type": wanted["jobType"]} if wanted.get("jobType") else {})
    statement = (
        f"SELECT type, count(DISTINCT nullif(worker, '')), {_COUNTS} {_WITHIN} AND {text} GROUP BY type ORDER BY type"
    )
    rows = model.rows(statement, [*span, *values])
    return [{"jobType": row[0], "workers": row[1], **_metrics(row[2:])} for row in rows]


def jobs_by_worker(model: ReadModel, span: tuple[int, int], wanted: Body) -> list[Body]:
    """By worker, of one job type."""
    statement = f"SELECT coalesce(worker, '') AS w, {_COUNTS} {_WITHIN} AND type = ? GROUP BY w ORDER BY w"
    rows = model.rows(statement, [*span, str(wanted["jobType"])])
    return [{"worker": row[0], **_metrics(row[1:])} for row in rows]


def jobs_by_time(model: ReadModel, span: tuple[int, int], wanted: Body, step_ms: int) -> list[Body]:
    """By steps of time, of one job type."""
    statement = f"SELECT at / ? * ? AS step, {_COUNTS} {_WITHIN} AND type = ? GROUP BY step ORDER BY step"
    rows = model.rows(statement, [step_ms, step_ms, *span, str(wanted["jobType"])])
    return [{"time": iso_date(row[0]), **_metrics(row[1:])} for row in rows]


def jobs_by_error(model: ReadModel, span: tuple[int, int], wanted: Body) -> list[Body]:
    """Failures of one job type, by code and message."""
    named = {name: wanted[name] for name in ("errorCode", "errorMessage") if wanted.get(name)}
    text, values = conditions("job", {"type": str(wanted["jobType"]), **named})
    statement = (
        f"SELECT coalesce(errorCode, ''), coalesce(errorMessage, ''), count(DISTINCT nullif(worker, '')) {_WITHIN} "
        f"AND what = 'failed' AND {text} GROUP BY 1, 2 ORDER BY 1, 2"
    )
    names = ("errorCode", "errorMessage", "workers")
    return [dict(zip(names, row, strict=True)) for row in model.rows(statement, [*span, *values])]


def error_hash(message: str | None) -> int:
    """A number that stands for an error message, the same on every day."""
    return zlib.crc32((message or "").encode()) - 2**31


def incidents_by_error(model: ReadModel) -> list[Body]:
    """Process instances with active incidents, by error message."""
    rows = model.rows(
        "SELECT coalesce(errorMessage, ''), count(DISTINCT processInstanceKey) FROM incident "
        "WHERE state = 'ACTIVE' GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return [
        {"errorHashCode": error_hash(text), "errorMessage": text, "activeInstancesWithErrorCount": count}
        for text, count in rows
    ]


def incidents_by_definition(model: ReadModel, wanted_hash: int) -> list[Body]:
    """Process instances with one error, by process definition."""
    rows = model.rows(
        "SELECT i.errorMessage, d.processDefinitionId, d.processDefinitionKey, "
        "coalesce(d.name, d.processDefinitionId), d.version, "
        "count(DISTINCT i.processInstanceKey) FROM incident i JOIN process_definition d "
        "ON d.processDefinitionKey = i.processDefinitionKey WHERE i.state = 'ACTIVE' GROUP BY 1, 3 ORDER BY 2, 5"
    )
    return [
        {
            "processDefinitionId": row[1],
            "processDefinitionKey": str(row[2]),
            "processDefinitionName": row[3],
            "processDefinitionVersion": row[4],
            "tenantId": DEFAULT_TENANT,
            "activeInstancesWithErrorCount": row[5],
        }
        for row in rows
        if error_hash(row[0]) == wanted_hash
    ]


def subscriptions_by_definition(model: ReadModel, wanted: Body) -> list[Body]:
    """Message subscriptions that wait, by process definition."""
    text, values = conditions("message_subscription", wanted)
    rows = model.rows(
        "SELECT processDefinitionId, processDefinitionKey, count(DISTINCT processInstanceKey), count(*) "
        "FROM message_subscription_view t WHERE messageSubscriptionState IN ('CREATED', 'OPENED') "
        f"AND processInstanceKey > 0 AND {text} GROUP BY processDefinitionKey ORDER BY 1, 2",
        values,
    )
    return [
        {
            "processDefinitionId": row[0],
            "processDefinitionKey": str(row[1]),
            "tenantId": DEFAULT_TENANT,
            "processInstancesWithActiveSubscriptions": row[2],
            "activeSubscriptions": row[3],
        }
        for row in rows
    ]


def usage(model: ReadModel, span: tuple[int, int]) -> Body:
    """Root process instances, evaluated decisions and different assignees of a span of epoch milliseconds."""
    questions = {
        "processInstances": "SELECT count(*) FROM process_instance WHERE startDate >= ? AND startDate < ? "
        "AND coalesce(parentProcessInstanceKey, 0) <= 0",
        "decisionInstances": "SELECT count(DISTINCT decisionEvaluationKey) FROM decision_instance "
        "WHERE evaluationDate >= ? AND evaluationDate < ?",
        "assignees": "SELECT count(DISTINCT assignee) FROM user_task "
        "WHERE creationDate >= ? AND creationDate < ? AND assignee <> ''",
    }
    return {name: model.rows(statement, span)[0][0] for name, statement in questions.items()}
