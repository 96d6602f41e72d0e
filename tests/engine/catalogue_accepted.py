"""Models at the edge of a rule that Camunda 8.8 accepts: each must be deployable."""

from __future__ import annotations

from .catalogue_rows import BOOM, HANDLER, HOUR, KEYED, SIGNAL, UNDONE, UNKEYED, UP, event_sub, struck, task, waits
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

ESCALATIONS = UP + root("escalation", "y", escalationCode="over")
TWO_ERRORS = BOOM + root("error", "f", errorCode="bang")
CATCH_ALL = [boundary("b", "w", on("error", "e")), boundary("b2", "w", on("error", ""))]
TIMER_BESIDE_TIMER = [boundary("b", "w", HOUR), boundary("b2", "w", HOUR, False)]
ACCEPTED: dict[str, bytes] = {
    "several typed start events beside a none start": model(
        start(),
        start("a", on("message", "m")),
        start("b", timer("timeCycle", "R/P1D")),
        start("c", on("signal", "s")),
        end(),
        flows=["start>end", "a>end", "b>end", "c>end"],
        roots=UNKEYED + SIGNAL,
    ),
    "a start message named by an expression without variables": model(
        start("a", on("message", "m")), flows=[], roots=message("m", '="go" + "-" + string(1)')
    ),
    "a start timer in cron": model(start("a", timer("timeCycle", "0 0 9 * * MON-FRI")), flows=[]),
    "a start date": model(start("a", timer("timeDate", "2030-01-01T00:00:00+07:00")), flows=[]),
    "one unconditional flow behind a choice": model(start(), gateway("exclusive", "g"), end(), flows=["start>g>end"]),
    "a default flow of an inclusive gateway": model(
        start(), gateway("inclusive", "g", default="g-a"), end("a"), end("b"), flows=["start>g>a", "g>b?=x"]
    ),
    "a default flow with a condition": model(
        start(), gateway("exclusive", "g", default="g-a"), end("a"), end("b"), flows=["start>g", "g>a?=y", "g>b?=x"]
    ),
    "a parallel gateway with one way": model(start(), gateway("parallel", "g"), end(), flows=["start>g>end"]),
    "an activity where flows meet and part without a gateway": model(
        start(), node("task", "t"), end("a"), end("b"), flows=["start>t>a", "t>b"]
    ),
    "an element that nothing leads to": model(start(), node("task", "t"), end(), flows=["start>end"]),
    "an event-based gateway over message, timer and signal": waits(
        catch("c", on("message", "m")),
        catch("d", HOUR),
        catch("e", on("signal", "s")),
        flows=["g>c>end", "g>d>end", "g>e>end"],
        roots=KEYED + SIGNAL,
    ),
    "an exact error beside a catch-all": struck(*CATCH_ALL, roots=BOOM),
    "two errors": struck(boundary("b", "w", on("error", "e")), boundary("b2", "w", on("error", "f")), roots=TWO_ERRORS),
    "two timers on one activity": struck(*TIMER_BESIDE_TIMER),
    "a cycle that does not interrupt": struck(boundary("b", "w", timer("timeCycle", "R3/PT1H"), False)),
    "an interrupting boundary date": struck(boundary("b", "w", timer("timeDate", "2030-01-01T00:00:00Z"))),
    "an escalation on a call activity, not interrupting": struck(
        boundary("b", "w", on("escalation", "x"), False), roots=UP, host=call("w", "q")
    ),
    "two escalations on a sub-process": struck(
        boundary("b", "w", on("escalation", "x")),
        boundary("b2", "w", on("escalation", "y"), False),
        roots=ESCALATIONS,
        host=sub_process("w", start("in"), end("out"), flows=["in>out"]),
    ),
    "a thrown error code by expression": model(
        start(), end("end", on("error", "e")), flows=["start>end"], roots=root("error", "e", errorCode='="a" + b')
    ),
    "a thrown escalation code by expression": model(
        start(), end("e", on("escalation", "x")), flows=["start>e"], roots=root("escalation", "x", escalationCode="=c")
    ),
    "a thrown signal by expression": model(
        start(), end("e", on("signal", "s")), flows=["start>e"], roots=root("signal", "s", name="=name")
    ),
    "a thrown message as a job": model(
        start(),
        node("intermediateThrowEvent", "t", on("message", "m"), tag("zeebe:taskDefinition", type="mail")),
        end(),
        flows=["start>t>end"],
        roots=KEYED,
    ),
    "a message whose name and key are expressions": model(
        start(), catch("c", on("message", "m")), end(), flows=["start>c>end"], roots=message("m", "=a", "=b")
    ),
    "a none throw event": model(start(), throw("t"), end(), flows=["start>t>end"]),
    "a link within a sub-process": model(
        start(),
        sub_process("sub", start("in"), throw("a", on("link", "x")), catch("b", on("link", "x")), flows=["in>a"]),
        end(),
        flows=["start>sub>end"],
    ),
    "two throws of one link": model(
        start(),
        gateway("parallel", "g"),
        throw("a", on("link", "x")),
        throw("b", on("link", "x")),
        catch("c", on("link", "x")),
        end(),
        flows=["start>g>a", "g>b", "c>end"],
    ),
    "an error event sub-process for every error": event_sub(start("s", on("error", ""))),
    "an escalation event sub-process, not interrupting": event_sub(
        start("s", on("escalation", "x"), isInterrupting="false"), roots=UP
    ),
    "a cycle in an event sub-process that does not interrupt": event_sub(
        start("s", timer("timeCycle", "R/PT1H"), isInterrupting="false")
    ),
    "an event sub-process in an event sub-process": model(
        start(),
        service("w"),
        sub_process(
            "esp",
            start("s", HOUR),
            sub_process("inner", start("t", HOUR), end("f"), flows=["t>f"], event=True),
            end("e"),
            flows=["s>e"],
            event=True,
        ),
        end(),
        flows=["start>w>end"],
    ),
    "a compensated sub-process": model(
        start(),
        sub_process("w", start("in"), service("inside"), end("out"), flows=["in>inside>out"]),
        boundary("b", "w", on("compensate", "")),
        HANDLER,
        throw("c", tag("bpmn:compensateEventDefinition", activityRef="w", waitForCompletion="true")),
        end(),
        UNDONE,
        flows=["start>w>c>end"],
    ),
    "compensation of a sub-process without a handler of its own": model(
        start(),
        sub_process("w", start("in"), service("inside"), end("out"), flows=["in>inside>out"]),
        throw("c", tag("bpmn:compensateEventDefinition", activityRef="w")),
        end(),
        flows=["start>w>c>end"],
    ),
    "a compensation end event": model(start(), end("e", on("compensate", "")), flows=["start>e"]),
    "a script task as a job": task("t", "", tag("zeebe:taskDefinition", type="x"), kind="scriptTask"),
    "a business rule task as a job": task("t", "", tag("zeebe:taskDefinition", type="x"), kind="businessRuleTask"),
    "retries and job type by expression": model(
        start(), service("t", "=kind", retries="=n"), end(), flows=["start>t>end"]
    ),
    "a decision by expression, bound to its deployment": task(
        "t",
        "",
        tag("zeebe:calledDecision", decisionId="=d", resultVariable="r", bindingType="deployment"),
        kind="businessRuleTask",
    ),
    "a call by expression that passes nothing on": model(
        start(),
        call("c", "=q", propagateAllParentVariables="false", propagateAllChildVariables="false"),
        end(),
        flows=["start>c>end"],
    ),
    "multi-instance with everything": task(
        "t",
        loop(
            "=items",
            more=tag("bpmn:completionCondition", "=done"),
            outputCollection="results",
            outputElement="=result",
        ),
    ),
    "multi-instance of an event's host": struck(boundary("b", "w", HOUR), host=node("task", "w", loop("=items"))),
    "an input without a source, which is null": model(
        start(), service("t", more=tag("zeebe:ioMapping", tag("zeebe:input", target="a"))), end(), flows=["start>t>end"]
    ),
    "a static input": model(start(), service("t", more=mapping(input_a="text")), end(), flows=["start>t>end"]),
    "nested targets": model(start(), service("t", more=mapping(output_a__b__c="=1")), end(), flows=["start>t>end"]),
    "a job-based user task with a linked form": task("u", "", tag("zeebe:formDefinition", formId="f"), kind="userTask"),
    "a job-based user task with a form key": task("u", "", tag("zeebe:formDefinition", formKey="k"), kind="userTask"),
    "a native user task with an external form": model(
        start(), user("u", tag("zeebe:formDefinition", externalReference="r")), end(), flows=["start>u>end"]
    ),
    "a priority by expression": model(
        start(), user("u", tag("zeebe:priorityDefinition", priority="=p")), end(), flows=["start>u>end"]
    ),
    "a start form": model(
        node("startEvent", "start", "", tag("zeebe:formDefinition", formId="f")), end(), flows=["start>end"]
    ),
    "properties, which nobody runs": task("t", "", tag("zeebe:properties", tag("zeebe:property", name="a", value="b"))),
    "what is only drawn": model(
        start(),
        end(),
        tag("bpmn:textAnnotation", tag("bpmn:text", "note"), id="note"),
        tag("bpmn:dataObject", id="data"),
        tag("bpmn:dataObjectReference", id="ref", dataObjectRef="data"),
        tag("bpmn:group", id="group"),
        flows=["start>end"],
    ),
    "a process beside one that does not run": model(start(), end(), flows=["start>end"]).replace(
        b"</bpmn:definitions>",
        b'<bpmn:process id="drawn" isExecutable="false"><bpmn:startEvent id="x"/></bpmn:process></bpmn:definitions>',
    ),
}
