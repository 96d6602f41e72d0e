"""Compensation: completed activities are undone, all at once, and the throw waits for all."""

import pytest

from engine.engine_run import EngineRun
from engine.model_text import (
    boundary,
    call,
    end,
    gateway,
    loop,
    mapping,
    model,
    node,
    on,
    root,
    service,
    start,
    sub_process,
    tag,
    throw,
    timer,
)
from lienthong.engine.core.state import State
from lienthong.engine.model.validation import check_bpmn
from lienthong.engine.protocol.records import Intent, ValueType


def undo(host: str, handler: str | None = None) -> str:
    """A compensation boundary event of `host` and its handler `undo-<host>`."""
    name = f"undo-{host}"
    work = handler or node("serviceTask", name, "", tag("zeebe:taskDefinition", type=name), isForCompensation="true")
    line = tag("bpmn:association", id=f"line-{host}", sourceRef=f"on-{host}", targetRef=name)
    return boundary(f"on-{host}", host, on("compensate", "")) + work + line


def compensate(activity: str = "", **more: str) -> str:
    """A compensation event definition."""
    return tag("bpmn:compensateEventDefinition", **({"activityRef": activity} if activity else {}), **more)


TWO = [start(), service("a"), undo("a"), service("b"), undo("b"), throw("back", compensate()), end()]


def run_of(*elements: str, flows: list[str], roots: str = "") -> EngineRun:
    run = EngineRun()
    run.deploy(model(*elements, flows=flows, roots=roots))
    run.create()
    return run


def test_the_throw_waits_for_every_handler() -> None:
    run = run_of(*TWO, flows=["start>a>b>back>end"])
    run.complete("a")
    run.complete("b")
    assert run.active() == ["back", "undo-a", "undo-b"]
    run.complete("undo-b")
    assert run.active() == ["back", "undo-a"]
    run.complete("undo-a")
    assert run.idle and not run.state.compensations and run.trace()[-3:] == ["back", "end", "p"]


def test_what_has_not_completed_is_not_undone() -> None:
    run = run_of(*TWO, gateway("parallel", "fork"), end("end-b"), flows=["start>fork>a>back>end", "fork>b>end-b"])
    run.complete("a")
    run.complete("undo-a")
    assert run.active() == ["b"]


def test_with_nothing_to_undo_the_throw_goes_on() -> None:
    run = run_of(*TWO, end("other"), flows=["start>back>end", "a>b>other"])
    assert run.idle


def test_a_named_activity_alone_is_undone_and_once() -> None:
    run = run_of(
        start(), service("a"), undo("a"), service("b"), undo("b"),
        throw("one", compensate("a")), end("all", compensate()), flows=["start>a>b>one>all"],
    )  # fmt: skip
    run.complete("a")
    run.complete("b")
    assert run.active() == ["one", "undo-a"]
    run.complete("undo-a")
    assert run.active() == ["all", "undo-b"]
    run.complete("undo-b")
    assert run.idle


def test_an_activity_that_completed_twice_is_undone_twice() -> None:
    run = run_of(
        start(), gateway("exclusive", "again"), service("a"), undo("a"),
        gateway("exclusive", "more", default="more-back"),
        throw("back", compensate()), end(), flows=["start>again>a>more>back>end", "more>again?=again = true"],
    )  # fmt: skip
    run.complete("a", again=True)
    run.complete("a", again=False)
    assert run.active() == ["back", "undo-a", "undo-a"]


def sub_with(activity: str, event: str = "") -> list[str]:
    inner = [start("s"), service(activity), undo(activity), event, end("e")]
    flow = f"s>{activity}>{'up>' if event else ''}e"
    return [sub_process("sub", *inner, flows=[flow], more=mapping(input_place='="here"'))]


def test_activities_of_a_completed_sub_process_are_undone_with_its_variables() -> None:
    run = run_of(start(), *sub_with("a"), throw("back", compensate()), end(), flows=["start>sub>back>end"])
    run.complete("a")
    assert run.active() == ["back", "undo-a"]
    assert run.complete("undo-a")["variables"]["place"] == "here"
    assert run.idle


def test_a_sub_process_is_named_to_undo_what_is_in_it() -> None:
    run = run_of(
        start(), *sub_with("a"), service("b"), undo("b"), throw("back", compensate("sub")), end(),
        flows=["start>sub>b>back>end"],
    )  # fmt: skip
    run.complete("a")
    run.complete("b")
    assert run.active() == ["back", "undo-a"]


def test_a_throw_within_a_sub_process_does_not_reach_outside() -> None:
    run = run_of(
        start(), service("o"), undo("o"), *sub_with("a", throw("up", compensate())), end(), flows=["start>o>sub>end"]
    )
    run.complete("o")
    run.complete("a")
    assert run.active() == ["sub", "undo-a", "up"]
    run.complete("undo-a")
    assert run.idle


def test_a_terminated_sub_process_leaves_nothing_to_undo() -> None:
    inner = [start("s"), service("a"), undo("a"), service("w"), end("e")]
    run = run_of(
        start(), sub_process("sub", *inner, flows=["s>a>w>e"]), boundary("late", "sub", timer("timeDuration", "PT1H")),
        throw("back", compensate()), end(), end("x"), flows=["start>sub>x", "late>back>end"],
    )  # fmt: skip
    run.complete("a")
    run.advance(3_600_000)
    assert run.idle and not run.state.compensations


def test_a_repeated_activity_is_undone_once() -> None:
    run = run_of(
        start(), service("a", content=loop("=[1,2,3]")), undo("a"), throw("back", compensate()), end(),
        flows=["start>a>back>end"],
    )  # fmt: skip
    for _ in range(3):
        run.complete("a")
    assert run.active() == ["back", "undo-a"]


def test_an_event_sub_process_undoes_what_the_scope_around_it_did() -> None:
    inner = [start("s", on("error", "bad")), end("e", compensate())]
    run = run_of(
        start(), service("a"), undo("a"), service("b"), end(),
        sub_process("rescue", *inner, flows=["s>e"], event=True),
        flows=["start>a>b>end"], roots=root("error", "bad", errorCode="bad"),
    )  # fmt: skip
    run.complete("a")
    run.throw("b", "bad")
    assert run.active() == ["e", "rescue", "undo-a"]
    run.complete("undo-a")
    assert run.idle


def test_a_called_process_is_opaque_and_its_call_may_be_undone() -> None:
    run = EngineRun()
    run.deploy(model(start(), service("a"), undo("a"), end(), flows=["start>a>end"], id_="c"))
    caller = model(
        start(), call("ring", "c"), undo("ring"), throw("back", compensate()), end(), flows=["start>ring>back>end"]
    )
    run.deploy(caller)
    run.create()
    run.complete("a")
    assert run.active() == ["back", "undo-ring"]


@pytest.mark.parametrize("kind", ["subProcess", "subProcessMany"])
def test_a_handler_may_be_a_sub_process(kind: str) -> None:
    many = loop("=[1,2]") if kind.endswith("Many") else ""
    body = start("s") + service("mend") + end("e") + "".join(
        tag("bpmn:sequenceFlow", id=f"{a}-{b}", sourceRef=a, targetRef=b) for a, b in [("s", "mend"), ("mend", "e")]
    )  # fmt: skip
    handler = node("subProcess", "undo-a", body + many, isForCompensation="true")
    run = run_of(
        start(), service("a"), undo("a", handler), throw("back", compensate()), end(), flows=["start>a>back>end"]
    )
    run.complete("a")
    for _ in range(2 if many else 1):
        run.complete("mend")
    assert run.idle


def test_a_handler_taken_away_does_not_hold_the_throw() -> None:
    run = run_of(*TWO, flows=["start>a>back>end", "b>end"])
    run.complete("a")
    handler = run.instance("undo-a")
    run.do(
        ValueType.PROCESS_INSTANCE_MODIFICATION,
        Intent.MODIFY,
        handler.process_instance_key,
        terminateInstructions=[{"elementInstanceKey": handler.key}],
    )
    assert run.idle and not run.state.compensations


def test_canceling_forgets_what_could_be_undone() -> None:
    run = run_of(*TWO, flows=["start>a>b>back>end"])
    run.complete("a")
    assert len(run.state.compensations) == 1
    (instance,) = run.state.process_instances()
    run.do(ValueType.PROCESS_INSTANCE, Intent.CANCEL, instance.key)
    assert run.idle and not run.state.compensations


def test_what_could_be_undone_survives_a_restart() -> None:
    run = run_of(*TWO, flows=["start>a>b>back>end"])
    run.complete("a")
    run.state = State.restore(run.state.snapshot())
    run.complete("b")
    assert run.active() == ["back", "undo-a", "undo-b"]


def rules(*elements: str, flows: list[str]) -> set[tuple[str, str]]:
    return {(each.element_id, each.rule) for each in check_bpmn(model(*elements, flows=flows), "p")}


def test_faults_are_found_at_deployment() -> None:
    a = service("a")
    handler = node("serviceTask", "h", "", tag("zeebe:taskDefinition", type="h"), isForCompensation="true")
    event = boundary("on", "a", compensate())
    line = tag("bpmn:association", id="l", sourceRef="on", targetRef="h")
    path = ["start>a>t>end"]
    plain = throw("t", compensate())
    assert ("h", "compensation-handler") in rules(start(), a, handler, plain, end(), flows=path)
    assert ("on", "compensation-handler") in rules(start(), a, event, plain, end(), flows=path)
    assert ("h", "compensation-handler") in rules(
        start(), a, event, handler, line, plain, end(), end("x"), flows=[*path, "h>x"]
    )
    assert ("on", "compensation-handler") in rules(start(), a, event, service("h"), line, plain, end(), flows=path)
    late = boundary("late", "h", timer("timeDuration", "PT1S"))
    assert ("h", "compensation-handler") in rules(
        start(), a, event, handler, line, late, plain, end(), end("x"), flows=[*path, "late>x"]
    )
    whole = (start(), a, event, handler, line, end())
    assert ("t", "compensation-throw") in rules(*whole, throw("t", compensate("nobody")), flows=path)
    assert ("t", "compensation-throw") in rules(*whole, throw("t", compensate(waitForCompletion="false")), flows=path)
    assert not rules(*whole, throw("t", compensate("a")), flows=path)


@pytest.mark.parametrize("mapped", [True, False])
def test_migration_keeps_what_can_be_undone_when_its_boundary_event_is_mapped(mapped: bool) -> None:
    run = run_of(*TWO, flows=["start>a>b>back>end"])
    run.complete("a")
    target = model(
        start(), service("a2"), undo("a2"), service("b"), throw("back", compensate()), end(),
        flows=["start>a2>b>back>end"], id_="p2",
    )  # fmt: skip
    definition = run.deploy(target)["processes"][0]["processDefinitionKey"]
    pairs = [("b", "b"), *([("on-a", "on-a2")] if mapped else [])]
    run.do(
        ValueType.PROCESS_INSTANCE_MIGRATION,
        Intent.MIGRATE,
        next(run.state.process_instances()).key,
        targetProcessDefinitionKey=definition,
        mappingInstructions=[{"sourceElementId": a, "targetElementId": b} for a, b in pairs],
    )
    run.complete("b")
    assert run.active() == (["back", "undo-a2"] if mapped else [])
