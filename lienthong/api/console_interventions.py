"""The deeds of administrators in a running instance: done at the engine, kept as before and after, taken back."""

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends
from sqlalchemy.engine import Engine

from lienthong.api.console_facts import Known, known
from lienthong.api.deps import AdministratorDep, DatabaseDep, EngineDep, NowDep
from lienthong.api.engine_view import EngineView
from lienthong.dossiers import acceptance, interventions, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.errors import Conflict, NotFound
from lienthong.dossiers.interventions import Deed
from lienthong.dossiers.law import Law
from lienthong.dossiers.tables import Intervention, InterventionKind
from lienthong.redeploy.intervention import Preview, preview

Json = dict[str, Any]
LOOKS = 50
BETWEEN_LOOKS_S = 0.1


def shown(row: Intervention) -> Json:
    """An intervention as the console lists it."""
    return {
        "id": row.id,
        "at": row.at.isoformat(),
        "actor": row.actor,
        "kind": str(row.kind),
        "dossierCode": row.dossier_code,
        "instanceKey": row.process_instance_key,
        "ground": row.ground,
        "before": row.before,
        "after": row.after,
        "outcome": row.outcome,
        "undoOf": row.undo_of,
        "undoneBy": row.undone_by,
        "undoable": interventions.is_undoable(row),
    }


class Interventions:
    """One administrator at one moment. What the engine tells may lag behind what was done: it is waited for."""

    def __init__(
        self,
        engine: EngineView,
        database: Engine,
        actor: str,
        now: datetime,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._engine, self._database, self._actor, self._now = engine, database, actor, now
        self._pause = pause

    def _await(self, is_seen: Callable[[], bool]) -> None:
        """Until the searches show what was done, for a few seconds at the most."""
        for _ in range(LOOKS):
            if is_seen():
                return
            self._pause(BETWEEN_LOOKS_S)

    def keep(self, deed: Deed, undo_of: str = "") -> Json:
        """Write a deed down that has been done."""
        with session_scope(self._database) as session:
            return shown(interventions.record(session, self._actor, deed, self._now, undo_of))

    def running(self, key: str) -> Known:
        """The instance, which must be running."""
        item = self._engine.client.process_instance(key)
        if item is None:
            raise NotFound("instance", "Không có lượt chạy này.", "There is no such instance.")
        if item.get("state") != "ACTIVE":
            raise Conflict("ended", "Lượt chạy đã kết thúc.", "The instance has ended.")
        return known(self._engine, item)

    # variables

    def set_variables(
        self, key: str, scope_key: str, values: Mapping[str, Any], code: str, ground: str, undo_of: str = ""
    ) -> Json:
        """Write variables into a scope of an instance."""
        self.running(key)
        before = {name: value for name, value in self._values(key, scope_key).items() if name in values}
        self._engine.client.set_variables(scope_key, values, local=True)
        self._await(lambda: self._holds(key, scope_key, values))
        deed = Deed(
            InterventionKind.VARIABLES,
            key,
            code,
            ground,
            {"scopeKey": scope_key, "variables": before},
            {"scopeKey": scope_key, "variables": dict(values)},
        )
        return self.keep(deed, undo_of)

    def _values(self, key: str, scope_key: str) -> dict[str, Any]:
        found = self._engine.client.search_variables({"processInstanceKey": key, "scopeKey": scope_key})
        return {str(item["name"]): json.loads(item["value"]) for item in found}

    def _holds(self, key: str, scope_key: str, values: Mapping[str, Any]) -> bool:
        present = self._values(key, scope_key)
        return all(name in present and present[name] == value for name, value in values.items())

    # modification

    def preview(self, key: str, activate: Sequence[str], terminate: Sequence[str]) -> Preview:
        """What a modification would do."""
        here = self.running(key)
        return preview(here.process, here.facts.marking, activate, terminate)

    def modify(
        self, key: str, activate: Sequence[str], terminate: Sequence[str], code: str, ground: str, undo_of: str = ""
    ) -> Json:
        """Begin and end elements; before and after are the open elements."""
        here = self.running(key)
        seen = preview(here.process, here.facts.marking, activate, terminate)
        if seen.refused:
            raise Conflict(
                "modification", f"Không sửa được ở: {seen.refused}.", f"Nothing can be changed at: {seen.refused}."
            )
        ends = [
            {"elementInstanceKey": str(item["elementInstanceKey"])}
            for item in here.facts.elements
            if item.get("state") == "ACTIVE" and item["elementId"] in set(terminate)
        ]
        known_keys = {str(item["elementInstanceKey"]) for item in here.facts.elements}
        self._engine.client.modify_process_instance(key, [{"elementId": each} for each in activate], ends)
        ended = {end["elementInstanceKey"] for end in ends}
        self._await(lambda: self._is_modified(key, known_keys, ended, set(activate)))
        after = self._open(key)
        deed = Deed(
            InterventionKind.MODIFICATION,
            key,
            code,
            ground,
            {"open": dict(here.facts.marking.elements), "terminated": list(terminate)},
            {"open": after, "activated": list(activate)},
            "" if after else "ended",
        )
        return self.keep(deed, undo_of)

    def _open(self, key: str) -> dict[str, int]:
        found = self._engine.client.search_element_instances({"processInstanceKey": key, "state": "ACTIVE"})
        return dict(Counter(str(item["elementId"]) for item in found if item.get("type") != "PROCESS"))

    def _is_modified(self, key: str, known_keys: set[str], ended: set[str], begun: set[str]) -> bool:
        found = self._engine.client.search_element_instances({"processInstanceKey": key})
        active = {str(item["elementInstanceKey"]) for item in found if item.get("state") == "ACTIVE"}
        fresh = {str(item["elementId"]) for item in found if str(item["elementInstanceKey"]) not in known_keys}
        return not active & ended and begun <= fresh

    # deadlines

    def move_deadline(
        self, law: Law, code: str, branch: str | None, due_at: datetime, kind: str, ground: str, undo_of: str = ""
    ) -> Json:
        """Move a deadline of a dossier on a ground; the running watch is told by the message ``deadline-changed``."""
        with session_scope(self._database) as session:
            dossier = tracking.require(session, code)
            entries = acceptance.deadline_entries(session, dossier.id)
            before = next((row.due_at for row in reversed(entries) if row.branch_code == (branch or "")), None)
            if undo_of and before != datetime.fromisoformat(interventions.get(session, undo_of).after["dueAt"]):
                raise Conflict(
                    "undo",
                    "Hạn đã được đổi tiếp sau can thiệp này.",
                    "The deadline has changed since this intervention.",
                )
            moved = acceptance.move_deadline(session, law, code, branch, due_at, kind or ground, self._actor, self._now)
            deed = Deed(
                InterventionKind.DEADLINE,
                dossier.process_instance_key or "",
                code,
                ground,
                {"branch": branch or "", "dueAt": None if before is None else before.isoformat()},
                {"branch": branch or "", "dueAt": moved.due_at.astimezone(UTC).isoformat(), "kind": kind},
            )
            return shown(interventions.record(session, self._actor, deed, self._now, undo_of))

    # taking back

    def undo(self, law: Law, intervention_id: str, ground: str) -> Json:
        """Take an intervention back, if nothing has changed what it did."""
        with read_scope(self._database) as session:
            row = interventions.require_undoable(interventions.get(session, intervention_id))
            session.expunge(row)  # it is read after the transaction
        if row.kind == InterventionKind.VARIABLES:
            return self._undo_variables(row, ground)
        if row.kind == InterventionKind.MODIFICATION:
            return self._undo_modification(row, ground)
        due = row.before.get("dueAt")
        if not due:
            raise Conflict("undo", "Trước đó chưa có hạn.", "There was no deadline before.")
        branch = str(row.before["branch"]) or None
        back = datetime.fromisoformat(str(due))
        return self.move_deadline(law, row.dossier_code, branch, back, "correction", ground, row.id)

    def _undo_variables(self, row: Intervention, ground: str) -> Json:
        key, scope = row.process_instance_key, str(row.after["scopeKey"])
        present, written = self._values(key, scope), dict(row.after["variables"])
        if any(present.get(name) != value for name, value in written.items()):
            raise Conflict(
                "undo", "Biến đã thay đổi tiếp sau can thiệp này.", "A variable has changed since this intervention."
            )
        back = {name: row.before["variables"].get(name) for name in written}
        return self.set_variables(key, scope, back, row.dossier_code, ground, row.id)

    def _undo_modification(self, row: Intervention, ground: str) -> Json:
        key = row.process_instance_key
        self.running(key)
        if self._open(key) != row.after["open"]:
            raise Conflict(
                "undo", "Lượt chạy đã đi tiếp sau can thiệp này.", "The instance has gone on since this intervention."
            )
        begin, end = list(row.before["terminated"]), list(row.after["activated"])
        return self.modify(key, begin, end, row.dossier_code, ground, row.id)


def _of(user: AdministratorDep, database: DatabaseDep, engine: EngineDep, now: NowDep) -> Interventions:
    return Interventions(engine, database, user.username, now)


InterventionsDep = Annotated[Interventions, Depends(_of)]
