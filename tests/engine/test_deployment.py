"""Deployment: versions, duplicates, tags, deletion."""

import pytest

from lienthong.engine.protocol.records import Intent, RejectionType, ValueType

from .engine_run import EngineRun
from .model_text import end, message, model, node, on, service, start
from .test_activities import DMN

ONE = model(start(), service("one"), end(), flows=["start>one>end"])
TWO = model(start(), service("two"), end(), flows=["start>two>end"])


def test_versions_count_up_and_unchanged_bytes_under_the_same_name_are_no_new_version() -> None:
    run = EngineRun()
    first = run.deploy(ONE)["processes"][0]
    again = run.deploy(ONE)["processes"][0]
    assert again == first and first["version"] == 1
    assert run.deploy(TWO)["processes"][0]["version"] == 2
    assert run.deploy(ONE)["processes"][0]["version"] == 3, "only the latest version counts as the same"
    assert run.deploy(ONE, names=["other.bpmn"])["processes"][0]["version"] == 4


def test_an_instance_keeps_its_version() -> None:
    run = EngineRun()
    run.deploy(ONE)
    run.create()
    run.deploy(TWO)
    run.create()
    assert run.active() == ["one", "two"]
    value = {"bpmnProcessId": "p", "version": 1}
    assert run.do(ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATE, **value)["version"] == 1


def test_a_deployment_is_all_or_nothing() -> None:
    run = EngineRun()
    broken = model(start(), node("serviceTask", "t"), end(), flows=["start>t>end"], id_="q")
    resources = [{"name": "a.bpmn", "content": ONE}, {"name": "b.bpmn", "content": broken}]
    outcome = run.submit(ValueType.DEPLOYMENT, Intent.CREATE, resources=resources)
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.INVALID_ARGUMENT
    assert "b.bpmn: t [job]" in outcome.rejection.reason
    assert outcome.events == [] and run.state.latest("PROCESS", "p") is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"x"),
        ("a.bpmn", b"<not-closed"),
        ("a.bpmn", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'),
        ("a.form", b"{"),
        ("a.form", b'{"id": " "}'),
        ("a.dmn", b"<x/>"),
    ],
)
def test_files_that_are_not_what_they_say_are_refused(name: str, content: bytes) -> None:
    resources = [{"name": name, "content": content}]
    outcome = EngineRun().submit(ValueType.DEPLOYMENT, Intent.CREATE, resources=resources)
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.INVALID_ARGUMENT
    assert outcome.rejection.reason.count(name) >= 1


def test_the_same_id_twice_in_a_deployment_is_refused() -> None:
    resources = [{"name": "a.bpmn", "content": ONE}, {"name": "b.bpmn", "content": TWO}]
    outcome = EngineRun().submit(ValueType.DEPLOYMENT, Intent.CREATE, resources=resources)
    assert outcome.rejection is not None and "occurs twice" in outcome.rejection.reason


def test_decisions_and_forms_are_versioned_too() -> None:
    run = EngineRun()
    reply = run.deploy(DMN, b'{"id": "f"}', names=["a.dmn", "a.form"])
    assert [each["dmnDecisionId"] for each in reply["decisions"]] == ["fee"]
    assert reply["decisionRequirements"][0]["dmnDecisionRequirementsId"] == "fees"
    assert run.deploy(DMN, names=["a.dmn"])["decisions"] == reply["decisions"]
    changed = DMN.replace(b'"small"', b'"tiny"')
    assert run.deploy(changed, names=["a.dmn"])["decisions"][0]["version"] == 2
    assert run.deploy(b'{"id": "f", "versionTag": "v"}', names=["a.form"])["forms"][0]["version"] == 2
    latest = run.state.latest("FORM", "f")
    assert latest is not None and latest.version_tag == "v"


def test_a_new_version_takes_over_the_start_message() -> None:
    run = EngineRun()
    roots = message("m", "go")
    for job in ("one", "two"):
        run.deploy(model(start("s", on("message", "m")), service(job), end(), flows=[f"s>{job}>end"], roots=roots))
    run.publish("go")
    assert run.active() == ["two"]


def test_deleting_the_latest_version_brings_back_the_one_before_and_numbers_are_not_given_again() -> None:
    run = EngineRun()
    roots = message("m", "go")
    keys = []
    for job in ("one", "two"):
        content = model(start("s", on("message", "m")), service(job), end(), flows=[f"s>{job}>end"], roots=roots)
        keys.append(run.deploy(content)["processes"][0]["processDefinitionKey"])
    run.publish("go")
    outcome = run.submit(ValueType.RESOURCE_DELETION, Intent.DELETE, keys[1])
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.INVALID_STATE
    run.complete("two")
    run.do(ValueType.RESOURCE_DELETION, Intent.DELETE, keys[1])
    run.publish("go")
    assert run.active() == ["one"]
    assert run.deploy(ONE)["processes"][0]["version"] == 3


def test_a_deleted_process_cannot_be_started() -> None:
    run = EngineRun()
    key = run.deploy(ONE)["processes"][0]["processDefinitionKey"]
    run.do(ValueType.RESOURCE_DELETION, Intent.DELETE, key)
    outcome = run.submit(ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATE, bpmnProcessId="p")
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.NOT_FOUND


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"bpmnProcessId": "none"}, RejectionType.NOT_FOUND),
        ({"bpmnProcessId": "p", "version": 9}, RejectionType.NOT_FOUND),
        ({"processDefinitionKey": 9}, RejectionType.NOT_FOUND),
        ({}, RejectionType.INVALID_ARGUMENT),
        ({"bpmnProcessId": "p", "startInstructions": [{"elementId": "none"}]}, RejectionType.INVALID_ARGUMENT),
        ({"bpmnProcessId": "p", "startInstructions": [{"elementId": "start"}]}, RejectionType.INVALID_ARGUMENT),
        ({"bpmnProcessId": "m"}, RejectionType.INVALID_STATE),
    ],
)
def test_an_instance_that_cannot_be_created_is_refused(value: dict[str, object], expected: RejectionType) -> None:
    run = EngineRun()
    only_message = model(start("s", on("message", "m")), end(), flows=["s>end"], roots=message("m", "go"), id_="m")
    run.deploy(ONE, only_message)
    outcome = run.submit(ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATE, **value)
    assert outcome.rejection is not None and outcome.rejection.type is expected
