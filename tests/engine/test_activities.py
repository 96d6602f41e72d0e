"""User tasks, call activities, sub-processes, decisions, multi-instance."""

import pytest

from lienthong.engine.protocol.records import Intent, RejectionType, ValueType

from .engine_run import EngineRun
from .model_text import (
    boundary,
    call,
    end,
    mapping,
    model,
    node,
    on,
    root,
    service,
    start,
    sub_process,
    tag,
    user,
)

DMN = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="fees" name="Fees" namespace="test">
<decision id="fee" name="Fee"><decisionTable id="t" hitPolicy="UNIQUE">
<input id="i"><inputExpression id="ie" typeRef="number">
<text>rooms</text></inputExpression></input>
<output id="o" name="item" typeRef="string"/>
<rule id="r1"><inputEntry id="a">
<text>&lt;= 5</text></inputEntry>
<outputEntry id="b">
<text>"small"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="c">
<text>&gt; 3</text></inputEntry>
<outputEntry id="d">
<text>"large"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


# user tasks


def desk() -> EngineRun:
    run = EngineRun()
    attributes = (
        tag("zeebe:assignmentDefinition", candidateGroups='=[authority + "/officer"]', candidateUsers="a, b")
        + tag("zeebe:taskSchedule", dueDate="=dueAt")
        + tag("zeebe:priorityDefinition", priority="=priority")
        + tag("zeebe:formDefinition", formId="check", bindingType="versionTag", versionTag="v1")
        + tag("zeebe:taskHeaders", tag("zeebe:header", key="role", value="officer"))
    )
    run.deploy(
        model(start(), user("check", attributes), end(), flows=["start>check>end"]),
        b'{"id": "check", "versionTag": "v1", "components": []}',
        names=["p.bpmn", "check.form"],
    )
    return run


def open_task(run: EngineRun) -> int:
    run.create(authority="bd", dueAt="2026-01-02T08:00:00+07:00", priority=70)
    return max(run.state.user_tasks)


def test_a_user_task_says_who_until_when_and_with_which_form() -> None:
    run = desk()
    task = run.state.user_tasks[open_task(run)].value
    assert task["candidateGroups"] == ["bd/officer"] and task["candidateUsers"] == ["a", "b"]
    assert task["dueDate"] == "2026-01-02T08:00:00+07:00" and task["priority"] == 70
    form = run.state.latest("FORM", "check")
    assert form is not None and task["formKey"] == form.key and task["formId"] == "check"
    assert task["customHeaders"] == {"role": "officer"} and task["state"] == "CREATED"


def test_a_form_that_is_not_there_is_an_incident() -> None:
    run = EngineRun()
    form = tag("zeebe:formDefinition", formId="check")
    run.deploy(model(start(), user("check", form), end(), flows=["start>check>end"]))
    run.create()
    assert run.incident_types() == ["FORM_NOT_FOUND"]
    run.deploy(b'{"id": "check"}', names=["check.form"])
    run.resolve()
    assert len(run.state.user_tasks) == 1


def test_a_task_is_claimed_once_given_back_and_completed() -> None:
    run = desk()
    key = open_task(run)
    run.do(ValueType.USER_TASK, Intent.CLAIM, key, assignee="lan")
    run.do(ValueType.USER_TASK, Intent.CLAIM, key, assignee="lan")
    outcome = run.submit(ValueType.USER_TASK, Intent.CLAIM, key, assignee="minh")
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.INVALID_STATE
    outcome = run.submit(ValueType.USER_TASK, Intent.ASSIGN, key, assignee="minh", allowOverride=False)
    assert outcome.rejection is not None
    run.do(ValueType.USER_TASK, Intent.UNASSIGN, key)
    assert run.state.user_tasks[key].value["assignee"] == ""
    run.do(ValueType.USER_TASK, Intent.ASSIGN, key, assignee="minh")
    run.do(ValueType.USER_TASK, Intent.COMPLETE, key, variables={"outcome": "accept"})
    assert run.last_value("outcome") == '"accept"' and run.idle
    outcome = run.submit(ValueType.USER_TASK, Intent.COMPLETE, key)
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.NOT_FOUND


def test_a_task_is_updated_null_keeps_and_empty_clears() -> None:
    run = desk()
    key = open_task(run)
    changes = {"candidateGroups": ["x/head"], "dueDate": "", "followUpDate": None, "priority": 0}
    run.do(ValueType.USER_TASK, Intent.UPDATE, key, changeset=changes)
    task = run.state.user_tasks[key].value
    assert (task["candidateGroups"], task["dueDate"], task["priority"]) == (["x/head"], "", 0)
    for wrong in ({"priority": 101}, {"dueDate": "tomorrow"}, {"assignee": "x"}, {"candidateUsers": "x"}):
        outcome = run.submit(ValueType.USER_TASK, Intent.UPDATE, key, changeset=wrong)
        assert outcome.rejection is not None and outcome.rejection.type is RejectionType.INVALID_ARGUMENT


def test_an_old_style_user_task_is_a_job_with_headers() -> None:
    run = EngineRun()
    assignment = tag("zeebe:assignmentDefinition", assignee="lan", candidateGroups='=["g"]')
    run.deploy(model(start(), node("userTask", "u", "", assignment), end(), flows=["start>u>end"]))
    run.create()
    job = run.complete("io.camunda.zeebe:userTask")
    assert job["retries"] == 1
    assert job["customHeaders"] == {
        "io.camunda.zeebe:assignee": "lan",
        "io.camunda.zeebe:candidateGroups": '["g"]',
    }


def test_cancelling_the_instance_cancels_its_tasks() -> None:
    run = desk()
    open_task(run)
    (instance,) = run.state.process_instances()
    run.do(ValueType.PROCESS_INSTANCE, Intent.CANCEL, instance.key)
    assert not run.state.user_tasks and run.idle
    (canceled,) = [event for event in run.log if event.intent is Intent.CANCELED]
    assert canceled.value_type is ValueType.USER_TASK and canceled.value["state"] == "CANCELED"


# call activities

CHILD = model(start(), service("work"), end(), flows=["start>work>end"], id_="child")


def test_all_variables_cross_into_a_called_process_and_back_by_default() -> None:
    run = EngineRun()
    run.deploy(CHILD, model(start(), call("call", "child"), service("after"), end(), flows=["start>call>after>end"]))
    key = run.create(a=1)
    assert run.complete("work", b=2)["variables"] == {"a": 1}
    assert run.variables(key) == {"a": "1", "b": "2"}


def test_propagation_can_be_switched_off_and_mappings_carry_what_is_named() -> None:
    run = EngineRun()
    mappings = mapping(input_code='="K4"', output_resultK4="=result")
    parent = model(
        start(),
        call("call", "child", mappings, propagateAllParentVariables="false", propagateAllChildVariables="false"),
        service("after"),
        end(),
        flows=["start>call>after>end"],
    )
    run.deploy(CHILD, parent)
    key = run.create(a=1)
    assert run.complete("work", result="issued", noise=1)["variables"] == {"code": "K4"}
    assert run.variables(key) == {"a": "1", "resultK4": '"issued"'}


def test_a_call_binds_to_a_version_tag_or_its_own_deployment_or_the_latest() -> None:
    def child(job: str, version: str) -> bytes:
        tags = tag("zeebe:versionTag", value=version)
        return model(start(), service(job), end(), flows=[f"start>{job}>end"], id_="child", extensions=tags)

    def parent(id_: str, **binding: str) -> bytes:
        return model(start(), call("call", "child", **binding), end(), flows=["start>call>end"], id_=id_)

    run = EngineRun()
    run.deploy(
        child("first", "v1"),
        parent("tagged", bindingType="versionTag", versionTag="v1"),
        parent("together", bindingType="deployment"),
        parent("newest"),
    )
    run.deploy(child("second", "v2"))
    for process_id, job in (("tagged", "first"), ("together", "first"), ("newest", "second")):
        run.create(process_id)
        run.complete(job)
    assert run.idle


def test_a_called_process_that_is_missing_is_an_incident() -> None:
    run = EngineRun()
    run.deploy(model(start(), call("call", "child"), end(), flows=["start>call>end"]))
    run.create()
    assert run.incident_types() == ["CALLED_ELEMENT_ERROR"]
    run.deploy(CHILD)
    run.resolve()
    run.complete("work")
    assert run.idle


def test_a_called_instance_ends_with_its_caller_and_only_with_it() -> None:
    run = EngineRun()
    run.deploy(CHILD, model(start(), call("call", "child"), end(), flows=["start>call>end"]))
    key = run.create()
    child = next(each for each in run.state.process_instances() if each.parent_key)
    outcome = run.submit(ValueType.PROCESS_INSTANCE, Intent.CANCEL, child.key)
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.INVALID_STATE
    run.do(ValueType.PROCESS_INSTANCE, Intent.CANCEL, key)
    assert run.idle and not run.state.jobs
    outcome = run.submit(ValueType.PROCESS_INSTANCE, Intent.CANCEL, key)
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.NOT_FOUND


def test_a_process_that_calls_itself_without_end_is_an_incident_not_a_crash() -> None:
    run = EngineRun()
    run.deploy(model(start(), call("call", "p"), end(), flows=["start>call>end"]))
    run.create()
    assert "UNKNOWN" in run.incident_types()


# decisions


def decided(**more: str) -> EngineRun:
    run = EngineRun()
    decision = tag("zeebe:calledDecision", decisionId="fee", resultVariable="item", **more)
    process = model(start(), node("businessRuleTask", "rule", "", decision), end(), flows=["start>rule>end"])
    run.deploy(process, DMN, names=["p.bpmn", "fees.dmn"])
    return run


def test_a_business_rule_task_takes_the_decision_with_all_visible_variables() -> None:
    run = decided()
    run.create(rooms=2)
    assert run.last_value("item") == '"small"' and run.idle


def test_a_decision_that_fails_is_an_incident_and_can_be_tried_again() -> None:
    run = decided()
    key = run.create(rooms=4)
    assert run.incident_types() == ["DECISION_EVALUATION_ERROR"]
    run.do(ValueType.VARIABLE_DOCUMENT, Intent.UPDATE, scopeKey=key, variables={"rooms": 20})
    run.resolve()
    assert run.last_value("item") == '"large"' and run.idle


def test_a_decision_that_is_missing_is_an_incident() -> None:
    run = decided(bindingType="versionTag", versionTag="other")
    run.create(rooms=2)
    assert run.incident_types() == ["CALLED_DECISION_ERROR"]


def test_a_decision_is_evaluated_by_command_and_a_failure_is_an_answer() -> None:
    run = decided()
    reply = run.do(ValueType.DECISION_EVALUATION, Intent.EVALUATE, decisionId="fee", variables={"rooms": 2})
    assert reply["decisionOutput"] == '"small"' and reply["failureMessage"] == ""
    assert reply["evaluatedDecisions"][0]["decisionId"] == "fee"
    reply = run.do(ValueType.DECISION_EVALUATION, Intent.EVALUATE, decisionId="fee", variables={"rooms": 4})
    assert reply["failedDecisionId"] == "fee" and reply["failureMessage"]
    outcome = run.submit(ValueType.DECISION_EVALUATION, Intent.EVALUATE, decisionId="none")
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.NOT_FOUND


# multi-instance


def many(sequential: bool, more: str = "", condition: str = "") -> EngineRun:
    run = EngineRun()
    details = tag(
        "zeebe:loopCharacteristics",
        inputCollection="=items",
        inputElement="item",
        outputCollection="results",
        outputElement="=result",
    )
    inner = tag("bpmn:extensionElements", details)
    inner += tag("bpmn:completionCondition", condition) if condition else ""
    loop = tag("bpmn:multiInstanceLoopCharacteristics", inner, isSequential=str(sequential).lower())
    run.deploy(
        model(
            start(),
            service("work", content=loop),
            boundary("struck", "work", on("error", "e1")),
            service("after"),
            end(),
            end("e2"),
            flows=["start>work>after>end", "struck>e2"],
            roots=root("error", "e1", errorCode="boom"),
        )
    )
    return run


def test_parallel_instances_run_at_once_and_results_keep_their_places() -> None:
    run = many(False)
    key = run.create(items=["a", "b", "c"])
    jobs = run.activate("work")
    assert [(job["variables"]["item"], job["variables"]["loopCounter"]) for job in jobs] == [
        ("a", 1),
        ("b", 2),
        ("c", 3),
    ]
    for job in reversed(jobs):
        run.do(ValueType.JOB, Intent.COMPLETE, job["key"], variables={"result": job["variables"]["item"] * 2})
    assert run.variables(key)["results"] == '["aa","bb","cc"]'
    assert run.active() == ["after"]


def test_sequential_instances_run_one_after_another() -> None:
    run = many(True)
    key = run.create(items=[1, 2])
    assert len(run.activate("work")) == 1
    run.do(ValueType.JOB, Intent.COMPLETE, next(iter(run.state.jobs)), variables={"result": 10})
    run.complete("work", result=20)
    assert run.variables(key)["results"] == "[10,20]"


@pytest.mark.parametrize("sequential", [True, False])
def test_an_empty_collection_ends_at_once(sequential: bool) -> None:
    run = many(sequential)
    key = run.create(items=[])
    assert run.active() == ["after"] and run.variables(key)["results"] == "[]"


def test_something_that_is_no_list_is_an_incident() -> None:
    run = many(False)
    key = run.create(items=1)
    assert run.incident_types() == ["EXTRACT_VALUE_ERROR"]
    run.do(ValueType.VARIABLE_DOCUMENT, Intent.UPDATE, scopeKey=key, variables={"items": [1]})
    run.resolve()
    assert run.active() == ["work", "work"]


def test_a_huge_collection_is_an_incident_and_the_engine_stays_up() -> None:
    run = many(False)
    run.create(items=list(range(10_001)))
    assert run.incident_types() == ["EXTRACT_VALUE_ERROR"]


def test_a_completion_condition_ends_the_rest() -> None:
    run = many(False, condition="=numberOfCompletedInstances = 2")
    run.create(items=[1, 2, 3])
    run.complete("work", result=1)
    run.complete("work", result=2)
    assert run.active() == ["after"]
    assert run.trace(Intent.ELEMENT_TERMINATED) == ["work"]


def test_a_boundary_event_of_the_body_takes_all_instances() -> None:
    run = many(False)
    run.create(items=[1, 2, 3])
    run.throw("work", "boom")
    assert run.idle and run.trace()[-3:] == ["struck", "e2", "p"]


def test_sub_processes_repeat_with_their_own_variables() -> None:
    run = EngineRun()
    details = tag("zeebe:loopCharacteristics", inputCollection="=items", inputElement="item")
    loop = tag("bpmn:multiInstanceLoopCharacteristics", tag("bpmn:extensionElements", details))
    sub = sub_process("sub", start("s"), service("one"), service("two"), end("e"), flows=["s>one>two>e"], content=loop)
    run.deploy(model(start(), sub, end(), flows=["start>sub>end"]))
    run.create(items=["x", "y"])
    run.complete("one")
    assert run.complete("two")["variables"]["item"] == "x"
    assert run.complete("one")["variables"]["item"] == "y"
    run.complete("two")
    assert run.idle
