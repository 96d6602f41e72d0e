"""Runs one scenario: deploy, start by message, then step by step; stops at the first thing that is not as told.

Between two steps the world is settled: every waiting job gets its answer (from the steps that follow at once,
from a pure rule, or from the defaults), until only user tasks, messages and timers are waited for. A job without
an answer fails the scenario by name; so does an incident, and a user task that nobody has mentioned at the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from lienthong.engine.feel import from_json, parse_expression, to_json
from lienthong.engine.protocol.records import Intent, ValueType
from lienthong.scenarios.expectations import ScenarioFailure, check, form_fields, form_id, incident_text
from lienthong.scenarios.format import Answer, Publication, Scenario, Step
from lienthong.scenarios.pure_jobs import NoPureJobs, PureJobs
from lienthong.scenarios.world import World, WorldError

VIETNAM = timezone(timedelta(hours=7))
STANDSTILL_LIMIT = 1000  # due commands at one moment; more means that nothing moves
USUAL_ANSWERS: dict[str, dict[str, Any]] = {
    "check-dossier": {"outcome": "accept"},
    "appraise": {"outcome": "approve"},
    "decide": {"outcome": "sign"},
}
SETTLE_LIMIT = 10_000  # jobs between two steps; more means that the model goes round in circles


@dataclass(slots=True)
class ScenarioResult:
    """How a scenario ended; ``failure`` None means it passed."""

    scenario: Scenario
    failure: str | None
    world: World
    log: list[tuple[datetime, str]] = field(default_factory=list)
    deadlines: list[tuple[datetime, str]] = field(default_factory=list)


class ScenarioRun:
    """One run of one scenario."""

    def __init__(
        self, scenario: Scenario, deployments: list[list[tuple[str, bytes]]], pure_jobs: PureJobs | None = None
    ) -> None:
        self.scenario = scenario
        self.deployments = deployments
        self.pure_jobs = pure_jobs or NoPureJobs()
        self.world = World(round(scenario.start_at.timestamp() * 1000))
        self.log: list[tuple[datetime, str]] = []
        self.held: list[dict[str, Any]] = []  # activated jobs that wait for their step
        self.deadlines: list[tuple[datetime, str]] = []
        self.told_waiting = False
        self.told_incidents: set[int] = set()
        self.forms = form_fields(deployments)

    def run(self) -> ScenarioResult:
        """Run everything; never raises for what the scenario or the models do wrong."""
        failure: str | None = None
        try:
            self._start()
            for step in self.scenario.steps:
                self._settle(step.number - 1)
                self._step(step)
            self._settle(len(self.scenario.steps))
            self._close_the_books()
        except (ScenarioFailure, WorldError) as error:
            failure = str(error)
        return ScenarioResult(self.scenario, failure, self.world, self.log, self.deadlines)

    def _start(self) -> None:
        for resources in self.deployments:
            self.world.deploy(resources)
        if self.scenario.start_message is not None:
            publication = Publication(self.scenario.start_message, variables=self.scenario.variables)
            self._publish(publication, self.scenario.variables, buffered=False)
        else:
            value = {"bpmnProcessId": self.scenario.start_process, "version": -1, "variables": self.scenario.variables}
            self.world.run(ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATE, 0, value)

    # steps

    def _step(self, step: Step) -> None:
        self.told_waiting = False
        try:
            match step.kind:
                case "advance":
                    self._advance(self.world.after(step.value), step.number)
                case "until":
                    self._advance(round(step.value.timestamp() * 1000), step.number)
                case "handle":
                    for wanted in step.value:
                        self._handle(wanted, step.number)
                case "job":
                    self._job(step.value)
                case "message":
                    self._publish(step.value, self.world.root_variables(), step.value.buffered)
                case "task":
                    self._task(step.value)
                case "expect":
                    self._expect(step.value)
                case kind:
                    raise ScenarioFailure(f"Expected a known step, but got {kind}")
        except (ScenarioFailure, WorldError) as error:
            raise ScenarioFailure(f"step {step.number} ({step.kind}): {error}") from error

    def _advance(self, target_ms: int, number: int) -> None:
        stood = 0
        while (due_ms := self.world.next_due()) is not None and due_ms <= target_ms:
            stood = stood + 1 if due_ms <= self.world.now_ms else 0
            if stood > STANDSTILL_LIMIT:
                raise ScenarioFailure(f"Expected time to go on after {self.world.now.isoformat()}, but it stands")
            self.world.move_to(due_ms)
            self.world.run_due()
            self._settle(number)
        self.world.move_to(target_ms)
        self._note(f"clock goes on to {self.world.now.isoformat()}")

    def _job(self, answer: Answer) -> None:
        for job in self.held:
            if self._fits(answer, job):
                self.held.remove(job)
                self._give(answer, job)
                return
        wanted = f"{answer.type}" + (f" at {answer.element}" if answer.element else "")
        raise ScenarioFailure(f"Expected a job {wanted} to wait, but {self._waiting_text()}")

    def _task(self, value: dict[str, Any]) -> None:
        tasks = self.world.user_tasks
        found = [key for key, task in tasks.items() if self.world.matches(task["elementInstanceKey"], value["element"])]
        if len(found) != 1:
            raise ScenarioFailure(
                f"Expected one user task {value['element']}, but {len(found)} wait; {self._waiting_text()}"
            )
        task = tasks[found[0]]
        for name, wanted in value.get("expect", {}).items():
            actual = form_id(self.world, task) if name == "formId" else task.get(name)
            if actual != wanted:
                raise ScenarioFailure(f"Expected {name} of {value['element']} to be {wanted}, but it is {actual}")
        variables = value.get("variables", {})
        unknown = set(variables) - self.forms.get(form_id(self.world, task), set(variables))
        if unknown:
            raise ScenarioFailure(
                f"Expected fields of the form {form_id(self.world, task)}, but {sorted(unknown)} are not"
            )
        self._note(f"task {self.world.path(task['elementInstanceKey'])}: {variables}")
        self.world.run(ValueType.USER_TASK, Intent.COMPLETE, found[0], {"variables": variables, "action": "complete"})

    def _handle(self, wanted: str, number: int) -> None:
        """The usual course of a called process, or of one user task, until it waits for nobody."""
        done = 0
        while (key := self._next_task(wanted)) is not None:
            element = self.world.elements[int(self.world.user_tasks[key]["elementInstanceKey"])].element_id
            variables = USUAL_ANSWERS.get(element, {})
            self._note(f"task {self.world.path(int(self.world.user_tasks[key]['elementInstanceKey']))}: {variables}")
            self.world.run(ValueType.USER_TASK, Intent.COMPLETE, key, {"variables": variables, "action": "complete"})
            self._settle(number)
            done += 1
        if not done:
            raise ScenarioFailure(f"Expected a user task of {wanted} to wait, but {self._waiting_text()}")

    def _next_task(self, wanted: str) -> int | None:
        for key, task in self.world.user_tasks.items():
            path = f"/{self.world.path(int(task['elementInstanceKey']))}/"
            if f"/{wanted}/" in path:
                return key
        return None

    def _expect(self, value: dict[str, Any]) -> None:
        check(self.world, value, self._waiting_text())
        self.told_waiting = "waiting" in value
        if "incidents" in value:
            self.told_incidents = set(self.world.incidents)

    # settling

    def _settle(self, index: int) -> None:
        """Answer jobs until none is left but those that the coming job steps answer."""
        coming = self._coming(index)
        for _ in range(SETTLE_LIMIT):
            self.held += self.world.activate_jobs()
            self.held = [job for job in self.held if int(job["key"]) in self.world.waiting_jobs]
            job = next((one for one in self.held if not any(self._fits(answer, one) for answer in coming)), None)
            if job is None:
                self._check_incidents(index)
                return
            self.held.remove(job)
            self._answer(job)
        raise ScenarioFailure(f"Expected the models to come to rest, but {SETTLE_LIMIT} jobs went by")

    def _coming(self, index: int) -> list[Answer]:
        coming = []
        for step in self.scenario.steps[index:]:
            if step.kind == "job":
                coming.append(step.value)
            elif step.kind != "expect":
                break
        return coming

    def _answer(self, job: dict[str, Any]) -> None:
        for answer in self.scenario.default_answers:
            if self._fits(answer, job):
                self._give(answer, job)
                return
        where = self.world.path(int(job["elementInstanceKey"]))
        try:
            pure = self.pure_jobs.answer(job["type"], job["customHeaders"], job["variables"], self.world.now)
        except Exception as error:  # the rule is injected: whatever it raises is told as the scenario's failure
            raise ScenarioFailure(f"Expected the rule of {job['type']} at {where} to answer, but: {error}") from error
        if pure is None:
            raise ScenarioFailure(f"Expected an answer to the job {job['type']} at {where}, but the file has none")
        self._give(Answer(job["type"], variables=pure.variables, publish=pure.publish), job)

    def _fits(self, answer: Answer, job: Mapping[str, Any]) -> bool:
        if answer.type != job["type"]:
            return False
        return answer.element is None or self.world.matches(int(job["elementInstanceKey"]), answer.element)

    def _give(self, answer: Answer, job: dict[str, Any]) -> None:
        key = int(job["key"])
        context = {**job["variables"], "headers": job["customHeaders"]}
        variables = {name: self._value(value, context) for name, value in answer.variables.items()}
        where = self.world.path(int(job["elementInstanceKey"]))
        if answer.fail is not None:
            self._note(f"job {job['type']} at {where} fails: {answer.fail['message']}")
            value = {"retries": answer.fail["retries"], "errorMessage": answer.fail["message"], "retryBackOffMs": 0}
            self.world.run(ValueType.JOB, Intent.FAIL, key, {**value, "variables": variables})
        elif answer.error is not None:
            self._note(f"job {job['type']} at {where} throws {answer.error['code']}")
            value = {"errorCode": answer.error["code"], "errorMessage": answer.error.get("message", "")}
            self.world.run(ValueType.JOB, Intent.THROW_ERROR, key, {**value, "variables": variables})
        else:
            self._note(f"job {job['type']} at {where}")
            self.world.run(ValueType.JOB, Intent.COMPLETE, key, {"variables": variables})
        for publication in answer.publish:
            self._publish(publication, {**context, **variables}, publication.buffered)

    def _publish(self, publication: Publication, context: Mapping[str, Any], buffered: bool) -> None:
        key = self._value(publication.key or "=dossierCode", context)
        variables = {name: self._value(value, context) for name, value in publication.variables.items()}
        self._note(f"message {publication.name} for {key}")
        if "dueAt" in variables:
            self._note_deadline(publication.name, str(key), str(variables["dueAt"]))
        if not self.world.publish(publication.name, str(key), variables) and not buffered:
            raise ScenarioFailure(f"Expected somebody to wait for {publication.name} ({key}), but nobody does")

    def _note_deadline(self, message: str, key: str, due_at: str) -> None:
        code = key.partition("/")[2]
        self.world.dues[code or "bundle"] = due_at
        what = f"Hạn của {code}" if code else "Hạn trả kết quả"
        verb = "đổi thành" if message == "deadline-changed" else "là"
        due = datetime.fromisoformat(due_at).astimezone(VIETNAM)
        self.deadlines.append((self.world.now, f"{what} {verb} {due:%H:%M %d/%m/%Y}"))

    def _value(self, value: Any, context: Mapping[str, Any]) -> Any:
        if not isinstance(value, str) or not value.startswith("="):
            return value
        result = parse_expression(value[1:]).evaluate(from_json(dict(context)), self.world.now)
        return to_json(result.value)

    # the end

    def _check_incidents(self, index: int) -> None:
        step = self.scenario.steps[index] if index < len(self.scenario.steps) else None
        told = step is not None and step.kind in ("expect", "job")
        if set(self.world.incidents) - self.told_incidents and not told:
            raise ScenarioFailure(f"Expected no incident, but {incident_text(self.world)}")

    def _close_the_books(self) -> None:
        if self.held:
            raise ScenarioFailure(f"Expected every job to be answered, but {self._waiting_text()}")
        if not self.world.ended and not self.told_waiting:
            raise ScenarioFailure(f"Expected the end or a last expect.waiting, but {self._waiting_text()}")

    def _waiting_text(self) -> str:
        tasks = [self.world.path(task["elementInstanceKey"]) for task in self.world.user_tasks.values()]
        jobs = [f"{job['type']} at {self.world.path(int(job['elementInstanceKey']))}" for job in self.held]
        text = f"user tasks waiting: {tasks or 'none'}; jobs waiting: {jobs or 'none'}"
        return text + (f"; incidents: {incident_text(self.world)}" if self.world.incidents else "")

    def _note(self, text: str) -> None:
        self.log.append((self.world.now, text))
