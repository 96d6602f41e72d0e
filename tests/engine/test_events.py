"""Messages, timers, signals, errors and escalations: caught on boundaries, in scopes, at gateways, at starts."""

from lienthong.engine.protocol.records import Intent, RejectionType, ValueType

from .engine_run import START_MS, EngineRun
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
    throw,
    timer,
)

HOUR = 3_600_000
GO = message("m", "go", "=key")


def waiting() -> EngineRun:
    run = EngineRun()
    run.deploy(model(start(), catch("wait", on("message", "m")), end(), flows=["start>wait>end"], roots=GO))
    return run


# messages


def test_a_message_reaches_who_waits_for_its_name_and_key() -> None:
    run = waiting()
    first, second = run.create(key="a"), run.create(key="b")
    run.publish("go", "b", answer=1)
    assert first in run.state.elements and second not in run.state.elements
    assert run.last_value("answer") == "1"


def test_a_number_is_a_correlation_key_too() -> None:
    run = waiting()
    run.create(key=17)
    run.publish("go", "17")
    assert run.idle


def test_a_key_that_is_null_is_an_incident() -> None:
    run = waiting()
    key = run.create()
    assert run.incident_types() == ["EXTRACT_VALUE_ERROR"]
    run.do(ValueType.VARIABLE_DOCUMENT, Intent.UPDATE, scopeKey=key, variables={"key": "a"})
    run.resolve()
    run.publish("go", "a")
    assert run.idle


def test_a_message_reaches_one_instance_of_a_process_and_every_process() -> None:
    run = waiting()
    run.deploy(model(start(), catch("wait", on("message", "m")), end(), flows=["start>wait>end"], roots=GO, id_="q"))
    for process_id in ("p", "p", "q"):
        run.create(process_id, key="a")
    run.publish("go", "a")
    assert run.active() == ["wait"]


def test_a_message_waits_in_the_buffer_until_its_time_is_over() -> None:
    run = waiting()
    run.publish("go", "a", ttl_ms=HOUR)
    run.create(key="a")
    assert run.idle
    run.create(key="a")
    assert run.active() == ["wait"], "a process gets a message once"
    run.publish("go", "b", ttl_ms=HOUR)
    run.advance(HOUR)
    run.create(key="b")
    assert run.active() == ["wait", "wait"]
    assert not run.state.messages


def test_a_message_id_is_unique_while_the_message_is_buffered() -> None:
    run = waiting()
    value = {"name": "go", "correlationKey": "a", "messageId": "1", "timeToLiveMs": HOUR}
    run.do(ValueType.MESSAGE, Intent.PUBLISH, **value)
    outcome = run.submit(ValueType.MESSAGE, Intent.PUBLISH, **value)
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.ALREADY_EXISTS
    run.advance(HOUR)
    run.do(ValueType.MESSAGE, Intent.PUBLISH, **value)


def test_correlate_answers_with_the_process_instance_or_not_found() -> None:
    run = waiting()
    outcome = run.submit(ValueType.MESSAGE, Intent.CORRELATE, name="go", correlationKey="a")
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.NOT_FOUND
    key = run.create(key="a")
    reply = run.do(ValueType.MESSAGE, Intent.CORRELATE, name="go", correlationKey="a")
    assert reply["processInstanceKey"] == key
    assert run.idle and not run.state.messages


def starter() -> EngineRun:
    run = EngineRun()
    begin = start("begin", on("message", "m"))
    run.deploy(model(begin, service("work"), end(), flows=["begin>work>end"], roots=message("m", "go")))
    return run


def test_a_keyed_start_message_waits_until_the_instance_of_its_key_is_over() -> None:
    run = starter()
    run.publish("go", "a", ttl_ms=HOUR, n=1)
    run.publish("go", "a", ttl_ms=HOUR, n=2)
    run.publish("go", "b", ttl_ms=HOUR, n=3)
    assert [job["variables"]["n"] for job in run.activate("work")] == [1, 3]
    run.do(ValueType.JOB, Intent.COMPLETE, next(iter(run.state.jobs)))
    assert [job["variables"]["n"] for job in run.activate("work")] == [2]


def test_a_start_message_without_key_always_starts() -> None:
    run = starter()
    run.publish("go")
    run.publish("go")
    assert run.active() == ["work", "work"]


def test_cancelling_an_instance_frees_its_key_too() -> None:
    run = starter()
    run.publish("go", "a", ttl_ms=HOUR, n=1)
    run.publish("go", "a", ttl_ms=HOUR, n=2)
    (instance,) = run.state.process_instances()
    run.do(ValueType.PROCESS_INSTANCE, Intent.CANCEL, instance.key)
    assert [job["variables"]["n"] for job in run.activate("work")] == [2]


def test_a_receive_task_waits_for_its_message() -> None:
    run = EngineRun()
    run.deploy(model(start(), node("receiveTask", "r", messageRef="m"), end(), flows=["start>r>end"], roots=GO))
    run.create(key="a")
    run.publish("go", "a")
    assert run.idle


# timers


def test_a_timer_waits_for_a_duration_and_is_never_early() -> None:
    run = EngineRun()
    run.deploy(model(start(), catch("t", timer("timeDuration", "=wait")), end(), flows=["start>t>end"]))
    run.create(wait="PT1H")
    run.advance(HOUR - 1)
    assert run.active() == ["t"]
    run.advance(1)
    assert run.idle


def test_a_timer_waits_for_a_date_from_a_variable() -> None:
    run = EngineRun()
    run.deploy(model(start(), catch("t", timer("timeDate", "=dates[1]")), end(), flows=["start>t>end"]))
    run.create(dates=["2026-01-01T08:00:00+07:00"])
    run.advance(HOUR - 1)
    assert run.active() == ["t"]
    run.advance(1)
    assert run.idle


def test_a_cycle_does_not_drift_and_ends_after_its_count() -> None:
    run = EngineRun()
    host = service("work")
    tick = boundary("tick", "work", timer("timeCycle", "R3/PT1H"), interrupting=False)
    run.deploy(model(start(), host, tick, end(), end("e2"), flows=["start>work>end", "tick>e2"]))
    run.create()
    run.now_ms += HOUR + 5000
    run.advance(0)
    run.advance(10 * HOUR)
    fired = [e.timestamp_ms - START_MS for e in run.log if e.intent is Intent.TRIGGERED]
    assert fired == [HOUR + 5000, 2 * HOUR, 3 * HOUR]
    assert run.active() == ["work"]


def test_a_timer_start_event_starts_instances_until_a_new_version_takes_over() -> None:
    run = EngineRun()
    begin = start("begin", timer("timeCycle", "R/PT1H"))
    run.deploy(model(begin, service("old"), end(), flows=["begin>old>end"]))
    run.advance(2 * HOUR)
    assert run.active() == ["old", "old"]
    run.deploy(model(start(), service("new"), end(), flows=["start>new>end"]))
    run.advance(5 * HOUR)
    assert run.active() == ["old", "old"]


# boundary events


def bounded(definition: str, interrupting: bool, roots: str = "") -> EngineRun:
    run = EngineRun()
    event = boundary("struck", "work", definition, interrupting)
    run.deploy(
        model(
            start(),
            service("work"),
            event,
            service("handle"),
            end(),
            end("e2"),
            flows=["start>work>end", "struck>handle>e2"],
            roots=roots,
        )
    )
    return run


def test_an_interrupting_boundary_event_ends_its_activity() -> None:
    run = bounded(timer("timeDuration", "PT1H"), True)
    run.create()
    run.advance(HOUR)
    assert run.active() == ["handle"]
    assert run.trace(Intent.ELEMENT_TERMINATED) == ["work"]


def test_a_non_interrupting_boundary_event_may_strike_many_times() -> None:
    run = bounded(on("message", "m"), False, GO)
    run.create(key="a")
    run.publish("go", "a")
    run.publish("go", "a")
    assert run.active() == ["handle", "handle", "work"]
    run.complete("work")
    run.publish("go", "a")
    assert run.active() == ["handle", "handle"]


def test_a_signal_reaches_everybody_and_is_not_kept() -> None:
    run = bounded(on("signal", "s"), True, root("signal", "s", name="fire"))
    run.broadcast("fire")
    run.create()
    run.create()
    run.broadcast("fire", who="me")
    assert run.active() == ["handle", "handle"]


def test_an_exact_error_code_comes_before_catch_all_and_inner_before_outer() -> None:
    run = EngineRun()
    sub = sub_process("sub", start("s"), service("work"), end("e"), flows=["s>work>e"])
    run.deploy(
        model(
            start(),
            sub,
            boundary("exact", "sub", on("error", "e1")),
            boundary("any", "sub", on("error", "")),
            end("x"),
            end("y"),
            end(),
            flows=["start>sub>end", "exact>x", "any>y"],
            roots=root("error", "e1", errorCode="known"),
        )
    )
    for code, expected in (("known", "x"), ("other", "y")):
        mark = len(run.log)
        run.create()
        run.throw("work", code)
        assert expected in run.trace(since=mark)
    assert run.idle


def test_an_error_crosses_call_activities_and_its_variables_stay_with_the_catch_event_unless_mapped() -> None:
    run = EngineRun()
    child = model(
        start(),
        end("refused", on("error", "e1")),
        flows=["start>refused"],
        id_="child",
        roots=root("error", "e1", errorCode="refused"),
    )
    parent = model(
        start(),
        call("call", "child"),
        boundary("caught", "call", on("error", "e1"), extensions=mapping(output_seen="=true")),
        end(),
        end("e2"),
        flows=["start>call>end", "caught>e2"],
        roots=root("error", "e1", errorCode="refused"),
    )
    run.deploy(child, parent)
    run.create()
    assert run.trace()[-3:] == ["caught", "e2", "p"]
    assert run.last_value("seen") == "true"
    assert run.idle


def test_an_error_end_that_nobody_catches_is_an_incident() -> None:
    run = EngineRun()
    roots = root("error", "e1", errorCode="lost")
    run.deploy(model(start(), end("e", on("error", "e1")), flows=["start>e"], roots=roots))
    run.create()
    assert run.incident_types() == ["UNHANDLED_ERROR_EVENT"]


def test_an_escalation_may_go_on_or_interrupt_and_uncaught_it_is_only_noted() -> None:
    roots = root("escalation", "x", escalationCode="late")
    for interrupting, expected in ((False, ["after", "handle"]), (True, ["handle"])):
        run = EngineRun()
        sub = sub_process(
            "sub", start("s"), throw("up", on("escalation", "x")), service("after"), end("e"), flows=["s>up>after>e"]
        )
        event = boundary("struck", "sub", on("escalation", "x"), interrupting)
        run.deploy(
            model(
                start(),
                sub,
                event,
                service("handle"),
                end(),
                end("e2"),
                flows=["start>sub>end", "struck>handle>e2"],
                roots=roots,
            )
        )
        run.create()
        assert [each for each in run.active() if each != "sub"] == expected
    run = EngineRun()
    run.deploy(model(start(), throw("up", on("escalation", "x")), end(), flows=["start>up>end"], roots=roots))
    run.create()
    assert run.idle


def test_a_thrown_signal_carries_the_throwers_own_variables() -> None:
    run = EngineRun()
    roots = root("signal", "s", name="fire")
    begin = start("begin", on("signal", "s"))
    run.deploy(
        model(begin, service("work"), end(), flows=["begin>work>end"], roots=roots, id_="listener"),
        model(start(), end("e", on("signal", "s"), mapping(input_a="=1")), flows=["start>e"], roots=roots),
    )
    run.create(b=2)
    assert run.complete("work")["variables"] == {"a": 1}


# event-based gateway


def test_at_an_event_based_gateway_the_first_event_wins() -> None:
    run = EngineRun()
    run.deploy(
        model(
            start(),
            gateway("eventBased", "g"),
            catch("late", timer("timeDuration", "PT1H")),
            catch("came", on("message", "m")),
            end("a"),
            end("b"),
            flows=["start>g", "g>late>a", "g>came>b"],
            roots=GO,
        )
    )
    run.create(key="a")
    run.publish("go", "a", x=5)
    assert run.trace() == ["start", "g", "came", "b", "p"]
    assert not run.state.timers and not run.state.subscriptions
    run.create(key="b")
    run.advance(HOUR)
    assert run.trace()[-3:] == ["late", "a", "p"]
    assert run.last_value("x") == "5"


# event sub-processes


def with_event_sub_process(interrupting: bool) -> EngineRun:
    run = EngineRun()
    attributes = {"isInterrupting": "true" if interrupting else "false"}
    inner = sub_process(
        "esp",
        start("struck", on("message", "m"), **attributes),
        service("handle"),
        end("e2"),
        flows=["struck>handle>e2"],
        event=True,
    )
    main = [start(), service("work"), end("end", on("terminate", ""))]
    run.deploy(model(*main, inner, flows=["start>work>end"], roots=GO))
    return run


def test_a_non_interrupting_event_sub_process_runs_beside_and_keeps_the_scope_open() -> None:
    run = with_event_sub_process(False)
    run.create(key="a")
    run.publish("go", "a", dueAt="soon")
    run.publish("go", "a")
    assert run.active() == ["esp", "esp", "handle", "handle", "work"]
    assert run.activate("work")[0]["variables"]["dueAt"] == "soon"


def test_a_terminate_end_of_the_main_flow_ends_a_running_event_sub_process() -> None:
    run = with_event_sub_process(False)
    run.create(key="a")
    run.publish("go", "a")
    run.complete("work")
    assert run.idle
    assert run.trace()[-1] == "p", "the instance completes, it is not terminated"
    assert set(run.trace(Intent.ELEMENT_TERMINATED)) == {"esp", "handle"}
    assert not run.state.subscriptions and not run.state.jobs


def test_an_interrupting_event_sub_process_ends_the_rest_first_and_strikes_once() -> None:
    run = with_event_sub_process(True)
    run.create(key="a")
    run.publish("go", "a")
    run.publish("go", "a")
    assert run.active() == ["esp", "handle"]
    run.complete("handle")
    assert run.idle


def test_an_error_event_sub_process_catches_within_its_scope() -> None:
    run = EngineRun()
    inner = sub_process(
        "esp", start("struck", on("error", "e1")), service("handle"), end("e2"), flows=["struck>handle>e2"], event=True
    )
    run.deploy(
        model(
            start(),
            service("work"),
            end(),
            inner,
            flows=["start>work>end"],
            roots=root("error", "e1", errorCode="boom"),
        )
    )
    run.create()
    run.throw("work", "boom", why="rain")
    assert run.complete("handle")["variables"] == {"why": "rain"}
    assert run.idle
