"""Jobs: offered, taken, done, failed, timed out."""

import copy
import pickle
from typing import Any

import pytest

from lienthong.engine.core.jobs import activatable_types
from lienthong.engine.protocol.records import Intent, RejectionType, ValueType

from .engine_run import EngineRun
from .model_text import boundary, end, model, on, root, service, start, tag


@pytest.fixture
def run() -> EngineRun:
    engine = EngineRun()
    header = tag("zeebe:taskHeaders", tag("zeebe:header", key="scope", value="branch"))
    engine.deploy(model(start(), service("work", more=header), end(), flows=["start>work>end"]))
    return engine


def fail(run: EngineRun, **value: Any) -> int:
    (job,) = run.activate("work", 1)
    run.do(ValueType.JOB, Intent.FAIL, job["key"], **value)
    return int(job["key"])


def test_jobs_are_handed_out_oldest_first_and_locked(run: EngineRun) -> None:
    first, second = run.create(n=1), run.create(n=2)
    (job,) = run.activate("work", 1)
    assert job["processInstanceKey"] == first
    assert [each["processInstanceKey"] for each in run.activate("work")] == [second]
    assert run.activate("work") == []


def test_an_activated_job_carries_what_a_worker_needs(run: EngineRun) -> None:
    key = run.create(a=1, b=2)
    (job,) = run.activate("work", 1, timeout_ms=5000, fetchVariables=["b", "missing"])
    assert job["customHeaders"] == {"scope": "branch"}
    assert job["variables"] == {"b": 2}
    assert job["deadline"] == run.now_ms + 5000
    assert (job["elementId"], job["bpmnProcessId"], job["processInstanceKey"]) == ("work", "p", key)


@pytest.mark.parametrize("value", [{"type": ""}, {"maxJobsToActivate": 0}, {"timeoutMs": 0}])
def test_an_activation_with_a_senseless_argument_is_refused(run: EngineRun, value: dict[str, Any]) -> None:
    good = {"type": "work", "maxJobsToActivate": 1, "timeoutMs": 1}
    outcome = run.submit(ValueType.JOB_BATCH, Intent.ACTIVATE, **{**good, **value})
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.INVALID_ARGUMENT


def test_a_job_past_its_deadline_is_offered_again_and_the_late_worker_may_still_complete(run: EngineRun) -> None:
    run.create()
    (job,) = run.activate("work", 1, timeout_ms=1000)
    run.advance(999)
    assert not run.state.has_activatable("work")
    run.advance(1)
    assert run.state.has_activatable("work")
    run.do(ValueType.JOB, Intent.COMPLETE, job["key"])
    assert run.idle


def test_a_failed_job_with_retries_is_offered_at_once_without_back_off(run: EngineRun) -> None:
    run.create()
    fail(run, retries=2, errorMessage="no", variables={"note": "local"})
    (job,) = run.activate("work", 1)
    assert job["retries"] == 2 and job["variables"] == {"note": "local"}


def test_back_off_holds_a_failed_job_back(run: EngineRun) -> None:
    run.create()
    key = fail(run, retries=2, retryBackOffMs=500)
    assert run.activate("work") == []
    outcome = run.submit(ValueType.JOB, Intent.COMPLETE, key)
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.INVALID_STATE
    run.advance(500)
    assert len(run.activate("work")) == 1


def test_no_retries_left_is_an_incident_that_needs_retries_before_it_is_resolved(run: EngineRun) -> None:
    run.create()
    key = fail(run, retries=0, errorMessage="the service is down")
    (incident,) = run.state.incidents.values()
    assert incident.value["errorType"] == "JOB_NO_RETRIES"
    assert incident.value["errorMessage"] == "the service is down"
    assert incident.value["jobKey"] == key
    assert run.activate("work") == []
    outcome = run.submit(ValueType.INCIDENT, Intent.RESOLVE, incident.key)
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.INVALID_STATE
    run.do(ValueType.JOB, Intent.UPDATE_RETRIES, key, retries=3)
    assert run.activate("work") == []
    run.resolve()
    run.complete("work")
    assert run.idle


def test_a_deadline_can_be_moved(run: EngineRun) -> None:
    run.create()
    (job,) = run.activate("work", 1, timeout_ms=1000)
    run.do(ValueType.JOB, Intent.UPDATE_TIMEOUT, job["key"], timeoutMs=5000)
    run.advance(4999)
    assert not run.state.has_activatable("work")
    run.advance(1)
    assert run.state.has_activatable("work")
    outcome = run.submit(ValueType.JOB, Intent.UPDATE_TIMEOUT, job["key"], timeoutMs=5000)
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.INVALID_STATE


def test_unknown_jobs_and_senseless_retries_are_refused(run: EngineRun) -> None:
    for intent in (Intent.COMPLETE, Intent.FAIL, Intent.THROW_ERROR, Intent.UPDATE_RETRIES, Intent.UPDATE_TIMEOUT):
        outcome = run.submit(ValueType.JOB, intent, 42)
        assert outcome.rejection is not None and outcome.rejection.type is RejectionType.NOT_FOUND
    run.create()
    (job,) = run.activate("work", 1)
    outcome = run.submit(ValueType.JOB, Intent.UPDATE_RETRIES, job["key"], retries=0)
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.INVALID_ARGUMENT
    assert outcome.events == []


def test_an_error_nobody_catches_is_an_incident_and_resolving_offers_the_job_again(run: EngineRun) -> None:
    run.create()
    run.throw("work", "boom")
    assert run.incident_types() == ["UNHANDLED_ERROR_EVENT"]
    run.resolve()
    run.complete("work")
    assert run.idle


def test_cancelling_the_element_cancels_its_job() -> None:
    run = EngineRun()
    run.deploy(
        model(
            start(),
            service("work"),
            boundary("caught", "work", on("error", "e")),
            end(),
            end("other"),
            flows=["start>work>end", "caught>other"],
            roots=root("error", "e", errorCode="boom"),
        )
    )
    run.create()
    job = run.throw("work", "boom", why="x")
    assert run.trace() == ["start", "caught", "other", "p"]
    assert run.submit(ValueType.JOB, Intent.COMPLETE, job["key"]).rejection is not None
    assert Intent.CANCELED not in {event.intent for event in run.log}, "the job ended with its error"


def test_a_job_type_that_is_no_text_is_an_incident() -> None:
    run = EngineRun()
    run.deploy(model(start(), service("work", "=kind"), end(), flows=["start>work>end"]))
    key = run.create(kind=1)
    assert run.incident_types() == ["EXTRACT_VALUE_ERROR"]
    run.do(ValueType.VARIABLE_DOCUMENT, Intent.UPDATE, scopeKey=key, variables={"kind": "real"})
    run.resolve()
    run.complete("real")
    assert run.idle


def test_the_types_that_became_activatable_are_read_off_the_events(run: EngineRun) -> None:
    run.create()
    assert activatable_types(run.log) == {"work"}
    mark = len(run.log)
    fail(run, retries=0)
    assert activatable_types(run.log[mark:]) == set()
    run.do(ValueType.JOB, Intent.UPDATE_RETRIES, next(iter(run.state.jobs)), retries=1)
    mark = len(run.log)
    run.resolve()
    assert activatable_types(run.log[mark:]) == {"work"}


def test_a_copied_state_goes_on_like_the_one_it_was_copied_from(run: EngineRun) -> None:
    run.create()
    run.state, run.shadow = copy.deepcopy(run.state), pickle.loads(pickle.dumps(run.shadow))
    run.create()
    run.complete("work", a=1)
    run.complete("work", b=1)
    assert run.idle
