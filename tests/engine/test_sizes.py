"""Sizes: what no message could carry is refused, or stands still with an incident that says so."""

import pytest

from lienthong.engine.core.jobs import LARGEST_BYTES
from lienthong.engine.core.variables import LONGEST_NAME
from lienthong.engine.protocol.records import Intent, RejectionType, ValueType

from .engine_run import EngineRun
from .model_text import end, mapping, model, service, start

HALF = "x" * (LARGEST_BYTES // 2)


@pytest.fixture
def run() -> EngineRun:
    engine = EngineRun()
    engine.deploy(model(start(), service("work"), end(), flows=["start>work>end"]))
    return engine


def grow(run: EngineRun, key: int, **variables: str) -> None:
    for name, value in variables.items():
        run.do(ValueType.VARIABLE_DOCUMENT, Intent.UPDATE, scopeKey=key, variables={name: value})


def test_a_job_that_no_answer_can_carry_becomes_an_incident_and_the_others_go_out(run: EngineRun) -> None:
    large, small = run.create(), run.create(n=1)
    grow(run, large, a=HALF, b=HALF, c="x")
    assert [job["processInstanceKey"] for job in run.activate("work")] == [small]
    (incident,) = run.state.incidents.values()
    assert incident.value["errorType"] == "MESSAGE_SIZE_EXCEEDED"
    assert str(LARGEST_BYTES) in incident.value["errorMessage"]
    assert incident.value["jobKey"] in run.state.jobs
    assert not run.state.has_activatable("work"), "nobody is offered it again and again"
    assert run.activate("work") == []
    assert len(run.state.incidents) == 1


def test_its_incident_can_be_resolved_once_the_variables_are_smaller(run: EngineRun) -> None:
    key = run.create()
    grow(run, key, a=HALF, b=HALF)
    assert run.activate("work") == []
    grow(run, key, b="small")
    run.resolve()
    run.complete("work")
    assert run.idle


def test_a_resolved_incident_of_a_job_that_is_still_too_large_comes_back_as_a_new_one(run: EngineRun) -> None:
    key = run.create()
    grow(run, key, a=HALF, b=HALF)
    run.activate("work")
    (first,) = run.state.incidents
    run.resolve()
    run.activate("work")
    (second,) = run.state.incidents
    assert second > first


def test_only_the_fetched_variables_count(run: EngineRun) -> None:
    key = run.create(n=1)
    grow(run, key, a=HALF, b=HALF)
    (job,) = run.activate("work", fetchVariables=["n"])
    assert job["variables"] == {"n": 1}


def test_bytes_count_not_characters(run: EngineRun) -> None:
    key = run.create()
    grow(run, key, a="ữ" * (LARGEST_BYTES // 3), b="ữ")
    assert run.activate("work") == []
    assert run.incident_types() == ["MESSAGE_SIZE_EXCEEDED"]


def test_a_canceled_instance_takes_the_incident_of_its_large_job_with_it(run: EngineRun) -> None:
    key = run.create()
    grow(run, key, a=HALF, b=HALF)
    run.activate("work")
    run.do(ValueType.PROCESS_INSTANCE, Intent.CANCEL, key)
    assert run.idle and not run.state.incidents and not run.state.jobs


@pytest.mark.parametrize("variables", [{"ữ" * (LONGEST_NAME // 3 + 1): 1}, {"a": HALF, "b": HALF, "c": HALF}])
def test_names_and_documents_beyond_the_limits_are_refused_by_their_size(
    run: EngineRun, variables: dict[str, object]
) -> None:
    outcome = run.submit(ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATE, bpmnProcessId="p", variables=variables)
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.INVALID_ARGUMENT
    assert "at most" in outcome.rejection.reason
    assert not outcome.events


def test_a_name_of_the_longest_kind_is_taken(run: EngineRun) -> None:
    run.create(**{"a" * LONGEST_NAME: 1})
    assert run.active() == ["work"]


def test_a_mapping_that_makes_a_variable_too_large_is_an_incident() -> None:
    run = EngineRun()
    task = service("m", more=mapping(input_b="=a + a + a"))
    run.deploy(model(start(), task, end(), flows=["start>m>end"]))
    run.create(a=HALF)
    assert run.incident_types() == ["MESSAGE_SIZE_EXCEEDED"]
