"""Jobs: the record of the event is the job's value from then on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from heapq import heappush

from lienthong.engine.core.entities import NOTHING, ElementInstance, Job, JobState
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Intent, Value, ValueType

# members bound once: reading one off its enum class costs as much as applying a small event
_ACTIVATABLE = JobState.ACTIVATABLE
_ACTIVATED = JobState.ACTIVATED


def job_created(state: State, key: int, value: Value) -> None:
    """A worker may take it."""
    add_job(state, state.elements[value["elementInstanceKey"]], key, value)


def add_job(state: State, owner: ElementInstance, key: int, value: Value) -> None:
    """The row of a new job, on offer."""
    job = state.jobs[key] = Job(key, value)
    owner.job_key = key
    queue = state.activatable.get(job.type)
    if queue is None:
        queue = state.activatable[job.type] = OrderedDict()
    queue[key] = None


def _offer(state: State, job: Job) -> None:
    job.state = _ACTIVATABLE
    job.recur_ms = job.deadline_ms = 0
    queue = state.activatable.get(job.type)
    if queue is None:
        queue = state.activatable[job.type] = OrderedDict()
    queue[job.key] = None


def _withdraw(state: State, job: Job) -> None:
    queue = state.activatable.get(job.type)
    if queue is not None:
        queue.pop(job.key, None)


def job_activated(state: State, key: int, value: Value) -> None:
    """A worker has it until the deadline."""
    job = state.jobs[key]
    lend_job(state, state.activatable.get(job.type, NOTHING), job, value)


def lend_job(state: State, queue: dict[int, None], job: Job, value: Value) -> None:
    """A job in the queue of its type goes to a worker."""
    queue.pop(job.key, None)
    job.value = value
    job.state = _ACTIVATED
    deadline = job.deadline_ms = value["deadline"]
    heappush(state.heap.entries, (deadline, "deadline", job.key))


def job_offered_again(state: State, key: int, value: Value) -> None:
    """Its time ran out, its back-off is over, or its incident is resolved."""
    job = state.jobs[key]
    job.value = value
    _offer(state, job)


def job_failed(state: State, key: int, value: Value) -> None:
    """Tried again at once, after the back-off, or not before somebody helps."""
    job = state.jobs[key]
    _withdraw(state, job)
    job.value = value
    job.state, job.deadline_ms, job.recur_ms = JobState.FAILED, 0, 0
    if value["retries"] > 0 and value["recurDate"] > 0:
        job.recur_ms = value["recurDate"]
        state.heap.push(job.recur_ms, "recur", job.key)
    elif value["retries"] > 0:
        _offer(state, job)


def job_error_thrown(state: State, key: int, value: Value) -> None:
    """Its error was caught, and the job is over, or it found no catch event."""
    if value.get("caught"):
        job_ended(state, key, value)
        return
    job = state.jobs[key]
    _withdraw(state, job)
    job.value = value
    job.state, job.deadline_ms = JobState.ERROR_THROWN, 0


def job_retries_updated(state: State, key: int, value: Value) -> None:
    """Another number of retries; whether it runs is the incident's matter."""
    state.jobs[key].value = value


def job_timeout_updated(state: State, key: int, value: Value) -> None:
    """Another deadline."""
    job = state.jobs[key]
    job.value = value
    job.deadline_ms = value["deadline"]
    state.heap.push(job.deadline_ms, "deadline", job.key)


def job_ended(state: State, key: int, value: Value) -> None:
    """Done, or not wanted any more."""
    job = state.jobs[key]
    remove_job(state, job, state.elements.get(job.element_instance_key))


def remove_job(state: State, job: Job, owner: ElementInstance | None) -> None:
    """The row of a job that is over."""
    del state.jobs[job.key]
    if job.state is _ACTIVATABLE:
        _withdraw(state, job)
    if owner is not None:
        owner.job_key = 0


def job_migrated(state: State, key: int, value: Value) -> None:
    """Of another definition now; type and headers stay."""
    state.jobs[key].value = value


def batch_activated(state: State, key: int, value: Value) -> None:
    """The jobs' own events say it all."""


APPLIERS: dict[ValueType, dict[Intent, Callable[[State, int, Value], None]]] = {
    ValueType.JOB: {
        Intent.CREATED: job_created,
        Intent.ACTIVATED: job_activated,
        Intent.TIMED_OUT: job_offered_again,
        Intent.RECURRED: job_offered_again,
        Intent.FAILED: job_failed,
        Intent.ERROR_THROWN: job_error_thrown,
        Intent.RETRIES_UPDATED: job_retries_updated,
        Intent.TIMEOUT_UPDATED: job_timeout_updated,
        Intent.COMPLETED: job_ended,
        Intent.CANCELED: job_ended,
        Intent.MIGRATED: job_migrated,
    },
    ValueType.JOB_BATCH: {Intent.ACTIVATED: batch_activated},
}
