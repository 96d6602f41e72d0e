"""Batches over whatever a search finds: retry what stopped, or cancel. First a dry run, then at once or later."""

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from lienthong.api.batches import BatchesDep
from lienthong.api.console_instance_routes import Search
from lienthong.api.console_lookup import instance_filter, with_codes
from lienthong.api.deps import AdministratorDep, DatabaseDep, EngineDep, NowDep
from lienthong.dossiers import audit, interventions
from lienthong.dossiers.database import session_scope
from lienthong.web.problems import Problem

router = APIRouter(prefix="/operations", tags=["operations"])
Json = dict[str, Any]
LARGEST = 20_000
SAMPLE = 20


class BatchOrder(BaseModel):
    """What is done to which instances."""

    kind: Literal["retry", "cancel"]
    search: Search
    dryRun: bool = True
    startAt: datetime | None = None
    ground: str = Field("", max_length=500)


@router.post("/batches")
def order(
    wanted: BatchOrder,
    user: AdministratorDep,
    engine: EngineDep,
    database: DatabaseDep,
    batches: BatchesDep,
    now: NowDep,
) -> Json:
    """Count and name what would be touched; without ``dryRun`` do it in the background. Audited."""
    found = engine.client.search_process_instances(_filter(wanted))
    if not found or len(found) > LARGEST:
        raise Problem(
            409,
            "batch-size",
            f"Bộ lọc chọn {len(found)} lượt chạy; một lô gồm 1 đến {LARGEST} lượt.",
            f"The filter finds {len(found)} instances; a batch has 1 to {LARGEST}.",
        )
    if wanted.dryRun:
        sample = with_codes(engine, database, found[:SAMPLE])
        return {"dryRun": True, "instances": len(found), "sample": sample}
    ground = interventions.require_ground(wanted.ground)
    nowhere = {"source": "", "target": "", "mapping": {}}
    rows = with_codes(engine, database, found)
    items = [{"key": row["key"], "dossierCode": row["dossierCode"], **nowhere} for row in rows]
    later = wanted.startAt is not None and wanted.startAt > now
    start_at = wanted.startAt.isoformat() if later and wanted.startAt else ""
    job_id = batches.files.create(items, user.username, now.isoformat(), wanted.kind, start_at)
    with session_scope(database) as session:
        data = {"instances": len(items), "ground": ground, "startAt": start_at}
        audit.record(session, user.username, f"batch-{wanted.kind}", job_id, data, now)
    if not later:
        batches.start(job_id)
    return {"jobId": job_id, "instances": len(items)}


def _filter(wanted: BatchOrder) -> Json:
    """Only what runs; a retry needs an incident, a cancellation an instance that nothing called."""
    found = instance_filter({**wanted.search.model_dump(), "state": "ACTIVE"})
    if wanted.kind == "retry":
        return {**found, "hasIncident": True}
    return {**found, "parentProcessInstanceKey": {"$exists": False}}
