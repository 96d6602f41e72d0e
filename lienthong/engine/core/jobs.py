"""Jobs: work that is offered to workers, taken, done, failed, or timed out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from lienthong.engine.core import catching, expressions, incidents, variables
from lienthong.engine.core.appliers.jobs import add_job, lend_job, remove_job
from lienthong.engine.core.entities import NOTHING, ElementInstance, Job, JobState
from lienthong.engine.core.step import Failure, StateSpoilt, Step, Verb, invalid, not_found, spoilt, wrong_state
from lienthong.engine.model.elements import FlowNode, Trigger
from lienthong.engine.protocol.records import Command, Event, Intent, Value, ValueType

# members bound once: reading one off its enum class costs as much as applying a small event
_JOB = ValueType.JOB
_CREATED = Intent.CREATED
_ACTIVATED = Intent.ACTIVATED
_COMPLETED = Intent.COMPLETED
_INSTANCE = ValueType.PROCESS_INSTANCE
_ACTIVATING = Intent.ELEMENT_ACTIVATING
_ELEMENT_ACTIVATED = Intent.ELEMENT_ACTIVATED
_COMPLETE = Verb.COMPLETE

MAX_MESSAGE = 10_000
LARGEST_BYTES = 4 * 1024 * 1024 - 64 * 1024  # of a job's variables: what one message carries, but for its frame
USER_TASK_TYPE = "io.camunda.zeebe:userTask"
_CLOSED = (JobState.FAILED, JobState.ERROR_THROWN)
_OFFERED = frozenset({_CREATED, Intent.TIMED_OUT, Intent.RECURRED})


def activatable_types(events: Iterable[Event]) -> set[str]:
    """Job types of which these events have made a job activatable."""
    return {
        event.value["type"]
        for event in events
        if event.value_type is _JOB
        and (
            event.intent in _OFFERED
            or (event.intent is Intent.FAILED and event.value["retries"] > 0 and event.value["recurDate"] == 0)
        )
    }


def prepare(step: Step, instance: ElementInstance, node: FlowNode) -> Value:
    """Evaluate type and retries of a job element; `offer` creates the job."""
    plan = instance.plan or step.state.plan(instance)
    if plan.job is not None:
        return plan.job.copy()
    if node.job is None:
        raise Failure(expressions.EXTRACT, f"Expected {node.id} to say which job it is, but it does not")
    kind = expressions.text(step, node.job.type, instance.key)
    return plan.definition.job_record(node, kind, expressions.number(step, node.job.retries, instance.key))


def prepare_user_task(step: Step, instance: ElementInstance, node: FlowNode, headers: dict[str, str]) -> Value:
    """The job of an old-style user task."""
    record = (instance.plan or step.state.plan(instance)).definition.job_record(node, USER_TASK_TYPE, 1)
    record["customHeaders"] = headers
    return record


def offer(step: Step, instance: ElementInstance, record: Value) -> None:
    """Offer a prepared job to workers."""
    record["elementInstanceKey"] = instance.key
    record["processInstanceKey"] = instance.process_instance_key
    state = step.state
    key = state.last_key = state.last_key + 1
    try:
        add_job(state, instance, key, record)
    except Exception as error:
        raise spoilt("JOB CREATED", key, error) from error
    step.events.append((_JOB, _CREATED, key, record, step.now_ms))


def offer_and_wait(step: Step, instance: ElementInstance, record: Value) -> None:
    """The same, and the element is active: the hottest way through a process, in one go."""
    if instance.state is not _ACTIVATING:
        raise StateSpoilt(f"Expected {instance.key} to be activating, but it is {instance.state}")
    key_of_element, state, now_ms = instance.key, step.state, step.now_ms
    record["elementInstanceKey"] = key_of_element
    record["processInstanceKey"] = instance.process_instance_key
    key = state.last_key = state.last_key + 1
    try:
        add_job(state, instance, key, record)
    except Exception as error:
        raise spoilt("JOB CREATED", key, error) from error
    instance.state = _ELEMENT_ACTIVATED
    step.events += (
        (_JOB, _CREATED, key, record, now_ms),
        (_INSTANCE, _ELEMENT_ACTIVATED, key_of_element, instance.value, now_ms),
    )


def activate_batch(step: Step, command: Command) -> None:
    """Hand jobs of a type to a worker, oldest first."""
    value = command.value
    kind, limit, timeout_ms = value.get("type"), value.get("maxJobsToActivate", 1) or 0, value.get("timeoutMs") or 0
    if not kind:
        invalid("Expected a job type, but it is empty")
    if limit < 1:
        invalid(f"Expected to activate at least one job, but maxJobsToActivate is {limit}")
    if timeout_ms < 1:
        invalid(f"Expected a time-out of at least 1 ms, but it is {timeout_ms}")
    state, names = step.state, value.get("fetchVariables")
    worker, deadline = value.get("worker", ""), step.now_ms + timeout_ms
    events, now_ms = step.events, step.now_ms
    given: list[Value] = []
    queue, jobs = state.activatable.get(kind, NOTHING), state.jobs
    for key in _first(queue, jobs, state.banned, limit):
        job = jobs[key]
        seen, size = variables.collect(state, job.element_instance_key, names)
        if size > LARGEST_BYTES:
            _too_large(step, job, size)
            continue
        record = job.value.copy()
        record["worker"] = worker
        record["deadline"] = deadline
        try:
            lend_job(state, queue, job, record)
        except Exception as error:
            raise spoilt("JOB ACTIVATED", key, error) from error
        events.append((_JOB, _ACTIVATED, key, record, now_ms))
        reply = record.copy()
        reply["key"] = key
        reply["variables"] = seen
        given.append(reply)
    step.reply = {"jobs": given}


def _too_large(step: Step, job: Job, size: int) -> None:
    """No answer can carry the job: an incident says so, and nobody gets it before that is resolved."""
    text = f"Expected the variables of a job to have at most {LARGEST_BYTES} bytes, but they have {size}"
    instance = step.state.elements[job.element_instance_key]
    incidents.raise_incident(step, instance, Failure(variables.TOO_LARGE, text), job.key)


def _first(queue: dict[int, None], jobs: dict[int, Job], banned: dict[int, str], limit: int) -> list[int]:
    keys = (key for key in queue if jobs[key].process_instance_key not in banned) if banned else queue
    return list(islice(keys, limit))


def _job(step: Step, key: int) -> Job:
    state = step.state
    job = state.jobs.get(key)
    if job is None or (state.banned and job.process_instance_key in state.banned):
        not_found("a job with key", key)
    return job


def _open_job(step: Step, key: int) -> Job:
    job = _job(step, key)
    if job.state in _CLOSED:
        wrong_state(f"Expected job {job.key} to be activatable or activated, but it is {job.state}")
    return job


def complete(step: Step, command: Command) -> None:
    """The work is done: its variables come in, the element goes on."""
    state, key, given = step.state, command.key, command.value.get("variables")
    job = state.jobs.get(key)
    if job is None or state.banned or job.state in _CLOSED:
        job = _open_job(step, key)
    values = variables.document(given) if given else None
    key_of_element = job.element_instance_key
    instance = state.elements[key_of_element]
    record = job.value.copy()
    record["variables"] = given or {}
    try:
        remove_job(state, job, instance)
    except Exception as error:
        raise spoilt("JOB COMPLETED", key, error) from error
    step.events.append((_JOB, _COMPLETED, key, record, step.now_ms))
    if values:
        if (instance.plan or state.plan(instance)).node.outputs:
            variables.set_local(step, instance, values)
        else:
            variables.propagate(step, key_of_element, values)
    step.work.append((_COMPLETE, key_of_element))


def fail(step: Step, command: Command) -> None:
    """Try again, after a back-off if asked; without retries left an incident asks for help."""
    job = _open_job(step, command.key)
    value = command.value
    values = variables.document(value.get("variables"))
    retries, back_off_ms = value.get("retries") or 0, value.get("retryBackOffMs") or 0
    message = str(value.get("errorMessage") or "")[:MAX_MESSAGE]
    recur = step.now_ms + back_off_ms if retries > 0 and back_off_ms > 0 else 0
    record = {**job.value, "retries": retries, "errorMessage": message, "recurDate": recur, "deadline": -1}
    step.emit(_JOB, Intent.FAILED, job.key, record)
    instance = step.state.elements[job.element_instance_key]
    variables.set_local(step, instance, values)
    if retries <= 0:
        failure = Failure("JOB_NO_RETRIES", message or "No more retries left.")
        incidents.raise_incident(step, instance, failure, job.key)


def throw_error(step: Step, command: Command) -> None:
    """A business error: the nearest catching event takes it; without one an incident says so."""
    job = _open_job(step, command.key)
    code = str(command.value.get("errorCode") or "")
    values = variables.document(command.value.get("variables"))
    instance = step.state.elements[job.element_instance_key]
    message = str(command.value.get("errorMessage") or "")[:MAX_MESSAGE]
    found = catching.find_catcher(step, instance, Trigger.ERROR, code)
    record = {**job.value, "errorCode": code, "errorMessage": message, "deadline": -1, "caught": found is not None}
    step.emit(_JOB, Intent.ERROR_THROWN, job.key, record)
    if found is None:
        text = f'Expected an event to catch the error "{code}", but there is none' + (f": {message}" if message else "")
        incidents.raise_incident(step, instance, Failure("UNHANDLED_ERROR_EVENT", text), job.key)
    else:
        catching.trigger(step, found[0], found[1], values)


def time_out(step: Step, command: Command) -> None:
    """The worker has not answered in time: others may have the job."""
    job = _job(step, command.key)
    if job.state is not JobState.ACTIVATED or job.deadline_ms > step.now_ms:
        wrong_state(f"Expected job {job.key} to be past its deadline, but it is not")
    step.emit(_JOB, Intent.TIMED_OUT, job.key, {**job.value, "deadline": -1})


def recur(step: Step, command: Command) -> None:
    """The back-off of a failed job is over."""
    job = _job(step, command.key)
    if job.state is not JobState.FAILED or not 0 < job.recur_ms <= step.now_ms:
        wrong_state(f"Expected job {job.key} to be past its back-off, but it is not")
    step.emit(_JOB, Intent.RECURRED, job.key, {**job.value, "recurDate": -1})


def update_retries(step: Step, command: Command) -> None:
    """Give a job more tries."""
    job = _job(step, command.key)
    retries = command.value.get("retries") or 0
    if retries < 1:
        invalid(f"Expected at least one retry, but retries is {retries}")
    step.emit(_JOB, Intent.RETRIES_UPDATED, job.key, {**job.value, "retries": retries})


def update_timeout(step: Step, command: Command) -> None:
    """Give the worker until `timeoutMs` from now."""
    job = _job(step, command.key)
    if job.state is not JobState.ACTIVATED:
        wrong_state(f"Expected job {job.key} to be activated, but it is {job.state}")
    deadline = step.now_ms + (command.value.get("timeoutMs") or 0)
    step.emit(_JOB, Intent.TIMEOUT_UPDATED, job.key, {**job.value, "deadline": deadline})


def user_task_headers(attributes: dict[str, Any], own: dict[str, str]) -> dict[str, str]:
    """Headers of a job-based user task: the model's own and those that carry its attributes."""
    carried = {f"io.camunda.zeebe:{name}": value for name, value in attributes.items() if value}
    texts = {name: value if isinstance(value, str) else variables.encode(value) for name, value in carried.items()}
    return {**own, **texts}
