"""Modify, migrate, resolve, set variables; a fault of the engine itself."""

from typing import Any

import pytest

from lienthong.engine.core import jobs
from lienthong.engine.core.elements import BEHAVIORS
from lienthong.engine.core.elements.behavior import ElementBehavior
from lienthong.engine.core.step import StateSpoilt
from lienthong.engine.model.elements import ElementType
from lienthong.engine.protocol.records import Intent, Outcome, RejectionType, ValueType

from .engine_run import EngineRun
from .model_text import (
    boundary,
    call,
    catch,
    end,
    gateway,
    message,
    model,
    node,
    on,
    service,
    start,
    sub_process,
    tag,
    timer,
    user,
)

HOUR = 3_600_000


# modification


def nested() -> EngineRun:
    run = EngineRun()
    sub = sub_process("sub", start("s"), service("a"), service("b"), end("e"), flows=["s>a>b>e"])
    run.deploy(model(start(), service("first"), sub, service("last"), end(), flows=["start>first>sub>last>end"]))
    return run


def modify(run: EngineRun, key: int, activate: list[dict[str, Any]], terminate: list[int]) -> Outcome:
    return run.submit(
        ValueType.PROCESS_INSTANCE_MODIFICATION,
        Intent.MODIFY,
        key,
        activateInstructions=activate,
        terminateInstructions=[{"elementInstanceKey": each} for each in terminate],
    )


def test_a_token_is_put_into_a_scope_that_is_created_for_it() -> None:
    run = nested()
    key = run.create()
    instruction = {
        "elementId": "b",
        "variableInstructions": [{"variables": {"x": 1}, "scopeId": "sub"}, {"variables": {"y": 2}}],
    }
    outcome = modify(run, key, [instruction], [run.instance("first").key])
    assert outcome.rejection is None
    assert run.active() == ["b", "sub"]
    assert run.instance("sub").variables == {"x": "1"} and run.variables(key) == {"y": "2"}
    run.complete("b")
    assert run.active() == ["last"]


def test_a_token_is_put_into_the_scope_that_runs() -> None:
    run = nested()
    key = run.create()
    run.complete("first")
    modify(run, key, [{"elementId": "b"}], [])
    assert run.active() == ["a", "b", "sub"]


def test_taking_the_last_token_away_ends_the_instance() -> None:
    run = nested()
    key = run.create()
    run.complete("first")
    assert modify(run, key, [], [run.instance("a").key]).rejection is None
    assert run.idle and run.trace(Intent.ELEMENT_TERMINATED) == ["a", "sub", "p"]


@pytest.mark.parametrize("element_id", ["start", "none", "p", "start-first"])
def test_what_cannot_be_activated_is_refused_and_nothing_happens(element_id: str) -> None:
    run = nested()
    key = run.create()
    outcome = modify(run, key, [{"elementId": "b"}, {"elementId": element_id}], [])
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.INVALID_ARGUMENT
    assert outcome.events == [] and run.active() == ["first"]


def test_an_instance_can_start_at_named_elements() -> None:
    run = nested()
    value = {"bpmnProcessId": "p", "startInstructions": [{"elementId": "b"}, {"elementId": "last"}]}
    run.do(ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATE, **value)
    assert run.active() == ["b", "last", "sub"]


# migration


def migrate(run: EngineRun, key: int, target: bytes, mapping: dict[str, str]) -> Outcome:
    reply = run.deploy(target)
    pairs = [{"sourceElementId": source, "targetElementId": to} for source, to in mapping.items()]
    return run.submit(
        ValueType.PROCESS_INSTANCE_MIGRATION,
        Intent.MIGRATE,
        key,
        targetProcessDefinitionKey=reply["processes"][0]["processDefinitionKey"],
        mappingInstructions=pairs,
    )


def test_a_migrated_job_goes_on_in_the_new_version_with_its_key() -> None:
    run = EngineRun()
    run.deploy(model(start(), service("old"), end(), flows=["start>old>end"]))
    key = run.create()
    (job,) = run.activate("old")
    target = model(start(), service("new"), service("extra"), end(), flows=["start>new>extra>end"])
    assert migrate(run, key, target, {"old": "new"}).rejection is None
    run.do(ValueType.JOB, Intent.COMPLETE, job["key"])
    assert run.active() == ["extra"]
    run.complete("extra")
    assert run.idle


def test_a_migrated_timer_keeps_its_remaining_time_and_new_events_are_opened() -> None:
    run = EngineRun()

    def version(duration: str, more: str = "", flows: list[str] | None = None, roots: str = "") -> bytes:
        event = boundary("late", "check", timer("timeDuration", duration))
        paths = ["start>check>end", "late>e2", *(flows or [])]
        return model(start(), user("check"), event, more, end(), end("e2"), flows=paths, roots=roots)

    run.deploy(version("PT2H"))
    key = run.create(key="a")
    run.advance(HOUR)
    more = boundary("asked", "check", on("message", "m"), False) + end("e3")
    target = version("PT9H", more, ["asked>e3"], message("m", "ask", "=key"))
    assert migrate(run, key, target, {"check": "check", "late": "late"}).rejection is None
    run.publish("ask", "a")
    assert run.trace()[-1] == "e3"
    run.advance(HOUR)
    assert run.trace()[-1] == "p" and "late" in run.trace()
    assert not run.state.user_tasks


def test_an_event_that_is_not_mapped_is_closed() -> None:
    run = EngineRun()
    event = boundary("late", "work", timer("timeDuration", "PT1H"))
    run.deploy(model(start(), service("work"), event, end(), end("e2"), flows=["start>work>end", "late>e2"]))
    key = run.create()
    target = model(start(), service("work"), end(), flows=["start>work>end"])
    assert migrate(run, key, target, {"work": "work"}).rejection is None
    assert not run.state.timers


def test_tokens_at_a_join_move_with_their_gateway() -> None:
    run = EngineRun()

    def version(last: str) -> bytes:
        return model(
            start(),
            gateway("parallel", "fork"),
            service("a"),
            service("b"),
            gateway("parallel", "join"),
            service(last),
            end(),
            flows=["start>fork>a>join", "fork>b>join", f"join>{last}>end"],
        )

    run.deploy(version("old"))
    key = run.create()
    run.complete("a")
    assert migrate(run, key, version("new"), {"b": "b", "join": "join"}).rejection is None
    run.complete("b")
    assert run.active() == ["new"]


def test_scopes_calls_and_catch_events_move() -> None:
    run = EngineRun()
    run.deploy(model(start(), service("inner"), end(), flows=["start>inner>end"], id_="child"))

    def version(after: str) -> bytes:
        fork = gateway("parallel", "fork")
        sub = sub_process(
            "sub",
            start("s"),
            fork,
            call("call", "child"),
            catch("c", on("message", "m")),
            end("e"),
            end("f"),
            flows=["s>fork>call>e", "fork>c>f"],
        )
        roots = message("m", "go", "=key")
        return model(start(), sub, service(after), end(), flows=[f"start>sub>{after}>end"], roots=roots)

    run.deploy(version("old"))
    key = run.create(key="a")
    outcome = migrate(run, key, version("new"), {"sub": "sub", "call": "call", "c": "c"})
    assert outcome.rejection is None
    run.publish("go", "a")
    run.complete("inner")
    assert run.active() == ["new"]


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        ({}, RejectionType.INVALID_STATE),
        ({"old": "none"}, RejectionType.INVALID_ARGUMENT),
        ({"none": "new"}, RejectionType.INVALID_ARGUMENT),
        ({"old": "desk"}, RejectionType.INVALID_STATE),
        ({"old": "inside"}, RejectionType.INVALID_STATE),
    ],
)
def test_a_migration_that_would_change_the_meaning_is_refused(mapping: dict[str, str], expected: RejectionType) -> None:
    run = EngineRun()
    run.deploy(model(start(), service("old"), end(), flows=["start>old>end"]))
    key = run.create()
    sub = sub_process("sub", start("s"), service("inside"), end("e"), flows=["s>inside>e"])
    target = model(start(), service("new"), user("desk"), sub, end(), flows=["start>new>desk>sub>end"])
    outcome = migrate(run, key, target, mapping)
    assert outcome.rejection is not None and outcome.rejection.type is expected
    assert outcome.events == [] and run.active() == ["old"]


# variables


def test_variables_are_set_locally_or_where_they_are_found() -> None:
    run = nested()
    key = run.create(x=1)
    scope = run.instance("first").key
    run.do(ValueType.VARIABLE_DOCUMENT, Intent.UPDATE, scopeKey=scope, variables={"x": 2}, local=True)
    run.do(ValueType.VARIABLE_DOCUMENT, Intent.UPDATE, scopeKey=scope, variables={"x": 3, "y": 4})
    assert run.variables(key) == {"x": "1", "y": "4"}
    assert run.activate("first")[0]["variables"] == {"x": 3, "y": 4}
    outcome = run.submit(ValueType.VARIABLE_DOCUMENT, Intent.UPDATE, scopeKey=9, variables={})
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.NOT_FOUND


# incidents and faults


def test_an_output_mapping_that_fails_is_an_incident_and_nothing_of_the_result_is_lost() -> None:
    run = EngineRun()
    choice = gateway("exclusive", "g", default="g-x")
    mapped = tag("zeebe:ioMapping", tag("zeebe:output", source="=answer", target="taken"))
    run.deploy(
        model(
            start(),
            service("work", more=mapped),
            choice,
            end(),
            end("x"),
            flows=["start>work>g", "g>end?=taken", "g>x"],
        )
    )
    key = run.create()
    run.complete("work", answer="yes")
    assert run.incident_types() == ["EXTRACT_VALUE_ERROR"]
    run.do(ValueType.VARIABLE_DOCUMENT, Intent.UPDATE, scopeKey=key, variables={"taken": True})
    run.resolve()
    assert run.idle


def test_an_incident_goes_with_its_element() -> None:
    run = EngineRun()
    run.deploy(model(start(), call("call", "none"), end(), flows=["start>call>end"]))
    key = run.create()
    run.do(ValueType.PROCESS_INSTANCE, Intent.CANCEL, key)
    assert not run.state.incidents and run.idle


def test_a_fault_of_the_engine_strikes_one_instance_and_the_engine_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    run = EngineRun()
    late = boundary("late", "slow", timer("timeDuration", "PT1H"), False)
    fork = gateway("parallel", "fork")
    run.deploy(
        model(
            start(),
            fork,
            service("slow"),
            late,
            node("manualTask", "m"),
            end(),
            end("x"),
            end("y"),
            flows=["start>fork>slow>end", "late>x", "fork>m>y"],
        ),
        model(start(), service("fine"), end(), flows=["start>fine>end"], id_="q"),
    )

    def broken(*_: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setitem(BEHAVIORS, ElementType.MANUAL_TASK, ElementBehavior(broken))
    key = run.create()
    assert run.state.banned[key].startswith("ZeroDivisionError: planted (in broken")
    assert run.activate("slow") == []
    run.advance(5 * HOUR)
    assert run.active() == ["m", "slow"], "a stopped instance gets no timers"
    (incident,) = run.state.incidents.values()
    assert incident.value["elementId"] == "m" and "ZeroDivisionError: planted" in incident.value["errorMessage"]
    run.create("q")
    run.complete("fine")
    run.do(ValueType.PROCESS_INSTANCE, Intent.CANCEL, key)
    assert run.idle and not run.state.banned and not run.state.timers


def test_a_stopped_instance_goes_on_once_the_engine_is_mended_and_its_incident_resolved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = EngineRun()
    late = boundary("late", "slow", timer("timeDuration", "PT1H"), False)
    nodes = [start(), gateway("parallel", "fork"), service("slow"), late, node("manualTask", "m"), end(), end("x")]
    run.deploy(model(*nodes, end("y"), flows=["start>fork>slow>end", "late>x", "fork>m>y"]))

    def broken(*_: object) -> None:
        raise ZeroDivisionError("planted")

    with monkeypatch.context() as patch:
        patch.setitem(BEHAVIORS, ElementType.MANUAL_TASK, ElementBehavior(broken))
        run.create()
        run.advance(5 * HOUR)
        run.resolve()
        assert run.incident_types() == ["UNKNOWN"], "still broken: a new incident"
    run.resolve()
    assert run.active() == ["slow"] and not run.state.banned
    run.advance(1)
    assert "x" in run.trace(), "the timer that came due meanwhile has struck"
    run.complete("slow")
    assert run.idle


def test_an_event_that_cannot_be_applied_is_raised_so_that_the_state_is_rebuilt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = nested()

    def broken(*_: object) -> None:
        raise KeyError("planted")

    monkeypatch.setattr(jobs, "add_job", broken)
    with pytest.raises(StateSpoilt, match="JOB CREATED"):
        run.create()


def nesting(depth: int) -> dict[str, Any]:
    """A variable nested this deep."""
    return {"a": nesting(depth - 1)} if depth else {}


@pytest.mark.parametrize("variables", [[1], "x", {"a": {1, 2}}, nesting(500)])
def test_variables_that_are_no_json_object_are_refused(variables: object) -> None:
    run = nested()
    outcome = run.submit(ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATE, bpmnProcessId="p", variables=variables)
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.INVALID_ARGUMENT
    assert outcome.events == []


def test_integers_beyond_64_bits_are_kept() -> None:
    run = nested()
    key = run.create(n=2**80)
    assert run.variables(key) == {"n": str(2**80)}
    assert run.activate("first")[0]["variables"] == {"n": 2**80}


def test_a_job_based_user_task_becomes_native_but_not_back() -> None:
    old = node("userTask", "ask", "", tag("zeebe:assignmentDefinition", assignee="lan"))
    new = user("ask", tag("zeebe:assignmentDefinition", assignee="lan"))
    run = EngineRun()
    keys = {
        name: run.deploy(model(start(), task, end(), flows=["start>ask>end"], id_=name))["processes"][0][
            "processDefinitionKey"
        ]
        for name, task in (("old", old), ("new", new))
    }
    instance = run.create("old")
    run.activate("io.camunda.zeebe:userTask")
    plan = [{"sourceElementId": "ask", "targetElementId": "ask"}]

    def migrate(name: str) -> Outcome:
        return run.submit(
            ValueType.PROCESS_INSTANCE_MIGRATION,
            Intent.MIGRATE,
            instance,
            targetProcessDefinitionKey=keys[name],
            mappingInstructions=plan,
        )

    assert migrate("new").rejection is None
    assert not run.state.jobs
    (task,) = run.state.user_tasks.values()
    assert task.value["assignee"] == "lan" and task.value["bpmnProcessId"] == "new"
    back = migrate("old").rejection
    assert back is not None and "stay native" in back.reason
    run.do(ValueType.USER_TASK, Intent.COMPLETE, task.key)
    assert run.idle
