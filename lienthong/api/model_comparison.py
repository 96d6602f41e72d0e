"""Working copies against what runs: processes and decisions are asked of the engine, forms of the store's notes."""

from collections import Counter
from typing import Any, Literal

from lienthong.api.engine_view import EngineView
from lienthong.api.model_store import ModelStore, revision_of
from lienthong.redeploy.difference import Difference, decisions, element_difference, executable_processes

ModelState = Literal["same", "changed", "new", "unknown"]
Json = dict[str, Any]
_DECISION_XML: dict[str, str] = {}  # models never change under their key


class Comparison:
    """One look at the engine, so that a list of many models asks it once."""

    def __init__(self, models: ModelStore, engine: EngineView) -> None:
        self._models = models
        self._engine = engine
        self._processes = _newest(engine.client.search_process_definitions(), "processDefinitionId")
        self._decisions = _newest(engine.client.search_decision_definitions(), "decisionDefinitionId")
        self._running = Counter(str(item["processDefinitionKey"]) for item in engine.running_instances())

    def state(self, path: str, content: bytes) -> ModelState:
        """Whether the file is what runs."""
        states = {change["state"] for change in self.changes(path, content)}
        order: tuple[ModelState, ...] = ("unknown", "changed", "new", "same")
        return next((state for state in order if state in states), "unknown")

    def changes(self, path: str, content: bytes) -> list[Json]:
        """One entry for each process, decision or form of the file."""
        if path.endswith(".bpmn"):
            return [self._process(path, key, content) for key in executable_processes(content)]
        if path.endswith(".dmn"):
            return [self._decision(path, key, content) for key in decisions(content)]
        noted = self._models.deployed_revision(path)
        state: ModelState = "new" if noted is None else "same" if noted == revision_of(content) else "changed"
        return [_change(path, path.rsplit("/", 1)[-1], state)]

    def _process(self, path: str, process_id: str, content: bytes) -> Json:
        newest = self._processes.get(process_id)
        if newest is None:
            return _change(path, process_id, "new")
        key = str(newest["processDefinitionKey"])
        found = element_difference(self._engine.xml(key).encode(), content)
        version = (int(newest["version"]), self._running[key])
        return _change(path, process_id, "changed" if found else "same", version, found)

    def _decision(self, path: str, decision_id: str, content: bytes) -> Json:
        newest = self._decisions.get(decision_id)
        if newest is None:
            return _change(path, decision_id, "new")
        key = str(newest["decisionDefinitionKey"])
        if key not in _DECISION_XML:
            _DECISION_XML[key] = self._engine.client.decision_definition_xml(key)
        found = element_difference(_DECISION_XML[key].encode(), content)
        return _change(path, decision_id, "changed" if found else "same", (int(newest["version"]), 0), found)


def _newest(items: list[Json], id_name: str) -> dict[str, Json]:
    return {str(item[id_name]): item for item in sorted(items, key=lambda item: int(item["version"]))}


def _change(
    path: str,
    process_id: str,
    state: ModelState,
    version: tuple[int | None, int] = (None, 0),
    found: Difference | None = None,
) -> Json:
    differences = found or Difference()
    return {
        "path": path,
        "processId": process_id,
        "state": state,
        "deployedVersion": version[0],
        "running": version[1],
        "added": list(differences.added),
        "removed": list(differences.removed),
        "changed": list(differences.changed),
    }
