"""Variables of an instance with their history: what the console has seen, and what administrators changed."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Engine

from lienthong.dossiers import interventions, variable_sightings
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables import Intervention, InterventionKind

Json = dict[str, Any]


def with_history(
    database: Engine, instance_key: str, items: Sequence[Mapping[str, Any]], scopes: Mapping[str, str], now: datetime
) -> list[Json]:
    """Each variable with the values it had before, newest first; ``scopes``: element instance key → name."""
    seen = [(str(item.get("scopeKey")), str(item["name"]), str(item["value"])) for item in items]
    with read_scope(database) as session:
        fresh = variable_sightings.unseen(session, instance_key, seen)
    if fresh:
        with session_scope(database) as session:
            variable_sightings.note(session, instance_key, fresh, now)
    with read_scope(database) as session:
        past = [
            (row.scope_key, row.name, {"at": row.at.isoformat(), "value": row.value, "by": ""})
            for row in variable_sightings.of_instance(session, instance_key)
        ]
        for row in interventions.history(session, instance_key):
            past += _changed(row, instance_key)
    past.sort(key=lambda entry: str(entry[2]["at"]), reverse=True)
    return [
        {
            "name": name,
            "value": value,
            "scopeKey": scope,
            "scope": scopes.get(scope, ""),
            "history": [entry for where, what, entry in past if (where, what) == (scope, name)],
        }
        for scope, name, value in sorted(seen, key=lambda each: (each[1], each[0]))
    ]


def _changed(row: Intervention, instance_key: str) -> list[tuple[str, str, Json]]:
    """The values that an intervention wrote, each under its scope and name."""
    if row.kind != InterventionKind.VARIABLES or row.process_instance_key != instance_key:
        return []
    scope = str(row.after["scopeKey"])
    return [
        (scope, name, {"at": row.at.isoformat(), "value": json.dumps(value, ensure_ascii=False), "by": row.actor})
        for name, value in row.after["variables"].items()
    ]
