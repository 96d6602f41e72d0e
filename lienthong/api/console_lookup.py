"""Finding instances by any filter, and the dossiers they work for."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.engine import Engine
from sqlmodel import col, select

from lienthong.api.engine_view import EngineView, instance_item
from lienthong.dossiers.database import read_scope
from lienthong.dossiers.tables import Dossier
from lienthong.orchestration.search_calls import Page

Json = dict[str, Any]
KEYS_A_QUERY = 500
PAGE = 50
NEWEST_FIRST = [{"field": "startDate", "order": "DESC"}]


def codes_by_root(database: Engine, roots: Iterable[str]) -> dict[str, str]:
    """Dossier codes by the key of their process instance."""
    keys = sorted(set(roots))
    found: dict[str, str] = {}
    with read_scope(database) as session:
        for start in range(0, len(keys), KEYS_A_QUERY):
            wanted = keys[start : start + KEYS_A_QUERY]
            rows = session.exec(select(Dossier).where(col(Dossier.process_instance_key).in_(wanted))).all()
            found |= {str(row.process_instance_key): row.code for row in rows}
    return found


def code_of(engine: EngineView, database: Engine, instance_key: str) -> str:
    """The dossier that an instance works for, by the instances that called it; empty when there is none."""
    lineage = [str(item["processInstanceKey"]) for item in engine.ancestry(instance_key)]
    codes = codes_by_root(database, lineage)
    return next((codes[key] for key in reversed(lineage) if key in codes), "")


def with_codes(engine: EngineView, database: Engine, instances: list[Json]) -> list[Json]:
    """Instances as the console lists them, each with its dossier."""
    roots = {str(item["processInstanceKey"]): _root(engine, item) for item in instances}
    codes = codes_by_root(database, roots.values())
    return [instance_item(item, codes.get(roots[str(item["processInstanceKey"])], "")) for item in instances]


def _root(engine: EngineView, item: Json) -> str:
    """The topmost caller: told by the engine, or climbed to where it does not tell."""
    known = item.get("rootProcessInstanceKey")
    if known or not item.get("parentProcessInstanceKey"):
        return str(known or item["processInstanceKey"])
    lineage = engine.ancestry(str(item["processInstanceKey"]))
    return str(lineage[-1]["processInstanceKey"]) if lineage else str(item["processInstanceKey"])


def find_instances(engine: EngineView, wanted: Mapping[str, Any]) -> Page:
    """One page of the instances that fit."""
    page: Json = {"limit": PAGE} | ({"after": wanted["after"]} if wanted.get("after") else {})
    return engine.client.search_page("process-instances", instance_filter(wanted), page, NEWEST_FIRST)


def instance_filter(wanted: Mapping[str, Any]) -> Json:
    """The filter of the engine for what the console asks; a dossier and an authority are variables of instances."""
    found: Json = {}
    for name, field in (("processDefinitionId", "processId"), ("processDefinitionKey", "definitionKey")):
        if wanted.get(field):
            found[name] = wanted[field]
    if wanted.get("state"):
        found["state"] = wanted["state"]
    if wanted.get("elementId"):
        found |= {"elementId": wanted["elementId"], "elementInstanceState": "ACTIVE"}
    if wanted.get("onlyIncidents"):
        found["hasIncident"] = True
    dates = {"$gte": wanted.get("startedFrom"), "$lte": wanted.get("startedTo")}
    given = {operator: moment.isoformat() for operator, moment in dates.items() if moment}
    if given:
        found["startDate"] = given
    variables = _variables(wanted)
    if variables:
        found["variables"] = variables
    return found


def _variables(wanted: Mapping[str, Any]) -> list[Json]:
    found = [
        {"name": name, "value": json.dumps(wanted[field].strip(), ensure_ascii=False)}
        for name, field in (("dossierCode", "dossierCode"), ("authority", "authority"))
        if wanted.get(field)
    ]
    if wanted.get("variable"):
        found.append({"name": wanted["variable"].strip(), "value": _json_text(wanted.get("value") or "")})
    return found


def _json_text(typed: str) -> str:
    """What somebody typed as JSON text; a plain word means the text itself."""
    try:
        return json.dumps(json.loads(typed), ensure_ascii=False, separators=(",", ":"))
    except ValueError:
        return json.dumps(typed, ensure_ascii=False)
