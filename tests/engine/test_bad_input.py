"""Bad input: refused or bounded, clearly and soon; the engine goes on."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest

from lienthong.engine.dmn import check_dmn
from lienthong.engine.model.validation import check_bpmn
from lienthong.engine.protocol.records import Intent, Outcome, RejectionType, ValueType

from .engine_run import EngineRun
from .model_text import call, end, gateway, loop, mapping, model, node, service, start, sub_process, tag

BOMB = (
    b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)
OUTSIDE = b'<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
TEN_MEGABYTES = 10 * 1024 * 1024


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What happens here takes at most so many seconds of the processor."""
    started = time.process_time()
    yield
    assert time.process_time() - started < seconds


def deploy(name: str, content: bytes) -> Outcome:
    """Try to deploy one file; the engine must be able to deploy another afterwards."""
    run = EngineRun()
    outcome = run.submit(ValueType.DEPLOYMENT, Intent.CREATE, resources=[{"name": name, "content": content}])
    run.deploy(model(start(), end(), flows=["start>end"]))
    run.create()
    assert run.idle
    return outcome


def straight(count: int) -> bytes:
    """A process of so many tasks, one after another."""
    ids = [f"t{number}" for number in range(count)]
    flows = [f"{a}>{b}" for a, b in pairwise(["start", *ids, "end"])]
    return model(start(), *(node("task", each) for each in ids), end(), flows=flows)


BAD_FILES = {
    "an entity bomb in BPMN": ("a.bpmn", BOMB + b"<definitions>&d;</definitions>", "document type"),
    "an entity bomb in DMN": ("a.dmn", BOMB + b"<definitions>&d;</definitions>", "document type"),
    "a file of this machine in BPMN": ("a.bpmn", OUTSIDE + b"<definitions>&a;</definitions>", "document type"),
    "a file of this machine in DMN": ("a.dmn", OUTSIDE + b"<definitions>&a;</definitions>", "document type"),
    "10 MB of BPMN": ("a.bpmn", b"<a>" + b" " * TEN_MEGABYTES + b"</a>", "at most"),
    "10 MB of DMN": ("a.dmn", b"<a>" + b" " * TEN_MEGABYTES + b"</a>", "at most"),
    "10 MB of a form": ("a.form", b'{"id": "f", "x": "' + b"x" * TEN_MEGABYTES + b'"}', "at most"),
    "deep BPMN": ("a.bpmn", b"<a>" * 100_000 + b"</a>" * 100_000, "Expected"),
    "deep DMN": ("a.dmn", b"<a>" * 100_000 + b"</a>" * 100_000, "Expected"),
    "a deep form": ("a.form", b"[" * 100_000 + b"]" * 100_000, "Expected"),
    "deep FEEL in BPMN": (
        "a.bpmn",
        model(start(), service("t", "=" + "(" * 5_000 + "1" + ")" * 5_000), end(), flows=["start>t>end"]),
        "Expected",
    ),
    "more elements than a model may have": ("a.bpmn", b"<a>" + b"<b/>" * 150_000 + b"</a>", "elements"),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_bad_file_is_refused_clearly_and_soon(what: str) -> None:
    name, content, said = BAD_FILES[what]
    with within(5):
        rejection = deploy(name, content).rejection
    assert rejection is not None and rejection.type is RejectionType.INVALID_ARGUMENT
    assert said in rejection.reason and len(rejection.reason) < 2_000


def test_the_largest_model_that_may_be_is_checked_and_deployed_soon() -> None:
    content = straight(29_000)
    assert 3_000_000 < len(content) < 4 * 1024 * 1024
    with within(30):
        assert deploy("a.bpmn", content).rejection is None


def test_many_boundary_events_and_branches_are_checked_soon() -> None:
    ways = [f"t{number}" for number in range(2_000)]
    flows = ["start>g", *(f"g>{each}" for each in ways), *(f"{each}>end" for each in ways)]
    content = model(start(), gateway("parallel", "g"), *(node("task", each) for each in ways), end(), flows=flows)
    with within(10):
        assert check_bpmn(content, "a.bpmn") == []


def test_a_check_of_dmn_survives_what_the_engine_refuses() -> None:
    assert [problem.rule for problem in check_dmn(BOMB + b"<definitions>&d;</definitions>", "a.dmn")] == ["readable"]


def repeated(more: str = "", *, sequential: bool, kind: str = "manualTask", **output: str) -> EngineRun:
    """A task repeated over `items`, with 100,000 of them."""
    run = EngineRun()
    task = node(kind, "t", loop("=items", sequential=sequential, **output), more)
    run.deploy(model(start(), task, end(), flows=["start>t>end"]))
    with within(30):
        run.create(items=list(range(100_000)))
    return run


def still_runs(run: EngineRun) -> bool:
    """Whether another process can be deployed and run."""
    run.deploy(model(start(), service("fine"), end(), flows=["start>fine>end"], id_="q"))
    run.create("q")
    run.complete("fine")
    return True


def test_100_000_items_at_once_are_an_incident() -> None:
    run = repeated(sequential=False)
    assert run.incident_types() == ["EXTRACT_VALUE_ERROR"] and still_runs(run)


def test_100_000_items_one_after_another_stop_at_what_one_command_may_do() -> None:
    run = repeated(sequential=True)
    assert run.incident_types() == ["UNKNOWN"] and still_runs(run)
    before = run.instance("t").loop_completed
    with within(30):
        run.resolve()
    assert run.instance("t").loop_completed > before, "resolving the incident goes on from there"


def test_100_000_items_with_results_are_bounded_too() -> None:
    run = repeated(sequential=True, outputCollection="all", outputElement="=item")
    assert "UNKNOWN" in run.incident_types() and still_runs(run)


def test_a_worker_gets_through_100_000_items_one_by_one() -> None:
    job = tag("zeebe:taskDefinition", type="work")
    run = repeated(job, sequential=True, kind="serviceTask")
    with within(30):
        for expected in range(3):
            (taken,) = run.activate("work", 1, fetchVariables=["item"])
            assert taken["variables"] == {"item": expected}
            run.do(ValueType.JOB, Intent.COMPLETE, taken["key"])
    assert not run.state.incidents


def test_a_process_that_calls_itself_for_ever_stops_with_an_incident() -> None:
    run = EngineRun()
    run.deploy(model(start(), call("again", "p"), end(), flows=["start>again>end"]))
    with within(60):
        key = run.create(big="x" * 100_000)
    assert run.incident_types() == ["UNKNOWN"] and still_runs(run)
    with within(60):
        run.do(ValueType.PROCESS_INSTANCE, Intent.CANCEL, key)
    assert run.idle


def test_a_loop_through_mappings_that_never_waits_stops_with_an_incident() -> None:
    run = EngineRun()
    counting = node("scriptTask", "t", "", tag("zeebe:script", expression="=n + 1", resultVariable="n"))
    choice = gateway("exclusive", "g", default="g-t")
    run.deploy(model(start(), counting, choice, end(), flows=["start>t>g>t", "g>end?=n < 0"]))
    with within(60):
        run.create(n=1)
    assert run.incident_types() == ["UNKNOWN"] and still_runs(run)


def test_deeply_nested_scopes_run() -> None:
    inner = sub_process("s0", start("b0"), service("deep"), end("e0"), flows=["b0>deep>e0"])
    for depth in range(1, 50):
        place = f"s{depth - 1}"
        inner = sub_process(
            f"s{depth}", start(f"b{depth}"), inner, end(f"e{depth}"), flows=[f"b{depth}>{place}>e{depth}"]
        )
    run = EngineRun()
    run.deploy(model(start(), inner, end(), flows=["start>s49>end"]))
    run.create()
    run.complete("deep", found=1)
    assert run.idle


def deep(levels: int) -> object:
    """A list in a list, so many times."""
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


JSON_BOMBS = {
    "deep": {"a": deep(2_000)},
    "not JSON": {"a": {1, 2}},
    "not an object": [1],
    "a key that is no text": {1: "a"},
    "larger than a message": {"a": "x" * (5 * 1024 * 1024)},
}


@pytest.mark.parametrize("what", JSON_BOMBS)
def test_a_json_bomb_in_a_command_is_refused_before_anything_happens(what: str) -> None:
    run = EngineRun()
    run.deploy(model(start(), service("work"), end(), flows=["start>work>end"]))
    with within(5):
        outcome = run.submit(
            ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATE, bpmnProcessId="p", variables=JSON_BOMBS[what]
        )
    assert outcome.rejection is not None and outcome.rejection.type is RejectionType.INVALID_ARGUMENT
    assert not outcome.events and run.idle


def test_numbers_without_end_stay_numbers_or_null() -> None:
    run = EngineRun()
    task = service("work", more=mapping(input_more="=n * n * n"))
    run.deploy(model(start(), task, end(), flows=["start>work>end"]))
    with within(5):
        run.create(n=10**300)
        run.create(n=1e308)
        run.create(n=float("inf"))
    texts = [each.variables["more"] for each in run.state.elements.values() if "more" in each.variables]
    assert len(texts) == 3 and all(len(text) < 10_000 and json.loads(text) is not ... for text in texts)


def test_feel_that_would_grow_without_end_is_an_incident() -> None:
    run = EngineRun()
    grown = '=string join(for i in 1..100000 return "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "")'
    task = service("work", more=mapping(input_more=grown))
    run.deploy(model(start(), task, end(), flows=["start>work>end"]))
    with within(30):
        run.create()
    (kind,) = run.incident_types()
    assert kind in ("IO_MAPPING_ERROR", "MESSAGE_SIZE_EXCEEDED") and still_runs(run)
