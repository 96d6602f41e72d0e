"""The deploy-time catalogue, one row a rule: what it says, the finding it must make, a model that breaks it."""

from __future__ import annotations

from typing import NamedTuple

from .model_text import (
    boundary,
    call,
    catch,
    end,
    gateway,
    loop,
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

HOUR = timer("timeDuration", "PT1H")
TWO_TIMES = tag(
    "bpmn:timerEventDefinition", tag("bpmn:timeDuration", "PT1H") + tag("bpmn:timeDate", "2030-01-01T00:00:00Z")
)
KEYED = message("m", "go", "=key")
UNKEYED = message("m", "go")
SIGNAL = root("signal", "s", name="fire")
BOOM = root("error", "e", errorCode="boom")
UP = root("escalation", "x", escalationCode="up")
HANDLER = node("task", "undo", isForCompensation="true")
UNDONE = tag("bpmn:association", id="a", sourceRef="b", targetRef="undo")


class Row(NamedTuple):
    """One rule of the catalogue."""

    says: str
    element_id: str
    rule: str
    content: bytes


def task(id_: str = "t", content: str = "", extensions: str = "", /, kind: str = "task", **attributes: object) -> bytes:
    """A process of one element between start and end."""
    return model(start(), node(kind, id_, content, extensions, **attributes), end(), flows=[f"start>{id_}>end"])


def struck(*boundaries: str, roots: str = "", host: str = "") -> bytes:
    """A service task (or `host`) `w` with boundary events `b`, `b2` that lead to ends."""
    ids = ["b", "b2"][: len(boundaries)]
    ends = [end(f"end-{each}") for each in ids]
    flows = ["start>w>end", *(f"{each}>end-{each}" for each in ids)]
    return model(start(), host or service("w"), *boundaries, end(), *ends, flows=flows, roots=roots)


def event_sub(*starts: str, roots: str = "", beside: str = "") -> bytes:
    """A process with an event sub-process `esp` of these start events, the first of which is `s`."""
    sub = sub_process("esp", *starts, end("e"), flows=["s>e"], event=True)
    return model(start(), service("w"), sub, beside, end(), flows=["start>w>end"], roots=roots)


def choice(kind: str, *flows: str, **attributes: object) -> bytes:
    """A gateway `g` before the ends `a` and `b`."""
    return model(start(), gateway(kind, "g", **attributes), end("a"), end("b"), flows=["start>g", *flows])


def waits(*targets: str, flows: list[str], roots: str = "") -> bytes:
    """An event-based gateway `g` before `targets`."""
    return model(start(), gateway("eventBased", "g"), *targets, end(), flows=["start>g", *flows], roots=roots)


def header(key: str) -> str:
    """A task header."""
    return tag("zeebe:taskHeaders", tag("zeebe:header", key=key, value="v") + tag("zeebe:header", key="k", value="v"))


def undo(*more: str, host_boundary: str = "", handler: str = HANDLER, association: str = UNDONE) -> bytes:
    """A task `w` that `undo` undoes."""
    event = boundary("b", "w", on("compensate", ""))
    return model(start(), service("w"), event, handler, host_boundary, end(), *more, association, flows=["start>w>end"])


def throwing(content: str, **more: str) -> bytes:
    """A process with a compensation throw `c`."""
    return model(start(), service("w"), throw("c", content), end(), flows=["start>w>c>end"], **more)


PROCESS = [
    Row("a process has a start event", "p", "start-event", model(end(), flows=[])),
    Row("at most one none start event", "p", "start-event", model(start(), start("s2"), flows=[])),
    Row(
        "the message of a start event starts once",
        "s2",
        "duplicate-event",
        model(start("s1", on("message", "m")), start("s2", on("message", "m")), flows=[], roots=UNKEYED),
    ),
    Row(
        "the message name of a start event needs no variables",
        "s1",
        "start-name",
        model(start("s1", on("message", "m")), flows=[], roots=message("m", "=unknown")),
    ),
    Row(
        "the signal of a start event starts once",
        "s2",
        "duplicate-event",
        model(start("s1", on("signal", "s")), start("s2", on("signal", "s")), flows=[], roots=SIGNAL),
    ),
    Row(
        "the signal name of a start event needs no variables",
        "s1",
        "start-name",
        model(start("s1", on("signal", "s")), flows=[], roots=root("signal", "s", name='="fire" + unknown')),
    ),
    Row(
        "a start event has one definition at most",
        "start",
        "one-trigger",
        model(start("start", timer("timeDate", "2030-01-01T00:00:00Z") + on("signal", "s")), flows=[], roots=SIGNAL),
    ),
    Row(
        "a file holds an executable process",
        "",
        "executable",
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
    ),
    Row(
        "a version tag has a value",
        "p",
        "version-tag",
        model(start(), end(), flows=["start>end"], extensions=tag("zeebe:versionTag")),
    ),
    Row("ids are there", "p", "id", model(start(), "<bpmn:task/>", end(), flows=["start>end"])),
    Row("ids occur once", "t", "unique-id", model(start(), node("task", "t"), node("task", "t"), flows=["start>t"])),
]
FLOWS = [
    Row("a default flow only at a choosing gateway", "t", "default-flow", task(default="t-end")),
    Row(
        "the default flow leaves its gateway", "g", "default-flow", choice("exclusive", "g>a?=x", "g>b?=y", default="z")
    ),
    Row(
        "a condition only behind a choosing gateway",
        "start-end",
        "condition",
        model(start(), end(), flows=["start>end?=x"]),
    ),
    Row("a condition is an expression", "g-a", "condition", choice("exclusive", "g>a?x", "g>b?=y")),
    Row("every flow of a choice has a condition (exclusive)", "g-b", "condition", choice("exclusive", "g>a?=x", "g>b")),
    Row("every flow of a choice has a condition (inclusive)", "g-b", "condition", choice("inclusive", "g>a?=x", "g>b")),
    Row("a flow joins two elements", "start-x", "sequence-flow", model(start(), flows=["start>x"])),
    Row(
        "a flow stays in its scope",
        "start-in",
        "sequence-flow",
        model(start(), sub_process("sub", start("in"), end("e"), flows=["in>e"]), flows=["start>in"]),
    ),
    Row(
        "no straight-through loop",
        "t",
        "straight-through-loop",
        model(start(), node("task", "t"), gateway("exclusive", "g"), end(), flows=["start>t>g", "g>t?=x", "g>end?=y"]),
    ),
]
GATEWAYS = [
    Row("an event-based gateway has two ways", "g", "event-gateway", waits(catch("c", HOUR), flows=["g>c>end"])),
    Row(
        "behind it are catch events",
        "t",
        "event-gateway",
        waits(catch("c", HOUR), node("task", "t"), flows=["g>c>end", "g>t>end"]),
    ),
    Row(
        "a receive task is none",
        "r",
        "event-gateway",
        waits(catch("c", HOUR), node("receiveTask", "r", messageRef="m"), flows=["g>c>end", "g>r>end"], roots=KEYED),
    ),
    Row(
        "a link is none",
        "l",
        "event-gateway",
        waits(catch("c", HOUR), catch("l", on("link", "there")), flows=["g>c>end", "g>l>end"]),
    ),
    Row(
        "only the gateway leads to them",
        "c",
        "event-gateway",
        waits(catch("c", HOUR), catch("d", HOUR), node("task", "t"), flows=["g>c>end", "g>d>end", "t>c"]),
    ),
    Row(
        "its messages differ",
        "d",
        "event-gateway",
        waits(
            catch("c", on("message", "m")), catch("d", on("message", "m")), flows=["g>c>end", "g>d>end"], roots=KEYED
        ),
    ),
]
CATCHING = [
    Row("an intermediate catch event waits for something", "c", "trigger", task("c", kind="intermediateCatchEvent")),
    Row(
        "not for an error", "c", "trigger", model(start(), catch("c", on("error", "e")), flows=["start>c"], roots=BOOM)
    ),
    Row(
        "nor an escalation",
        "c",
        "trigger",
        model(start(), catch("c", on("escalation", "x")), flows=["start>c"], roots=UP),
    ),
    Row(
        "a timer there has no cycle",
        "c",
        "timer",
        model(start(), catch("c", timer("timeCycle", "R/PT1H")), flows=["start>c"]),
    ),
    Row(
        "a timer says one thing",
        "c",
        "timer",
        model(
            start(),
            catch("c", TWO_TIMES),
            flows=["start>c"],
        ),
    ),
    Row(
        "a timer says something",
        "c",
        "timer",
        model(start(), catch("c", tag("bpmn:timerEventDefinition")), flows=["start>c"]),
    ),
    Row(
        "a duration is one",
        "c",
        "timer",
        model(start(), catch("c", timer("timeDuration", "1 hour")), flows=["start>c"]),
    ),
    Row("a date is one", "c", "timer", model(start(), catch("c", timer("timeDate", "tomorrow")), flows=["start>c"])),
    Row("a cycle is one", "start", "timer", model(start("start", timer("timeCycle", "daily")), flows=[])),
    Row("a start timer has no duration", "start", "timer", model(start("start", HOUR), flows=[])),
    Row("a message is there", "c", "reference", model(start(), catch("c", on("message", "none")), flows=["start>c"])),
    Row(
        "a message has a name",
        "c",
        "message-name",
        model(start(), catch("c", on("message", "m")), flows=["start>c"], roots=node("message", "m")),
    ),
    Row(
        "a caught message has a key",
        "c",
        "correlation-key",
        model(start(), catch("c", on("message", "m")), flows=["start>c"], roots=UNKEYED),
    ),
    Row(
        "the key is an expression",
        "c",
        "correlation-key",
        model(start(), catch("c", on("message", "m")), flows=["start>c"], roots=message("m", "go", "fixed")),
    ),
    Row("a receive task has a message", "r", "message-name", task("r", kind="receiveTask")),
    Row(
        "its message has a key",
        "r",
        "correlation-key",
        model(start(), node("receiveTask", "r", messageRef="m"), flows=["start>r"], roots=UNKEYED),
    ),
    Row(
        "a signal has a name",
        "c",
        "signal-name",
        model(start(), catch("c", on("signal", "s")), flows=["start>c"], roots=root("signal", "s")),
    ),
    Row(
        "a signal is named by its event",
        "c",
        "signal-name",
        model(start(), catch("c", on("signal", "")), flows=["start>c"]),
    ),
    Row(
        "a link has a name",
        "c",
        "link-name",
        model(start(), catch("c", tag("bpmn:linkEventDefinition")), end(), flows=["start>end", "c>end"]),
    ),
    Row(
        "a link has one landing",
        "d",
        "link",
        model(
            start(),
            catch("c", on("link", "x")),
            catch("d", on("link", "x")),
            end("e1"),
            end("e2"),
            flows=["c>e1", "d>e2"],
        ),
    ),
    Row("a link is caught", "t", "link", model(start(), throw("t", on("link", "there")), flows=["start>t"])),
    Row(
        "a link is caught in its own scope",
        "t",
        "link",
        model(
            start(),
            sub_process("sub", start("in"), throw("t", on("link", "x")), flows=["in>t"]),
            catch("c", on("link", "x")),
            end(),
            flows=["start>sub", "c>end"],
        ),
    ),
]
BOUNDARIES = [
    Row("a boundary event hangs on an activity", "b", "attached", struck(boundary("b", "nobody", HOUR))),
    Row(
        "not on a gateway",
        "b",
        "attached",
        model(
            start(), gateway("parallel", "g"), boundary("b", "g", HOUR), end(), end("x"), flows=["start>g>end", "b>x"]
        ),
    ),
    Row(
        "not on an event",
        "b",
        "attached",
        model(start(), catch("c", HOUR), boundary("b", "c", HOUR), end(), end("x"), flows=["start>c>end", "b>x"]),
    ),
    Row("it waits for something", "b", "trigger", struck(boundary("b", "w", ""))),
    Row("not for a termination", "b", "trigger", struck(boundary("b", "w", on("terminate", "")))),
    Row("not for a link", "b", "trigger", struck(boundary("b", "w", on("link", "x")))),
    Row(
        "nothing leads to it",
        "b",
        "no-incoming",
        model(start(), service("w"), boundary("b", "w", HOUR), end(), flows=["start>w>end", "start>b>end"]),
    ),
    Row(
        "it leads somewhere",
        "b",
        "outgoing",
        model(start(), service("w"), boundary("b", "w", HOUR), end(), flows=["start>w>end"]),
    ),
    Row(
        "an error interrupts", "b", "error-interrupts", struck(boundary("b", "w", on("error", "e"), False), roots=BOOM)
    ),
    Row(
        "an error is caught once",
        "b2",
        "duplicate-event",
        struck(boundary("b", "w", on("error", "e")), boundary("b2", "w", on("error", "e")), roots=BOOM),
    ),
    Row(
        "so is every error",
        "b2",
        "duplicate-event",
        struck(boundary("b", "w", on("error", "")), boundary("b2", "w", on("error", ""))),
    ),
    Row(
        "a message is caught once",
        "b2",
        "duplicate-event",
        struck(boundary("b", "w", on("message", "m")), boundary("b2", "w", on("message", "m")), roots=KEYED),
    ),
    Row(
        "a signal is caught once",
        "b2",
        "duplicate-event",
        struck(boundary("b", "w", on("signal", "s")), boundary("b2", "w", on("signal", "s")), roots=SIGNAL),
    ),
    Row(
        "an escalation is caught once",
        "b2",
        "duplicate-event",
        struck(
            boundary("b", "w", on("escalation", "x")),
            boundary("b2", "w", on("escalation", "x"), False),
            roots=UP,
            host=call("w", "q"),
        ),
    ),
    Row(
        "so is every escalation",
        "b2",
        "duplicate-event",
        struck(
            boundary("b", "w", on("escalation", "")), boundary("b2", "w", on("escalation", "")), host=call("w", "q")
        ),
    ),
    Row(
        "an escalation only comes out of a scope or call",
        "b",
        "escalation-host",
        struck(boundary("b", "w", on("escalation", "x")), roots=UP),
    ),
    Row(
        "a named error has a code",
        "b",
        "code",
        struck(boundary("b", "w", on("error", "e")), roots=root("error", "e", name="any")),
    ),
    Row(
        "a caught error code is static",
        "b",
        "code",
        struck(boundary("b", "w", on("error", "e")), roots=root("error", "e", errorCode="=x")),
    ),
    Row(
        "a caught escalation code is static",
        "b",
        "code",
        struck(
            boundary("b", "w", on("escalation", "x")),
            roots=root("escalation", "x", escalationCode="=x"),
            host=call("w", "q"),
        ),
    ),
]
ENDS = [
    Row(
        "a thrown message has a key where it is named",
        "e",
        "correlation-key",
        model(
            start(),
            node("endEvent", "e", on("message", "m"), tag("zeebe:taskDefinition", type="mail")),
            flows=["start>e"],
            roots=UNKEYED,
        ),
    ),
    Row("an end event does not wait", "e", "trigger", model(start(), end("e", HOUR), flows=["start>e"])),
    Row("nothing leaves an end event", "e", "no-outgoing", model(start(), end("e"), end("x"), flows=["start>e>x"])),
    Row(
        "nothing enters a start event",
        "start",
        "no-incoming",
        model(start(), node("task", "t"), flows=["start>t>start"]),
    ),
    Row(
        "a thrown error has a code",
        "e",
        "code",
        model(start(), end("e", on("error", "e")), flows=["start>e"], roots=root("error", "e")),
    ),
    Row(
        "a thrown escalation has a code",
        "e",
        "code",
        model(start(), end("e", on("escalation", "x")), flows=["start>e"], roots=root("escalation", "x")),
    ),
    Row(
        "a thrown signal has a name", "e", "signal-name", model(start(), end("e", on("signal", "")), flows=["start>e"])
    ),
    Row(
        "a thrown message is a job",
        "e",
        "job",
        model(start(), end("e", on("message", "m")), flows=["start>e"], roots=UNKEYED),
    ),
    Row("a throw event does not wait", "t", "trigger", model(start(), throw("t", HOUR), flows=["start>t"])),
    Row(
        "a throw event does not terminate",
        "t",
        "trigger",
        model(start(), throw("t", on("terminate", "")), flows=["start>t"]),
    ),
    Row(
        "an error is thrown at an end",
        "t",
        "trigger",
        model(start(), throw("t", on("error", "e")), flows=["start>t"], roots=BOOM),
    ),
]
SUB_PROCESSES = [
    Row(
        "an event sub-process has one start",
        "esp",
        "start-event",
        event_sub(start("s", HOUR), start("s2", on("signal", "s")), roots=SIGNAL),
    ),
    Row("that waits for something", "s", "trigger", event_sub(start("s"))),
    Row("not for compensation", "s", "trigger", event_sub(start("s", on("compensate", "")))),
    Row(
        "an error interrupts",
        "s",
        "error-interrupts",
        event_sub(start("s", on("error", "e"), isInterrupting="false"), roots=BOOM),
    ),
    Row("an interrupting one has no cycle", "s", "timer", event_sub(start("s", timer("timeCycle", "R/PT1H")))),
    Row("its message has a key", "s", "correlation-key", event_sub(start("s", on("message", "m")), roots=UNKEYED)),
    Row(
        "nothing leads to it",
        "esp",
        "no-flows",
        model(start(), sub_process("esp", start("s", HOUR), end("e"), flows=["s>e"], event=True), flows=["start>esp"]),
    ),
    Row(
        "two do not catch the same",
        "s2",
        "duplicate-event",
        event_sub(
            start("s", on("error", "e")),
            roots=BOOM,
            beside=sub_process("esp2", start("s2", on("error", "e")), end("e2"), flows=["s2>e2"], event=True),
        ),
    ),
    Row(
        "an embedded one has a start",
        "sub",
        "start-event",
        model(start(), sub_process("sub", end("e"), flows=[]), flows=["start>sub"]),
    ),
    Row(
        "exactly one",
        "sub",
        "start-event",
        model(start(), sub_process("sub", start("a"), start("b"), flows=[]), flows=["start>sub"]),
    ),
    Row(
        "a none start",
        "sub",
        "start-event",
        model(start(), sub_process("sub", start("a", HOUR), flows=[]), flows=["start>sub"]),
    ),
]
COMPENSATION = [
    Row(
        "a throw waits for its handlers",
        "c",
        "compensation-throw",
        throwing(tag("bpmn:compensateEventDefinition", waitForCompletion="false")),
    ),
    Row(
        "the activity that it names exists",
        "c",
        "compensation-throw",
        throwing(tag("bpmn:compensateEventDefinition", activityRef="nobody")),
    ),
    Row(
        "and can be undone", "c", "compensation-throw", throwing(tag("bpmn:compensateEventDefinition", activityRef="w"))
    ),
    Row("a boundary event has a handler", "b", "compensation-handler", undo(association="")),
    Row("a handler is marked as one", "b", "compensation-handler", undo(handler=node("task", "undo"))),
    Row(
        "a handler has no flow",
        "undo",
        "compensation-handler",
        undo(tag("bpmn:sequenceFlow", id="f", sourceRef="undo", targetRef="end")),
    ),
    Row("a handler has no boundary event", "undo", "compensation-handler", undo(boundary("late", "undo", HOUR))),
    Row(
        "somebody leads to a handler",
        "undo",
        "compensation-handler",
        model(start(), HANDLER, end(), flows=["start>end"]),
    ),
    Row(
        "no flow leaves a compensation boundary event",
        "b",
        "compensation-handler",
        undo(tag("bpmn:sequenceFlow", id="f", sourceRef="b", targetRef="end")),
    ),
]
ACTIVITIES = [
    *[
        Row(f"{kind} says what is done", "t", "job", task("t", kind=kind))
        for kind in ("serviceTask", "sendTask", "scriptTask", "businessRuleTask")
    ],
    Row(
        "a script or a job, not both",
        "t",
        "job",
        task(
            "t",
            "",
            tag("zeebe:taskDefinition", type="x") + tag("zeebe:script", expression="=1", resultVariable="r"),
            kind="scriptTask",
        ),
    ),
    Row(
        "a decision or a job, not both",
        "t",
        "job",
        task(
            "t",
            "",
            tag("zeebe:taskDefinition", type="x") + tag("zeebe:calledDecision", decisionId="d", resultVariable="r"),
            kind="businessRuleTask",
        ),
    ),
    Row("a job has a type", "t", "job-type", task("t", "", tag("zeebe:taskDefinition"), kind="serviceTask")),
    Row("retries are a number", "t", "job-retries", model(start(), service("t", retries="many"), flows=["start>t"])),
    Row("a script has a result", "t", "script", task("t", "", tag("zeebe:script", expression="=1"), kind="scriptTask")),
    Row(
        "a decision has a result",
        "t",
        "decision",
        task("t", "", tag("zeebe:calledDecision", decisionId="d"), kind="businessRuleTask"),
    ),
    Row(
        "a result variable has a name",
        "t",
        "variable-name",
        task("t", "", tag("zeebe:script", expression="=1", resultVariable="a b"), kind="scriptTask"),
    ),
    Row("a call names its process", "c", "called-element", task("c", kind="callActivity")),
    Row("a call names it with something", "c", "called-element", model(start(), call("c", ""), flows=["start>c"])),
    Row(
        "a bound version tag is given",
        "c",
        "binding",
        model(start(), call("c", "q", bindingType="versionTag"), flows=["start>c"]),
    ),
    Row(
        "a binding is a known one",
        "c",
        "binding",
        model(start(), call("c", "q", bindingType="newest"), flows=["start>c"]),
    ),
    Row(
        "a decision's version tag is static",
        "t",
        "version-tag",
        task(
            "t",
            "",
            tag("zeebe:calledDecision", decisionId="d", resultVariable="r", bindingType="versionTag", versionTag="=x"),
            kind="businessRuleTask",
        ),
    ),
    Row(
        "multi-instance has a collection",
        "t",
        "multi-instance",
        task("t", tag("bpmn:multiInstanceLoopCharacteristics")),
    ),
    Row("that is an expression", "t", "multi-instance", task("t", loop("items"))),
    Row(
        "an output collection has an element", "t", "multi-instance", task("t", loop("=items", outputCollection="out"))
    ),
    Row("an output element has a collection", "t", "multi-instance", task("t", loop("=items", outputElement="=x"))),
    Row(
        "an output collection has a name",
        "t",
        "variable-name",
        task("t", loop("=items", outputCollection="1st", outputElement="=x")),
    ),
    Row("an input element has a name", "t", "variable-name", task("t", loop("=items", "an item"))),
    Row(
        "a completion condition is an expression",
        "t",
        "multi-instance",
        task("t", loop("=items", more=tag("bpmn:completionCondition", "true"))),
    ),
]
MAPPINGS = [
    Row(
        "a target is a path",
        "t",
        "mapping-target",
        model(start(), service("t", more=mapping(**{"input_1a": "=1"})), flows=["start>t"]),
    ),
    Row(
        "of ASCII names",
        "t",
        "mapping-target",
        model(start(), service("t", more=mapping(input_số="=1")), flows=["start>t"]),
    ),
    Row("not empty", "t", "mapping-target", model(start(), service("t", more=mapping(input_="=1")), flows=["start>t"])),
    Row(
        "not a word of FEEL",
        "t",
        "mapping-target",
        model(start(), service("t", more=mapping(output_null="=1")), flows=["start>t"]),
    ),
    Row(
        "an output has a source",
        "t",
        "mapping-source",
        model(start(), service("t", more=tag("zeebe:ioMapping", tag("zeebe:output", target="a"))), flows=["start>t"]),
    ),
    Row("header keys occur once", "t", "header-key", model(start(), service("t", more=header("k")), flows=["start>t"])),
    Row(
        "and are not the engine's",
        "t",
        "header-key",
        model(start(), service("t", more=header("io.camunda.zeebe:x")), flows=["start>t"]),
    ),
    Row("a job type is FEEL or text", "t", "expression", model(start(), service("t", "=1 +"), flows=["start>t"])),
    Row("a condition parses", "g-a", "expression", choice("exclusive", "g>a?=1 +", "g>b?=y")),
    Row(
        "a mapping parses",
        "t",
        "expression",
        model(start(), service("t", more=mapping(input_a="=[1")), flows=["start>t"]),
    ),
    Row(
        "a correlation key parses",
        "c",
        "expression",
        model(start(), catch("c", on("message", "m")), flows=["start>c"], roots=message("m", "go", "=(1")),
    ),
    Row("a collection parses", "t", "expression", task("t", loop("=for"))),
    Row(
        "a timer parses",
        "c",
        "expression",
        model(start(), catch("c", timer("timeDuration", "=duration(")), flows=["start>c"]),
    ),
]
USER_TASKS = [
    Row(
        "a priority is at most 100",
        "u",
        "priority",
        model(start(), user("u", tag("zeebe:priorityDefinition", priority="101")), flows=["start>u"]),
    ),
    Row(
        "and a whole number",
        "u",
        "priority",
        model(start(), user("u", tag("zeebe:priorityDefinition", priority="high")), flows=["start>u"]),
    ),
    Row(
        "a due date is zoned",
        "u",
        "date",
        model(start(), user("u", tag("zeebe:taskSchedule", dueDate="2026-01-01")), flows=["start>u"]),
    ),
    Row(
        "so is a follow-up date",
        "u",
        "date",
        model(start(), user("u", tag("zeebe:taskSchedule", followUpDate="soon")), flows=["start>u"]),
    ),
    Row(
        "a native task has no form key",
        "u",
        "form",
        model(start(), user("u", tag("zeebe:formDefinition", formKey="k")), flows=["start>u"]),
    ),
    Row(
        "a job-based one no external reference",
        "u",
        "form",
        task("u", "", tag("zeebe:formDefinition", externalReference="r"), kind="userTask"),
    ),
    Row(
        "one form",
        "u",
        "form",
        model(start(), user("u", tag("zeebe:formDefinition", formId="f", externalReference="r")), flows=["start>u"]),
    ),
    Row(
        "a form definition names a form",
        "u",
        "form",
        model(start(), user("u", tag("zeebe:formDefinition")), flows=["start>u"]),
    ),
    Row(
        "at a start event too",
        "start",
        "form",
        model(node("startEvent", "start", "", tag("zeebe:formDefinition")), flows=[]),
    ),
]
NOT_RUN = [
    *[
        Row(f"{kind} does not run", "t", "unsupported", task("t", kind=kind))
        for kind in ("adHocSubProcess", "transaction", "complexGateway")
    ],
    Row("nor does the standard loop", "t", "unsupported", task("t", tag("bpmn:standardLoopCharacteristics"))),
    Row(
        "a receive task that starts a process",
        "t",
        "unsupported",
        model(start(), node("receiveTask", "t", messageRef="m", instantiate="true"), flows=["start>t"], roots=KEYED),
    ),
    Row(
        "a conditional event",
        "c",
        "unsupported",
        model(start(), catch("c", tag("bpmn:conditionalEventDefinition")), flows=["start>c"]),
    ),
    Row(
        "a cancel event",
        "e",
        "unsupported",
        model(start(), end("e", tag("bpmn:cancelEventDefinition")), flows=["start>e"]),
    ),
    Row(
        "several triggers at once",
        "c",
        "one-trigger",
        model(start(), catch("c", HOUR + on("signal", "s")), flows=["start>c"], roots=SIGNAL),
    ),
    Row(
        "all of several triggers",
        "c",
        "unsupported",
        model(start(), node("intermediateCatchEvent", "c", HOUR, parallelMultiple="true"), flows=["start>c"]),
    ),
    Row(
        "execution listeners (left for later)",
        "t",
        "unsupported",
        task("t", "", tag("zeebe:executionListeners", tag("zeebe:executionListener", eventType="start", type="x"))),
    ),
    Row(
        "task listeners (left for later)",
        "u",
        "unsupported",
        model(
            start(),
            user("u", tag("zeebe:taskListeners", tag("zeebe:taskListener", eventType="creating", type="x"))),
            flows=["start>u"],
        ),
    ),
    Row("a business id", "c", "unsupported", model(start(), call("c", "q", businessId="b"), flows=["start>c"])),
    Row(
        "a job priority",
        "t",
        "unsupported",
        model(start(), service("t", more=tag("zeebe:jobPriorityDefinition", priority="1")), flows=["start>t"]),
    ),
]
ROWS = [
    *PROCESS,
    *FLOWS,
    *GATEWAYS,
    *CATCHING,
    *BOUNDARIES,
    *ENDS,
    *SUB_PROCESSES,
    *COMPENSATION,
    *ACTIVITIES,
    *MAPPINGS,
    *USER_TASKS,
    *NOT_RUN,
]
