"""Our own rules: each finds its fault in a small model, and says nothing where there is none."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lienthong.engine.feel import parse_expression
from lienthong.redeploy.advice.check import advise, read_templates, template_job_types
from lienthong.redeploy.advice.contracts import JOBS, MESSAGES, STARTS
from lienthong.redeploy.advice.finding import Severity
from lienthong.redeploy.advice.names import free_names
from lienthong.redeploy.feel_check import check_feel
from lienthong.redeploy.rule_words import in_words
from lienthong.redeploy.usage import Usage, bundles_reached
from tests.engine.model_text import boundary, end, gateway, model, node, service, start, tag, user
from workers.registry import JOB_TYPES

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    path.relative_to(ROOT / "bpmn").as_posix(): path.read_bytes()
    for path in sorted((ROOT / "bpmn").rglob("*"))
    if path.suffix in (".bpmn", ".dmn", ".form")
}
DUE = '<zeebe:taskSchedule dueDate="=dossierCode"/>'
ERROR = tag("bpmn:error", id="e", errorCode="refused")
THROWN = tag("bpmn:errorEventDefinition", errorRef="e")


def rules(content: bytes, **files: bytes) -> set[tuple[str, str]]:
    """The rules that speak, with their element; documentation and templates have tests of their own."""
    others = {name.replace("__", "/").replace("_dot_", "."): each for name, each in files.items()}
    found = advise("a.bpmn", content, others)
    return {(each.rule, each.element_id) for each in found if each.rule not in ("documentation", "template")}


def caller(of: str, *, catches: bool = False, inputs: str = "") -> bytes:
    call = node(
        "callActivity",
        "call",
        "",
        tag("zeebe:calledElement", processId=of, propagateAllParentVariables="false") + inputs,
    )
    caught = boundary("caught", "call", THROWN) if catches else ""
    return model(
        start(),
        call,
        caught,
        end(),
        flows=["start>call>end", *(["caught>end"] if catches else [])],
        roots=ERROR,
        id_="above",
    )


def test_a_join_that_can_never_open_is_an_error_and_one_that_may_not_a_warning() -> None:
    never = model(
        start(),
        gateway("exclusive", "x"),
        service("a", "notify"),
        service("b", "notify"),
        gateway("parallel", "join"),
        end(),
        flows=["start>x", "x>a?=priority > 1", "x>b?=priority < 2", "a>join", "b>join", "join>end"],
    )
    assert ("starving-join", "join") in rules(never)
    maybe = model(
        start(),
        gateway("parallel", "fork"),
        service("a", "notify"),
        gateway("exclusive", "x"),
        service("b", "notify"),
        gateway("parallel", "join"),
        end(),
        end("other"),
        flows=[
            "start>fork",
            "fork>a>join",
            "fork>x",
            "x>b?=priority > 1",
            "x>other?=priority < 2",
            "b>join",
            "join>end",
        ],
    )
    assert ("join-may-starve", "join") in rules(maybe)
    good = model(
        start(),
        gateway("parallel", "fork"),
        service("a", "notify"),
        service("b", "notify"),
        gateway("parallel", "join"),
        end(),
        flows=["start>fork", "fork>a>join", "fork>b>join", "join>end"],
    )
    assert rules(good) == set()


def test_a_step_that_no_way_leads_to() -> None:
    assert rules(model(start(), end(), service("lost", "notify"), end("e2"), flows=["start>end", "lost>e2"])) == {
        ("unreachable", "lost"),
        ("unreachable", "e2"),
    }


def test_a_user_task_without_any_time_limit() -> None:
    def drawn(more: str = "", *extra: str, flows: tuple[str, ...] = ()) -> bytes:
        return model(start(), user("check", more), *extra, end(), flows=["start>check>end", *flows])

    timer = tag("bpmn:timerEventDefinition", tag("bpmn:timeDuration", "P1D"))
    assert rules(drawn()) == {("deadline-missing", "check")}
    assert rules(drawn(DUE)) == set()
    assert rules(drawn("", boundary("late", "check", timer), flows=("late>end",))) == set()
    above = model(
        start(),
        service("set_deadline"),
        node("callActivity", "c", "", tag("zeebe:calledElement", processId="p")),
        end(),
        flows=["start>set_deadline>c>end"],
        id_="above",
    )
    assert rules(drawn(), above_dot_bpmn=above) == set()


def test_an_error_is_caught_around_it_or_by_every_caller() -> None:
    thrower = model(start(), end("refused", THROWN), flows=["start>refused"], roots=ERROR)
    assert rules(thrower) == {("error-alone", "refused")}
    assert rules(thrower, above_dot_bpmn=caller("p")) == {("uncaught-error", "refused")}
    assert rules(thrower, above_dot_bpmn=caller("p", catches=True)) == set()


FORM = json.dumps(
    {
        "id": "form-check",
        "components": [
            {"key": "outcome", "type": "radio", "values": [{"value": "accept"}, {"value": "refuse"}]},
            {"key": "note", "type": "textarea"},
        ],
    }
).encode()


def checked(*conditions: str) -> bytes:
    task = user("check", '<zeebe:formDefinition formId="form-check"/>' + DUE)
    flows = [f"x>end{at}?{condition}" for at, condition in enumerate(conditions)]
    ends = [end(f"end{at}") for at in range(len(conditions))]
    return model(start(), task, gateway("exclusive", "x"), *ends, flows=["start>check>x", *flows])


def test_a_condition_asks_only_what_the_form_answers_and_takes_every_answer() -> None:
    def of(*conditions: str) -> set[tuple[str, str]]:
        return rules(checked(*conditions), form_dot_form=FORM)

    assert of('=outcome = "accept"', '=outcome = "refuse"') == set()
    assert ("form-field", "x") in of("=decision = 1", "=decision = 2")
    assert of('=outcome = "accept"', '=outcome = "reject"') == {("form-value", "x"), ("form-choice", "x")}
    assert of('=outcome = "accept"', '=outcome = "refuse" and priority > 1') == set()


def test_a_variable_that_nobody_sets() -> None:
    def drawn(source: str) -> bytes:
        mapping = tag("zeebe:ioMapping", tag("zeebe:input", source=source, target="x"))
        return model(start(), service("notify", "notify", mapping), end(), flows=["start>notify>end"])

    assert rules(drawn("=priority")) == set()
    assert rules(drawn("=unheard")) == {("variable", "notify")}
    given = tag("zeebe:ioMapping", tag("zeebe:input", source="=1", target="unheard"))
    assert rules(drawn("=unheard"), above_dot_bpmn=caller("p", inputs=given)) == set()


def test_a_job_type_that_nobody_knows_silences_the_rule_about_variables() -> None:
    odd = model(
        start(),
        service("odd", "odd"),
        gateway("exclusive", "x", default="x-end"),
        end(),
        end("e2"),
        flows=["start>odd>x>end", "x>e2?=whatever"],
    )
    assert rules(odd) == set()
    found = advise("a.bpmn", odd, {}, {"notify"})
    assert ("job-type-unknown", "odd") in {(each.rule, each.element_id) for each in found}


def test_documentation_and_templates_are_asked_for() -> None:
    bare = advise("a.bpmn", model(start(), service("notify"), end(), flows=["start>notify>end"]), {})
    assert {each.element_id for each in bare if each.rule == "documentation"} == {"p", "start", "notify", "end"}
    assert [each.element_id for each in bare if each.rule == "template"] == ["notify"]
    assert all(each.text["vi"] and each.text["en"] for each in bare)


def test_a_file_that_is_no_bpmn_or_cannot_be_read_has_no_advice() -> None:
    assert advise("a.form", FORM, {}) == []
    assert advise("a.bpmn", b"<broken", {}) == []


@pytest.mark.parametrize("path", [path for path in FILES if path.endswith(".bpmn")])
def test_the_delivered_models_have_no_error(path: str) -> None:
    job_types = template_job_types(
        read_templates(p.read_bytes() for p in (ROOT / "bpmn/element-templates").glob("*.json"))
    )
    errors = [each for each in advise(path, FILES[path], FILES, job_types) if each.severity is Severity.ERROR]
    assert errors == []


def test_every_contract_is_one_of_a_job_type_with_a_template() -> None:
    """A type without a contract (of other processes than dossiers') silences the rule about variables there."""
    templates = read_templates(path.read_bytes() for path in (ROOT / "bpmn/element-templates").glob("*.json"))
    assert JOBS.keys() <= template_job_types(templates)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a + b.c", {"a", "b"}),
        ("for x in items return x + y", {"items", "y"}),
        ("some x in items satisfies x > limit", {"items", "limit"}),
        ("items[price > 3]", {"items"}),
        ("{a: b, c: a}", {"b"}),
        ("function(x) x + z", {"z"}),
        ('string(now()) + "text"', set()),
        ("if a then null else [b, -c]", {"a", "b", "c"}),
    ],
)
def test_the_free_names_of_an_expression(text: str, names: set[str]) -> None:
    assert free_names(parse_expression(text).tree) == names


def test_feel_is_checked_by_the_engine_and_tried_with_variables() -> None:
    from datetime import UTC, datetime

    now = datetime(2023, 3, 1, tzinfo=UTC)
    wrong = check_feel("=a + ", now)
    assert (wrong.line, wrong.column) == (1, 4) and wrong.text["vi"].startswith("Biểu thức chưa đúng (dòng 1, cột 4)")
    assert check_feel("=a + b", now, {"a": 1, "b": 2}).value == 3
    assert check_feel("> 3", now, unary=True).message == ""
    assert not check_feel("a", now).evaluated


def test_the_engines_findings_have_vietnamese_words() -> None:
    assert in_words("condition", "Expected a condition")["vi"].startswith("Đường ra của cổng chọn cần điều kiện")
    assert "(x)" in in_words("a-rule-of-tomorrow", "x")["vi"]


def test_where_a_model_is_used_through_all_levels() -> None:
    usage = Usage(FILES)
    reach = usage.reach("procedures/form-decide.form")
    assert "karaoke/2023/bundle.bpmn" in reach.files
    assert {"investment/2023", "justice-employment/2023", "karaoke/2023"} <= set(reach.bundles)
    assert any(use.element_id == "decide" for use in reach.direct)
    assert usage.reach("karaoke/2023/karaoke-fee.dmn").bundles == ("karaoke/2023",)
    assert "steps/step-fee.bpmn" in usage.called_by("karaoke/2023/bundle.bpmn")
    assert "karaoke/2023" in bundles_reached(FILES, ["steps/step-fee.bpmn"])


def test_every_job_type_and_message_of_the_models_has_its_contract() -> None:
    assert set(JOB_TYPES) == set(JOBS)
    text = "\n".join(content.decode() for name, content in FILES.items() if name.endswith(".bpmn"))
    named = set(re.findall(r'<bpmn:message id="[^"]*" name="([^"]+)"', text))
    bundles = {name for name in named if re.fullmatch(r"[a-z-]+-v\d{4}", name)}
    assert named - bundles == set(MESSAGES) | set(STARTS)


@pytest.mark.parametrize(("message", "known"), [("late-list", "year"), ("any-v2023", "bundleId")])
def test_a_process_knows_what_its_own_start_message_brings(message: str, known: str) -> None:
    begun = tag("bpmn:messageEventDefinition", messageRef="m")
    named = tag("bpmn:message", id="m", name=message)

    def asking(name: str) -> set[tuple[str, str]]:
        flows = ["start>x", f"x>end?={name} = 1", "x>other"]
        drawn = model(
            start(content=begun),
            gateway("exclusive", "x", default="x-other"),
            end(),
            end("other"),
            flows=flows,
            roots=named,
        )
        return {each for each in rules(drawn) if each[0] == "variable"}

    assert asking(known) == set()
    assert asking("bundleId" if known == "year" else "year") != set()
