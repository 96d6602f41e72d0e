"""What may not be deployed, and why: element id, rule, reason."""

import pathlib

import pytest

from lienthong.engine.model.validation import check_bpmn
from lienthong.engine.model.xml import MAX_DEPTH

from .model_text import (
    boundary,
    call,
    catch,
    end,
    gateway,
    mapping,
    message,
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
    user,
)

REPOSITORY = pathlib.Path(__file__).parents[2]


def rules(content: bytes) -> set[tuple[str, str]]:
    """(element id, rule) of every finding."""
    return {(problem.element_id, problem.rule) for problem in check_bpmn(content, "p.bpmn")}


def task(content: str = "", **attributes: object) -> bytes:
    return model(start(), node("task", "t", content, **attributes), end(), flows=["start>t>end"])


UNSUPPORTED = {
    "standard loop": task(tag("bpmn:standardLoopCharacteristics")),
    "compensation of an event": model(node("startEvent", "t", isForCompensation="true"), end(), flows=["t>end"]),
    "listener": task(
        tag("bpmn:extensionElements", tag("zeebe:executionListeners", tag("zeebe:executionListener", type="x")))
    ),
    "unknown attribute": task(completionQuantity="2"),
    "loop cardinality": task(tag("bpmn:multiInstanceLoopCharacteristics", tag("bpmn:loopCardinality", "3"))),
    "data input of the engine": task(tag("bpmn:ioBinding")),
}


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_what_would_be_ignored_is_refused(name: str) -> None:
    assert ("t", "unsupported") in rules(UNSUPPORTED[name])


@pytest.mark.parametrize("kind", ["adHocSubProcess", "transaction", "complexGateway"])
def test_elements_that_do_not_run_are_refused_by_name(kind: str) -> None:
    content = model(start(), node(kind, "t"), end(), flows=["start>end"])
    (found,) = [problem for problem in check_bpmn(content, "p") if problem.rule == "unsupported"]
    assert found.element_id == "t" and "do not run here" in found.message


@pytest.mark.parametrize("kind", ["conditional", "cancel"])
def test_triggers_that_do_not_run_are_refused_by_name(kind: str) -> None:
    content = model(start(), throw("t", tag(f"bpmn:{kind}EventDefinition")), end(), flows=["start>t>end"])
    assert ("t", "unsupported") in rules(content)


RULES = {
    ("p", "start-event"): model(end(), flows=[]),
    ("t", "job"): model(start(), node("serviceTask", "t"), end(), flows=["start>t>end"]),
    ("g-a", "condition"): model(start(), gateway("exclusive", "g"), end("a"), end("b"), flows=["start>g>a", "g>b?=x"]),
    ("start-end", "condition"): model(start(), end(), flows=["start>end?=x"]),
    ("t", "default-flow"): model(start(), gateway("exclusive", "t", default="no"), end(), flows=["start>t>end"]),
    ("f", "sequence-flow"): model(
        start(), end(), tag("bpmn:sequenceFlow", id="f", sourceRef="start", targetRef="x"), flows=[]
    ),
    ("g", "event-gateway"): model(
        start(), gateway("eventBased", "g"), catch("c", timer("timeDuration", "PT1S")), end(), flows=["start>g>c>end"]
    ),
    ("b", "attached"): model(
        start(), boundary("b", "nobody", timer("timeDuration", "PT1S")), end(), flows=["start>end", "b>end"]
    ),
    ("b", "error-interrupts"): model(
        start(), service("w"), boundary("b", "w", on("error", ""), False), end(), end("x"), flows=["start>w>end", "b>x"]
    ),
    ("b2", "duplicate-event"): model(
        start(),
        service("w"),
        boundary("b1", "w", on("error", "")),
        boundary("b2", "w", on("error", "")),
        end(),
        end("x"),
        end("y"),
        flows=["start>w>end", "b1>x", "b2>y"],
    ),
    ("c", "timer"): model(start(), catch("c", timer("timeCycle", "R/PT1S")), end(), flows=["start>c>end"]),
    ("start", "timer"): model(start("start", timer("timeDuration", "PT1S")), end(), flows=["start>end"]),
    ("d", "timer"): model(start(), catch("d", timer("timeDuration", "1 hour")), end(), flows=["start>d>end"]),
    ("u", "date"): model(
        start(), user("u", tag("zeebe:taskSchedule", dueDate="2026-01-01")), end(), flows=["start>u>end"]
    ),
    ("c", "correlation-key"): model(
        start(), catch("c", on("message", "m")), end(), flows=["start>c>end"], roots=message("m", "go")
    ),
    ("c", "message-name"): model(start(), catch("c", on("message", "")), end(), flows=["start>c>end"]),
    ("c", "reference"): model(start(), catch("c", on("message", "none")), end(), flows=["start>c>end"]),
    ("t", "link"): model(start(), throw("t", on("link", "there")), flows=["start>t"]),
    ("e", "code"): model(start(), end("e", on("error", "x")), flows=["start>e"], roots=root("error", "x")),
    ("e", "no-outgoing"): model(start(), end("e"), end("x"), flows=["start>e>x"]),
    ("t", "mapping-target"): model(
        start(), service("t", more=mapping(**{"input_1a": "=1"})), end(), flows=["start>t>end"]
    ),
    ("t", "expression"): model(start(), service("t", "=1 +"), end(), flows=["start>t>end"]),
    ("c", "called-element"): model(start(), node("callActivity", "c"), end(), flows=["start>c>end"]),
    ("c", "binding"): model(start(), call("c", "x", bindingType="versionTag"), end(), flows=["start>c>end"]),
    ("u", "priority"): model(
        start(), user("u", tag("zeebe:priorityDefinition", priority="101")), end(), flows=["start>u>end"]
    ),
    ("u", "form"): model(start(), user("u", tag("zeebe:formDefinition", formKey="x")), end(), flows=["start>u>end"]),
    ("t", "multi-instance"): task(tag("bpmn:multiInstanceLoopCharacteristics")),
    ("sub", "start-event"): model(start(), sub_process("sub", end("e"), flows=[]), end(), flows=["start>sub>end"]),
    ("s", "trigger"): model(
        start(), sub_process("esp", start("s"), end("e"), flows=["s>e"], event=True), end(), flows=["start>end"]
    ),
    ("t", "headers"): task(
        tag("bpmn:extensionElements", tag("zeebe:taskHeaders", tag("zeebe:header", key="a", value="b")))
    ),
    ("t", "unique-id"): model(start(), node("task", "t"), node("task", "t"), end(), flows=["start>t>end"]),
    ("a", "straight-through-loop"): model(
        start(), node("task", "a"), gateway("exclusive", "b"), end(), flows=["start>a>b", "b>a?=x", "b>end?=y"]
    ),
}


@pytest.mark.parametrize("expected", RULES, ids="-".join)
def test_each_rule_names_the_element_at_fault(expected: tuple[str, str]) -> None:
    assert expected in rules(RULES[expected])


def test_a_loop_that_waits_somewhere_is_fine() -> None:
    content = model(start(), service("a"), gateway("exclusive", "b"), end(), flows=["start>a>b", "b>a?=x", "b>end?=y"])
    assert rules(content) == set()


def test_all_problems_are_reported_at_once() -> None:
    content = model(start(), node("serviceTask", "t"), node("callActivity", "c"), end(), flows=["start>t>c>end"])
    assert {("t", "job"), ("c", "called-element")} <= rules(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml",
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        b"<x/>",
        b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1),
        b"<a>" + b" " * (5 * 1024 * 1024) + b"</a>",
    ],
)
def test_hostile_files_are_one_clear_finding(content: bytes) -> None:
    (problem,) = check_bpmn(content, "p.bpmn")
    assert problem.rule == "readable" and problem.message.startswith("Expected")


def test_a_file_without_an_executable_process_is_refused() -> None:
    content = model(start(), end(), flows=["start>end"]).replace(b'isExecutable="true"', b'isExecutable="false"')
    assert rules(content) == {("", "executable")}


def test_the_models_of_the_house_are_deployable() -> None:
    files = sorted((REPOSITORY / "bpmn").rglob("*.bpmn"))
    assert files
    assert {file.name: check_bpmn(file.read_bytes(), file.name) for file in files} == {file.name: [] for file in files}
