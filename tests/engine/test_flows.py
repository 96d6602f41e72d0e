"""Tokens: tasks, gateways, links, ends."""

from lienthong.engine.protocol.records import Intent, ValueType

from .engine_run import EngineRun
from .model_text import (
    catch,
    end,
    gateway,
    mapping,
    model,
    node,
    on,
    service,
    start,
    sub_process,
    tag,
    throw,
)


def test_a_service_task_waits_for_its_worker_and_takes_in_the_result() -> None:
    run = EngineRun()
    run.deploy(model(start(), service("work"), end(), flows=["start>work>end"]))
    run.create(amount=3)
    job = run.complete("work", result=7)
    assert job["variables"] == {"amount": 3}
    assert job["retries"] == 3
    assert run.trace() == ["start", "work", "end", "p"]
    assert run.last_value("result") == "7"
    assert run.idle


def test_an_exclusive_gateway_takes_the_first_condition_that_holds_else_the_default() -> None:
    run = EngineRun()
    run.deploy(
        model(
            start(),
            gateway("exclusive", "g", default="g-c"),
            end("a"),
            end("b"),
            end("c"),
            flows=["start>g", "g>a?=x > 10", "g>b?=x > 5", "g>c"],
        )
    )
    for x, expected in ((20, "a"), (7, "b"), (1, "c")):
        mark = len(run.log)
        run.create(x=x)
        assert run.trace(since=mark) == ["start", "g", expected, "p"]


def test_a_gateway_at_which_nothing_holds_is_an_incident_that_can_be_resolved() -> None:
    run = EngineRun()
    run.deploy(model(start(), gateway("exclusive", "g"), end("a"), end("b"), flows=["start>g", "g>a?=x>1", "g>b?=x>2"]))
    key = run.create(x=0)
    assert run.incident_types() == ["CONDITION_ERROR"]
    run.do(ValueType.VARIABLE_DOCUMENT, Intent.UPDATE, scopeKey=key, variables={"x": 2})
    run.resolve()
    assert run.idle


def test_a_condition_that_is_null_is_an_incident_not_false() -> None:
    run = EngineRun()
    run.deploy(model(start(), gateway("exclusive", "g"), end("a"), end("b"), flows=["start>g", "g>a?=x>1", "g>b?=x>2"]))
    run.create()
    assert run.incident_types() == ["EXTRACT_VALUE_ERROR"]


def test_a_parallel_join_waits_for_every_incoming_flow() -> None:
    run = EngineRun()
    run.deploy(
        model(
            start(),
            gateway("parallel", "fork"),
            service("a"),
            service("b"),
            gateway("parallel", "join"),
            end(),
            flows=["start>fork>a>join", "fork>b>join", "join>end"],
        )
    )
    run.create()
    run.complete("a")
    assert run.active() == ["b"]
    run.complete("b")
    assert run.idle
    assert run.trace().count("join") == 1


def test_a_join_consumes_one_token_a_flow_and_surplus_tokens_wait() -> None:
    run = EngineRun()
    run.deploy(
        model(
            start(),
            gateway("parallel", "fork"),
            node("task", "merge2"),
            gateway("exclusive", "merge"),
            service("b"),
            gateway("parallel", "join"),
            end(),
            flows=["start>fork", "fork>merge", "fork>merge2>merge", "merge>join", "fork>b>join", "join>end"],
        )
    )
    key = run.create()
    run.complete("b")
    assert run.state.elements[key].tokens == {"merge-join": 1}, "the surplus token waits and keeps the instance open"


def test_an_inclusive_join_waits_only_for_what_can_still_arrive() -> None:
    run = EngineRun()
    run.deploy(
        model(
            start(),
            gateway("inclusive", "fork", default="fork-c"),
            service("a"),
            service("b"),
            service("c"),
            gateway("inclusive", "join"),
            end(),
            flows=["start>fork", "fork>a?=x", "fork>b?=y", "fork>c", "a>join", "b>join", "c>join", "join>end"],
        )
    )
    run.create(x=True, y=True)
    run.complete("a")
    assert run.active() == ["b"]
    run.complete("b")
    assert run.idle
    run.create(x=False, y=False)
    run.complete("c")
    assert run.idle


def test_a_terminate_end_takes_everything_in_its_scope_with_it_and_the_scope_completes() -> None:
    run = EngineRun()
    inner = sub_process(
        "sub",
        start("s"),
        gateway("parallel", "fork"),
        service("slow"),
        service("quick"),
        end("stop", on("terminate", "")),
        end("never"),
        flows=["s>fork>slow>never", "fork>quick>stop"],
    )
    run.deploy(model(start(), inner, service("after"), end(), flows=["start>sub>after>end"]))
    run.create()
    run.complete("quick")
    assert run.active() == ["after"]
    assert run.trace(Intent.ELEMENT_TERMINATED) == ["slow"]
    assert not run.state.has_activatable("slow")


def test_a_link_jumps_within_its_scope() -> None:
    run = EngineRun()
    run.deploy(
        model(
            start(),
            throw("jump", on("link", "there")),
            catch("land", on("link", "there")),
            end(),
            flows=["start>jump", "land>end"],
        )
    )
    run.create()
    assert run.trace() == ["start", "jump", "land", "end", "p"]


def test_manual_and_undefined_tasks_and_none_throws_pass_at_once() -> None:
    run = EngineRun()
    run.deploy(model(start(), node("manualTask", "m"), node("task", "t"), throw("n"), end(), flows=["start>m>t>n>end"]))
    run.create()
    assert run.trace() == ["start", "m", "t", "n", "end", "p"]


def test_a_script_task_evaluates_feel() -> None:
    run = EngineRun()
    script = tag("zeebe:script", expression="=a + b", resultVariable="sum")
    run.deploy(model(start(), node("scriptTask", "script", "", script), end(), flows=["start>script>end"]))
    run.create(a=1, b=2)
    assert run.last_value("sum") == "3"


def test_message_throw_and_end_events_are_jobs() -> None:
    run = EngineRun()
    job = tag("zeebe:taskDefinition", type="send")
    definition = tag("bpmn:messageEventDefinition")
    run.deploy(model(start(), throw("t", definition, job), end("e", definition, job), flows=["start>t>e"]))
    run.create()
    run.complete("send")
    run.complete("send")
    assert run.trace() == ["start", "t", "e", "p"]


def test_an_endless_circle_of_scripts_ends_in_an_incident_and_the_engine_stays_up() -> None:
    run = EngineRun()
    script = tag("zeebe:script", expression="=1", resultVariable="x")
    run.deploy(
        model(
            start(),
            gateway("exclusive", "g"),
            node("scriptTask", "s", "", script),
            flows=["start>g>s>g"],
        ),
        model(start(), end(), flows=["start>end"], id_="q"),
    )
    run.create()
    assert run.incident_types() == ["UNKNOWN"]
    run.create("q")
    assert run.trace()[-1] == "q"


def test_mappings_are_one_context_in_order_and_nested_targets_make_objects() -> None:
    run = EngineRun()
    mappings = mapping(
        input_a="=x + 1",
        input_b="=a * 2",
        input_box__value="=b",
        output_result="=answer",
        output_all__sub__it="=box.value",
    )
    run.deploy(model(start(), service("work", more=mappings), service("next"), end(), flows=["start>work>next>end"]))
    key = run.create(x=1, all={"kept": True})
    job = run.complete("work", answer=42, unmapped=1)
    assert job["variables"] == {"x": 1, "a": 2, "b": 4, "box": {"value": 4}, "all": {"kept": True}}
    assert run.variables(key) == {"x": "1", "all": '{"kept":true,"sub":{"it":4}}', "result": "42"}


def test_a_result_is_written_where_its_name_is_found_else_in_the_process_instance() -> None:
    run = EngineRun()
    inner = sub_process("sub", start("s"), service("work"), end("e"), flows=["s>work>e"], more=mapping(input_mine="=1"))
    run.deploy(model(start(), inner, service("next"), end(), flows=["start>sub>next>end"]))
    key = run.create(outer=1)
    run.complete("work", mine=2, outer=3, fresh=4)
    assert run.variables(key) == {"outer": "3", "fresh": "4"}


def test_numbers_keep_all_their_digits() -> None:
    run = EngineRun()
    script = tag("zeebe:script", expression="=0.1234567890123456789 + 1", resultVariable="sum")
    run.deploy(model(start(), node("scriptTask", "script", "", script), end(), flows=["start>script>end"]))
    run.create()
    assert run.last_value("sum") == "1.1234567890123456789"
