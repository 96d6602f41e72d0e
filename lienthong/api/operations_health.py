"""The health page: every process, its version and how long it takes to answer; queues and how old they are."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import httpx
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, func, select

from lienthong.api.engine_view import EngineView
from lienthong.api.operations_workers import NOT_TAKEN
from lienthong.commands.status import health_addresses
from lienthong.dossiers.database import read_scope
from lienthong.dossiers.tables import OutboxRow, Task
from lienthong.orchestration.errors import EngineUnavailable
from lienthong.settings import Settings

Json = dict[str, Any]
ANSWER_S = 2.0
OLD_S = {"outbox": 60, "jobs": 300}  # older than this is worth a look


def own_version() -> str:
    """The version of this product."""
    try:
        return version("lienthong")
    except PackageNotFoundError:
        return "0"


def processes(settings: Settings) -> list[Json]:
    """Each process that speaks HTTP: whether it is well, and in how many milliseconds it says so."""
    addresses = dict(health_addresses(settings))
    for number, address in enumerate(each.strip() for each in settings.worker_urls.split(",")):
        addresses["worker" if number == 0 else f"worker {number + 1}"] = f"{address.rstrip('/')}/health"
    with ThreadPoolExecutor(len(addresses), "health") as pool:
        return list(pool.map(lambda pair: _asked(*pair), addresses.items()))


def _asked(name: str, address: str) -> Json:
    started = time.perf_counter()
    try:
        answer = httpx.get(address, timeout=ANSWER_S)
    except httpx.HTTPError as failure:
        return {"name": name, "address": address, "well": False, "milliseconds": None, "says": str(failure)}
    took = round((time.perf_counter() - started) * 1000, 1)
    well = answer.status_code < 300
    says = "" if well else f"HTTP {answer.status_code}: {answer.text[:200]}"
    return {"name": name, "address": address, "well": well, "milliseconds": took, "says": says}


def versions(engine: EngineView, database: Engine) -> Json:
    """Of this product, of the engine's gateway, and which database is used."""
    try:
        gateway = str(engine.client.topology().get("gatewayVersion") or "")
    except EngineUnavailable:
        gateway = ""
    return {"lienthong": own_version(), "engine": gateway, "database": database.dialect.name}


def queues(engine: EngineView, database: Engine, now: datetime) -> list[Json]:
    """What waits to be done, and for how long the oldest has waited."""
    with read_scope(database) as session:
        found = [_outbox(session, now), _tasks(session, now)]
    try:
        found += _of_engine(engine, now)
    except EngineUnavailable:
        found.append(_queue("jobs", None, None))
    return found


def _queue(name: str, waiting: int | None, oldest_s: int | None) -> Json:
    old = OLD_S.get(name)
    return {
        "name": name,
        "waiting": waiting,
        "oldestSeconds": oldest_s,
        "well": waiting is not None and (old is None or oldest_s is None or oldest_s <= old),
    }


def _outbox(session: Session, now: datetime) -> Json:
    open_ones = col(OutboxRow.done_at).is_(None)
    count = session.exec(select(func.count()).select_from(OutboxRow).where(open_ones)).one()
    oldest = session.exec(select(func.min(col(OutboxRow.created_at))).where(open_ones)).one()
    return _queue("outbox", count, _age(oldest, now))


def _tasks(session: Session, now: datetime) -> Json:
    open_ones = (col(Task.hidden).is_(False)) & (col(Task.state) == "CREATED")
    count = session.exec(select(func.count()).select_from(Task).where(open_ones)).one()
    oldest = session.exec(select(func.min(col(Task.created_at))).where(open_ones)).one()
    return _queue("tasks", count, _age(oldest, now))


def _age(moment: datetime | None, now: datetime) -> int | None:
    return None if moment is None else max(0, round((now - moment).total_seconds()))


def _of_engine(engine: EngineView, now: datetime) -> list[Json]:
    oldest_first = [{"field": "jobKey", "order": "ASC"}]
    jobs = engine.client.search_page("jobs", {"state": {"$in": list(NOT_TAKEN)}}, {"limit": 1}, oldest_first)
    since = _moment(jobs.items[0], "creationTime") if jobs.items else None
    troubles = engine.client.search_page(
        "incidents", {"state": "ACTIVE"}, {"limit": 1}, [{"field": "creationTime", "order": "ASC"}]
    )
    stopped = _moment(troubles.items[0], "creationTime") if troubles.items else None
    running = engine.client.count("process-instances", {"state": "ACTIVE"})
    return [
        _queue("jobs", jobs.total, _age(since, now)),
        {**_queue("incidents", troubles.total, _age(stopped, now)), "well": troubles.total == 0},
        _queue("instances", running, None),
    ]


def _moment(item: Mapping[str, Any], name: str) -> datetime | None:
    value = item.get(name)
    return None if value is None else datetime.fromisoformat(str(value))
