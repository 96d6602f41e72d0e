"""The console: what is deployed, what runs on it, what stopped, and the truth about a retry."""

import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter

from lienthong.api.console_instance_routes import Ground
from lienthong.api.console_interventions import InterventionsDep
from lienthong.api.console_lookup import code_of, codes_by_root, with_codes
from lienthong.api.deps import (
    ConsoleDep,
    DatabaseDep,
    EngineDep,
    LawDep,
    RetryPatienceDep,
    SettingsDep,
)
from lienthong.api.engine_view import EngineView, incident_item, instance_item, process_kind
from lienthong.dossiers import interventions
from lienthong.dossiers.interventions import Deed
from lienthong.dossiers.tables import InterventionKind
from lienthong.orchestration.search_calls import including_archive
from lienthong.web.problems import Problem, problem_for_status

router = APIRouter(prefix="/console", tags=["console"])
Json = dict[str, Any]
RETRY_POLL_S = 0.25
JOB_ENDED = frozenset({"COMPLETED", "ERROR_THROWN", "CANCELED"})


@router.get("/definitions")
def read_definitions(_user: ConsoleDep, database: DatabaseDep, engine: EngineDep, law: LawDep) -> Json:
    """Every process with its versions; running instances and distinct dossiers counted per version."""
    running = engine.running_instances()
    roots = engine.roots(running)
    codes = codes_by_root(database, set(roots.values()))
    counts: dict[str, int] = defaultdict(int)
    dossiers: dict[str, set[str]] = defaultdict(set)
    troubled: dict[str, int] = defaultdict(int)
    for item in running:
        definition = str(item["processDefinitionKey"])
        counts[definition] += 1
        code = codes.get(roots[str(item["processInstanceKey"])])
        if code:
            dossiers[definition].add(code)
    for incident in engine.active_incidents():
        troubled[str(incident.get("processDefinitionKey"))] += 1
    groups: dict[str, Json] = {}
    bundle_ids = [bundle.process_id for bundle in law.all_bundles]
    for found in sorted(engine.client.search_process_definitions(), key=lambda item: -int(item["version"])):
        process_id, key = found["processDefinitionId"], str(found["processDefinitionKey"])
        group = groups.setdefault(
            process_id,
            {
                "processId": process_id,
                "name": found.get("name") or process_id,
                "kind": process_kind(process_id, bundle_ids),
                "versions": [],
            },
        )
        group["versions"].append(
            {
                "key": key,
                "version": int(found["version"]),
                "versionTag": found.get("versionTag") or "",
                "running": counts[key],
                "dossiers": len(dossiers[key]),
                "incidents": troubled[key],
            }
        )
    return {"definitions": sorted(groups.values(), key=lambda group: group["name"])}


@router.get("/definitions/{key}")
def read_definition(key: str, _user: ConsoleDep, database: DatabaseDep, engine: EngineDep) -> Json:
    """One version: model, tokens by element, newest instances."""
    found = engine.client.search_process_definitions({"processDefinitionKey": key}, {"limit": 1})
    if not found:
        raise problem_for_status(404)
    definition = found[0]
    instances = engine.instances_of(key)
    return {
        "key": key,
        "processId": definition["processDefinitionId"],
        "name": definition.get("name") or definition["processDefinitionId"],
        "version": int(definition["version"]),
        "versionTag": definition.get("versionTag") or "",
        "xml": engine.xml(key),
        "elements": engine.definition_elements(key),
        "instances": with_codes(engine, database, instances),
    }


@router.get("/definitions/{key}/durations")
def read_durations(key: str, _user: ConsoleDep, engine: EngineDep) -> Json:
    """How long the elements of a version took lately: for each the number, the median and the slowest tenth."""
    return {"elements": engine.durations(key)}


@router.get("/definitions/{key}/incidents")
def read_definition_incidents(key: str, _user: ConsoleDep, database: DatabaseDep, engine: EngineDep) -> Json:
    """What stopped in the instances of one version."""
    found = engine.client.search_incidents({"processDefinitionKey": key, "state": "ACTIVE"}, {"limit": 100})
    codes = {str(item["processInstanceKey"]): "" for item in found}
    codes = {each: code_of(engine, database, each) for each in codes}
    return {"incidents": [incident_item(item, codes[str(item["processInstanceKey"])]) for item in found]}


@router.get("/instances/{key}")
def read_instance(key: str, _user: ConsoleDep, database: DatabaseDep, engine: EngineDep) -> Json:
    """One instance: where it stands, variables, incidents, callers and called."""
    lineage = engine.ancestry(key)
    if not lineage:
        raise problem_for_status(404)
    code = code_of(engine, database, key)
    instance = instance_item(lineage[0], code)
    with including_archive(lineage[0].get("state") != "ACTIVE"):
        return {
            "instance": instance,
            "parents": [instance_item(item, code) for item in lineage[1:]],
            "children": [instance_item(item, code) for item in engine.children_of(key)],
            "xml": engine.xml(instance["definitionKey"]),
            "elements": engine.instance_elements(key),
            "flows": [flow["elementId"] for flow in engine.client.sequence_flows(key)],
            "variables": engine.variables_of(key),
            "incidents": [incident_item(item, code) for item in engine.active_incidents(key)],
        }


@router.post("/instances/{key}/cancellation", status_code=204)
def cancel_instance(key: str, why: Ground, deeds: InterventionsDep, database: DatabaseDep, engine: EngineDep) -> None:
    """Cancel an instance at the top of its calls; what was open before is kept."""
    ground = interventions.require_ground(why.ground)
    code = code_of(engine, database, key)
    before = {row["elementId"]: row["active"] for row in engine.instance_elements(key) if row["active"]}
    engine.client.cancel_process_instance(key)
    deed = Deed(InterventionKind.CANCELLATION, key, code, ground, {"open": before}, {"open": {}}, "canceled")
    deeds.keep(deed)


@router.get("/incidents")
def read_incidents(_user: ConsoleDep, database: DatabaseDep, engine: EngineDep) -> Json:
    """Everything that stopped, newest first."""
    found = engine.active_incidents()
    codes = {key: code_of(engine, database, key) for key in {str(item["processInstanceKey"]) for item in found}}
    items = [incident_item(item, codes[str(item["processInstanceKey"])]) for item in found]
    return {"incidents": sorted(items, key=lambda item: item["createdAt"] or "", reverse=True)}


@router.post("/incidents/{key}/retry")
def retry_incident(
    key: str,
    deeds: InterventionsDep,
    database: DatabaseDep,
    engine: EngineDep,
    settings: SettingsDep,
    patience_s: RetryPatienceDep,
) -> Json:
    """Give the job new tries, resolve, then look what became of it: ``resolved``, ``again`` or ``pending``."""
    found = engine.client.search_incidents({"incidentKey": key}, {"limit": 1})
    if not found or found[0].get("state") != "ACTIVE":
        raise Problem(409, "incident-gone", "Sự cố này đã được xử lý.", "This incident has been resolved already.")
    incident = incident_item(found[0], code_of(engine, database, str(found[0]["processInstanceKey"])))
    if incident["jobKey"]:
        engine.client.update_job_retries(incident["jobKey"], settings.job_retries)
    engine.client.resolve_incident(key)
    answer = outcome_of_retry(engine, incident, patience_s, time.monotonic, time.sleep)
    deed = Deed(
        InterventionKind.RETRY,
        incident["processInstanceKey"],
        incident["dossierCode"],
        "",
        {"incident": key, "elementId": incident["elementId"], "message": incident["message"]},
        {"message": answer["incident"]["message"] if answer["incident"] else ""},
        answer["outcome"],
    )
    deeds.keep(deed)
    return answer


def outcome_of_retry(
    engine: EngineView,
    incident: Json,
    patience_s: float,
    clock: Callable[[], float],
    pause: Callable[[float], None],
) -> Json:
    """Watch the element until it fails again, goes on, or patience ends."""
    end = clock() + patience_s
    while True:
        here = [
            item
            for item in engine.active_incidents(incident["processInstanceKey"])
            if (item.get("elementId") or "") == incident["elementId"]
        ]
        renewed = [item for item in here if str(item["incidentKey"]) != incident["key"]]
        if renewed:
            return {"outcome": "again", "incident": incident_item(renewed[0], incident["dossierCode"])}
        if not here and _has_gone_on(engine, incident):
            return {"outcome": "resolved", "incident": None}
        if clock() >= end:
            return {"outcome": "pending", "incident": None}
        pause(RETRY_POLL_S)


def _has_gone_on(engine: EngineView, incident: Json) -> bool:
    if not incident["jobKey"]:
        return True
    jobs = engine.client.search_jobs({"jobKey": incident["jobKey"]}, {"limit": 1})
    return not jobs or str(jobs[0].get("state")) in JOB_ENDED
