"""Playing a model by hand: the same runner, the same steps as a scenario file, but stopped wherever one wants to look.

A play has no state of its own: it is its start and its steps, run again from the beginning each time. So a step is
undone by leaving it out, time travel is a shorter list, and what was played is a scenario as it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from lienthong.scenarios.coverage import Coverage
from lienthong.scenarios.expectations import ScenarioFailure, form_id, read_form
from lienthong.scenarios.format import Answer, Publication, Scenario
from lienthong.scenarios.pure_jobs import PureJobs
from lienthong.scenarios.runner import SETTLE_LIMIT, ScenarioRun
from lienthong.scenarios.world import World, WorldError

Json = dict[str, Any]
Deployments = list[list[tuple[str, bytes]]]
INPUT_FIELDS = ("textfield", "textarea", "number", "checkbox", "radio", "select", "checklist", "taglist", "datetime")


@dataclass(slots=True)
class Played:
    """How far a play came; ``failure`` tells why step ``done + 1`` could not be done."""

    done: int
    failure: str
    view: Json
    world: World = field(repr=False)


class PlayRun(ScenarioRun):
    """One play. With ``ask`` every job waits for the player, without it only those that have no routine answer."""

    def __init__(
        self, scenario: Scenario, deployments: Deployments, pure_jobs: PureJobs | None = None, *, ask: bool = False
    ) -> None:
        super().__init__(scenario, deployments, pure_jobs)
        self.ask = ask

    def play(self) -> Played:
        """Run the steps and stop where they stop; never raises for what the model or the player does wrong."""
        failure, done = "", 0
        try:
            self._start()
            for step in self.scenario.steps:
                self._settle(step.number - 1)
                self._step(step)
                done = step.number
        except (ScenarioFailure, WorldError) as error:
            failure = str(error)
        try:
            self._rest()
        except (ScenarioFailure, WorldError) as error:
            failure = failure or str(error)
        return Played(done, failure, View(self).as_json(), self.world)

    def _rest(self) -> None:
        """Answer what is routine until only the player can go on."""
        for _ in range(SETTLE_LIMIT):
            self.held += self.world.activate_jobs()
            self.held = [job for job in self.held if int(job["key"]) in self.world.waiting_jobs]
            found = None if self.ask else next(((job, a) for job in self.held if (a := self.routine(job))), None)
            if found is None:
                return
            self.held.remove(found[0])
            self._give(found[1], found[0])
        raise ScenarioFailure(f"Expected the models to come to rest, but {SETTLE_LIMIT} jobs went by")

    def routine(self, job: Mapping[str, Any]) -> Answer | None:
        """What would be answered to a job without being asked: the file's default, or the domain's own rule."""
        for answer in self.scenario.default_answers:
            if self._fits(answer, job):
                return answer
        try:
            pure = self.pure_jobs.answer(job["type"], job["customHeaders"], job["variables"], self.world.now)
        except Exception:  # a rule may find its variables missing; then the player is asked
            return None
        return None if pure is None else Answer(job["type"], variables=pure.variables, publish=pure.publish)


class View:
    """What a player sees of a world that has come to rest."""

    def __init__(self, run: PlayRun) -> None:
        self.run = run
        self.world = run.world
        self.forms = _forms(run.deployments)

    def as_json(self) -> Json:
        """Everything, as data for the page."""
        coverage = Coverage()
        coverage.add(self.run.deployments, self.world.flows_taken)
        return {
            "now": self.world.now.isoformat(),
            "ended": self.world.ended,
            "started": self.world.root_key != 0,
            "instances": self._instances(),
            "tasks": [self._task(task) for task in self.world.user_tasks.values()],
            "jobs": [self._job(job) for job in self.run.held],
            "messages": self._messages(),
            "timers": self._timers(),
            "incidents": [
                {"path": self.world.path(int(each["elementInstanceKey"])), "message": each["errorMessage"]}
                for each in self.world.incidents.values()
            ],
            "log": [{"at": at.isoformat(), "text": text} for at, text in self.run.log],
            "flows": _by_process(self.world.flows_taken),
            "coverage": {each.process_id: {"share": each.share, "missed": each.missed} for each in coverage.walked()},
        }

    def _instances(self) -> list[Json]:
        """The process instances, the root first, each with its elements, variables and place in the calls."""
        groups: dict[int, list[Any]] = {}
        for seen in self.world.elements.values():
            groups.setdefault(seen.instance_key, []).append(seen)
        found = []
        for key, members in groups.items():
            root = self.world.elements[key]
            caller = self.world.elements.get(root.parent_element_key)
            found.append(
                {
                    "key": str(key),
                    "processId": root.process_id,
                    "caller": caller.element_id if caller else "",
                    "callerInstance": str(caller.instance_key) if caller else "",
                    "path": self.world.path(caller.key) if caller else "",
                    "ended": root.ended_ms is not None,
                    "elements": _counts([seen for seen in members if seen.key != key]),
                    "variables": self._variables(members),
                }
            )
        return found

    def _variables(self, members: list[Any]) -> list[Json]:
        scopes = [(seen, self.world.variables.get(seen.key)) for seen in members if seen.ended_ms is None]
        scopes += [(seen, self.world.variables.get(seen.key)) for seen in members if seen.key == seen.instance_key]
        known: dict[int, Json] = {}
        for seen, values in scopes:
            if values:
                own = "" if seen.key == seen.instance_key else seen.element_id
                known[seen.key] = {"scope": own, "values": values}
        return sorted(known.values(), key=lambda each: str(each["scope"]))

    def _task(self, task: Json) -> Json:
        key = int(task["elementInstanceKey"])
        form = form_id(self.world, task)
        return {
            "path": self.world.path(key),
            "instance": str(self.world.elements[key].instance_key),
            "elementId": task["elementId"],
            "formId": form,
            "fields": self.forms.get(form, []),
            "candidateGroups": list(task.get("candidateGroups") or []),
            "assignee": task.get("assignee") or "",
            "dueAt": task.get("dueDate") or "",
        }

    def _job(self, job: Json) -> Json:
        key = int(job["elementInstanceKey"])
        routine = self.run.routine(job)
        return {
            "type": job["type"],
            "path": self.world.path(key),
            "instance": str(self.world.elements[key].instance_key),
            "elementId": self.world.elements[key].element_id,
            "headers": dict(job["customHeaders"]),
            "variables": dict(job["variables"]),
            "retries": job["retries"],
            "routine": None if routine is None else routine.variables,
            "publish": [] if routine is None else [publication_json(each) for each in routine.publish],
        }

    def _messages(self) -> list[Json]:
        found = [
            {
                "name": each.name,
                "key": each.correlation_key,
                "path": self.world.path(each.element_instance_key),
                "elementId": each.target_element_id,
                "interrupting": each.interrupting,
            }
            for each in self.world.state.subscriptions.values()
            if each.message and each.element_instance_key in self.world.elements
        ]
        return sorted(found, key=lambda each: (str(each["name"]), str(each["key"]), str(each["path"])))

    def _timers(self) -> list[Json]:
        found = [
            {
                "dueAt": datetime.fromtimestamp(each.due_ms / 1000, UTC).isoformat(),
                "path": self.world.path(each.element_instance_key),
                "elementId": each.target_element_id,
            }
            for each in self.world.state.timers.values()
            if each.element_instance_key in self.world.elements
        ]
        return sorted(found, key=lambda each: each["dueAt"])


def publication_json(publication: Publication) -> Json:
    """A publication as it stands in a file."""
    said: Json = {"name": publication.name}
    if publication.key is not None:
        said["key"] = publication.key
    if publication.variables:
        said["variables"] = publication.variables
    if publication.buffered:
        said["buffered"] = True
    return said


def _counts(members: list[Any]) -> list[Json]:
    found: dict[str, Json] = {}
    for seen in members:
        row = found.setdefault(
            seen.element_id, {"elementId": seen.element_id, "active": 0, "completed": 0, "canceled": 0, "incidents": 0}
        )
        state = "active" if seen.ended_ms is None else "canceled" if seen.terminated else "completed"
        row[state] += 1
    return list(found.values())


def _by_process(flows: set[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for process_id, flow in sorted(flows):
        found.setdefault(process_id, []).append(flow)
    return found


def _forms(deployments: Deployments) -> dict[str, list[Json]]:
    """Form id → its input fields, for a page that asks for them plainly."""
    found: dict[str, list[Json]] = {}
    for name, content in (resource for group in deployments for resource in group):
        if name.endswith(".form"):
            form = read_form(content)
            found[str(form.get("id", ""))] = [_field(part) for part in _parts(form) if part.get("type") in INPUT_FIELDS]
    return found


def _parts(form: Mapping[str, Any]) -> list[Json]:
    found: list[Json] = []
    for part in form.get("components", []):
        found += [part, *_parts(part)]
    return found


def _field(part: Json) -> Json:
    return {
        "key": part.get("key", ""),
        "label": part.get("label", part.get("key", "")),
        "type": part["type"],
        "values": [{"value": each["value"], "label": each["label"]} for each in part.get("values", [])],
        "required": bool(part.get("validate", {}).get("required")),
    }
