"""Operations: workers, connectors, health."""

from typing import Any

from fastapi import APIRouter

from lienthong.api.deps import ConsoleDep, DatabaseDep, EngineDep, NowDep, SettingsDep
from lienthong.api.operations_health import processes, queues, versions
from lienthong.api.operations_workers import connectors, job_types, worker_reports

router = APIRouter(prefix="/operations", tags=["operations"])
Json = dict[str, Any]


@router.get("/workers")
def read_workers(_user: ConsoleDep, engine: EngineDep, settings: SettingsDep, now: NowDep) -> Json:
    """Workers seen, job types with who serves them, rates, failures and the age of what waits; circuits."""
    reports = worker_reports(settings)
    return {
        "workers": [{key: value for key, value in each.items() if key != "circuits"} for each in reports],
        "jobTypes": job_types(engine, reports, now),
        "connectors": connectors(reports),
    }


@router.get("/health")
def read_health(
    _user: ConsoleDep, engine: EngineDep, database: DatabaseDep, settings: SettingsDep, now: NowDep
) -> Json:
    """Every process, the queues and their ages, and the versions."""
    return {
        "processes": processes(settings),
        "queues": queues(engine, database, now),
        "versions": versions(engine, database),
    }
