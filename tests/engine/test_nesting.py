"""Where several things meet: events within events, repetition within scopes, calls within repetition."""

from lienthong.engine.protocol.records import Intent, ValueType

from .engine_run import EngineRun
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
)
from .test_operations import migrate

HOUR = 3_600_000
REPEATED = tag(
    "bpmn:multiInstanceLoopCharacteristics",
    tag("bpmn:extensionElements", tag("zeebe:loopCharacteristics", inputCollection="=items", inputElement="item")),
)
BOOM = root("error", "e1", errorCode="boom")


def test_an_event_sub_process_of_a_repeated_sub_process_strikes_its_own_instance_only() -> None:
    run = EngineRun()
    inner = sub_process("esp", start("struck", on("message", "m")), end("ee"), flows=["struck>ee"], event=True)
    sub = sub_process("sub", start("s"), service("work"), end("e"), inner, flows=["s>work>e"], content=REPEATED)
    run.deploy(model(start(), sub, end(), flows=["start>sub>end"], roots=message("m", "go", "=item")))
    run.create(items=["a", "b"])
    run.publish("go", "a")
    assert [job["variables"]["item"] for job in run.activate("work")] == ["b"]
    run.do(ValueType.JOB, Intent.COMPLETE, next(iter(run.state.jobs)))
    assert run.idle and not run.state.subscriptions


def test_calls_repeat_and_each_called_instance_sees_its_item() -> None:
    run = EngineRun()
    run.deploy(
        model(start(), service("work"), end(), flows=["start>work>end"], id_="child"),
        model(start(), call("call", "child", content=REPEATED), end(), flows=["start>call>end"]),
    )
    run.create(items=["a", "b"])
    assert [job["variables"]["item"] for job in run.activate("work")] == ["a", "b"]
    for key in list(run.state.jobs):
        run.do(ValueType.JOB, Intent.COMPLETE, key)
    assert run.idle


def test_an_error_thrown_within_an_event_sub_process_goes_outward_not_round_in_it() -> None:
    run = EngineRun()
    inner = sub_process(
        "esp", start("struck", on("error", "e1")), service("handle"), end("ee"), flows=["struck>handle>ee"], event=True
    )
    sub = sub_process("sub", start("s"), service("work"), end("e"), inner, flows=["s>work>e"])
    outer = boundary("outer", "sub", on("error", "e1"))
    run.deploy(model(start(), sub, outer, end(), end("x"), flows=["start>sub>end", "outer>x"], roots=BOOM))
    run.create()
    run.throw("work", "boom")
    assert run.active() == ["esp", "handle", "sub"]
    run.throw("handle", "boom")
    assert run.idle and run.trace()[-3:] == ["outer", "x", "p"]


def test_an_interrupting_event_sub_process_drops_tokens_that_wait_at_a_join() -> None:
    run = EngineRun()
    inner = sub_process("esp", start("late", timer("timeDuration", "PT1H")), end("ee"), flows=["late>ee"], event=True)
    run.deploy(
        model(
            start(),
            gateway("parallel", "fork"),
            service("a"),
            service("b"),
            gateway("parallel", "join"),
            end(),
            inner,
            flows=["start>fork>a>join", "fork>b>join", "join>end"],
        )
    )
    run.create()
    run.complete("a")
    run.advance(HOUR)
    assert run.idle and not run.state.jobs


def test_a_scope_that_waits_only_for_a_surplus_token_can_still_be_struck() -> None:
    run = EngineRun()
    sub = sub_process(
        "sub",
        start("s"),
        gateway("parallel", "fork"),
        gateway("parallel", "join"),
        service("b"),
        end("stop", on("error", "e1")),
        end("e"),
        flows=["s>fork>join", "fork>b>stop", "x>join", "join>e"],
    ).replace('<bpmn:endEvent id="e">', '<bpmn:task id="x"></bpmn:task><bpmn:endEvent id="e">')
    caught = boundary("caught", "sub", on("error", "e1"))
    run.deploy(model(start(), sub, caught, end(), end("y"), flows=["start>sub>end", "caught>y"], roots=BOOM))
    run.create()
    run.complete("b")
    assert run.idle and run.trace()[-1] == "p"


def test_a_signal_thrown_inside_may_end_its_own_thrower() -> None:
    run = EngineRun()
    sub = sub_process(
        "sub", start("s"), throw("t", on("signal", "s1")), service("never"), end("e"), flows=["s>t>never>e"]
    )
    struck = boundary("struck", "sub", on("signal", "s1"))
    roots = root("signal", "s1", name="fire")
    run.deploy(model(start(), sub, struck, end(), end("x"), flows=["start>sub>end", "struck>x"], roots=roots))
    run.create()
    assert run.idle and "never" not in run.trace(Intent.ELEMENT_ACTIVATING)


def test_a_message_event_on_a_boundary_maps_what_it_brings() -> None:
    run = EngineRun()
    struck = boundary("struck", "work", on("message", "m"), False, mapping(output_paid__amount="=sum"))
    run.deploy(
        model(
            start(),
            service("work"),
            struck,
            end(),
            end("x"),
            flows=["start>work>end", "struck>x"],
            roots=message("m", "go", "=key"),
        )
    )
    key = run.create(key="a", paid={"by": "me"})
    run.publish("go", "a", sum=5, noise=1)
    assert run.variables(key) == {"key": '"a"', "paid": '{"by":"me","amount":5}'}


def test_a_timer_in_a_called_process_ends_with_the_caller() -> None:
    run = EngineRun()
    run.deploy(
        model(start(), catch("wait", timer("timeDuration", "PT9H")), end(), flows=["start>wait>end"], id_="child"),
        model(
            start(),
            call("call", "child"),
            boundary("late", "call", timer("timeDuration", "PT1H")),
            end(),
            end("x"),
            flows=["start>call>end", "late>x"],
        ),
    )
    run.create()
    run.advance(HOUR)
    assert run.idle and not run.state.timers


def test_repeated_activities_and_running_event_sub_processes_are_migrated() -> None:
    run = EngineRun()

    def version(last: str) -> bytes:
        begin = start("struck", on("message", "m"), isInterrupting="false")
        inner = sub_process("esp", begin, service("handle"), end("ee"), flows=["struck>handle>ee"], event=True)
        return model(
            start(),
            service("work", content=REPEATED),
            service(last),
            end(),
            inner,
            flows=[f"start>work>{last}>end"],
            roots=message("m", "go", "=key"),
        )

    run.deploy(version("old"))
    key = run.create(items=[1, 2], key="a")
    run.publish("go", "a")
    same = {name: name for name in ("work", "esp", "handle", "struck")}
    assert migrate(run, key, version("new"), same).rejection is None
    run.publish("go", "a")
    assert run.active().count("handle") == 2
    run.complete("work")
    run.complete("work")
    run.complete("handle")
    run.complete("handle")
    assert run.active() == ["new"]


def test_a_migration_from_a_sequence_to_a_parallel_repetition_is_refused() -> None:
    run = EngineRun()
    run.deploy(model(start(), service("work", content=REPEATED), end(), flows=["start>work>end"]))
    key = run.create(items=[1])
    changed = REPEATED.replace("Characteristics>", 'Characteristics isSequential="true">', 1)
    target = model(start(), service("work", content=changed), end(), flows=["start>work>end"])
    assert migrate(run, key, target, {"work": "work"}).rejection is not None


def test_an_inclusive_join_passes_when_the_other_branch_dies_at_a_boundary() -> None:
    run = EngineRun()
    run.deploy(
        model(
            start(),
            gateway("inclusive", "fork"),
            service("a"),
            service("b"),
            gateway("inclusive", "join"),
            boundary("caught", "b", on("error", "e1")),
            end(),
            end("x"),
            flows=["start>fork", "fork>a?=true", "fork>b?=true", "a>join", "b>join", "join>end", "caught>x"],
            roots=BOOM,
        )
    )
    run.create()
    run.complete("a")
    run.throw("b", "boom")
    assert run.idle, "nothing can arrive at the join any more"


def test_a_receive_task_with_a_deadline_closes_both_waits() -> None:
    run = EngineRun()
    late = boundary("late", "r", timer("timeDuration", "PT1H"))
    run.deploy(
        model(
            start(),
            node("receiveTask", "r", messageRef="m"),
            late,
            end(),
            end("x"),
            flows=["start>r>end", "late>x"],
            roots=message("m", "go", "=key"),
        )
    )
    run.create(key="a")
    run.publish("go", "a")
    assert run.idle and not run.state.timers and not run.state.subscriptions
