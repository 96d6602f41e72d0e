"""Workers and connectors as the operations pages show them: what each says of itself, and what the engine counts."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import httpx

from lienthong.api.console_facts import process_of
from lienthong.api.engine_view import EngineView
from lienthong.orchestration.errors import EngineRejected
from lienthong.settings import Settings

Json = dict[str, Any]
ANSWER_S = 1.5
RATE_WINDOW = timedelta(minutes=15)
NOT_TAKEN = ("CREATED", "RETRIES_UPDATED", "TIMED_OUT", "MIGRATED")
RETRIED = "FAILED"


def worker_reports(settings: Settings) -> list[Json]:
    """What every worker of the settings says of itself; one that does not answer says so."""
    addresses = [each.strip().rstrip("/") for each in settings.worker_urls.split(",") if each.strip()]
    with ThreadPoolExecutor(max(1, len(addresses)), "workers") as pool:
        return list(pool.map(_report, addresses))


def _report(address: str) -> Json:
    try:
        answer = httpx.get(f"{address}/status", timeout=ANSWER_S)
        answer.raise_for_status()
        return {"address": address, "answers": True, **answer.json()}
    except (httpx.HTTPError, ValueError):
        return {"address": address, "answers": False, "status": "DOWN", "jobTypes": [], "circuits": []}


def served_types(settings: Settings) -> frozenset[str] | None:
    """The job types that a worker serves; None when no worker could be asked."""
    reports = [report for report in worker_reports(settings) if report["answers"]]
    if not reports:
        return None
    return frozenset(each["type"] for report in reports for each in report["jobTypes"])


def job_types(engine: EngineView, reports: Iterable[Json], now: datetime) -> list[Json]:
    """Every job type of the deployed models or of a worker: who serves it, what waits, what was done lately."""
    rows = list(reports)
    served = {each["type"] for report in rows for each in report["jobTypes"]}
    wanted = _wanted(engine)
    return [
        {
            "type": name,
            "served": name in served if any(report["answers"] for report in rows) else None,
            "elements": sorted(wanted.get(name, set())),
            **_load(engine, name, now),
            **_sum(rows, name),
        }
        for name in sorted(served | wanted.keys())
    ]


def _wanted(engine: EngineView) -> dict[str, set[str]]:
    """Job type → processes whose newest version, or a version that runs, asks for it."""
    found: dict[str, set[str]] = {}
    newest: dict[str, Json] = {}
    for item in engine.client.search_process_definitions():
        known = newest.get(item["processDefinitionId"])
        if known is None or int(item["version"]) > int(known["version"]):
            newest[item["processDefinitionId"]] = item
    for process_id, item in newest.items():
        process = process_of(engine, str(item["processDefinitionKey"]), process_id)
        for node in process.elements.values():
            if node.job is not None and node.job.type.is_static:
                found.setdefault(node.job.type.source, set()).add(process_id)
    return found


def _load(engine: EngineView, job_type: str, now: datetime) -> Json:
    wanted = {"type": job_type, "state": {"$in": list(NOT_TAKEN)}}
    waiting = engine.client.search_page("jobs", wanted, {"limit": 1}, [{"field": "jobKey", "order": "ASC"}])
    since = waiting.items[0].get("creationTime") if waiting.items else None
    age = None if since is None else max(0, round((now - datetime.fromisoformat(since)).total_seconds()))
    failing = engine.client.count("jobs", {"type": job_type, "state": RETRIED})
    done = _lately(engine, job_type, now)
    return {"waiting": waiting.total, "oldestSeconds": age, "failing": failing, "perMinute": done}


def _lately(engine: EngineView, job_type: str, now: datetime) -> float | None:
    """Jobs a minute over the last quarter of an hour; None where the engine cannot say."""
    wanted = {"type": job_type, "state": "COMPLETED", "endTime": {"$gte": (now - RATE_WINDOW).isoformat()}}
    try:
        return round(engine.client.count("jobs", wanted) / (RATE_WINDOW.total_seconds() / 60), 2)
    except EngineRejected:
        return None


def _sum(reports: Iterable[Json], job_type: str) -> Json:
    mine = [each for report in reports for each in report["jobTypes"] if each["type"] == job_type]
    counted = {name: sum(each[name] for each in mine) for name in ("completed", "failed", "incident", "inFlight")}
    polls = [each["secondsSinceLastPoll"] for each in mine if each["secondsSinceLastPoll"] is not None]
    means = [each["meanSeconds"] for each in mine if each["meanSeconds"] is not None]
    return {
        **counted,
        "workers": len(mine),
        "secondsSinceLastPoll": min(polls) if polls else None,
        "meanSeconds": round(sum(means) / len(means), 3) if means else None,
    }


def connectors(reports: Iterable[Json]) -> list[Json]:
    """The circuit of every outward system at every worker."""
    return [{"worker": report["address"], **each} for report in reports for each in report["circuits"]]
