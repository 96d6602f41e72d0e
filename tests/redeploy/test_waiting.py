"""Why an instance waits, sentence by sentence; when its timers are due; what a modification would do. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from lienthong.redeploy.changes import Process, read_process
from lienthong.redeploy.intervention import may_begin, preview
from lienthong.redeploy.marking import Marking
from lienthong.redeploy.waiting import Facts, timers, waits
from lienthong.redeploy.waiting_words import tell
from tests.engine.model_text import (
    boundary,
    catch,
    end,
    gateway,
    model,
    service,
    start,
    sub_process,
    tag,
    user,
)

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SINCE = "2026-11-24T01:00:00Z"


def timer(kind: str, text: str) -> str:
    return tag("bpmn:timerEventDefinition", tag(f"bpmn:{kind}", text))


def process(*elements: str, flows: list[str]) -> Process:
    return read_process(model(start(), *elements, end(), flows=flows), "p")


def active(element_id: str, key: str = "7", kind: str = "TASK") -> dict[str, Any]:
    names = {"elementInstanceKey": key, "processInstanceKey": "1", "elementId": element_id, "type": kind}
    return names | {"state": "ACTIVE", "startDate": SINCE}


WHOLE = active("p", "1", "PROCESS")


def one(model_: Process, facts: Facts) -> str:
    (wait,) = waits(model_, facts, NOW)
    return wait.text["en"]


JOB: dict[str, Any] = {"elementInstanceKey": "7", "type": "mail", "state": "CREATED", "retries": 3}


@pytest.mark.parametrize(
    ("job", "served", "told"),
    [
        ({}, None, "Waits for a worker of type mail to take «a»."),
        ({}, frozenset({"mail"}), "Waits for a worker of type mail to take «a»."),
        ({}, frozenset({"fax"}), "No worker serves job type mail of «a». Start the worker process."),
        ({"worker": "w1", "deadline": SINCE}, None, "Worker w1 is working on «a»."),
        (
            {"state": "FAILED", "errorMessage": "no net", "retries": 2},
            None,
            "«a» has just failed (no net); it is tried again by itself, 2 tries are left.",
        ),
    ],
)
def test_a_job_tells_who_has_it(job: dict[str, Any], served: frozenset[str] | None, told: str) -> None:
    plain = process(service("a"), flows=["start>a>end"])
    assert one(plain, Facts([WHOLE, active("a")], jobs=[JOB | job], served=served)) == told


def test_an_incident_hides_what_stands_behind_it_and_comes_first() -> None:
    plain = process(service("a"), user("b"), gateway("parallel", "f"), flows=["start>f>b>end", "f>a>end"])
    incidents = [{"elementInstanceKey": "7", "errorMessage": "no such person"}]
    tasks = [{"elementInstanceKey": "8", "state": "CREATED", "assignee": None, "candidateGroups": '["g/officer"]'}]
    facts = Facts([WHOLE, active("b", "8"), active("a")], jobs=[JOB], tasks=tasks, incidents=incidents)
    first, second = waits(plain, facts, NOW)
    assert (first.kind, second.text["vi"]) == ("incident", "Chờ người của nhóm g/officer nhận việc «b».")


def test_what_runs_in_an_event_sub_process_is_said_to_be_beside() -> None:
    flows = ["tick>note>over"]
    tick = start("tick", timer("timeDuration", "PT1H"), isInterrupting="false")
    watch = sub_process("watch", tick, service("note"), end("over"), flows=flows, event=True)
    model_ = process(user("a"), watch, flows=["start>a>end"])
    facts = Facts([WHOLE, active("a"), active("watch", "9", "EVENT_SUB_PROCESS"), active("note", "10")])
    assert [(wait.element_id, wait.beside) for wait in waits(model_, facts, NOW)] == [("a", False), ("note", True)]


@pytest.mark.parametrize(
    ("definition", "variables", "due"),
    [
        (timer("timeDate", "2026-12-01T00:00:00Z"), [], "2026-12-01T00:00:00+00:00"),
        (timer("timeDate", "=when"), [("when", '"2026-12-02T00:00:00Z"')], "2026-12-02T00:00:00+00:00"),
        (timer("timeDuration", "P1D"), [], "2026-11-25T01:00:00+00:00"),
        (timer("timeDuration", "=limit"), [("limit", '"P2D"')], "2026-11-26T01:00:00+00:00"),
        (timer("timeDuration", "=nobody"), [], ""),
        (timer("timeDuration", "=limit"), [("limit", "true")], ""),
    ],
)
def test_a_timer_is_due_by_its_expression_and_the_moment_it_was_set(
    definition: str, variables: list[tuple[str, str]], due: str
) -> None:
    waiting = process(catch("until", definition), flows=["start>until>end"])
    rows = [{"name": name, "value": value, "scopeKey": "1"} for name, value in variables]
    facts = Facts([WHOLE, active("until")], variables=rows)
    (found,) = timers(waiting, facts, NOW)
    assert found.due_at == due
    assert [wait.due_at for wait in waits(waiting, facts, NOW)] == [due]


def test_a_repeated_timer_is_due_at_its_next_time() -> None:
    event = boundary("again", "a", timer("timeCycle", "R/PT45M"), interrupting=False)
    model_ = process(user("a"), event, end("told"), flows=["start>a>end", "again>told"])
    (found,) = timers(model_, Facts([WHOLE, active("a")]), NOW)
    assert (found.attached_to, found.interrupting, found.due_at) == ("a", False, "2026-11-24T03:15:00+00:00")


def test_a_local_variable_comes_before_one_of_the_instance() -> None:
    waiting = process(catch("until", timer("timeDuration", "=limit")), flows=["start>until>end"])
    rows = [("limit", '"P9D"', "1"), ("limit", '"P1D"', "7")]
    variables = [{"name": name, "value": value, "scopeKey": scope} for name, value, scope in rows]
    (found,) = timers(waiting, Facts([WHOLE, active("until")], variables=variables), NOW)
    assert found.due_at == "2026-11-25T01:00:00+00:00"


def forked() -> Process:
    elements = (gateway("parallel", "fork"), user("a"), service("b"), gateway("parallel", "join"), user("c"))
    return process(*elements, flows=["start>fork>a>join>c>end", "fork>b>join"])


def test_a_join_names_what_is_missing_and_an_unclear_one_says_so() -> None:
    facts = Facts([WHOLE, active("a")], marking=Marking((("a", 1),), (("b-join", 1),)))
    assert waits(forked(), facts, NOW)[-1].text["en"].endswith("still waits for: a.")
    unclear = Facts([WHOLE, active("a")], marking=Marking((("a", 1),), (), ("join",)))
    assert "do not say for certain" in waits(forked(), unclear, NOW)[-1].text["en"]


def at(*elements: str, tokens: tuple[tuple[str, int], ...] = ()) -> Marking:
    return Marking(tuple((element, 1) for element in elements), tokens)


def test_a_modification_that_would_starve_a_join_is_foreseen() -> None:
    seen = preview(forked(), at("a", "b"), [], ["b"])
    assert (seen.fate, seen.warnings[-1]["en"]) == (
        "stranded",
        "The instance would never end: it would wait for ever at join.",
    )
    assert preview(forked(), at("a", "b"), ["b"], ["b"]).fate == "safe"


def test_ending_everything_and_beginning_nothing_empties_the_instance() -> None:
    seen = preview(forked(), at("c"), [], ["c"])
    assert "No step stays open" in seen.warnings[-1]["en"]
    assert "what was not handed in is lost" in seen.warnings[0]["en"]


def test_a_scope_opens_and_closes_with_what_is_inside() -> None:
    box = sub_process("box", start("begin"), user("x"), end("done"), flows=["begin>x>done"])
    model_ = process(user("a"), box, flows=["start>a>box>end"])
    assert preview(model_, at("a"), ["x"], ["a"]).fate == "safe"
    assert "No step stays open" in preview(model_, at("box", "x"), [], ["x"]).warnings[-1]["en"]


def test_starts_boundaries_and_repeated_elements_cannot_begin() -> None:
    event = boundary("late", "a", timer("timeDuration", "P1D"))
    model_ = process(user("a"), event, end("told"), flows=["start>a>end", "late>told"])
    assert [may_begin(model_, key) for key in ("a", "end", "start", "late", "p", "none")] == [True, True] + [False] * 4
    assert preview(model_, at("a"), ["late"], []).refused == "late"
    assert preview(model_, at("a"), [], ["end"]).refused == "end"
    assert preview(model_, at("a"), [], []).refused


def test_every_sentence_fills_its_places_in_both_languages() -> None:
    told = tell("job-failed", element="a", detail="", count=2)
    assert told["vi"] == "«a» vừa hỏng ((không rõ)), sẽ tự thử lại, còn 2 lượt."
